"""Lists whose lines are painted: their model, their delegate and their view, with what all of them
have in common. Knows nothing of what a line is.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.theme.theme import current

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole)  # gives what a line shows
TELLING = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


class Lines(QAbstractListModel):
    """One thing a line. What is typed goes through the delegate's signal and comes back as new
    lines."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[Any] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._items)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        return False


class LineDelegate(QStyledItemDelegate):
    """Heights are fixed, so that thousands of lines cost nothing. `height`: of the look; `named`:
    how the field for a name is called."""

    def __init__(self, parent: QWidget, height: int, named: str = "") -> None:
        super().__init__(parent)
        self._height, self._named = height, named

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, current().px(self._height))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        edit = QLineEdit(parent)
        edit.setAccessibleName(self._named)
        return edit

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Tab keeps the name and leaves; Qt would go on with the name of the next line."""
        key = event.key() if isinstance(event, QKeyEvent) else 0
        is_tab = key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if is_tab and event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, self.EndEditHint.NoHint)
            return True
        return super().eventFilter(editor, event)


class LineView(QListView):
    """Scrolls by pixels and never sideways. New lines would take the name away that is being
    typed: they wait for its end."""

    def __init__(self, name: str, lines: Lines) -> None:
        super().__init__()
        self._later: Callable[[], object] | None = None
        self.setModel(lines)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def paint_with(self, delegate: LineDelegate) -> None:
        self.setItemDelegate(delegate)
        delegate.closeEditor.connect(lambda *_: QTimer.singleShot(0, self, self._catch_up))

    def must_wait(self, show: Callable[[], object]) -> bool:
        """Whether a name is being typed; then `show` is called at its end, unless something newer
        has come."""
        is_typed = self.state() == QAbstractItemView.State.EditingState
        self._later = show if is_typed else None
        return is_typed

    def _catch_up(self) -> None:
        if self._later is not None:
            self._later()
