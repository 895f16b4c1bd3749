"""What can be asked and waited for: the list of jobs, and orders that several rooms work on.

Importing it costs nothing; the rooms that do the work are imported when a job begins.
"""

from engine.jobs.list import JobList, Work
from engine.jobs.records import About, JobRecord, Kind, State
from engine.jobs.wishes import Got, Wish, wish_of

__all__ = ["About", "Got", "JobList", "JobRecord", "Kind", "State", "Wish", "Work", "wish_of"]
