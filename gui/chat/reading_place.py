"""Where the reader is in a column of rows: it stays under the eyes whatever happens around it.

Kept as a row and how much of it lies above the view, so that rows may come, go, grow or be laid
out at another width. Knows nothing of chats.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget


class ReadingPlace:
    """`note` after the reader has scrolled; `find` tells where the view's top belongs since."""

    def __init__(self) -> None:
        self._row: QWidget | None = None
        self._index = 0  # of the row, from the end: rows may be added before it
        self._above = 0
        self._height = 1
        self.form: object = None

    def note(self, rows: Sequence[QWidget], top: int, form: object) -> None:
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

    def find(self, rows: Sequence[QWidget], form: object) -> int | None:
        """The view's top for the same place, or None where there is none."""
        if self._row is None or not rows:
            return None
        if self._row not in rows:  # it was built anew
            self._row = rows[max(0, len(rows) - self._index)]
        above = self._above
        if form != self.form and above > 0:  # the same words are elsewhere in the row
            above = round(above * self._row.height() / self._height)
        return self._row.y() + above
