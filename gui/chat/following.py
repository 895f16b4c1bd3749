"""Where the reader is in a column of rows: at its end, which is followed, or at a place that stays
under the eyes whatever happens around it. Knows nothing of chats.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.chat.column import Column, Item, Row
from gui.theme.theme import current

NEAR_END = 32
STEADY_MS = 300
THIRD = 3  # what is aimed at stands a third of the view down


@dataclass(frozen=True)
class Place:
    """A row and what of it lies at the view's top, so that rows may come, go, grow or be laid out
    at another width."""

    key: object
    index: int
    above: int  # how much of the row lies above the view
    height: int  # of the row
    spot: object  # the row's own word for it, where it is a widget

    def find(self, items: list[Item]) -> int:
        """Where the view's top belongs since."""
        item = items[self.index] if self.index < len(items) else None
        if item is None or item.key is not self.key:  # others came or went above it
            item = next((item for item in items if item.key is self.key), None)
        if item is None:  # it was taken away
            return items[min(self.index, len(items) - 1)].y
        if self.above <= 0:
            return item.y + self.above
        if isinstance(item.shown, Row) and self.spot is not None:
            return item.y + item.shown.top_of(self.spot)
        return item.y + round(self.above * item.height / max(1, self.height))


class Following(QObject):
    """Says where the view of `area` belongs; tells when somebody has scrolled."""

    scrolled = Signal(int)  # how many pixels lie below the view

    def __init__(self, area: QScrollArea, column: Column) -> None:
        super().__init__(area)
        self._area, self._column = area, column
        self.follows = True
        self.is_held = False  # the view is being moved by the program
        self._place: Place | None = None
        self._aim: Callable[[], int | None] | None = None  # what is to be seen, until one scrolls
        self._box: QWidget | None = None  # that was opened just now
        self._bar = area.verticalScrollBar()
        self._bar.valueChanged.connect(self._value_changed)

    def to_end(self) -> None:
        self.follows, self._aim, self._box = True, None, None

    def stay(self) -> None:
        """One reads here now."""
        if self.follows:
            self.follows = False
            self.note()

    def aim_at(self, aim: Callable[[], int | None]) -> None:
        """Show what stands where `aim` says, in the upper part of the view."""
        self.follows, self._aim = False, aim

    def drop_aim(self) -> None:
        if self._aim is not None:
            self._aim = None
            self.note()

    def forget(self) -> None:
        self._place = self._aim = self._box = None

    def reveal(self, box: QWidget) -> None:
        """Keep a box that was opened in sight, until somebody scrolls or it is as high as it will
        be."""
        self._box = box
        QTimer.singleShot(STEADY_MS, box, lambda: self.revealed(box))

    def revealed(self, box: QWidget) -> None:
        if self._box is box:
            self._box = None

    def note(self) -> None:
        """The reader is here."""
        items, top = self._column.items, self._bar.value()
        if not items:
            self._place = None
            return
        index = self._column.index_at(top)
        item = items[index]
        if top > item.y + item.height and index + 1 < len(items):  # in the gap below it
            index, item = index + 1, items[index + 1]
        above, shown = top - item.y, item.shown
        spot = shown.spot(above) if isinstance(shown, Row) and above > 0 else None
        self._place = Place(item.key, index, above, item.height, spot)

    def top(self, room: int) -> int:
        """Where the top of a view of this height belongs, as rows stand now."""
        most = max(0, self._column.total - room)
        if self.follows:
            top = most
        elif self._aim is not None and (aim := self._aim()) is not None:
            top = aim - room // THIRD
        elif self._place is not None and self._column.items:
            top = self._place.find(self._column.items)
        else:
            top = self._bar.value()
        if self._box is not None:
            top = self._with_box(top, room)
        return max(0, min(most, top))

    def _with_box(self, top: int, room: int) -> int:
        item = next((i for i in self._column.items if i.stand_in is self._box), None)
        if item is None:
            return top
        gap = current().px(12)
        if item.y + item.height + gap > top + room:
            top = min(item.y - gap, item.y + item.height + gap - room)
        elif item.y < top:
            top = item.y - gap
        return top

    def settled(self) -> None:
        """The view is where `top` said: that is where one reads now."""
        if self._aim is not None or self._box is not None:
            self.note()

    def _value_changed(self, value: int) -> None:
        if self.is_held:
            return
        self._box = self._aim = None
        near = self._bar.maximum() - value
        self.follows = near <= current().px(NEAR_END)
        self.note()
        self.scrolled.emit(near)
