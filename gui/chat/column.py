"""A column of rows of which only those near the view are widgets: the others have no more than a
height, guessed until they were seen. Knows nothing of chats.

Rows have a narrow width, for lines that are read, and a wide one for tables and code.
"""

import itertools
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from gui.theme.theme import current
from gui.widgets.focus_home import discard, let_go
from gui.widgets.groups import Group

ITEM = "item"  # property of a row's widget: its number
TOP, BOTTOM = 28, 20  # above the first row, below the last
REACH = 6  # left of the words: icons stand so far inside their buttons, and under the words


class Row(Group):
    """What the column asks of a row; one that is as high as its layout wants need not say more."""

    reaches = False  # over REACH as well

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
    index: int = 0  # its place in the column
    number: int = 0  # among those that are widgets

    @property
    def shown(self) -> QWidget | None:
        return self.stand_in or self.widget


class Column(QWidget):
    """Holds rows; whoever scrolls calls `build` for what is in sight."""

    needs_layout = Signal()  # a row wants another height

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self._kept: Item | None = None  # is a widget wherever the view is
        self._live: dict[int, Item] = {}  # those that are widgets, by a number of their own
        self._numbers = itertools.count(1)
        self._stacked: object = None  # what the places of rows were reckoned for
        self._narrow = self._wide = 0
        self._tops: list[int] = []
        self.total = 0

    def set_items(self, items: Sequence[Item], keeps: object = None) -> None:
        """Rows with the same key go on; the others of before are gone. `keeps`: the key of one that
        is a widget wherever the view is."""
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
        self._kept = next((item for item in kept if item.key is keeps), None)
        self._stack()

    def set_room(self, narrow: int, wide: int) -> None:
        if (narrow, wide) != (self._narrow, self._wide):
            self._narrow, self._wide = narrow, wide
            self.resize(wide + current().px(REACH), max(1, self.total))

    def forget_heights(self) -> None:
        """Text sizes have changed."""
        for item in self.items:
            item.form = None

    # What is near the view

    def build(self, top: int, bottom: int) -> bool:
        """Make widgets of the rows between these heights; whether anything moved by that."""
        form = self._form()
        if form != self._stacked:
            self._stack()
        first, last = self._range(top, bottom)
        near = dict.fromkeys(range(first, last))
        near.update((item.index, None) for item in self._live.values())
        if self._kept is not None:
            near[self._kept.index] = None
        moved: list[int] = []
        for i in near:
            item = self.items[i]
            height = self._measured(item, top, bottom)
            if height != item.height:
                moved.append(i)
            item.height, item.form = height, form
        if moved:
            self._stack(min(moved))
        return bool(moved)

    def guess_anew(self) -> None:
        """After a change of sizes: about how high rows are now, before any part of one is built, so
        that what is built then is what is seen."""
        form = self._form()
        for item in self._live.values():
            shown = item.shown
            if shown is not None:
                self._fit(item, shown)
                item.height, item.form = _height(shown, self._width(shown)), form
        self._stack()

    def _measured(self, item: Item, top: int, bottom: int) -> int:
        shown = self.widget_of(item)
        self._fit(item, shown)
        if isinstance(shown, Row):
            shown.show_between(top - item.y, bottom - item.y)
        return _height(shown, self._width(shown))

    def _fit(self, item: Item, shown: QWidget) -> None:
        """As wide as it may be."""
        if isinstance(shown, Row):
            shown.set_room(self._narrow, self._wide)
            width = self._width(shown)
            if shown.width() != width:
                shown.resize(width, max(1, item.height))
                _activate(shown)

    def widget_of(self, item: Item) -> QWidget:
        """The row, built if need be."""
        if item.widget is None:
            item.widget = item.make()
            self._take_in(item, item.widget)
        return item.stand_in or item.widget

    def _take_in(self, item: Item, widget: QWidget) -> None:
        if item.number not in self._live:
            item.number = next(self._numbers)
            self._live[item.number] = item
        widget.setProperty(ITEM, item.number)
        widget.setParent(self)
        widget.installEventFilter(self)
        widget.show()

    def stand_in(self, item: Item, other: QWidget | None) -> None:
        """`other` is seen in the place of the row; None: the row again."""
        if item.stand_in is not None:
            _discard(item.stand_in)
        item.stand_in = other
        if other is not None:
            self._take_in(item, other)
        if item.widget is not None:
            item.widget.setVisible(other is None)
        self.needs_layout.emit()

    def forget_far(self, top: int, bottom: int, *, at_once: bool = False) -> None:
        """Rows that are not between these heights need no widgets."""
        first, last = self._range(top, bottom)
        focused = QApplication.focusWidget()
        for item in list(self._live.values()):
            widget = item.widget
            if widget is None or first <= item.index < last or item.stand_in is not None:
                continue
            if item is self._kept:
                continue
            held = isinstance(widget, Row) and widget.is_held
            if not held and not (focused is not None and widget.isAncestorOf(focused)):
                self.drop(item, at_once=at_once)

    def drop(self, item: Item, *, stand_in: bool = False, at_once: bool = False) -> None:
        """It is a widget no more."""
        for widget in (item.widget, item.stand_in if stand_in else None):
            if widget is not None:
                _discard(widget, at_once)
        item.widget = None
        if stand_in:
            item.stand_in = None
        if item.shown is None:
            self._live.pop(item.number, None)

    # Where rows stand

    def _range(self, top: int, bottom: int) -> tuple[int, int]:
        first = max(0, bisect_right(self._tops, top) - 1)
        return first, bisect_right(self._tops, bottom)

    def _form(self) -> object:
        return self._narrow, self._wide, current().font_pixels

    def _stack(self, start: int = 0) -> None:
        """Every row below the one before it, from the `start`th on."""
        px, form = current().px, self._form()
        self._stacked = form
        gaps: dict[float, int] = {}
        y = self.items[start - 1].y + self.items[start - 1].height if start else px(TOP)
        del self._tops[start:]
        for i in range(start, len(self.items)):
            item = self.items[i]
            if item.form != form and item.shown is None:
                item.height, item.form = item.guess(self._narrow), form
            if i:
                if item.gap not in gaps:
                    gaps[item.gap] = px(item.gap)
                y += gaps[item.gap]
            item.y, item.index = y, i
            self._tops.append(y)
            y += item.height
        self.total = y + px(BOTTOM)

    def place(self) -> None:
        """Give the widgets their places."""
        reach = current().px(REACH)
        self.resize(self._wide + reach, max(1, self.total))
        for item in self._live.values():
            shown = item.shown
            if shown is not None:
                left = 0 if isinstance(shown, Row) and shown.reaches else reach
                shown.setGeometry(left, item.y, self._width(shown), item.height)
                _activate(shown)

    def _width(self, shown: QWidget) -> int:
        if not isinstance(shown, Row):
            return self._narrow
        return self._wide + (current().px(REACH) if shown.reaches else 0)

    def index_at(self, y: int) -> int:
        """Of the row that stands there, or above the gap that is there."""
        return max(0, bisect_right(self._tops, y) - 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and isinstance(watched, QWidget):
            item = self._live.get(watched.property(ITEM))
            wanted = _height(watched, self._width(watched))
            if item is not None and item.shown is watched and wanted != item.height:
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


def _discard(widget: QWidget, at_once: bool = False) -> None:
    let_go(widget)
    widget.hide()
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    discard(widget, at_once)
