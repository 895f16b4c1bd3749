"""Columns that step aside where there is no room for them: of a line that is painted, of a row of
widgets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLayout, QWidget

from gui.theme.theme import current

MOST = 1.5  # times as wide as drawn


@dataclass(frozen=True)
class Span:
    """Left edge and width."""

    left: int
    width: int

    @property
    def right(self) -> int:
        return self.left + self.width


def fitting(
    width: int, columns: Mapping[str, int], rest: str, goes: Sequence[str], margin: int, gap: int
) -> dict[str, Span]:
    """Columns from left to right with their widths, in a line of this width. `rest` gets what is
    left over; as long as that is less than it wants, those of `goes` step aside one by one."""
    there = dict(columns)
    room = width - 2 * margin

    def left_over() -> int:
        others = sum(wide for name, wide in there.items() if name != rest)
        return room - others - gap * (len(there) - 1)

    for name in goes:
        if left_over() >= there[rest]:
            break
        there.pop(name, None)
    there[rest] = max(1, left_over())
    found, at = dict[str, Span](), margin
    for name, wide in there.items():
        found[name] = Span(at, wide)
        at += wide + gap
    return found


def wide_enough(wide: int, words: Iterable[str], font: QFont, more: int = 0) -> int:
    """How wide a column of these words is: as it was drawn, or where they need more, up to half as
    much again. `more`: what stands around them."""
    metrics = QFontMetrics(font)
    widest = max((metrics.horizontalAdvance(each) for each in words), default=0)
    return max(wide, min(widest + more, round(MOST * wide)))


def column_at(spans: Mapping[str, Span], x: int) -> str:
    """The column there, "" between two."""
    return next((name for name, s in spans.items() if s.left <= x < s.right), "")


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
