"""How many threads compute where a test names none: processes that run tests share the processor.

Threads that have no core of their own mostly wait for each other, which takes as much of it as
computing does. Tests of what several threads do name their number.
"""

from engine.hardware import report
from engine.hardware.machine import Machine

alone = report.default_threads  # as in the program


def share_out(processes: int) -> None:
    """Each of so many takes its part."""

    def default_threads(machine: Machine | None = None) -> int:
        return max(1, alone(machine) // processes)

    if processes > 1:
        report.default_threads = default_threads
