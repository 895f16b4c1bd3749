"""How far each tensor of a made file is from its source's: a table over the whole view."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.api import jobs, sizes
from gui.theme.theme import current
from gui.widgets.frames import row
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.search_field import SearchField
from gui.widgets.sheets import fill_sheet
from gui.workshop.inspector_tables import Grid, Table
from gui.workshop.loss_words import percent

WORDS = (
    "The error is the root mean square of the difference, as a part of the root mean square of "
    "the source's values. A click on a heading sorts."
)


class TensorErrors(QWidget):
    """Goes away with `closed`."""

    closed = Signal()

    def __init__(self, name: str, errors: Sequence[jobs.TensorError]) -> None:
        super().__init__()
        px = current().px
        self.search = SearchField("Search", "Shows the rows that contain these words")
        self.search.setFixedWidth(px(260))
        widths = {1: 110, 2: 110, 3: 130, 4: 170}
        self.table = Grid("Error of each tensor", _table(errors), 0, widths)
        self.search.textChanged.connect(lambda text: self.table.seek(text.strip()))
        self.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
        body = fill_sheet(self, f"Errors of {name}", self.closed.emit)
        told = row(self.search)
        told.insertWidget(0, ElidedLabel(_summary(errors), "muted"), 1)
        body.addLayout(told)
        body.addWidget(label(WORDS, "small", wrap=True))
        body.addWidget(self.table, 1)


def _table(errors: Sequence[jobs.TensorError]) -> Table:
    rows = [
        (
            (line.name, i),
            (line.type, line.type),
            (sizes.column(line.bytes), line.bytes),
            (percent(line.relative) if line.relative else "none", line.relative),
            (f"{line.largest:.3g}" if line.largest else "none", line.largest),
        )
        for i, line in enumerate(errors)
    ]
    return Table(("Tensor", "Type", "Size", "Error", "Largest difference"), rows)


def _summary(errors: Sequence[jobs.TensorError]) -> str:
    changed = [line for line in errors if line.relative]
    if not changed:
        return f"All {len(errors):,} tensors are exactly those of the source"
    worst = max(changed, key=lambda line: line.relative)
    return (
        f"{len(changed):,} of {len(errors):,} tensors differ; {worst.name} the most, by "
        f"{percent(worst.relative)}"
    )
