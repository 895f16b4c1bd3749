"""Asked: whether a model's files are what they should be."""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.base.events import Event
from engine.base.jobs import Lane
from engine.jobs.asked import Asked, called, telling
from engine.jobs.records import About, Kind

if TYPE_CHECKING:
    from engine.library import Library


def job(name: str | Path, place: "Library") -> Generator[Event | None, None, Any]:
    """Tells Progress."""
    return place.verifying(name)


def verify(name: str | Path, place: "Library") -> Asked:
    """The result, and what Done tells, is Verification."""
    return Asked(
        About(Kind.VERIFY, called(name)), lambda ticket: telling(job(name, place)), Lane.DISK
    )
