"""Discover: the list on the left, the model on the right, and what connects them to the hub."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from gui.desk import Desk
from gui.discover.finder import Finder
from gui.discover.found_list import FoundList
from gui.discover.kind import KIND
from gui.discover.model_page import ModelPage
from gui.discover.shown import Answer, Page
from gui.theme.theme import current
from gui.view import View


class DiscoverView(View):
    """Puts both together. The hub is asked when somebody searches or chooses, never before."""

    kind = KIND

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        finder = self.finder = Finder(desk)
        finder.setParent(self)
        self.list = FoundList()
        self.page = ModelPage()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.list)
        line.addWidget(self.page, 1)
        self.setFocusProxy(self.list.search)
        current().follow(self, self._fit)
        self._connect()
        self._connect_downloads()
        finder.ask(self.list.asked())

    def _connect(self) -> None:
        finder = self.finder
        self.list.wanted.connect(finder.ask)
        self.list.chosen.connect(finder.open)
        finder.answered.connect(self._show_answer)
        finder.searched.connect(self.list.show_busy)
        finder.page_changed.connect(self._show_page)
        self.page.context_chosen.connect(finder.set_context)
        self.page.again_wanted.connect(finder.try_again)
        self.page.download_wanted.connect(finder.get)
        self.page.chat_wanted.connect(lambda _repo, name: self._chat(finder.path_of(name)))
        self.page.downloads.chat_wanted.connect(self.chat_wanted)
        card = self.page.card
        card.wanted.connect(lambda: finder.show_pictures(self.devicePixelRatioF()))
        finder.picture_came.connect(card.show_picture)
        finder.pictures_came.connect(card.pictures_came)
        finder.refused.connect(self.said)

    def _connect_downloads(self) -> None:
        works, downloads = self._desk.works, self.page.downloads
        downloads.paused.connect(works.pause)
        downloads.resumed.connect(works.resume)
        downloads.stopped.connect(works.stop)
        downloads.forgotten.connect(works.forget)
        works.changed.connect(self._show_downloads)
        self._show_downloads()

    def look_at(self, what: str, part: str = "") -> None:
        """Show this repository, as from a link, which may mean one of its files."""
        if what:
            self.page.bring_chosen()
            self.finder.open(what, part)

    def close_work(self) -> None:
        """Its window is closed: nobody waits for what the hub was asked."""
        self.finder.close()

    def _show_answer(self, answer: Answer) -> None:
        self.list.show_answer(answer, self.finder.repository)

    def _show_downloads(self) -> None:
        """A method, and no lambda: it ends with the view, and the desk goes on."""
        self.page.show_downloads(self._desk.works.downloads)

    def _show_page(self, page: Page) -> None:
        self.page.show_page(page)

    def _chat(self, path: str) -> None:
        if path:
            self.chat_wanted.emit(path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.list.fit_into(self.width())
