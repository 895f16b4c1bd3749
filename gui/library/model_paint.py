"""Paints the lines of the list of models: headings of sections, and models in columns, as many as
there is room for."""

import time
from functools import lru_cache

from PySide6.QtCore import QAbstractItemModel, QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from engine.api import Fit, Verdict, sizes
from engine.base.catalogue import ENGLISH
from gui.known import KnownModel, title_of
from gui.language import figures, marked, said, speaking, tr
from gui.library.shown import Heading
from gui.library.words import (
    BUILT_IN,
    MONTH_S,
    UNREAD,
    Pill,
    ago,
    second_line,
    speed,
    type_sentence,
)
from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.columns import Span, column_at, fitting, wide_enough
from gui.widgets.lists import ROW, Index, LineDelegate
from gui.widgets.paint import colour, line_ground, pill, pill_font, text_line, theme_font
from gui.widgets.tooltips import plain

HEIGHT, HEADS = 56, 30
# Names and widths from left to right; the model's own name takes the rest.
COLUMNS = {
    "weights": (marked("Parameters"), 68),
    "type": (marked("Type"), 76),
    "file": (marked("File"), 76),
    "used": (marked("Last used"), 96),
    "speed": (marked("Speed here"), 92),
    "state": (marked("This machine"), 116),
    "actions": ("", 108),
}
LEAST = 230  # of the name
GOES = ("used", "weights", "file", "type", "speed")  # what steps aside first
SORTED = {"size": "file", "used": "used", "speed": "speed"}  # the column that an order goes by
MARGIN, GAP = 12, 8
FIT, STATE, SORT = ROW + 1, ROW + 2, ROW + 3
# What stands at the right of the line under the pointer: icon, and what it does.
ACTIONS = (
    ("chat", "message-square", marked("Chat with {model}")),
    ("details", "info", marked("Details of {model}")),
    ("more", "ellipsis", marked("More about {model}")),
)


def spans(width: int, scale: float = 1.0, sort: str = "name") -> dict[str, Span]:
    """Where each column stands in a row of this width; "name" is the first. `scale`: pixels of a
    length of the look."""
    widths = {"name": round(LEAST * scale)}
    needed = _needed(speaking(), current().font_pixels)
    for name, (_, wide) in COLUMNS.items():
        widths[name] = max(round(wide * scale), needed.get(name, 0))
    wanted = SORTED.get(sort, "")
    goes = sorted(GOES, key=lambda name: (name == wanted, GOES.index(name)))
    return fitting(width, widths, "name", goes, round(MARGIN * scale), round(GAP * scale))


@lru_cache(maxsize=4)
def _needed(language: str, pixels: int) -> dict[str, int]:
    """How wide columns are whose words need more room than the English ones, for which the widths
    were drawn; of this language, and letters of this size."""
    if language == ENGLISH:
        return {}
    px, small = current().px, theme_font(12)
    found = {
        name: wide_enough(px(wide), [tr(words)], small)
        for name, (words, wide) in COLUMNS.items()
        if words
    }
    labels = [*(said(Fit(v, 0.0, 0, "").label) for v in Verdict), *map(tr, (UNREAD, BUILT_IN))]
    state = wide_enough(px(COLUMNS["state"][1]), labels, pill_font(), px(16))
    used = wide_enough(px(COLUMNS["used"][1]), [ago(1.0, 1.0 + 11 * MONTH_S)], theme_font(13))
    return {**found, "state": max(found["state"], state), "used": max(found["used"], used)}


class ModelDelegate(LineDelegate):
    """One height for all lines, headings too."""

    renamed = Signal(str, str)  # path, name

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, HEIGHT, tr("Name of the model"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ROW)
        painter.save()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if isinstance(item, Heading):
            _paint_heading(painter, option.rect, item)
        elif isinstance(item, KnownModel):
            _Line(painter, option, index, item).paint()
        painter.restore()

    # Renaming in place

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        px = current().px
        name = spans(option.rect.width(), px(100) / 100)["name"]
        editor.setGeometry(
            option.rect.left() + name.left - px(8),
            option.rect.top() + px(9),
            min(name.width + px(8), px(420)),
            option.rect.height() - px(18),
        )

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        item = index.data(ROW)
        if isinstance(editor, QLineEdit) and isinstance(item, KnownModel):
            name = editor.text().strip()
            if name and name != title_of(item):
                self.renamed.emit(item.path, name)

    # Each column explains itself

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        item = index.data(ROW)
        if event.type() != QEvent.Type.ToolTip or not isinstance(item, KnownModel):
            return super().helpEvent(event, view, option, index)
        words = tip(item, index, option.rect, event.x())
        QToolTip.showText(event.globalPos(), plain(words), view)
        return True


def tip(model: KnownModel, index: Index, rect: QRect, x: int) -> str:
    """What is said of the column at `x`."""
    scale, sort = current().px(100) / 100, str(index.data(SORT))
    there = spans(rect.width(), scale, sort)
    name = column_at(there, x - rect.left()) or "name"
    if name == "actions":
        action = action_at(rect, x)
        words = next((words for key, _, words in ACTIONS if key == action), "")
        return tr(words, model=title_of(model)) if words else ""
    if name == "state":
        return str(index.data(STATE)[2])
    if name == "type":
        return type_sentence(model.type_name)
    if name == "speed":
        return _speed_tip(model, index.data(FIT))
    return second_line(model) if model.problem else model.path if not model.built_in else ""


def _speed_tip(model: KnownModel, fit: Fit | None) -> str:
    if model.tokens_per_second:
        return tr("Measured when it was last used")
    return tr("Foretold from the file's head and what this machine can do") if fit else ""


def action_rects(rect: QRect) -> dict[str, QRect]:
    """Where the actions of a line stand; the last ends where the line does."""
    px = current().px
    side, gap = px(28), px(4)
    left = rect.right() - px(MARGIN) - len(ACTIONS) * (side + gap) + gap
    top = rect.center().y() - side // 2
    return {
        name: QRect(left + i * (side + gap), top, side, side)
        for i, (name, _, _) in enumerate(ACTIONS)
    }


def action_at(rect: QRect, x: int) -> str:
    there = action_rects(rect)
    return next((name for name, r in there.items() if r.left() <= x <= r.right()), "")


class _Line:
    """One model in one line."""

    def __init__(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, model: KnownModel
    ) -> None:
        self._painter, self._model, self._rect = painter, model, option.rect
        self._chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self._focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        self._fit: Fit | None = index.data(FIT)
        self._pill: Pill = index.data(STATE)
        self._spans = spans(option.rect.width(), current().px(100) / 100, str(index.data(SORT)))

    def paint(self) -> None:
        px, rect = current().px, self._rect
        if self._chosen or self._hover or self._focus:
            box = QRectF(rect).adjusted(0, px(1), 0, -px(2))
            line_ground(self._painter, box, has_focus=self._focus)
        else:
            line = QRectF(rect.left() + px(MARGIN), rect.bottom(), rect.width() - 2 * px(MARGIN), 1)
            self._painter.fillRect(line, colour("line"))
        self._paint_name()
        model, small = self._model, theme_font(13)
        cells = {
            "weights": figures(sizes.parameters(model.parameters)),
            "type": model.type_name,
            "file": figures(model.size),
            "used": ago(model.last_used, time.time()) if model.last_used else "–",
            "speed": speed(model, self._fit) or "–",
        }
        for name, words in cells.items():
            if name in self._spans:
                is_quiet = words == "–" or (name == "speed" and not model.tokens_per_second)
                ink = "muted" if is_quiet else "text"
                text_line(self._painter, self._box(name), words, small, ink)
        self._paint_pill()
        if self._hover or self._focus:
            self._paint_actions()

    def _paint_name(self) -> None:
        model, box, px = self._model, self._box("name"), current().px
        half = box.height() / 2
        top = QRectF(box.left(), box.top() + px(8), box.width(), half - px(8))
        font = theme_font(14, QFont.Weight.Medium)
        used = text_line(self._painter, top, title_of(model), font, "text")
        tags, small = "  ".join(f"#{tag}" for tag in model.tags), theme_font(12)
        left = top.left() + used + px(10)
        if tags and left < top.right() - px(24):
            beside = QRectF(left, top.top(), top.right() - left, half)
            text_line(self._painter, beside, tags, small, "accent_ink")
        below = QRectF(box.left(), box.center().y(), box.width(), half - px(8))
        elide = Qt.TextElideMode.ElideMiddle
        role = "bad" if model.problem else "muted"
        text_line(self._painter, below, second_line(model), small, role, elide)

    def _paint_pill(self) -> None:
        words, tone, _ = self._pill
        if words:
            is_chosen = self._chosen or self._hover
            pill(self._painter, self._box("state"), words, tone, is_chosen=is_chosen)

    def _paint_actions(self) -> None:
        px = current().px
        glyphs = {name: glyph for name, glyph, _ in ACTIONS}
        for name, spot in action_rects(self._rect).items():
            side = px(16)
            box = QRectF(0, 0, side, side)
            box.moveCenter(QRectF(spot).center())
            paint_icon(self._painter, glyphs[name], colour("text").name(), box)

    def _box(self, name: str) -> QRectF:
        span = self._spans[name]
        rect = self._rect
        return QRectF(rect.left() + span.left, rect.top(), span.width, rect.height())


def _paint_heading(painter: QPainter, rect: QRect, heading: Heading) -> None:
    """At the bottom of its line: what is above it belongs to the section before."""
    px = current().px
    box = QRectF(rect).adjusted(px(MARGIN), 0, -px(MARGIN), -px(8))
    flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
    font = theme_font(14, QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(colour("text"))
    painter.drawText(box, flags, heading.title)
    box.setLeft(box.left() + QFontMetrics(font).horizontalAdvance(heading.title) + px(10))
    painter.setFont(theme_font(12))
    painter.setPen(colour("muted"))
    painter.drawText(box, flags, heading.words)


class Heads(QWidget):
    """What stands over the columns."""

    def __init__(self) -> None:
        super().__init__()
        self.sort = "name"
        self.room = 0  # the width of a line
        self._measure()
        current().follow(self, self._measure)

    def _measure(self) -> None:
        self.setFixedHeight(current().px(HEADS))

    def show_for(self, room: int, sort: str) -> None:
        if (room, sort) != (self.room, self.sort):
            self.room, self.sort = room, sort
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, scale = QPainter(self), current().px(100) / 100
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        names = {"name": tr("Model")} | {
            name: tr(words) if words else "" for name, (words, _) in COLUMNS.items()
        }
        for name, span in spans(self.room or self.width(), scale, self.sort).items():
            box = QRectF(span.left, 0, span.width, self.height())
            text_line(painter, box, names[name], theme_font(12), "muted")
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colour("line"))
        painter.end()
