"""A job is a generator that does a little work per step and may yield events for its listener.

Knows nothing of threads: whoever drives the generator decides where it runs (engine/host.py).
Three events are for the driver alone and never reach a listener: `Rest`, `Move` and `Together`.
"""

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.base.events import Event

Job = Generator[Event | None, None, object]


class Lane(StrEnum):
    """Where a job runs: one thread each, so that a slow disk or network keeps no chat waiting."""

    COMPUTE = "compute"  # models, caches and kernels; nothing else may touch those
    DISK = "disk"  # the library, checksums, moving files
    NETWORK = "network"  # what waits for other computers


@dataclass(frozen=True)
class Rest(Event):
    """Nothing to do for so many seconds, or until the ticket's `wake`; the others go on."""

    seconds: float


@dataclass(frozen=True)
class MoveLane(Event):
    """The next steps belong to another lane: what was downloaded is checked and converted."""

    lane: Lane


@dataclass(frozen=True, eq=False)
class Together(Event, ABC):
    """What a job needs before its next step, and what is cheaper when it is done for several jobs
    at once. Where the driver does nothing about it, the job sees to it alone in that step."""

    @property
    @abstractmethod
    def ready(self) -> bool:
        """Whether the job can go on."""

    @abstractmethod
    def serve(self, all_of_them: "Sequence[Together]", crowd: int) -> None:
        """Does something for all, itself among them; some may need more than one call.

        crowd: how many other jobs wait for their turn, which must not be kept waiting for long.
        Raises nothing: what fails is for the job that it belongs to.
        """
