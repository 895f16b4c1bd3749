"""A line of the table of types, painted: a page may have hundreds, and what is made of widgets
takes its time. Where there is no room for columns, the figures stand below the name.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from engine.api import sizes
from gui.desk import TONES
from gui.discover.shown import Offer
from gui.language import figures, marked, said, tr
from gui.theme.theme import current
from gui.widgets.bars import thousands
from gui.widgets.buttons import Button
from gui.widgets.columns import Span, column_at, fitting, wide_enough
from gui.widgets.groups import Group
from gui.widgets.paint import LEFT, colour, pill, pill_font, rounded, text_line, theme_font

NAME, LONGEST_NAME = 88, 200
WIDTHS = {"file": 72, "memory": 88, "speed": 80, "read": 68, "state": 100, "words": 110}
ACTION, MARGIN, GAP = 78, 8, 12
HEIGHT, HEAD, BELOW = 44, 32, 20
TYPICAL = 44  # tokens a second
AROUND = 48  # the words of a button: its icon and edges
READ_TIP = marked("Until it begins to answer a text of ten pages")
WRAPPED = LEFT | Qt.TextFlag.TextWordWrap


def columns(width: int, wide: Mapping[str, int]) -> dict[str, Span]:
    """Where columns stand in a line of this width; `wide`: as they want to be (`rooms_for`)."""
    px = current().px
    found = fitting(width, wide, "words", ("read",), px(MARGIN), px(GAP))
    if found["words"].width >= wide["words"]:
        return found
    few = {key: wide[key] for key in ("name", "state", "action")}
    return fitting(width, few, "name", (), px(MARGIN), px(GAP))


def name_font() -> QFont:
    return theme_font(14, QFont.Weight.Medium)


def rooms_for(offers: Sequence[Offer], context: int) -> dict[str, int]:
    """How wide the columns of these want to be, in the words of the language."""
    metrics, px = QFontMetrics(name_font()), current().px
    widest = max((metrics.horizontalAdvance(each.name) for each in offers), default=0)
    told, small = heads(context), theme_font(12)
    rooms = {"name": min(max(widest + 2, px(NAME)), px(LONGEST_NAME))}
    for key, wide in WIDTHS.items():
        rooms[key] = wide_enough(px(wide), [told[key][0]] if key in told else (), small)
    usual = [_speed(TYPICAL)]  # of a cell; a few are longer, and end in …
    rooms["speed"] = max(rooms["speed"], wide_enough(px(WIDTHS["speed"]), usual, theme_font(13)))
    labels = {pill_of(offer)[0] for offer in offers}
    state = wide_enough(px(WIDTHS["state"]), labels, pill_font(), px(16))
    rooms["state"] = max(rooms["state"], state)
    return {**rooms, "action": _action_room()}


def _speed(rate: float) -> str:
    return f"≈ {figures(sizes.speed(rate))}"


def _action_room() -> int:
    """Of the button at the end of a line, with its icon; one that is in no window yet is dressed
    for another size of text."""
    px, font = current().px, theme_font(13, QFont.Weight.Medium)
    return wide_enough(px(ACTION), (tr("Chat"), tr("Get")), font, px(AROUND))


def heads(context: int) -> dict[str, tuple[str, str]]:
    """What stands over the columns, and what explains them."""
    return {
        "name": (
            tr("Type"),
            tr("How its weights are written: the more bits, the larger and truer"),
        ),
        "file": (tr("Download"), tr("The size of its files")),
        "memory": (
            tr("Memory at {context}", context=thousands(context)),
            tr("What it takes with a context of so many tokens"),
        ),
        "speed": (
            tr("Speed here"),
            tr("Tokens per second that it writes here; people read about seven"),
        ),
        "read": (tr("Ten pages"), tr(READ_TIP)),
        "state": (
            tr("On this machine"),
            tr("Whether it fits into the memory that is free, and is quick"),
        ),
    }


def pill_of(offer: Offer) -> tuple[str, str, str]:
    """Words, tone and what explains them."""
    if offer.problem:
        return tr("Cannot run"), "neutral", said(offer.problem)
    if offer.fit is None:
        return "", "neutral", ""
    return said(offer.fit.label), TONES[offer.fit.verdict], said(offer.fit.text)


class _Painted(Group):
    """A line with columns, each of which explains itself."""

    def __init__(self, rooms: Mapping[str, int]) -> None:
        super().__init__()
        self._rooms = rooms

    def renew(self, rooms: Mapping[str, int]) -> None:
        """The size of the text has changed."""
        self._rooms = rooms
        self.updateGeometry()
        self.update()

    def spans(self) -> dict[str, Span]:
        return columns(self.width(), self._rooms)

    def tip_under(self, spot: QPoint) -> str:
        """What is said of the column there."""
        return self._tip(column_at(self.spans(), spot.x()))

    def _tip(self, column: str) -> str:
        """What this kind of row says of a column: nothing, unless it says more."""
        return ""


class OfferHead(_Painted):
    """What stands over the columns."""

    def __init__(self, rooms: Mapping[str, int], context: int) -> None:
        super().__init__(rooms)
        self._heads = heads(context)
        self.renew(rooms)

    def renew(self, rooms: Mapping[str, int]) -> None:
        super().renew(rooms)
        self.setFixedHeight(current().px(HEAD))

    def _tip(self, column: str) -> str:
        return self._heads.get(column, ("", ""))[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for name, span in self.spans().items():
            box = QRectF(span.left, 0, span.width, self.height())
            words = self._heads.get(name, ("", ""))[0]
            text_line(painter, box, words, theme_font(12), "muted")
        painter.end()


class OfferRow(_Painted):
    """One type; its button, where it can be had, is the only widget in it."""

    def __init__(
        self,
        offer: Offer,
        rooms: Mapping[str, int],
        context: int,
        button: Button | None,
        *,
        is_chosen: bool,
    ) -> None:
        super().__init__(rooms)
        self.offer, self._button, self._is_chosen = offer, button, is_chosen
        self._heights: dict[int, int] = {}  # by width: layouts ask again and again
        found = offer.fit
        rate = found.tokens_per_second if found is not None else 0.0
        self._cells = {
            "file": figures(sizes.column(offer.bytes)),
            "memory": figures(sizes.column(found.needed)) if found is not None else "–",
            "speed": _speed(rate) if rate else "–",
            "read": "–",
        }
        if found is not None and found.read_s:
            self._cells["read"] = figures(sizes.duration(found.read_s))
        memory = tr(
            "{size} memory at {context}", size=self._cells["memory"], context=thousands(context)
        )
        parts = (self._cells["file"], memory if found is not None else "", self._cells["speed"])
        self._below = " · ".join(part for part in parts if part not in ("", "–"))
        self._words = said(offer.problem) or offer.words
        if button is not None:
            button.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        told = (offer.name, tr("which the link names") if is_chosen else "")
        self.setAccessibleName(", ".join(part for part in told if part))
        self.setAccessibleDescription(", ".join((self._below, pill_of(self.offer)[0], self._words)))

    def renew(self, rooms: Mapping[str, int]) -> None:
        self._heights.clear()
        super().renew(rooms)
        self._place_button()

    def _tip(self, column: str) -> str:
        found = self.offer.fit
        if column == "memory":
            return said(found.text) if found is not None else ""
        if column == "read":
            return tr(READ_TIP)
        if column == "state":
            return pill_of(self.offer)[2]
        if column == "name":
            return self.offer.name
        return self.offer.tip or self._words

    # Its height follows from its words

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._high(width)
        return self._heights[width]

    def _high(self, width: int) -> int:
        px, there = current().px, columns(width, self._rooms)
        if "words" in there:
            return max(px(HEIGHT), self._words_height(there["words"].width) + px(16))
        words = self._words_height(width - 2 * px(MARGIN))
        return px(HEIGHT) + px(BELOW) + words + (px(8) if words else px(4))

    def _words_height(self, width: int) -> int:
        if not self._words:
            return 0
        room = QRect(0, 0, max(1, width), 100_000)
        return QFontMetrics(theme_font(12.5)).boundingRect(room, WRAPPED, self._words).height()

    def sizeHint(self) -> QSize:
        return QSize(current().px(640), self.heightForWidth(max(1, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(240), current().px(HEIGHT))

    # Looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()

    def _place_button(self) -> None:
        if self._button is None:
            return
        span = self.spans()["action"]
        top, height = self._top(), self._button.sizeHint().height()
        self._button.setGeometry(span.left, (top - height) // 2, span.width, height)

    def _top(self) -> int:
        """The height of the part in which the columns stand."""
        return self.height() if "words" in self.spans() else current().px(HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px, there = QPainter(self), current().px, self.spans()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.fillRect(QRectF(0, 0, self.width(), 1), colour("line"))
        if self._is_chosen:
            rounded(painter, QRectF(self.rect()).adjusted(0, 1, 0, 0), px(6), "accent_soft")
        top = self._top()

        def box(name: str) -> QRectF:
            return QRectF(there[name].left, 1, there[name].width, top - 1)

        # Files of one repository differ at the end of their names.
        middle = Qt.TextElideMode.ElideMiddle
        text_line(painter, box("name"), self.offer.name, name_font(), "text", middle)
        for name, words in self._cells.items():
            if name in there:
                text_line(painter, box(name), words, theme_font(13), "text")
        words, tone, _ = pill_of(self.offer)
        if words:
            pill(painter, box("state"), words, tone)
        if "words" in there:
            self._paint_words(painter, box("words"))
        else:
            edge = px(MARGIN)
            below = QRectF(edge, top - px(8), self.width() - 2 * edge, px(BELOW))
            text_line(painter, below, self._below, theme_font(13), "text")
            rest = QRectF(edge, below.bottom(), below.width(), self.height() - below.bottom())
            self._paint_words(painter, rest)
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        painter.setFont(theme_font(12.5))
        painter.setPen(colour("muted"))
        painter.drawText(box, WRAPPED, self._words)
