"""How this process is doing while a model runs: memory, processor, tokens per second.

Whoever shows it calls `sample` by a timer of its own; the last samples stay for a small plot.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

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
