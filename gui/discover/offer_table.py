"""The table of a model's types: what each weighs, needs, does here and loses, and a button."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.api import Verdict
from gui.discover.offer_row import OfferHead, OfferRow, rooms_for
from gui.discover.shown import Offer, Page
from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, frame, row
from gui.widgets.labels import label

FEW = 24  # lines that are shown before more are asked for
AT_ONCE, AT_A_TIME = 6, 4  # lines that are built in one turn of the event loop


class OfferTable(Card):
    """Shows a page's offers; `wanted` tells a type's name."""

    wanted = Signal(str)
    chat_wanted = Signal(str)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as columns of figures are read
        px = current().px
        self.box.setContentsMargins(px(8), px(4), px(8), px(4))
        self.box.setSpacing(0)
        self.buttons: dict[str, Button] = {}
        self.rows: list[OfferRow] = []
        self.chosen_row: OfferRow | None = None
        self._rooms = rooms_for(page.offers, page.context)
        self._head = OfferHead(self._rooms, page.context)
        self.box.addWidget(self._head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self.box.addLayout(self._lines)
        self._page, self._left = page, list(page.offers)
        self._waiting: list[Offer] = []
        self.more = Button("", "", "plain", True, tr("Types that are not shown yet"))
        self.more.clicked.connect(self.show_more)
        self._more_row = QWidget()
        more = row(self.more, None)
        more.setContentsMargins(px(8), px(8), px(8), px(8))
        self._more_row.setLayout(more)
        self.box.addWidget(self._more_row)
        self.show_more()
        if page.sums:
            self.box.addWidget(frame("rule"))
            self.box.addSpacing(px(10))
            sums = label(page.sums, "small", wrap=True)
            sums.setContentsMargins(px(8), 0, px(8), 0)
            self.box.addWidget(sums)
            self.box.addSpacing(px(10))
        current().follow(self, self._renew)

    def is_of(self, page: Page) -> bool:
        """Whether it shows this page already."""

        def looks(page: Page) -> tuple[object, ...]:
            return page.found.id, page.offers, page.context, page.chosen, page.sums

        return looks(page) == looks(self._page)

    @property
    def is_whole(self) -> bool:
        """Whether every line that is to be shown is there."""
        return not self._waiting

    def show_more(self) -> None:
        """The next ones, and those that must be seen; some repositories have hundreds of files."""
        first, chosen = self._left[:FEW], self._page.chosen
        first += [o for o in self._left[FEW:] if o.recommended or o.name == chosen]
        self._left = [offer for offer in self._left if offer not in first]
        self._waiting += first
        self.more.set_words(tr("Show more of {n} types", n=len(self._page.offers)))
        self._more_row.setVisible(bool(self._left))
        self._add(AT_ONCE)

    def _add(self, n: int) -> None:
        """So many lines, the rest a few in each turn of the event loop."""
        now, self._waiting = self._waiting[:n], self._waiting[n:]
        for offer in now:
            is_chosen = offer.name == self._page.chosen
            line = self._line(offer, is_chosen)
            self.rows.append(line)
            self._lines.addWidget(line)
            if is_chosen:
                self.chosen_row = line
        if self._waiting:
            QTimer.singleShot(0, self, lambda: self._add(AT_A_TIME))

    def _line(self, offer: Offer, is_chosen: bool) -> OfferRow:
        button, page = self._action(offer), self._page
        return OfferRow(offer, self._rooms, page.context, button, is_chosen=is_chosen)

    def _renew(self) -> None:
        """Another size of text."""
        self._rooms = rooms_for(self._page.offers, self._page.context)
        for line in (self._head, *self.rows):
            line.renew(self._rooms)

    def _action(self, offer: Offer) -> Button | None:
        if offer.problem or (offer.fit and offer.fit.verdict is Verdict.NOT):
            return None
        if offer.is_here:
            button = Button(
                tr("Chat"),
                "message-square",
                "plain",
                True,
                tr("Chat with {model}", model=offer.name),
            )
            button.clicked.connect(lambda: self.chat_wanted.emit(offer.name))
        else:
            kind = "primary" if offer.recommended else "plain"
            tip = tr("Download {type}, {size:file}", type=offer.name, size=offer.bytes)
            button = Button(tr("Get"), "download", kind, True, tip)
            button.clicked.connect(lambda: self.wanted.emit(offer.name))
        self.buttons[offer.name] = button
        return button
