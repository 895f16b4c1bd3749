"""The table of a model's types: what each weighs, needs, does here and loses, and a button."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.api import Fit, Verdict, sizes
from gui.desk import TONES
from gui.discover.shown import Offer, Page
from gui.theme.theme import current
from gui.widgets.bars import thousands
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, cell, frame, row
from gui.widgets.labels import ElidedLabel, Pill, label
from gui.widgets.narrowing import Narrowing

FEW = 24  # lines that are shown before more are asked for
AT_ONCE, AT_A_TIME = 10, 4  # lines that are built in one turn of the event loop
WORDS = 6  # the column without a width of its own
NAME, FILE, MEMORY, SPEED, READ, STATE, ACTION = 88, 72, 88, 80, 68, 100, 78


class OfferTable(Card):
    """Shows a page's offers; `wanted` tells a type's name."""

    wanted = Signal(str)
    chat_wanted = Signal(str)

    def __init__(self, page: Page) -> None:
        super().__init__()
        px = current().px
        self.box.setContentsMargins(px(8), px(4), px(8), px(4))
        self.box.setSpacing(0)
        self.buttons: dict[str, Button] = {}
        self.chosen_row: QWidget | None = None
        self.box.addWidget(_head(page))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self.box.addLayout(self._lines)
        self._page, self._left = page, list(page.offers)
        self._waiting: list[Offer] = []
        self.more = Button("", "", "plain", True, "Types that are not shown yet")
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
        self.more.set_words(f"Show more of {len(self._page.offers)} types")
        self._more_row.setVisible(bool(self._left))
        self._add(AT_ONCE)

    def _add(self, n: int) -> None:
        """So many lines, the rest a few in each turn of the event loop."""
        now, self._waiting = self._waiting[:n], self._waiting[n:]
        for offer in now:
            is_chosen = offer.name == self._page.chosen
            line = self._line(offer, is_chosen)
            self._lines.addWidget(frame("rule"))
            self._lines.addWidget(line)
            if is_chosen:
                self.chosen_row = line
        if self._waiting:
            QTimer.singleShot(0, self, lambda: self._add(AT_A_TIME))

    def _line(self, offer: Offer, is_chosen: bool) -> QWidget:
        holder = frame("chosen") if is_chosen else QWidget()
        if is_chosen:
            holder.setAccessibleName(f"{offer.name}, which the link names")
        line = _row(holder)
        found = offer.fit
        rate = found.tokens_per_second if found is not None else 0.0
        memory = label(sizes.column(found.needed) if found else "–", "smallText")
        if found is not None:
            memory.setToolTip(found.text)
        line.addWidget(cell(ElidedLabel(offer.name, "strong"), NAME))
        line.addWidget(cell(label(sizes.column(offer.bytes), "smallText"), FILE))
        line.addWidget(cell(memory, MEMORY))
        line.addWidget(cell(label(f"≈ {sizes.speed(rate)}" if rate else "–", "smallText"), SPEED))
        line.addWidget(cell(_read(found), READ))
        line.addWidget(cell(_state(offer), STATE))
        words = label(offer.problem or offer.words, "small", wrap=True)
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words.setToolTip(offer.tip)
        line.addWidget(words, 1)
        holder.setToolTip(words.text())  # where there is no room for them
        line.addWidget(cell(self._action(offer), ACTION))
        _narrowing(holder, line)
        return holder

    def _action(self, offer: Offer) -> QWidget:
        if offer.problem or (offer.fit and offer.fit.verdict is Verdict.NOT):
            return label("")
        if offer.is_here:
            button = Button("Chat", "message-square", "plain", True, f"Chat with {offer.name}")
            button.clicked.connect(lambda: self.chat_wanted.emit(offer.name))
        else:
            kind = "primary" if offer.recommended else "plain"
            tip = f"Download {offer.name}, {sizes.file(offer.bytes)}"
            button = Button("Get", "download", kind, True, tip)
            button.clicked.connect(lambda: self.wanted.emit(offer.name))
        self.buttons[offer.name] = button
        return button


def _read(found: Fit | None) -> QWidget:
    """How long it takes until a text of ten pages is answered."""
    seconds = found.read_s if found is not None else 0.0
    words = label(sizes.duration(seconds) if seconds else "–", "smallText")
    words.setToolTip("Until it begins to answer a text of ten pages")
    return words


def _state(offer: Offer) -> QWidget:
    if offer.problem:
        return Pill("Cannot run", "neutral", offer.problem)
    if offer.fit is None:
        return label("")
    return Pill(offer.fit.label, TONES[offer.fit.verdict], offer.fit.text)


def _head(page: Page) -> QWidget:
    holder = QWidget()
    line = _row(holder)
    memory = f"Memory at {thousands(page.context)}"
    names = (
        ("Type", NAME, "How its weights are written: the more bits, the larger and truer"),
        ("Download", FILE, "The size of its files"),
        (memory, MEMORY, "What it takes with a context of so many tokens"),
        ("Speed here", SPEED, "Tokens per second that it writes here; people read about seven"),
        ("Ten pages", READ, "Until it begins to answer a text of ten pages"),
        (
            "On this machine",
            STATE,
            "Whether it fits into the memory that is free, and is quick",
        ),
    )
    for name, width, tip in names:
        head = label(name, "tiny")
        head.setToolTip(tip)
        line.addWidget(cell(head, width))
    line.addWidget(label("", "tiny"), 1)
    line.addWidget(cell(label("", "tiny"), ACTION))
    _narrowing(holder, line)
    return holder


def _narrowing(holder: QWidget, line: QHBoxLayout) -> None:
    """In a narrow window the verdict says the most; speeds go first, then memory and size, then
    the words on what is lost, which the tooltip has."""
    line.insertStretch(WORDS + 1, 0)
    Narrowing(holder, line, {4: 780, 3: 680, 2: 590, 1: 500, WORDS: 400})


def _row(widget: QWidget) -> QHBoxLayout:
    px = current().px
    line = QHBoxLayout(widget)
    line.setContentsMargins(px(8), px(8), px(8), px(8))
    line.setSpacing(px(12))
    return line
