"""The job behind "get a model": asks the hub, fetches, converts and quantizes where that is wished,
and registers. One order, one record, over three lanes.

Invariant: nothing is in the library that is not whole and right.
"""

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.base.errors import CancelledError, HubError, HubFault
from engine.base.events import Done, Event, Notice, Progress, Stage
from engine.base.jobs import Lane, MoveLane
from engine.base.places import check_output
from engine.base.settings import CONVERT_TYPES
from engine.hub.client import Hub
from engine.hub.download_file import Means
from engine.hub.download_order import fetching
from engine.hub.download_records import ChangedError, DownloadOrder, Fetched
from engine.hub.records import Repository
from engine.hub.repository import repository
from engine.jobs.wishes import Got, Wish, chosen, usual_folder
from engine.library.checking import hashing
from engine.library.files import is_model_name, parts_of

if TYPE_CHECKING:
    from engine.library import Library

Steps = Generator[Event | None, None, Any]


@dataclass(frozen=True)
class Getter:
    """What a download needs of the house. `settled`: told the files once the hub has named them;
    `fetched`: called when the network is no longer needed."""

    means: Means
    library: "Callable[[], Library]"
    models: Path
    settled: Callable[[DownloadOrder], None] = lambda order: None
    fetched: Callable[[], None] = lambda: None

    def getting(
        self, wish: Wish, order: DownloadOrder | None = None
    ) -> Generator[Event | None, None, Got]:
        """Begins in the network lane. Tells Transfer, Step, Notice, Done(Got). `order`: the files
        as they were when it began."""
        if wish.make:
            yield from self._foreseen(wish)
        fresh = order is None
        order = order or (yield from self._asked(wish))
        try:
            fetched = yield from self._fetched(order, wish)
        except (ChangedError, HubError) as error:
            if isinstance(error, HubError) and (fresh or error.why is not HubFault.MISSING):
                raise
            now = yield from self._asked(wish)
            if now == order:
                raise
            if [order.identity(f) for f in order.files] != [now.identity(f) for f in now.files]:
                yield Notice(
                    "{title} has changed on the hub; what is new is fetched anew", title=order.title
                )
            order = now
            fetched = yield from self._fetched(order, wish)
        self.fetched()
        got: Got = yield from self._finished(wish, order, fetched)
        with suppress(CancelledError):  # too late: it is here
            yield Done(got)
        return got

    def _asked(self, wish: Wish) -> Steps:
        """Which files that is now."""
        yield Progress(Stage.ASKING, 0, 0, what=self.means.hub.settings.host)
        found, is_known = yield from self.means.ask(lambda hub: _looked_up(hub, wish))
        if is_known is False:
            family = found.about.architecture or found.about.model_type
            yield Notice(
                "{repo} is of a family ({family}) that this version cannot run; it can be kept, "
                "but not talked with",
                repo=wish.repo,
                family=family,
            )
        order = chosen(wish, found, self.models)
        self.settled(order)
        return order

    def _fetched(self, order: DownloadOrder, wish: Wish) -> Steps:
        """In the network lane; its end is the order's only where nothing is made of it."""
        job = fetching(order, self.means)
        if not wish.make:
            return (yield from job)
        try:
            while True:
                event = next(job)
                yield replace(event, more=True) if isinstance(event, Progress) else event
        except StopIteration as end:
            return end.value
        finally:
            job.close()

    def _foreseen(self, wish: Wish) -> Steps:
        """What speaks against making it is told before anything is fetched."""
        from engine.workshop.mixes import target_name

        if wish.make.lower() not in CONVERT_TYPES:
            target_name(wish.make)
        out = self._made_path(wish)
        if out.parent.is_dir():
            check_output(out)
        yield None

    def _made_path(self, wish: Wish) -> Path:
        folder = wish.folder or usual_folder(self.models, wish.repo)
        return folder / f"{wish.repo.rpartition('/')[2]}-{wish.make.upper()}.gguf"

    # What is done with it

    def _finished(self, wish: Wish, order: DownloadOrder, fetched: Fetched) -> Steps:
        if wish.make:
            return (yield from self._made(wish, order, fetched))
        yield MoveLane(Lane.DISK)
        model = ""
        first = next((path for path in fetched.paths if is_model_name(path.name)), None)
        sums = tuple(file.sha256 for file in order.files)
        if first is not None:  # the library's checksum is of all parts together
            known = sums[fetched.paths.index(first)] if parts_of(first) == [first] else ""
            model = self.library().add(first, sha256=known).name
        return Got(fetched.paths, fetched.bytes, fetched.fetched_bytes, sums, model)

    def _made(self, wish: Wish, order: DownloadOrder, fetched: Fetched) -> Steps:
        yield MoveLane(Lane.COMPUTE)
        from engine.inspect.source import look_at
        from engine.jobs.making import making
        from engine.jobs.measuring import built_in
        from engine.jobs.orders import Make

        out = self._made_path(wish)
        wanted = Make(order.folder, out, wish.make)
        target = next(
            (t for t in look_at(order.folder).targets if t.name == wish.make.upper()), None
        )
        if target is not None and target.needs_importance:
            wanted = replace(wanted, text=built_in())
        yield from making(wanted)
        yield MoveLane(Lane.DISK)
        digests = yield from hashing([out])
        model = self.library().add(out, sha256=digests.whole).name
        yield Notice("the weights it was made of stay in {folder}", folder=order.folder)
        return Got((out,), out.stat().st_size, fetched.fetched_bytes, digests.each, model)


def _looked_up(hub: Hub, wish: Wish) -> tuple[Repository, bool | None]:
    """Its files, and whether its family runs here; None: that is not known before the download."""
    from engine.discover.judged import is_known

    found = repository(hub, wish.repo, wish.revision or None)
    return found, is_known(found.about)
