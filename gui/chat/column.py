"""A column of rows of which only those near the view are widgets: the others have no more than a
height, guessed until they were seen. Knows nothing of chats.

Rows have a narrow width, for lines that are read, and a wide one for tables and code.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from gui.theme.theme import current
from gui.widgets.focus_home import let_go

TOP, BOTTOM = 28, 20  # above the first row, below the last


class Row(QWidget):
    """What the column asks of a row; one that is as high as its layout wants need not say more."""

    def set_room(self, narrow: int, wide: int) -> None:
        """How wide it may be; its geometry follows."""

    def show_between(self, top: int, bottom: int) -> None:
        """That part of it is near the view."""

    def spot(self, y: int) -> object:
        """What stands so far down, whatever happens to the height of the rest."""
        return y, max(1, self.height())

    def top_of(self, spot: object) -> int:
        """How far down that stands now."""
        y, height = spot if isinstance(spot, tuple) else (0, 1)
        return int(y) if height == self.height() else round(y * self.height() / height)

    @property
    def is_held(self) -> bool:
        """Somebody has a hand on it: it stays, however far away it is."""
        return False


@dataclass
class Item:
    """A row's place. `key` tells which it is, `state` whether it has to be built anew."""

    key: object
    gap: float  # above it, in pixels of the look
    guess: Callable[[int], int]  # how high at a width
    make: Callable[[], QWidget]
    widget: QWidget | None = None
    stand_in: QWidget | None = None  # is seen instead
    height: int = 0
    form: object = None  # what the height is of; None: it is guessed
    y: int = 0

    @property
    def shown(self) -> QWidget | None:
        return self.stand_in or self.widget


class Column(QWidget):
    """Holds rows; whoever scrolls calls `build` for what is in sight."""

    needs_layout = Signal()  # a row wants another height

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.keeps: object = None  # the key of a row that is a widget wherever the view is
        self._narrow = self._wide = 0
        self._tops: list[int] = []
        self.total = 0

    def set_items(self, items: Sequence[Item]) -> None:
        """Rows with the same key go on; the others of before are gone."""
        before = {id(item.key): item for item in self.items}
        kept: list[Item] = []
        for item in items:
            old = before.pop(id(item.key), None)
            if old is not None:
                old.gap = item.gap
            kept.append(old or item)
        for item in before.values():
            self.drop(item, stand_in=True)
        self.items = kept
        self._stack()

    def set_room(self, narrow: int, wide: int) -> None:
        if (narrow, wide) != (self._narrow, self._wide):
            self._narrow, self._wide = narrow, wide
            self.resize(wide, max(1, self.total))

    def forget_heights(self) -> None:
        """Text sizes have changed."""
        for item in self.items:
            item.form = None

    # What is near the view

    def build(self, top: int, bottom: int) -> bool:
        """Make widgets of the rows between these heights; whether anything moved by that."""
        first, last = self._range(top, bottom)
        near = [
            item
            for i, item in enumerate(self.items)
            if first <= i < last or item.shown is not None or item.key is self.keeps
        ]
        moved = False
        for item in near:
            height = self._measured(item, top, bottom)
            moved |= height != item.height
            item.height, item.form = height, self._form()
        self._stack()
        return moved

    def _measured(self, item: Item, top: int, bottom: int) -> int:
        shown = self.widget_of(item)
        width = self._width(shown)
        if isinstance(shown, Row):
            shown.set_room(self._narrow, self._wide)
            if shown.width() != width:
                shown.resize(width, max(1, item.height))
                _activate(shown)
            shown.show_between(top - item.y, bottom - item.y)
        return _height(shown, width)

    def widget_of(self, item: Item) -> QWidget:
        """The row, built if need be."""
        if item.widget is None:
            item.widget = item.make()
            self._take_in(item.widget)
        return item.stand_in or item.widget

    def _take_in(self, widget: QWidget) -> None:
        widget.setParent(self)
        widget.installEventFilter(self)
        widget.show()

    def stand_in(self, item: Item, other: QWidget | None) -> None:
        """`other` is seen in the place of the row; None: the row again."""
        if item.stand_in is not None:
            _discard(item.stand_in)
        item.stand_in = other
        if other is not None:
            self._take_in(other)
        if item.widget is not None:
            item.widget.setVisible(other is None)
        self.needs_layout.emit()

    def forget_far(self, top: int, bottom: int) -> None:
        """Rows that are not between these heights need no widgets."""
        first, last = self._range(top, bottom)
        focused = QApplication.focusWidget()
        for i, item in enumerate(self.items):
            widget = item.widget
            if widget is None or first <= i < last or item.stand_in is not None:
                continue
            if item.key is self.keeps:
                continue
            held = isinstance(widget, Row) and widget.is_held
            if not held and not (focused is not None and widget.isAncestorOf(focused)):
                self.drop(item)

    def drop(self, item: Item, *, stand_in: bool = False) -> None:
        """It is a widget no more."""
        for widget in (item.widget, item.stand_in if stand_in else None):
            if widget is not None:
                _discard(widget)
        item.widget = None
        if stand_in:
            item.stand_in = None

    # Where rows stand

    def _range(self, top: int, bottom: int) -> tuple[int, int]:
        first = max(0, bisect_right(self._tops, top) - 1)
        return first, bisect_right(self._tops, bottom)

    def _form(self) -> object:
        return self._narrow, self._wide, current().font_pixels

    def _stack(self) -> None:
        """Every row below the one before it."""
        px, form = current().px, self._form()
        y = px(TOP)
        tops: list[int] = []
        for i, item in enumerate(self.items):
            if item.form != form and item.shown is None:
                item.height, item.form = item.guess(self._narrow), form
            y += px(item.gap) if i and item.gap else 0
            item.y = y
            tops.append(y)
            y += item.height
        self._tops, self.total = tops, y + px(BOTTOM)

    def place(self) -> None:
        """Give the widgets their places."""
        self.resize(self._wide, max(1, self.total))
        for item in self.items:
            shown = item.shown
            if shown is not None:
                shown.setGeometry(0, item.y, self._width(shown), item.height)
                _activate(shown)

    def _width(self, shown: QWidget) -> int:
        return self._wide if isinstance(shown, Row) else self._narrow

    def index_at(self, y: int) -> int:
        """Of the row that stands there, or above the gap that is there."""
        return max(0, bisect_right(self._tops, y) - 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.needs_layout.emit()
        return False


def _height(shown: QWidget, width: int) -> int:
    if shown.hasHeightForWidth():
        return shown.heightForWidth(width)
    return shown.sizeHint().height()


def _activate(shown: QWidget) -> None:
    layout = shown.layout()
    if layout is not None:
        layout.activate()


def _discard(widget: QWidget) -> None:
    let_go(widget)
    widget.hide()
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    widget.deleteLater()
