"""The command line: one small file per verb, each importing what it needs only when it runs.

Results go to standard output, everything else to standard error. The only room that prints.
"""

from engine.cli.entry import main

__all__ = ["main"]
