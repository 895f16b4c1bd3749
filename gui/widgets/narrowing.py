"""Columns that step aside where a row has no room for them."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLayout, QWidget

from gui.theme.theme import current


class Narrowing(QObject):
    """Hides cells of a row while the row is narrower than each of them wants.

    A wish must be well above the width that the row's other cells need, or the row could never
    become narrow enough to hide anything.
    """

    def __init__(self, row: QWidget, line: QLayout, wishes: dict[int, int]) -> None:
        super().__init__(row)
        self._line = line
        self._wishes = wishes  # the cell's place in the line, and from which width on it is shown
        row.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            for place, width in self._wishes.items():
                item = self._line.itemAt(place)
                cell = item.widget() if item is not None else None
                if cell is not None:
                    cell.setVisible(watched.width() >= current().px(width))
        return False
