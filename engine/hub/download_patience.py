"""After a failure: whether to try again, when, and what to say where it is no use.

Invariant: tries become rarer and never fall together (each wait has chance in it); a hub that says
when to come back is obeyed.
"""

import random
from dataclasses import dataclass

from engine.base.errors import ChaskiError, HubError, HubFault
from engine.base.events import Stage
from engine.base.failures import as_sentence

LONGEST_ORDERED = 3600.0  # seconds that a hub may make us wait


class Trouble(ChaskiError):
    """What went wrong with one try. `again`: another try may help; `wait`: the hub's own word on
    when, in seconds; `stage`: what is shown meanwhile."""

    def __init__(
        self,
        template: str,
        /,
        *,
        again: bool,
        wait: float | None = None,
        stage: Stage = Stage.WAITING_NETWORK,
        **fields: object,
    ) -> None:
        super().__init__(template, **fields)
        self.again, self.wait, self.stage = again, wait, stage


@dataclass
class Patience:
    """How long a download keeps trying without a byte coming; one that has brought some is given
    more tries than one that never did. `endless`: that one waits for a network however long it is
    away, as nobody sits before it."""

    tries: int = 12  # about eight minutes
    first_tries: int = 3  # before anything came: a few seconds
    first: float = 1.0
    longest: float = 60.0
    stall: float = 30.0  # seconds without a byte until a connection is given up
    endless: bool = False
    failures: int = 0
    has_moved: bool = False

    def moved(self) -> None:
        """Bytes came."""
        self.failures, self.has_moved = 0, True

    def wait_after(self, trouble: Trouble) -> float:
        """Seconds until the next try. Raises what went wrong where that is no use."""
        self.failures += 1
        most = self.tries if self.has_moved else self.first_tries
        patient = self.failures <= (most if trouble.wait is None else self.tries)
        if self.endless and self.has_moved and trouble.stage is Stage.WAITING_NETWORK:
            patient = True
        if not (trouble.again and patient and (trouble.wait or 0.0) <= LONGEST_ORDERED):
            raise trouble.__cause__ or trouble
        usual = min(self.longest, self.first * 2.0 ** min(30, self.failures - 1))
        usual *= random.uniform(0.5, 1.0)
        if trouble.wait is None:
            return usual
        return trouble.wait + random.uniform(0.0, 0.1 * min(10.0, trouble.wait))


def trouble_of(error: BaseException, *, has_moved: bool = False) -> Trouble:
    """What went wrong with one try, and whether another may help.

    A page of somebody else's passes only for one whose connection worked before: it is another
    network now. Links that grew old are asked for anew at once.
    """
    if isinstance(error, Trouble):
        return error
    if not isinstance(error, HubError):
        return Trouble(str(as_sentence(error)), again=False)
    again = error.may_pass and (error.why is not HubFault.PORTAL or has_moved)
    busy = error.why in (HubFault.BUSY, HubFault.BROKEN)
    found = Trouble(
        str(error),
        again=again,
        wait=0.0 if error.why is HubFault.EXPIRED else error.retry_after or None,
        stage=Stage.WAITING_HUB if busy else Stage.WAITING_NETWORK,
    )
    found.__cause__ = error
    return found
