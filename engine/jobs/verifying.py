"""Asked: whether a model's files are what they should be."""

from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.jobs import Lane
from engine.jobs.asked import Asked, called, telling
from engine.jobs.records import About, Kind

if TYPE_CHECKING:
    from engine.library import Library


def verify(name: str | Path, place: "Library") -> Asked:
    """The result, and what Done tells, is Verification. Tells Progress."""
    return Asked(
        About(Kind.VERIFY, called(name)), lambda ticket: telling(place.verifying(name)), Lane.DISK
    )
