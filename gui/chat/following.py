"""Where the reader is in a scrolling column of rows: at its end, which is followed, or at a place
that stays under the eyes whatever happens around it. Knows nothing of chats.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.theme.theme import current

NEAR_END = 32
STEADY_MS = 300
Rows = Sequence[QWidget]


class ReadingPlace:
    """`note` after the reader has scrolled; `find` tells where the view's top belongs since.

    Kept as a row and how much of it lies above the view, so that rows may come, go, grow or be laid
    out at another width.
    """

    def __init__(self) -> None:
        self._row: QWidget | None = None
        self._index = 0  # of the row, from the end: rows may be added before it
        self._above = 0
        self._height = 1
        self.form: object = None

    def note(self, rows: Rows, top: int, form: object) -> None:
        """`rows` as they stand in the column, `top` the view's; `form` is what the height of a
        row depends on beside its text: width and text size."""
        self._row = None
        for i, row in enumerate(rows):
            if row.y() + row.height() > top:
                self._row, self._index = row, len(rows) - i
                self._above, self._height, self.form = top - row.y(), max(1, row.height()), form
                return

    def forget(self) -> None:
        self._row = self.form = None

    def stand_in(self, row: QWidget, other: QWidget) -> None:
        """`other` has taken the place of `row`."""
        if self._row is row:
            self._row = other

    def find(self, rows: Rows, form: object) -> int | None:
        """The view's top for the same place, or None where there is none."""
        if self._row is None or not rows:
            return None
        if self._row not in rows:  # it was built anew
            self._row = rows[max(0, len(rows) - self._index)]
        above = self._above
        if form != self.form and above > 0:  # the same words are elsewhere in the row
            above = round(above * self._row.height() / self._height)
        return self._row.y() + above


class Following(QObject):
    """Holds the view of `area` where it belongs when rows move. `rows`: as they stand in `column`;
    `ends`: whether the last of them is the end of all, which can be followed."""

    scrolled = Signal(int)  # by somebody; how many pixels lie below the view

    def __init__(
        self, area: QScrollArea, column: QWidget, rows: Callable[[], Rows], ends: Callable[[], bool]
    ) -> None:
        super().__init__(area)
        self._area, self._column, self._rows, self._ends = area, column, rows, ends
        self.follows = True
        self._place = ReadingPlace()
        self._aim: Callable[[], int] | None = None  # what shall be seen, until somebody scrolls
        self._box: QWidget | None = None  # that was opened just now
        self._holding = False
        self._steady = QTimer(self)  # after a change of width or size: rows are as high as before
        self._steady.setSingleShot(True)
        self._steady.setInterval(STEADY_MS)
        self._steady.timeout.connect(self._settle)
        self._bar = area.verticalScrollBar()
        self._bar.valueChanged.connect(self._value_changed)

    def to_end(self) -> None:
        self.follows, self._aim = True, None
        self._bar.setValue(self._bar.maximum())

    def stay(self) -> None:
        """One reads here now."""
        if self.follows:
            self.follows = False
            self.note()

    def aim_at(self, top: Callable[[], int]) -> None:
        """Show what lies at `top` of the canvas, at a third of the view, wherever it moves."""
        self.follows, self._aim = False, top
        self._place.forget()
        self.hold()

    def forget(self) -> None:
        """Other rows are shown."""
        self._place.forget()
        self._aim = None

    def drop_aim(self) -> None:
        self._aim = None

    def stand_in(self, row: QWidget, other: QWidget) -> None:
        """`other` has taken the place of `row`."""
        self._place.stand_in(row, other)

    def reveal(self, box: QWidget) -> None:
        """A box is opened: it is seen as a whole where it can be, until it is as high as it will
        be."""
        self._box = box
        QTimer.singleShot(STEADY_MS, box, lambda: self.revealed(box))

    def revealed(self, box: QWidget) -> None:
        if self._box is box:
            self._box = None

    def note(self) -> None:
        """The reader is here."""
        top = self._bar.value() - self._column.y()
        self._place.note(self._rows(), top, self._form())

    def hold(self) -> None:
        """Rows have moved: the view goes with them."""
        if self._holding:
            return
        self._holding = True
        if self.follows:
            self._bar.setValue(self._bar.maximum())
        elif (top := self._place.find(self._rows(), self._form())) is not None:
            self._bar.setValue(top + self._column.y())
        if self._box is not None:
            self._show_whole(self._box)
        if self._aim is not None:
            self._bar.setValue(max(0, self._aim() - self._area.viewport().height() // 3))
            self.note()
        self._holding = False

    def moved(self) -> None:
        """The column was laid out anew."""
        if self._place.form not in (None, self._form()):
            self._steady.start()
        self.hold()

    def _form(self) -> tuple[int, int]:
        """What the heights of rows depend on beside their text."""
        return self._column.width(), current().font_pixels

    def _settle(self) -> None:
        if self._place.form not in (None, self._form()):
            self.hold()
            self.note()

    def _show_whole(self, box: QWidget) -> None:
        top, px = box.y() + self._column.y(), current().px
        room, before = self._area.viewport().height(), self._bar.value()
        lowest = min(top - px(12), self._bar.maximum())
        if top + box.height() + px(12) > before + room:
            self._bar.setValue(min(lowest, top + box.height() + px(12) - room))
        elif top < before:
            self._bar.setValue(lowest)
        if self._bar.value() != before:
            self.note()

    def _value_changed(self, value: int) -> None:
        if not self._holding:  # somebody has scrolled
            self._box = self._aim = None
            near = self._bar.maximum() - value
            self.follows = near <= current().px(NEAR_END) and self._ends()
            self.note()
            self.scrolled.emit(near)
