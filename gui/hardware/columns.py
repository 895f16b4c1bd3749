"""Cards in two columns where there is room, one below the other where there is not."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.theme.theme import current

NARROW = 700  # wide, of the look: below it a column would be too narrow for a table


class Columns(QWidget):
    """Rows of one card, which takes the width, or of two side by side."""

    def __init__(self, rows: Sequence[Sequence[QWidget]]) -> None:
        super().__init__()
        self._rows = rows
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(current().px(16))
        self._narrow: bool | None = None
        for card in (card for row in rows for card in row):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay(self.width() < current().px(NARROW))

    def _lay(self, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        at = 0
        for row in self._rows:
            for i, card in enumerate(row):
                self._grid.removeWidget(card)
                beside = len(row) > 1 and not narrow
                self._grid.addWidget(card, at, i if beside else 0, 1, 1 if beside else 2)
                at += not beside
            at += len(row) > 1 and not narrow
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1)
