"""Asks the engine what Discover shows: searches, repositories, downloads. Nothing is asked of the
hub before somebody types, chooses or presses a button."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from engine.api import HardwareReport, Verdict, discover, jobs
from engine.base.errors import ChaskiError
from gui.desk import Desk
from gui.discover.card_view import decoded
from gui.discover.shown import MOST, Answer, Found, Here, Page, Query
from gui.discover.told import first_of, found_of, page_of
from gui.language import said
from gui.workers import Feed, sentence

USUAL_CONTEXT = 8192
ORDER = (Verdict.WELL, Verdict.SLOWLY, Verdict.NOT)  # of the models to begin with


@dataclass(frozen=True)
class _Decoded:
    """A picture of a card, ready to be shown."""

    repo: str
    reference: str
    image: QImage


class Finder(QObject):
    """One search and one look at a time; a new one ends the one before."""

    answered = Signal(Answer)  # more of it may come
    searched = Signal(bool)  # whether a search goes on
    page_changed = Signal(object)  # Page
    refused = Signal(str)
    picture_came = Signal(str, QImage)  # as the card names it
    pictures_came = Signal(int, str)  # how many failed, and why the first did

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._wanted = Query()
        self._found: list[Found] = []
        self._ratio = 1.0  # pixels of the screen for each of ours, where pictures are shown
        self._shown = 0  # of the search before, which this one only goes on with
        self._page: Page | None = None
        self._repo, self._file, self._context = "", "", USUAL_CONTEXT
        self._waiting: list[Callable[[HardwareReport], None]] = []
        self._search, self._look, self._pictures = Feed(self), Feed(self), Feed(self)
        desk.known_changed.connect(self._go_on)
        desk.known_changed.connect(self.refresh_here)
        self._search.told.connect(self._add)
        self._search.failed.connect(self._search_failed)
        self._search.done.connect(lambda _all: self._answer(over=True))
        self._search.ended.connect(lambda: self.searched.emit(False))
        self._look.told.connect(self._show_rough)
        self._look.done.connect(self._show_looked)
        self._look.failed.connect(self._look_failed)
        self._pictures.told.connect(self._decode)
        self._pictures.done.connect(self._end_pictures)
        self._pictures.failed.connect(lambda words: self.pictures_came.emit(0, words))

    @property
    def repository(self) -> str:
        """The one whose page is shown."""
        return self._repo

    # Searching

    def ask(self, wanted: Query) -> None:
        """Search; without words, the models to begin with, for which nobody is asked."""
        self._search.close()
        is_same = replace(wanted, limit=self._wanted.limit) == self._wanted
        # More of the same: what is shown stays until there is more than that.
        self._shown = len(self._found) if is_same and wanted != self._wanted else 0
        self._wanted, self._found = wanted, []
        self.searched.emit(wanted.asks_hub)
        self._with_report(self._ask)

    def _ask(self, report: HardwareReport) -> None:
        wanted = self._wanted
        filters = filters_of(wanted)
        if not wanted.asks_hub:
            taken, now = self._desk.engine.taken(), self._desk.engine.report_now(report)
            models = discover.for_machine(report.ram_total, filters)
            rows = [first_of(model, now, taken) for model in models]
            rows.sort(key=lambda found: found.fit is None or ORDER.index(found.fit.verdict))
            self.answered.emit(Answer(wanted, tuple(rows), curated=True))
            return
        self._search.follow(
            lambda told: self._desk.engine.search_hub(
                wanted.words,
                report,
                told,
                sort=wanted.sort,
                limit=wanted.limit,
                filters=filters,
                only_fitting=wanted.fits_only,
            )
        )

    def _add(self, event: object) -> None:
        if isinstance(event, discover.Found):
            self._found.append(found_of(event.model))
            if len(self._found) > self._shown:
                self._answer()

    def _answer(self, *, over: bool = False) -> None:
        limit = self._wanted.limit
        more = over and len(self._found) >= limit < MOST
        self.answered.emit(Answer(self._wanted, tuple(self._found), more=more))

    def _search_failed(self, words: str) -> None:
        self.answered.emit(Answer(self._wanted, tuple(self._found), words))

    # One repository

    def open(self, repo: str, file: str = "") -> None:
        """Its page, at once with what is known, then with what the hub and a file's head say.
        `file`: the one that is meant there."""
        self._file = file
        if repo == self._repo and self._page is not None and not self._page.problem:
            self._show(self._page)
            return
        self._repo = repo
        self._pictures.close()
        known = next((f for f in self._found if f.id == repo), None) or Found(repo)
        self._show(Page(known, self._context, loading=True))
        self._ask_page()

    def try_again(self) -> None:
        """What failed may have been the network's fault."""
        if self._page is not None:
            self._show(replace(self._page, loading=True, problem="", failed=False))
            self._ask_page()

    def set_context(self, n_ctx: int) -> None:
        if n_ctx != self._context:
            self._context = n_ctx
            if self._page is not None:
                self._ask_page()

    def _ask_page(self) -> None:
        self._look.close()
        self._with_report(self._ask_hub)

    def _ask_hub(self, report: HardwareReport) -> None:
        repo, n_ctx, file = self._repo, self._context, self._file
        engine = self._desk.engine
        self._look.follow(lambda told: engine.look_into(repo, report, told, n_ctx=n_ctx, file=file))

    def _show_rough(self, event: object) -> None:
        if isinstance(event, discover.Found) and event.model.about.id == self._repo:
            page = page_of(event.model, self._context, self._here(), loading=True)
            self._show(page if self._page is None else page.with_card_of(self._page))

    def _show_looked(self, looked: object) -> None:
        if isinstance(looked, discover.Looked) and looked.repository.id == self._repo:
            self._show(
                page_of(
                    looked.judged,
                    self._context,
                    self._here(),
                    card=looked.card,
                    commit=looked.repository.commit,
                    network=self._network(),
                )
            )

    def _look_failed(self, words: str) -> None:
        if self._page is not None:
            self._show(replace(self._page, loading=False, problem=words, failed=True))

    def _show(self, page: Page) -> None:
        network = self._network()
        web = f"{network.endpoint}/{page.found.id}" if network is not None else ""
        self._page = replace(page.with_file(self._file), web=web)
        self.page_changed.emit(self._page)

    # The pictures of its card

    def show_pictures(self, ratio: float = 1.0) -> None:
        """Fetch them from the hub; `ratio`: pixels of the screen for each of ours."""
        page, engine = self._page, self._desk.engine
        if page is None:
            return
        repo, commit, own = page.found.id, page.commit, page.pictures.own
        self._ratio = ratio
        self._pictures.close()
        self._pictures.follow(lambda told: engine.card_pictures(repo, commit, own, told))

    def _decode(self, event: object) -> None:
        """In another thread: a picture of a few megabytes would keep the window busy."""
        if not isinstance(event, discover.PictureCame):
            return
        repo, ratio, came = self._repo, self._ratio, event
        self._desk.in_background(
            lambda: _Decoded(repo, came.reference, decoded(came.data, came.kind, ratio)),
            self._show_picture,
        )

    def _show_picture(self, made: object) -> None:
        """Of another repository, which is not shown any more, none."""
        if isinstance(made, _Decoded) and made.repo == self._repo:
            self.picture_came.emit(made.reference, made.image)

    def _end_pictures(self, found: object) -> None:
        if isinstance(found, discover.PicturesCame):
            self.pictures_came.emit(found.failed, said(found.problem))

    def _network(self) -> "discover.NetworkSettings | None":
        """Which hub it is; None where the settings make no sense, which whoever asks it is told."""
        with suppress(ChaskiError):
            return self._desk.engine.hub.settings
        return None

    def _here(self) -> Here:
        """Names and sizes of model files that the library has already, and their paths."""
        there = (m for m in self._desk.known if not m.problem)
        return {(Path(m.path).name, m.file_bytes): m.path for m in there}

    # Getting

    def get(self, repo: str, name: str) -> None:
        """Order a type of a repository, or what the workshop makes of its weights."""
        page = self._page
        offer = next((o for o in page.offers if o.name == name), None) if page else None
        made = offer is not None and offer.is_made
        files = offer.files if offer is not None and not made else ()
        wish = jobs.Wish(repo, files=files, make=name if made else "", quant="" if files else name)
        try:
            self._desk.engine.downloads.get(wish)
        except ChaskiError as error:
            self.refused.emit(sentence(error))

    def path_of(self, name: str) -> str:
        """Where a type of the shown repository lies here, "" if it does not."""
        if self._page is None:
            return ""
        offer = next((o for o in self._page.offers if o.name == name), None)
        return offer.path if offer is not None else ""

    def refresh_here(self) -> None:
        """The library has changed: what is here can be talked with."""
        if self._page is not None and self._page.offers:
            page = self._page.with_paths(self._here())
            if page != self._page:  # else nothing need be built anew
                self._show(page)

    # What this machine is, which takes a moment after the start

    def _with_report(self, then: Callable[[HardwareReport], None]) -> None:
        if self._desk.hardware is not None:
            then(self._desk.hardware)
        elif then not in self._waiting:
            self._waiting.append(then)

    def _go_on(self) -> None:
        report, waiting = self._desk.hardware, self._waiting
        if report is not None and waiting:
            self._waiting = []
            for then in waiting:
                then(report)

    def close(self) -> None:
        for feed in (self._search, self._look, self._pictures):
            feed.close()


def filters_of(wanted: Query) -> "discover.Filters":
    """What is wanted, in the engine's words."""

    def one(key: str) -> tuple[str, ...]:
        return (key,) if key else ()

    return discover.filters_of(
        size=wanted.size,
        families=one(wanted.family),
        languages=one(wanted.language),
        licences=one(wanted.licence),
        kinds=("gguf",) if wanted.gguf_only else discover.Filters().kinds,
    )
