"""What share of the processor other programs take: it says how far a measurement can be trusted."""

import os
from time import perf_counter
from typing import Any


class Others:
    """Since it was made."""

    def __init__(self) -> None:
        self._begun, self._before = perf_counter(), _foreign_seconds()

    def share(self) -> float:
        """0 to 1 of all logical processors."""
        wall = max(perf_counter() - self._begun, 1e-3) * (os.cpu_count() or 1)
        return min(max((_foreign_seconds() - self._before) / wall, 0.0), 1.0)


def _foreign_seconds() -> float:
    """Seconds of work that the processors did for others since the system began."""
    import psutil

    all_of_it, own = psutil.cpu_times(), psutil.Process().cpu_times()
    idle = all_of_it.idle + getattr(all_of_it, "iowait", 0.0)
    return float(sum(all_of_it) - _twice(all_of_it) - idle - own.user - own.system)


def _twice(times: Any) -> float:
    """Linux counts guests' time as the users', too."""
    return float(getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0))
