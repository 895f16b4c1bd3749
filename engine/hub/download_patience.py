"""After a failure: whether to try again, when, and what to say where it is no use.

Invariant: tries become rarer and never fall together (each wait has chance in it); a hub that says
when to come back is obeyed.
"""

import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time

from engine.base.errors import ChaskiError
from engine.base.events import Stage

LONGEST_ORDERED = 3600.0  # seconds that a hub may make us wait


class Trouble(ChaskiError):
    """What went wrong with one try. `again`: another try may help; `wait`: the hub's own word on
    when, in seconds; `stage`: what is shown meanwhile."""

    def __init__(
        self,
        sentence: str,
        *,
        again: bool,
        wait: float | None = None,
        stage: Stage = Stage.WAITING_NETWORK,
    ) -> None:
        super().__init__(sentence)
        self.again, self.wait, self.stage = again, wait, stage


@dataclass
class Patience:
    """How long a download keeps trying without a byte coming; one that has brought some is given
    more tries than one that never did."""

    tries: int = 12  # about eight minutes
    first_tries: int = 3  # before anything came: a few seconds
    first: float = 1.0
    longest: float = 60.0
    stall: float = 30.0  # seconds without a byte until a connection is given up
    failures: int = 0
    has_moved: bool = False

    def moved(self) -> None:
        """Bytes came."""
        self.failures, self.has_moved = 0, True

    def wait_after(self, trouble: Trouble) -> float:
        """Seconds until the next try. Raises the trouble where that is no use."""
        self.failures += 1
        most = self.tries if self.has_moved else self.first_tries
        if not trouble.again or (self.failures > most and trouble.wait is None):
            raise trouble
        if self.failures > self.tries:
            raise trouble
        usual = min(self.longest, self.first * 2.0 ** (self.failures - 1))
        usual *= random.uniform(0.5, 1.0)
        if trouble.wait is None:
            return usual
        if trouble.wait > LONGEST_ORDERED:
            raise trouble
        return trouble.wait + random.uniform(0.0, 0.1 * min(10.0, trouble.wait))


def ordered_wait(value: str) -> float | None:
    """Seconds that a Retry-After asks for; None where it says nothing that can be read."""
    value = value.strip()
    if value.isdigit() and len(value) < 10:
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, TypeError, OverflowError):
        return None
