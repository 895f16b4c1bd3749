"""How this process is doing: memory, processor, tokens per second; what other programs take.

Whoever shows it calls `sample` by a timer of its own; the last samples stay for a small plot. The
share of others says how far a measurement can be trusted.
"""

import os
import re
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

from engine.base.events import Event, Finished, Listener, Statistics

SAMPLES = 150
PAUSE_S = 5.0  # nobody looked for so long: what happened meanwhile is nothing of this moment


@dataclass(frozen=True)
class LiveFigures:
    """One moment. `processor`: the share of all logical processors that this process takes. The
    first one, and the first after a pause, know nothing of both rates: they are 0."""

    at: float  # by time.monotonic
    memory: int  # bytes that this process holds
    memory_free: int  # bytes that the system could still give
    processor: float
    tokens_per_second: float  # written by all models together since the sample before
    kept: int = 0  # bytes of `memory` that wait for conversations which may come back


class Live:
    """Counts tokens in the engine's threads; sampled by one other thread. `kept`: tells what is
    kept for later, from any thread."""

    def __init__(
        self,
        samples: int = SAMPLES,
        clock: Callable[[], float] = monotonic,
        kept: Callable[[], int] = int,
    ) -> None:
        self._clock, self._kept = clock, kept
        self._samples: deque[LiveFigures] = deque(maxlen=samples)
        self._tokens = 0  # written since the start
        self._before = (0.0, 0.0, 0)  # time, processor seconds, tokens

    def listening(self, listener: Listener | None) -> Listener:
        """The listener of a reply, with the tokens that it hears of counted."""
        counted = 0

        def tell(event: Event) -> None:
            nonlocal counted
            if isinstance(event, Statistics | Finished):
                self._tokens += max(event.timings.predicted_n - counted, 0)
                counted = max(event.timings.predicted_n, counted)
            if listener is not None:
                listener(event)

        return tell

    def sample(self) -> LiveFigures:
        """The figures of now; takes a fraction of a millisecond."""
        import psutil

        process, now, tokens = psutil.Process(), self._clock(), self._tokens
        times = process.cpu_times()
        used = float(times.user + times.system)
        then, used_then, tokens_then = self._before
        seconds = max(now - then, 1e-6)
        first = not self._samples or seconds > PAUSE_S
        figures = LiveFigures(
            at=now,
            memory=int(process.memory_info().rss),
            memory_free=int(psutil.virtual_memory().available),
            processor=0.0 if first else _share((used - used_then) / seconds),
            tokens_per_second=0.0 if first else (tokens - tokens_then) / seconds,
            kept=self._kept(),
        )
        self._before = now, used, tokens
        self._samples.append(figures)
        return figures

    @property
    def samples(self) -> tuple[LiveFigures, ...]:
        """The last ones, the oldest first."""
        return tuple(self._samples)


def _share(processors: float) -> float:
    import psutil

    return min(max(processors / (psutil.cpu_count() or 1), 0.0), 1.0)


def rss() -> int:
    """The memory that this process holds now, in bytes."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def peak_rss() -> int:
    """The most memory this process has ever held, in bytes."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":
        # Not getrusage: its figure begins with the peak of the process that started this one.
        status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
        found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
        if found:
            return int(found[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


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
