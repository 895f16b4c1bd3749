"""The right of Discover: one repository, its types, its card, and the downloads."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.api import sizes
from gui.discover.card_view import CardView
from gui.discover.offer_table import OfferTable
from gui.discover.shown import Page
from gui.language import figures, marked, tr
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button, icon_button
from gui.widgets.choices import ComboBox
from gui.widgets.frames import Card, page, row
from gui.widgets.help_button import help_button
from gui.widgets.labels import ElidedLabel, Pill, label
from gui.widgets.work_card import Work
from gui.widgets.work_list import WorkList

CONTEXTS = [2048, 4096, 8192, 16384, 32768, 65536, 131072]
FEWEST_TURNS, MOST_TURNS = 4, 20  # of the event loop, for which a new page waits to be seen
FAILED = marked("Its page could not be read to the end")
TRY_MS, MOST_TRIES = 10, 200  # for a line to get its place
LICENCE = marked("The licence of the weights")
LONGEST = 20  # letters of a licence; the tip has the others
EMPTY = marked(
    "Search for a model, or choose one on the left. Before anything is downloaded you see how much "
    "memory it takes here, how fast it will be, and what its type loses."
)


class ModelPage(QWidget):
    """Shows a Page and the downloads; what is wanted goes out as signals."""

    download_wanted = Signal(str, str)  # repository, type
    chat_wanted = Signal(str, str)  # repository, type
    context_chosen = Signal(int)
    again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        view, self._header, self._content = page("")
        area = view.findChild(QScrollArea)
        canvas = self._content.parentWidget()
        assert area is not None  # a page has both
        assert canvas is not None
        self._area, self._canvas, self._turns = area, canvas, 0
        self._page: Page | None = None
        self._wants_chosen, self._tries = False, 0
        self._brought = ("", "")  # the repository and the type that were brought in sight
        self.table: OfferTable | None = None
        self._fill_header()
        self._summary = label("", "muted", wrap=True)
        self._busy = Bar(2)
        self._busy.set_fraction(None)
        self._place = QVBoxLayout()  # of the table
        self._empty = Note(tr("Find a model"), tr(EMPTY))
        self._problem = Note("", "")
        self.again = Button(tr("Try again"), "refresh-cw", "plain", True)
        self.again.clicked.connect(self.again_wanted)
        self._problem.box.addLayout(row(self.again, None))
        self.downloads = WorkList()
        self._downloads_title = label(tr("Downloads"), "section")
        self.card = CardView()
        self._note = label("", "small", wrap=True)
        for part in (self._empty, self._problem, self._summary, self._note, self._busy):
            self._content.addWidget(part)
        self._content.addLayout(self._place)
        self._content.addWidget(self._downloads_title)
        self._content.addWidget(self.downloads)
        self._content.addWidget(self.card)
        self._content.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view)
        # What stands here makes room by itself; it must not keep the window from becoming narrow.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.show_page(None)
        self.show_downloads([])

    def _fill_header(self) -> None:
        self._title = ElidedLabel("", "title")
        self._id = ElidedLabel("", "small")
        self._licence = Pill("", "neutral", tr(LICENCE))
        self._likes = label("", "small")
        self._web = icon_button("square-arrow-out-up-right", tr("Open its page in the browser"))
        self._web.clicked.connect(self._open_web)
        self._context_label = label(tr("Context"), "small")
        self.context = ComboBox(tr("Context"), [(figures(f"{n:,}"), n) for n in CONTEXTS])
        self.context.currentIndexChanged.connect(
            lambda: self.context_chosen.emit(int(self.context.currentData()))
        )
        for i, part in enumerate((self._title, self._id, self._licence, self._likes, self._web)):
            self._header.box.insertWidget(i, part)
        self._header.box.addWidget(self._context_label)
        self._header.box.addWidget(self.context)
        self._header.box.addWidget(help_button("quantization", tr("What the types are")))

    def _settle(self) -> None:
        """Parts that are new have their heights after a few turns of the event loop; until then the
        old picture stays, and nobody sees them squeezed."""
        self._area.setUpdatesEnabled(False)
        self._turns = 0
        QTimer.singleShot(0, self, self._show_settled)

    def _show_settled(self) -> None:
        self._turns += 1
        height = self._content.heightForWidth(self._canvas.width())
        is_settled = self._turns >= FEWEST_TURNS and self._canvas.height() >= height
        if is_settled or self._turns >= MOST_TURNS:
            self._area.setUpdatesEnabled(True)
            self._show_chosen()
        else:
            QTimer.singleShot(0, self, self._show_settled)

    def _show_chosen(self) -> None:
        """What a link means is brought in sight, once, when its line has its place."""
        table, self._tries = self.table, self._tries + 1
        if table is None or not self._wants_chosen or self._tries > MOST_TRIES:
            return
        row = table.chosen_row
        height = self._content.heightForWidth(self._canvas.width())
        if not table.is_whole or row is None or self._canvas.height() < height:
            QTimer.singleShot(TRY_MS, self, self._show_chosen)
            return
        self._wants_chosen = False
        self._area.ensureWidgetVisible(row, 0, current().px(80))

    def bring_chosen(self) -> None:
        """A link was followed: what it means is to be in sight, also if it was before."""
        self._brought = ("", "")

    def show_page(self, shown: Page | None) -> None:
        self._settle()
        self._page = shown
        there = shown is not None
        self._empty.setVisible(not there)
        self._show_header(shown)
        self._summary.setVisible(there)
        self._note.setVisible(shown is not None and bool(shown.note))
        self._busy.setVisible(there)
        self._problem.setVisible(there)
        self.card.setVisible(there)
        if shown is None:
            self._drop_table()
            return
        self._summary.setText(shown.summary)
        self._summary.setVisible(bool(shown.summary))
        self._note.setText(shown.note)
        self._busy.setVisible(shown.loading)
        self._problem.setVisible(bool(shown.problem))
        self._problem.say(
            tr(FAILED) if shown.failed else tr("This model cannot run here"), shown.problem
        )
        self.again.setVisible(shown.failed)
        self._show_table(shown)
        self.card.set_card(shown.card, shown.pictures)
        self.card.setVisible(bool(shown.card))
        meant = (shown.found.id, shown.chosen)
        if meant != self._brought:
            self._brought, self._tries = meant, 0
            self._wants_chosen = bool(shown.chosen)

    def _show_header(self, shown: Page | None) -> None:
        found = shown.found if shown is not None else None
        self._title.set_full(found.name if found is not None else tr("Discover"))
        self._id.set_full(found.id if found is not None else "")
        licence = found.licence if found is not None else ""
        brief = licence if len(licence) <= LONGEST else f"{licence[:LONGEST]}…"
        self._licence.set_state(
            brief, "neutral", tr("{name}: {what}", name=tr(LICENCE), what=licence)
        )
        self._likes.setText(
            f"♡ {figures(sizes.count(found.likes))}" if found and found.likes else ""
        )
        for part in (self._web, self._context_label, self.context):
            part.setVisible(found is not None)
        self._web.setVisible(shown is not None and bool(shown.web))
        if shown is not None:
            self.context.choose(shown.context)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """In a narrow window the name matters more than what stands behind it."""
        px, width = current().px, self.width()
        self._id.setVisible(bool(self._id.full()) and width >= px(760))
        self._likes.setVisible(bool(self._likes.text()) and width >= px(640))
        self._licence.setVisible(bool(self._licence.text()) and width >= px(560))
        self._context_label.setVisible(self._page is not None and width >= px(480))

    def _show_table(self, shown: Page) -> None:
        """Anew only where it would look different: hundreds of parts are made for it."""
        if self.table is not None and self.table.is_of(shown):
            return
        self._drop_table()
        if shown.offers:
            self.table = OfferTable(shown)
            repository = shown.found.id
            self.table.wanted.connect(lambda name: self.download_wanted.emit(repository, name))
            self.table.chat_wanted.connect(lambda name: self.chat_wanted.emit(repository, name))
            self._place.addWidget(self.table)

    def _drop_table(self) -> None:
        if self.table is not None:
            self._place.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
            self.table = None

    def show_downloads(self, works: Sequence[Work]) -> None:
        if {work.id for work in works} != set(self.downloads.cards):
            self._settle()
        self.downloads.show_works(works)
        self.downloads.setVisible(bool(works))
        self._downloads_title.setVisible(bool(works))

    def _open_web(self) -> None:
        if self._page is not None:
            QDesktopServices.openUrl(QUrl(self._page.web))


class Note(Card):
    """A heading and a sentence."""

    def __init__(self, title: str, words: str) -> None:
        super().__init__()
        self._title = label("", "section")
        self._words = label("", "muted", wrap=True)
        self.box.addLayout(row(self._title, None))
        self.box.addWidget(self._words)
        self.say(title, words)

    def say(self, title: str, words: str) -> None:
        self._title.setText(title)
        self._words.setText(words)
