"""Tables where there is little room: part of each cell can be read, its tooltip has the rest."""

from PySide6.QtCore import Qt

from engine.api import jobs
from gui.main_window import MainWindow
from gui.theme.theme import current
from gui.widgets.labels import ElidedLabel
from gui.workshop.inspector_tables import LEAST, Grid, Table
from gui.workshop.tensor_errors import TensorErrors

NAME = "blk.21.attn_output.weight"


def test_the_stretched_column_takes_what_is_left_and_never_nothing(window: MainWindow) -> None:
    grid = Grid("Rows", Table(("Name", "Size"), [((NAME, NAME), ("9 MB", 9))]), 0, {1: 300})
    grid.show()
    size = current().px
    grid.resize(size(900), 200)
    assert grid.columnWidth(0) + grid.columnWidth(1) == grid.viewport().width()
    grid.resize(size(350), 200)
    assert grid.columnWidth(0) == size(LEAST)
    index = grid.sieve.index(0, 0)
    assert grid.sieve.data(index, Qt.ItemDataRole.ToolTipRole) == NAME
    grid.close()


def test_a_narrow_sheet_shortens_its_summary(window: MainWindow) -> None:
    sheet = TensorErrors("made.gguf", [jobs.TensorError(NAME, "Q4_0", 9 << 20, 0.1, 0.5)])
    assert sheet.minimumSizeHint().width() < current().px(760)
    told = [each.full() for each in sheet.findChildren(ElidedLabel)]
    assert any(NAME in text for text in told)
    sheet.deleteLater()
