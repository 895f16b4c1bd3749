"""The list of models: ten thousand lines, of which only those that are seen are asked about."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from engine.api import Fit, ModelInfo
from gui.known import KnownModel, title_of
from gui.language import tr
from gui.library.model_paint import FIT, SORT, STATE, ModelDelegate, action_at
from gui.library.shown import Heading, Item
from gui.library.words import Pill, state, told
from gui.theme.theme import current
from gui.widgets.lists import ROW, Index, Lines, LineView

SEEN_MS = 50  # after the last movement of the list
Judge = Callable[[KnownModel], Fit | None]


class ModelRows(Lines):
    """Models and the headings of their sections; what it takes to judge one is asked when a line is
    painted."""

    def __init__(
        self,
        judge: Judge,
        info: Callable[[str], ModelInfo | None],
        rests: Callable[[ModelInfo], bool],
    ) -> None:
        super().__init__()
        self._judge, self._info, self._rests = judge, info, rests
        self._rows: dict[str, int] = {}
        self._marks: dict[str, str] = {}
        self.order = "name"

    def show(self, items: list[Item], sort: str) -> None:
        """Anew; or, where the same models stand in the same order, in place."""
        rows = {item.path: i for i, item in enumerate(items) if isinstance(item, KnownModel)}
        same = len(items) == len(self._items) and rows == self._rows
        if same:
            self._items, self.order = items, sort
            self.renew()
            return
        self.beginResetModel()
        self._items, self._rows, self.order = items, rows, sort
        self.endResetModel()

    def renew(self, paths: set[str] | None = None) -> None:
        """These are to be painted anew; all without any."""
        if paths is None:
            if self._items:
                self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))
            return
        for path in paths & self._rows.keys():
            index = self.index(self._rows[path])
            self.dataChanged.emit(index, index)

    def put(self, model: KnownModel) -> bool:
        """More is known of a model that is listed; False where it is not."""
        row = self._rows.get(model.path)
        if row is None:
            return False
        self._items[row] = model
        self.renew({model.path})
        return True

    def models(self) -> list[KnownModel]:
        return [item for item in self._items if isinstance(item, KnownModel)]

    def mark(self, path: str, words: str) -> None:
        """What is being done with a file; "" where that has ended."""
        if words:
            self._marks[path] = words
        else:
            self._marks.pop(path, None)
        self.renew({path})

    def mark_of(self, path: str) -> str:
        return self._marks.get(path, "")

    def item(self, row: int) -> Item | None:
        return self._items[row] if 0 <= row < len(self._items) else None

    def index_of(self, path: str) -> QModelIndex:
        row = self._rows.get(path, -1)
        return self.index(row) if row >= 0 else QModelIndex()

    def pill(self, model: KnownModel) -> Pill:
        info, mark = self._info(model.path), self.mark_of(model.path)
        rests = info is not None and self._rests(info)
        return state(model, info, self._judge(model), mark, rests=rests)

    def data(self, index: Index, role: int = ROW) -> Any:
        item = self._items[index.row()]
        if role == ROW:
            return item
        if role == SORT:
            return self.order
        if isinstance(item, Heading):
            return item.title if role == Qt.ItemDataRole.DisplayRole else _heading(item, role)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return title_of(item)
        if role == FIT:
            return self._judge(item)
        if role == STATE:
            return self.pill(item)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return told(item, self._judge(item), self.pill(item))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        item = self._items[index.row()]
        if isinstance(item, Heading):
            return Qt.ItemFlag.NoItemFlags
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usable if item.built_in else usable | Qt.ItemFlag.ItemIsEditable


def _heading(heading: Heading, role: int) -> str | None:
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return f"{heading.title}, {heading.words}" if heading.words else heading.title
    return None


class ModelList(LineView):
    """Tells what is wanted of which model."""

    chat_wanted = Signal(object)  # KnownModel
    details_wanted = Signal(object)
    trash_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)  # and where, on the screen
    chosen = Signal(object)  # KnownModel or None
    renamed = Signal(str, str)  # path, name
    seen = Signal(list)  # paths of the lines that are on the screen
    resized = Signal()

    def __init__(self, rows: ModelRows) -> None:
        super().__init__(tr("Models"), rows)
        self.rows = rows
        self._delegate = ModelDelegate(self)
        self._delegate.renamed.connect(self.renamed)
        self.paint_with(self._delegate)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._seen = QTimer(self)
        self._seen.setSingleShot(True)
        self._seen.setInterval(SEEN_MS)
        self._seen.timeout.connect(self._tell_seen)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._seen.start())
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit(self.current()))
        current().follow(self, self._lay_out_anew)

    def _lay_out_anew(self) -> None:
        self.scheduleDelayedItemsLayout()

    # What is shown

    def show_items(self, items: Sequence[Item], sort: str) -> None:
        """What was chosen stays chosen, and what was seen stays in its place."""
        if self.must_wait(partial(self.show_items, items, sort)):
            return
        there, row = self.current(), self.currentIndex().row()
        spot = self.verticalScrollBar().value()
        self.rows.show(list(items), sort)
        if there is not None:
            self.choose(there.path, reveal=False)
            if self.current() is None and self.hasFocus():
                self._choose_near(row)
        self.verticalScrollBar().setValue(spot)
        self._seen.start()

    def _choose_near(self, row: int) -> None:
        """Where one was thrown away, the next is at hand; at the end of its section the last."""
        for near in (row, row - 1):
            item = self.rows.item(near)
            if isinstance(item, KnownModel):
                self.choose(item.path, reveal=False)
                return

    def choose(self, path: str, *, reveal: bool = True) -> None:
        index = self.rows.index_of(path)
        if index.isValid() and index != self.currentIndex():
            scroll = self.hasAutoScroll()
            self.setAutoScroll(reveal)
            self.setCurrentIndex(index)
            self.setAutoScroll(scroll)

    def current(self) -> KnownModel | None:
        """The model that is chosen."""
        return self._model(self.currentIndex())

    def step_in(self) -> None:
        """From the search into the list."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.current() is None:
            rows = range(self.rows.rowCount())
            first = next((r for r in rows if isinstance(self.rows.item(r), KnownModel)), -1)
            self.setCurrentIndex(self.rows.index(first)) if first >= 0 else None

    def rename(self, path: str) -> None:
        """A field over its name."""
        index = self.rows.index_of(path)
        if index.isValid() and self.rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(index)
            self.edit(index)

    def seen_paths(self) -> list[str]:
        top = self.indexAt(QPoint(1, 1)).row()
        bottom = self.indexAt(QPoint(1, self.viewport().height() - 2)).row()
        if bottom < 0:
            bottom = self.rows.rowCount() - 1
        items = (self.rows.item(row) for row in range(max(0, top), bottom + 1))
        return [item.path for item in items if isinstance(item, KnownModel)]

    def _tell_seen(self) -> None:
        paths = self.seen_paths()
        if paths:
            self.seen.emit(paths)

    def _model(self, index: Index) -> KnownModel | None:
        item = index.data(ROW) if index.isValid() else None
        return item if isinstance(item, KnownModel) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
        self._seen.start()

    # Keys and pointer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model = self.current()
        if model is None or self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.chat_wanted.emit(model)
            case Qt.Key.Key_Delete:
                self.trash_wanted.emit(model)
            case Qt.Key.Key_F2:
                self.rename(model.path)
            case Qt.Key.Key_Space:
                self.details_wanted.emit(model)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not (
            event.button() == Qt.MouseButton.LeftButton and self._act(event.position().toPoint())
        ):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        model, action = self._at(event.position().toPoint())
        if model is not None and not action and event.button() == Qt.MouseButton.LeftButton:
            self.chat_wanted.emit(model)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        model, action = self._at(event.position().toPoint())
        hand = Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(hand if model and action else Qt.CursorShape.ArrowCursor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            model = self.current()
            spot = self.visualRect(self.currentIndex()).center()
        else:
            model, spot = self._at(event.pos())[0], event.pos()
        if model is not None:
            self.choose(model.path)
            self.menu_wanted.emit(model, self.viewport().mapToGlobal(spot))

    def _at(self, spot: QPoint) -> tuple[KnownModel | None, str]:
        """The model there, and which of its actions."""
        index = self.indexAt(spot)
        model = self._model(index)
        return model, action_at(self.visualRect(index), spot.x()) if model else ""

    def _act(self, spot: QPoint) -> bool:
        model, action = self._at(spot)
        if model is None or not action:
            return False
        self.choose(model.path)
        if action == "chat":
            self.chat_wanted.emit(model)
        elif action == "details":
            self.details_wanted.emit(model)
        else:
            self.menu_wanted.emit(model, self.viewport().mapToGlobal(spot))
        return True
