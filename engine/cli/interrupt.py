"""Ctrl-C where no job hears it: the program ends at once, with 130 and never with a traceback.

Imported before all others, and the one module that acts then: reading the rest takes a tenth of a
second, in which a KeyboardInterrupt would end in a traceback or be swallowed by a library.
"""

import atexit
import os
import signal
import sys
from types import FrameType

EXIT_STOPPED = 130
PROGRAMS = ("chaski", "-c")  # `python -c "from engine.cli import main; …"` is the program, too


def end_now(number: int = 0, frame: FrameType | None = None) -> None:
    """End without another word of Python; what jobs must leave in order is done in their steps."""
    try:
        os.write(2, b"stopped\n")
    finally:
        os._exit(EXIT_STOPPED)


def _is_the_program() -> bool:
    """Not where something larger imports this room, such as tests: Ctrl-C is theirs."""
    name = os.path.basename(sys.argv[0]) if sys.argv else ""
    ours = name.startswith(PROGRAMS[0]) or name == PROGRAMS[1]
    return ours and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def take() -> None:
    """From now on, until the very end of the process."""
    try:
        signal.signal(signal.SIGINT, end_now)
    except ValueError:  # not the main thread: somebody else's program
        return
    # Registered first, called last: after it the system's own way would be back.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


def give_back() -> None:
    """For a caller with arguments of its own, who goes on after the verb."""
    if signal.getsignal(signal.SIGINT) is end_now:
        signal.signal(signal.SIGINT, signal.default_int_handler)


if _is_the_program():
    take()
