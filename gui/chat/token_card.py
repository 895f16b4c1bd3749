"""The card of the token microscope: what could have stood at a place, with the model's own
probabilities, and what the sampler took out. Plain values in, wishes out."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.base.looks import Alternative, TokenLook
from gui.language import figures, marked, tr
from gui.theme.theme import current
from gui.widgets.bars import ground
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import row
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.paint import colour, rounded

MOST = 8  # rows
ROW, WORD, BAR, PERCENT, CUT = 28, 96, 92, 48, 132  # pixels
LETTERS = 24  # of a token in words
NAMES = {
    "penalties": marked("the penalties"),
    "dry": "DRY",
    "top_n_sigma": "top-n-sigma",
    "top_k": "top-k",
    "typ_p": "typical-p",
    "top_p": "top-p",
    "min_p": "min-p",
    "xtc": "XTC",
    "temperature": marked("temperature 0"),
    "logit_bias": marked("a ban"),
    "mirostat": "mirostat",
}
END = marked("the end")


def word_of(each: Alternative) -> str:
    """A token as a word: spaces around it go without saying, what is only space is named."""
    if each.is_end:
        return tr(END)
    if not each.text:
        return tr("a mark")
    if not each.text.strip():
        return tr("a new line") if "\n" in each.text else tr("a space")
    word = " ".join(each.text.split())
    return word if len(word) <= LETTERS else word[: LETTERS - 1] + "…"


def percent(share: float) -> str:
    """Of a probability: "62 %", "0.4 %", "< 0.1 %"."""
    if share >= 0.0095:
        return f"{100 * share:.0f} %"
    return figures(f"{100 * share:.1f} %" if share >= 0.001 else "< 0.1 %")


def cut_words(each: Alternative) -> str:
    return tr("cut by {what}", what=tr(NAMES.get(each.cut_by, each.cut_by))) if each.cut_by else ""


def rows_of(look: TokenLook) -> list[Alternative]:
    """As many as are worth a line, the chosen one always among them."""
    rows = list(look.alternatives[:MOST])
    if all(each.token != look.chosen for each in rows):
        rows[-1:] = [each for each in look.alternatives if each.token == look.chosen]
    return rows


class Rows(QWidget):
    """A line for each token; one of them is selected."""

    selected = Signal(int)  # row

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Alternative] = []
        self._chosen, self.at = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_rows(self, rows: list[Alternative], chosen: int) -> None:
        self._rows, self._chosen = rows, chosen
        self.rewrite()

    def rewrite(self) -> None:
        """As large as the rows are at the user's text size."""
        self.setFixedSize(self.sizeHint())
        self.update()

    def select(self, at: int) -> None:
        self.at = at
        self.update()

    def sizeHint(self) -> QSize:
        px = current().px
        return QSize(px(WORD + BAR + PERCENT + CUT), px(ROW) * max(1, len(self._rows)))

    def tip_under(self, spot: QPoint) -> str:
        """What is not on the line: the chance that the sampler left to the token."""
        at = spot.y() // current().px(ROW)
        if not 0 <= at < len(self._rows):
            return ""
        each = self._rows[at]
        return tr(
            "The model gives “{word}” {percent}; {what} took it out."
            if each.cut_by
            else "The model gives “{word}” {percent}; with your parameters it is drawn with "
            "{chance}.",
            word=word_of(each),
            percent=percent(each.probability),
            what=tr(NAMES.get(each.cut_by, each.cut_by)),
            chance=percent(each.chance),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y()) // current().px(ROW)
        if 0 <= at < len(self._rows):
            self.selected.emit(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for i, each in enumerate(self._rows):
            self._paint_row(painter, i, each)
        painter.end()

    def _paint_row(self, painter: QPainter, i: int, each: Alternative) -> None:
        theme, px = current(), current().px
        top, high = i * px(ROW), px(ROW)
        if i == self.at:
            line = QRectF(0, top + 1, self.width(), high - 2)
            rounded(painter, line, px(6), "selection")
        role = "muted" if each.cut_by else "text"
        font = QFont(self.font())
        font.setBold(each.token == self._chosen)
        painter.setFont(font)
        painter.setPen(colour("muted" if each.cut_by else "text"))
        word = QFontMetrics(font).elidedText(
            word_of(each), Qt.TextElideMode.ElideRight, px(WORD - 16)
        )
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(px(8), top, px(WORD - 8), high), middle, word)
        bar = QRectF(px(WORD), top + (high - px(6)) / 2, px(BAR), px(6))
        rounded(painter, bar, px(3), *ground(theme.tokens))
        tone = "accent" if each.token == self._chosen else role if each.cut_by else "muted"
        width = max(px(3), bar.width() * min(1.0, each.probability))
        rounded(painter, QRectF(bar.left(), bar.top(), width, bar.height()), px(3), tone)
        painter.setFont(self.font())
        painter.setPen(colour("muted" if each.cut_by else "text"))
        right = Qt.AlignmentFlag.AlignRight | middle
        spot = QRectF(px(WORD + BAR), top, px(PERCENT), high)
        painter.drawText(spot, right, percent(each.probability))
        painter.setPen(colour("muted"))
        spot = QRectF(px(WORD + BAR + PERCENT + 10), top, px(CUT - 10), high)
        painter.drawText(spot, middle, cut_words(each))


class TokenCard(QFrame):
    """Arrow keys: left and right to the words beside, up and down among the rows; Enter takes the
    row that is selected, Escape closes."""

    taken = Signal(object)  # Alternative
    stepped = Signal(int)  # tokens forward or back
    closed = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setProperty("role", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("What else could have stood here"))
        self._look: TokenLook | None = None
        self._shown: list[Alternative] = []
        px = current().px
        self._title = ElidedLabel("", "section")
        close = icon_button("x", tr("Close: Esc"), self.closed.emit)
        self._rows = Rows()
        self._rows.selected.connect(self._select)
        self._note = label("", "small", wrap=True)
        self._take = Button(tr("Take"), small=True, on_click=self._taken)
        self._back = icon_button(
            "chevron-left", tr("The word before (Left)"), lambda: self._step(-1)
        )
        self._next = Button(
            tr("Next word"), "chevron-right", small=True, tip=tr("Next word (Right)")
        )
        self._next.clicked.connect(lambda: self._step(1))
        box = QVBoxLayout(self)
        box.setContentsMargins(px(14), px(10), px(10), px(12))
        box.setSpacing(px(6))
        head = row(self._title, close, spacing=8)
        head.setStretch(0, 1)
        box.addLayout(head)
        box.addWidget(self._rows)
        box.addWidget(self._note)
        box.addLayout(row(self._take, None, self._back, self._next, spacing=8))
        box.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # also with larger letters
        current().follow(self, self._rows.rewrite)
        self.hide()

    def wait(self, words: str) -> None:
        """The model reads up to there."""
        self._note.setText(words)
        self._note.setVisible(bool(words))
        for part in (self._take, self._back, self._next):
            part.setEnabled(False)
        if self._look is None:
            self._title.set_full(tr("Looking…"))
            self._rows.hide()
        self._settle()

    def fail(self, words: str) -> None:
        self.wait(words)
        self._title.set_full(tr("This word cannot be looked at"))
        self._rows.hide()
        self._look = None
        self._settle()

    def show_look(self, look: TokenLook) -> None:
        self._look, self._shown = look, rows_of(look)
        chosen = next(each for each in self._shown if each.token == look.chosen)
        self._title.set_full(tr("Instead of “{word}”", word=word_of(chosen)))
        self._rows.show_rows(self._shown, look.chosen)
        self._rows.show()
        words = (
            "" if look.is_exact else tr("As the model would choose now, with today's parameters.")
        )
        self._note.setText(words)
        self._note.setVisible(bool(words))
        self._back.setEnabled(look.number > 0)
        self._next.setEnabled(look.number < look.n_tokens - 1)
        others = [i for i, each in enumerate(self._shown) if each.token != look.chosen]
        self._select(others[0] if others else 0)
        self._settle()

    def clear(self) -> None:
        self._look = None

    def _select(self, at: int) -> None:
        self._rows.select(at)
        each = self._shown[at]
        other = self._look is not None and each.token != self._look.chosen
        self._take.setEnabled(other and (each.is_end or bool(each.text)))
        deed = (
            tr("End the answer here")
            if each.is_end
            else tr("Take “{word}” and go on", word=word_of(each))
        )
        self._take.set_words(deed)
        self._take.describe(tr("{deed} (Enter)", deed=deed))
        self.setAccessibleDescription(
            f"{self._title.full()}: {word_of(each)}, {percent(each.probability)} {cut_words(each)}"
        )
        self._settle()

    def _taken(self) -> None:
        if self._look is not None and self._take.isEnabled():
            self.taken.emit(self._shown[self._rows.at])

    def _step(self, step: int) -> None:
        if (self._back if step < 0 else self._next).isEnabled():
            self.stepped.emit(step)

    def _settle(self) -> None:
        self.adjustSize()
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, n = event.key(), len(self._shown)
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and n and self._look is not None:
            self._select((self._rows.at + (1 if key == Qt.Key.Key_Down else -1)) % n)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._taken()
        else:
            super().keyPressEvent(event)
