"""The inspector's two tables as Qt sees them: metadata keys, and tensors."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from engine.api import inspect, sizes
from gui.language import figures, said, tr
from gui.theme.theme import current
from gui.widgets.columns import wide_enough
from gui.widgets.paint import theme_font

Index = QModelIndex | QPersistentModelIndex
Rows = Sequence[tuple[tuple[str, object], ...]]  # each cell: shown, sorted by
SORT = Qt.ItemDataRole.UserRole
LEAST = 170  # of the stretched column's width


class Table(QAbstractTableModel):
    """Rows that never change."""

    def __init__(self, heads: tuple[str, ...], rows: Rows) -> None:
        super().__init__()
        self._heads = heads
        self._rows = rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()][0]
        if role == SORT:
            return self._rows[index.row()][index.column()][1]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        across = orientation == Qt.Orientation.Horizontal
        if across and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return self._heads[section] if across and role == Qt.ItemDataRole.DisplayRole else None


def metadata_table(contents: inspect.Contents) -> Table:
    rows = [
        tuple((said(text), text) for text in (entry.key, entry.kind, entry.text))
        for entry in contents.entries
    ]
    return Table((tr("Key"), tr("Kind"), tr("Value")), rows)


def tensor_table(contents: inspect.Contents) -> Table:
    rows: Rows = [
        (
            (line.name, i),
            (line.type, line.type),
            (figures(" × ".join(f"{n:,}" for n in line.shape)), _count(line.shape)),
            (figures(sizes.column(line.bytes)), line.bytes),
        )
        for i, line in enumerate(contents.tensors)
    ]
    return Table((tr("Tensor"), tr("Type"), tr("Shape"), tr("Size")), rows)


class Grid(QTableView):
    """A table in the look: whole rows, no lines but under the head, sorted by a click."""

    def __init__(self, name: str, model: Table, stretched: int, widths: dict[int, int]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.sieve = QSortFilterProxyModel(self)
        self.sieve.setSourceModel(model)
        model.setParent(self.sieve)
        self.sieve.setFilterKeyColumn(-1)
        self.sieve.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.sieve.setSortRole(SORT)
        self.setModel(self.sieve)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(current().px(32))
        self._stretched = stretched
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        px = current().px
        for column, width in widths.items():
            words = str(model.headerData(column, Qt.Orientation.Horizontal))
            head.resizeSection(column, wide_enough(px(width), [words], theme_font(12), px(26)))
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column takes what the others leave, but never so little that nothing can be read."""
        super().resizeEvent(event)
        head, stretched = self.horizontalHeader(), self._stretched
        others = (head.sectionSize(i) for i in range(head.count()) if i != stretched)
        head.resizeSection(
            stretched, max(current().px(LEAST), self.viewport().width() - sum(others))
        )

    def seek(self, text: str) -> None:
        self.sieve.setFilterFixedString(text)

    def chosen_row(self) -> int:
        """The row of the unsorted table, or -1."""
        index = self.currentIndex()
        return self.sieve.mapToSource(index).row() if index.isValid() else -1


def _count(shape: tuple[int, ...]) -> int:
    product = 1
    for n in shape:
        product *= n
    return product
