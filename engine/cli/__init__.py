"""The command line: one small file per verb, each importing what it needs only when it runs.

Results go to standard output, everything else to standard error. The only room that prints.
"""

from engine.cli import interrupt  # before the others, so that Ctrl-C is heeded while they load
from engine.cli.entry import main

__all__ = ["interrupt", "main"]
