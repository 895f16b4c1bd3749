"""How fast and when downloads may run: chosen by a person, shared by all of them, and changed while
they run.

Knows nothing of connections: it answers how long to wait.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as Hour

from engine.base.errors import UsageError

BURST = 0.25  # seconds' worth that may come at once
LEAST_RATE = 1000  # bytes/s; less is a typing error, not a wish


@dataclass(frozen=True)
class Hours:
    """Downloads run from `begin` until `end`, by the clock on the wall; over midnight, too."""

    begin: Hour
    end: Hour

    @classmethod
    def parsed(cls, begin: str, end: str) -> "Hours":
        """From "23:00" and "07:00". Raises UsageError."""
        try:
            found = cls(Hour.fromisoformat(begin), Hour.fromisoformat(end))
        except ValueError:
            raise UsageError("hours are written as 23:00 and 07:00") from None
        if found.begin == found.end:
            raise UsageError("the hours for downloads begin and end at the same time")
        return found

    def wait(self, now: datetime) -> float:
        """Seconds until downloads may run; 0: they may now."""
        at = now.time()
        if self.begin < self.end:
            is_open = self.begin <= at < self.end
        else:
            is_open = at >= self.begin or at < self.end
        if is_open:
            return 0.0
        opens = now.replace(hour=self.begin.hour, minute=self.begin.minute, second=0, microsecond=0)
        if opens <= now:
            opens += timedelta(days=1)
        return (opens - now).total_seconds()


class Limits:
    """What is chosen now. `max_rate` in bytes/s, 0: as fast as it goes; all downloads together."""

    def __init__(
        self,
        max_rate: float = 0.0,
        hours: Hours | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.hours = hours
        self._clock, self._now = clock, now
        self._max_rate, self._left, self._filled = 0.0, 0.0, clock()
        self.max_rate = max_rate

    @property
    def max_rate(self) -> float:
        return self._max_rate

    @max_rate.setter
    def max_rate(self, rate: float) -> None:
        if rate and not LEAST_RATE <= rate < float("inf"):
            raise UsageError(
                "a limit for downloads is at least {least_rate} bytes a second",
                least_rate=LEAST_RATE,
            )
        self._max_rate, self._left, self._filled = rate, 0.0, self._clock()

    def took(self, nbytes: int) -> None:
        """So many bytes came; a debt is waited for afterwards."""
        self._left -= nbytes

    def wait(self) -> float:
        """Seconds until the next byte may be taken."""
        if not self._max_rate:
            return 0.0
        now = self._clock()
        earned = (now - self._filled) * self._max_rate
        self._left = min(self._left + earned, BURST * self._max_rate)
        self._filled = now
        return max(0.0, -self._left / self._max_rate)

    def closed_for(self) -> float:
        """Seconds until the hours for downloads begin; 0: they may run now."""
        return 0.0 if self.hours is None else self.hours.wait(self._now())

    @property
    def opens(self) -> str:
        return "" if self.hours is None else self.hours.begin.strftime("%H:%M")
