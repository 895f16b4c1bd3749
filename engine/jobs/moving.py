"""Asked: a model's files in another folder or on another disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.jobs import Lane
from engine.jobs.asked import Asked, called, telling
from engine.jobs.records import About, Kind

if TYPE_CHECKING:
    from engine.library import Library


@dataclass(frozen=True)
class Move:
    """`confirmed`: also files that another program owns."""

    name: str | Path
    folder: str | Path
    confirmed: bool = False


def move(order: Move, place: "Library") -> Asked:
    """The result, and what Done tells, is a LibraryModel. Asked again, it goes on."""
    about = About(Kind.MOVE, called(order.name), can_resume=True)
    name, folder, confirmed = order.name, order.folder, order.confirmed
    return Asked(
        about, lambda ticket: telling(place.moving(name, folder, confirmed=confirmed)), Lane.DISK
    )
