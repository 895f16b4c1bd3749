"""The pictures of a model card, fetched when somebody asks for them: a job of the network lane."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.base.errors import CancelledError, ChaskiError
from engine.base.events import Done, Event
from engine.base.jobs import Job

if TYPE_CHECKING:
    from engine.hub.client import Hub

MOST = 24  # of one card


@dataclass(frozen=True)
class PictureCame(Event):
    """One of them; `reference` as the card has it, `kind` is png, jpeg, gif or webp."""

    reference: str
    kind: str
    data: bytes


@dataclass(frozen=True)
class PicturesCame:
    """How it ended: numbers of pictures; `problem` is a sentence about the first that failed."""

    came: int
    failed: int
    problem: str = ""


def pictures(
    hub: "Hub",
    repo: str,
    commit: str,
    references: Sequence[str],
    checkpoint: Callable[[], object] = lambda: None,
) -> Job:
    """Tells PictureCame for each that the hub keeps, then Done(PicturesCame). What fails is counted
    and stops no other. Each has a thread of its own, so that downloads go on meanwhile."""
    from engine.hub import pictures as remote
    from engine.hub.apart import Question

    came, problems = 0, list[str]()
    for reference in list(dict.fromkeys(references))[:MOST]:
        url = remote.address(reference, repo, commit, hub.settings)
        if not url:
            continue
        question = Question(hub, _asking(url, checkpoint), lambda: None)
        try:
            data = yield from question.answer()
        except CancelledError:
            raise
        except ChaskiError as error:
            problems.append(str(error))
            continue
        came += 1
        yield PictureCame(reference, remote.kind_of(data), data)
    found = PicturesCame(came, len(problems), problems[0] if problems else "")
    yield Done(found)
    return found


def _asking(url: str, checkpoint: Callable[[], object]) -> "Callable[[Hub], bytes]":
    from engine.hub.pictures import fetch

    return lambda hub: fetch(hub, url, checkpoint)
