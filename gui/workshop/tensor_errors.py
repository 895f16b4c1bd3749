"""How far each tensor of a made file is from its source's: a table over the whole view."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.api import jobs, sizes
from gui.language import figures, marked, tr
from gui.theme.theme import current
from gui.widgets.frames import row
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.search_field import SearchField
from gui.widgets.sheets import fill_sheet
from gui.workshop.inspector_tables import Grid, Table
from gui.workshop.loss_words import percent

WORDS = marked(
    "The error is the root mean square of the difference, as a part of the root mean square of "
    "the source's values. A click on a heading sorts."
)


class TensorErrors(QWidget):
    """Goes away with `closed`."""

    closed = Signal()

    def __init__(self, name: str, errors: Sequence[jobs.TensorError]) -> None:
        super().__init__()
        px = current().px
        self.search = SearchField(tr("Search"), tr("Shows the rows that contain these words"))
        self.search.setFixedWidth(px(260))
        widths = {1: 110, 2: 110, 3: 130, 4: 170}
        self.table = Grid(tr("Error of each tensor"), _table(errors), 0, widths)
        self.search.textChanged.connect(lambda text: self.table.seek(text.strip()))
        self.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
        body = fill_sheet(self, tr("Errors of {name}", name=name), self.closed.emit)
        told = row(self.search)
        told.insertWidget(0, ElidedLabel(_summary(errors), "muted"), 1)
        body.addLayout(told)
        body.addWidget(label(tr(WORDS), "small", wrap=True))
        body.addWidget(self.table, 1)


def _table(errors: Sequence[jobs.TensorError]) -> Table:
    rows = [
        (
            (line.name, i),
            (line.type, line.type),
            (figures(sizes.column(line.bytes)), line.bytes),
            (percent(line.relative) if line.relative else tr("none"), line.relative),
            (figures(f"{line.largest:.3g}") if line.largest else tr("none"), line.largest),
        )
        for i, line in enumerate(errors)
    ]
    return Table(
        (tr("Tensor"), tr("Type"), tr("Size"), tr("Error"), tr("Largest difference")), rows
    )


def _summary(errors: Sequence[jobs.TensorError]) -> str:
    changed = [line for line in errors if line.relative]
    if not changed:
        return tr("All {n:,} tensors are exactly those of the source", n=len(errors))
    worst = max(changed, key=lambda line: line.relative)
    return tr(
        "{n:,} of {all:,} tensors differ; {tensor} the most, by {percent}",
        n=len(changed),
        all=len(errors),
        tensor=worst.name,
        percent=percent(worst.relative),
    )
