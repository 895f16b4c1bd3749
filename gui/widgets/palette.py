"""A field over the window and under it what fits the letters typed: one is chosen, and done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from gui.language import marked, tr
from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.focus_home import let_go
from gui.widgets.fuzzy import fit
from gui.widgets.labels import label
from gui.widgets.lists import ROW, TELLING, Index, LineDelegate, Lines, LineView
from gui.widgets.paint import LEFT, colour, line_ground, pill, text_line, theme_font
from gui.widgets.search_field import SearchField

WIDTH, UNDER, TOP, LINE, SHOWN = 600, 460, 72, 36, 9
NOTHING = marked("Nothing is called that")


@dataclass(frozen=True)
class Entry:
    """`detail` stands beside it, `keys` at the end of its line; `words` and `detail` are sought."""

    words: str
    act: Callable[[], object]
    glyph: str = ""
    detail: str = ""
    keys: str = ""
    weight: float = 0.0  # of two that fit equally well, the heavier comes first
    tone: str = ""  # what stands at the end of its line is no keys but a pill, in this tone


class _Entries(Lines):
    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self._items = list(entries)
        self.endResetModel()

    def data(self, index: Index, role: int = ROW) -> Any:
        entry: Entry = self._items[index.row()]
        if role == ROW:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.words
        if role in TELLING:
            return ", ".join(part for part in (entry.words, entry.detail, entry.keys) if part)
        return None


class _Line(LineDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        px, entry = current().px, index.data(ROW)
        painter.save()
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            line_ground(painter, box, has_focus=False)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        room = box.adjusted(px(10), 0, -px(10), 0)
        if entry.glyph:
            side = px(16)
            left = room.right() - side if mirrored else room.left()
            spot = QRectF(left, box.center().y() - side / 2, side, side)
            paint_icon(painter, entry.glyph, colour("muted").name(), spot)
        room = _without(room, px(26), begin=True, mirrored=mirrored)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        room = self._end(painter, room, entry, chosen)
        font, small = theme_font(14), theme_font(12.5)
        wide = text_line(painter, room, entry.words, font, "text") + px(10)
        rest = _without(room, wide, begin=True, mirrored=mirrored)
        if entry.detail and rest.width() > px(40):
            text_line(painter, rest, entry.detail, small, "muted")
        painter.restore()

    def _end(self, painter: QPainter, room: QRectF, entry: Entry, chosen: bool) -> QRectF:
        """Keys or a pill; answers the room that is left."""
        keys, mirrored = entry.keys, painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if not keys:
            return room
        if entry.tone:
            place = pill(painter, room, keys, entry.tone, right=not mirrored, is_chosen=chosen)
            wide = place.width() + current().px(12)
            return _without(room, wide, begin=False, mirrored=mirrored)
        font = theme_font(12)
        wide = QFontMetrics(font).horizontalAdvance(keys)
        rest = _without(room, wide + current().px(12), begin=False, mirrored=mirrored)
        place = QRectF(room)
        place.setLeft(room.left() if mirrored else room.right() - wide - 1)
        place.setWidth(wide + 2)
        painter.setFont(font)
        painter.setPen(colour("muted"))
        painter.drawText(place, LEFT, keys)
        return rest


def _without(room: QRectF, wide: float, *, begin: bool, mirrored: bool) -> QRectF:
    """The room that is left when so much is taken where lines begin, or where they end."""
    if begin != mirrored:
        return room.adjusted(min(wide, room.width()), 0, 0, 0)
    return room.adjusted(0, 0, -min(wide, room.width()), 0)


class Palette(QWidget):
    """Arrows choose, Return does it, Esc or a click beside it goes back. `name`: what it lists;
    `hint` stands in its field."""

    def __init__(self, parent: QWidget, name: str, hint: str) -> None:
        super().__init__(parent)
        self._host = parent
        self._under: QWidget | None = None  # what it hangs on; else it stands in the middle
        self._entries: Sequence[Entry] = ()
        self._card = QFrame(self)
        self._card.setProperty("role", "popup")
        self.field = SearchField(name, "")
        self.field.setPlaceholderText(hint)
        self.field.textChanged.connect(self._seek)
        self.field.installEventFilter(self)
        self._lines = _Entries()
        self.view = LineView(name, self._lines)
        self.view.paint_with(_Line(self.view, LINE))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setEditTriggers(LineView.EditTrigger.NoEditTriggers)
        self.view.clicked.connect(lambda index: self._do(index.data(ROW)))
        self._nothing = label(tr(NOTHING), "small")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        px = current().px
        box = QVBoxLayout(self._card)
        box.setContentsMargins(px(10), px(10), px(10), px(10))
        box.setSpacing(px(8))
        for part in (self.field, self._nothing, self.view):
            box.addWidget(part)
        parent.installEventFilter(self)
        self.hide()

    def open_with(self, entries: Sequence[Entry], under: QWidget | None = None) -> None:
        """`under`: hang on this part of the window."""
        self._entries, self._under = entries, under
        current().dress(self)
        self.field.clear()
        self._seek()
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shut(self) -> None:
        let_go(self.field)  # it goes home
        self.hide()

    def _seek(self) -> None:
        sought = self.field.text()
        marked = [
            (fit(entry.words, sought) or 0.5 * fit(f"{entry.words} {entry.detail}", sought), entry)
            for entry in self._entries
        ]
        found = [(mark + entry.weight, entry) for mark, entry in marked if mark]
        found.sort(key=lambda pair: -pair[0])
        self._lines.show([entry for _, entry in found])
        self._choose(0)
        self._nothing.setVisible(not found)
        self.view.setVisible(bool(found))
        self._place()

    def _choose(self, line: int) -> None:
        n = self._lines.rowCount()
        if n:
            index = self._lines.index(line % n)
            self.view.setCurrentIndex(index)
            words = str(index.data(Qt.ItemDataRole.AccessibleTextRole))
            self.field.setAccessibleDescription(words)  # the focus stays in the field

    def _do(self, entry: Entry | None) -> None:
        self.shut()
        if entry is not None:
            entry.act()

    def _place(self) -> None:
        px = current().px
        self.setGeometry(self._host.rect())
        hangs = self._under is not None
        width = min(px(UNDER if hangs else WIDTH), self.width() - 2 * px(24))
        lines = min(self._lines.rowCount(), SHOWN)
        list_height = min(lines * px(LINE), max(px(LINE), self.height() - px(2 * TOP)))
        self.view.setFixedHeight(list_height)
        self._card.setFixedWidth(width)
        self._card.adjustSize()
        self._card.move(self._spot(width))

    def _spot(self, width: int) -> QPoint:
        """In the middle, or below what it hangs on, with the ends of both in line."""
        px = current().px
        if self._under is None:
            return QPoint((self.width() - width) // 2, px(TOP))
        box = QRect(self._under.mapTo(self._host, QPoint()), self._under.size())
        left = box.left() if self.isRightToLeft() else box.right() + 1 - width
        most = self.width() - width - px(8)
        return QPoint(max(px(8), min(left, most)), box.bottom() + px(6))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif isinstance(event, QKeyEvent):
            return self._on_key(event)
        elif isinstance(event, QFocusEvent) and event.lostFocus() and self.isVisible():
            self._leave(event.reason())
        return False

    def _leave(self, why: Qt.FocusReason) -> None:
        """Whoever looks at another program meanwhile finds it as it was."""
        away = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if why not in away:
            self.hide()

    def _on_key(self, event: QKeyEvent) -> bool:
        """Of the field. An override says that a key is no shortcut of the window now."""
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: SHOWN,
            Qt.Key.Key_PageUp: -SHOWN,
        }
        ours = (*steps, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if event.key() not in ours:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            line = self.view.currentIndex().row()
            if event.key() in steps:
                self._choose(line + steps[Qt.Key(event.key())])
            elif event.key() == Qt.Key.Key_Escape:
                self.shut()
            else:
                self._do(self.view.currentIndex().data(ROW))
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.shut()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._under is not None:  # a menu, as others are
            return
        painter = QPainter(self)
        veil = QColor("#000000")
        veil.setAlpha(110 if current().tokens.dark else 46)
        painter.fillRect(self.rect(), veil)
        painter.end()

    def sizeHint(self) -> QSize:
        return self._host.size()
