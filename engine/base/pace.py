"""How fast something goes and how long it still takes: measured, or not told at all."""

import time
from collections import deque
from collections.abc import Callable

WINDOW = 15.0  # seconds that count
LEAST = 2.0  # seconds before anything is told: a first burst promises too much


class Pace:
    """Of a figure that grows. Invariant: what stood still for a window has no rate and no end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, float]] = deque()  # when, how far

    def begin(self, done: float = 0) -> None:
        """From here on; what was done before says nothing about now."""
        self._marks.clear()
        self._marks.append((self._clock(), done))

    def note(self, done: float) -> None:
        now = self._clock()
        if not self._marks or done < self._marks[-1][1]:
            self.begin(done)
            return
        if len(self._marks) > 1 and now - self._marks[-2][0] < WINDOW / 100:
            self._marks.pop()  # so many marks are enough
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] < now - WINDOW:
            self._marks.popleft()

    @property
    def rate(self) -> float | None:
        """Per second, over the last seconds; None while that is not known."""
        if len(self._marks) < 2:
            return None
        first, last = self._marks[0], self._marks[-1]
        now = self._clock()
        if now - first[0] < LEAST or now - last[0] > WINDOW:
            return None
        return (last[1] - first[1]) / (now - first[0]) or None

    def seconds_left(self, remaining: float) -> float | None:
        rate = self.rate
        return None if rate is None else max(0.0, remaining) / rate
