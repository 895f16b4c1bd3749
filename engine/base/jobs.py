"""A job is a generator that does a little work per step and may yield events for its listener.

Knows nothing of threads: whoever drives the generator decides where it runs (engine/host.py). Two
events are for the driver alone and never reach a listener: `Rest` and `Move`.
"""

from collections.abc import Generator
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
class Move(Event):
    """The next steps belong to another lane: what was downloaded is checked and converted."""

    lane: Lane
