"""What the window and the command line ask of a hub, as jobs for the network lane: models, one
repository, the pictures of its card.

Importing it costs nothing; the rooms that do the work are imported when a job runs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.base.errors import CancelledError, ChaskiError
from engine.base.events import Done, Event, Progress, Stage
from engine.base.jobs import Job
from engine.base.settings import LoadOptions
from engine.discover.offers import Here
from engine.discover.records import Found, Judged, Looked
from engine.hub.records import Filters

if TYPE_CHECKING:
    from engine.hub.client import Hub


def search(
    hub: "Hub",
    words: str,
    here: Here,
    *,
    sort: str = "downloads",
    limit: int = 20,
    filters: Filters = Filters(),  # noqa: B008 (frozen)
    only_fitting: bool = False,
) -> Job:
    """Tells Progress, Found for each model as soon as it is judged, Done(tuple of Judged)."""
    from engine.discover.judged import searching

    steps = searching(
        hub, words, here, sort=sort, limit=limit, filters=filters, only_fitting=only_fitting
    )
    found = list[Judged]()
    for step in steps:
        if isinstance(step, Judged):
            found.append(step)
            yield Found(step)
        else:
            yield step
    yield Done(tuple(found))
    return tuple(found)


def look(
    hub: "Hub",
    repo: str,
    here: Here,
    *,
    quant: str = "",
    file: str = "",
    revision: str | None = None,
    options: LoadOptions = LoadOptions(),  # noqa: B008 (frozen)
    checkpoint: Callable[[], object] = lambda: None,
) -> Job:
    """One repository with its card, judged by the head of one file. Tells Progress, Found with
    what its files' sizes say, Done(Looked). `file`: the head of this one is read, if it is there;
    `checkpoint` (a ticket's) stops it between requests."""
    from engine.discover.judged import judged_by_sizes, judging, named_file
    from engine.hub.repository import card, repository

    host = hub.settings.host
    yield Progress(Stage.ASKING, 0, 0, what=host)
    found = repository(hub, repo, revision)
    rough = judged_by_sizes(found, here)
    yield Found(rough)
    yield Progress(Stage.ASKING, 0, 0, what=host)
    text = card(hub, found)
    judged: Judged = rough
    if rough.known is not False:
        quant = quant or named_file(found, file)
        judged = yield from judging(hub, found, here, quant, options, checkpoint)
    looked = Looked(found, judged, text)
    yield Done(looked)
    return looked


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
    from engine.hub.apart import HubQuestion

    came, problems = 0, list[str]()
    for reference in list(dict.fromkeys(references))[:MOST]:
        url = remote.address(reference, repo, commit, hub.settings)
        if not url:
            continue
        question = HubQuestion(hub, _asking(url, checkpoint), lambda: None)
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
