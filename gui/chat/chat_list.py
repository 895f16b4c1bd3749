"""The list of chats on the left: search, day groups, rename, delete with undo."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout

from gui.chat.book import UNSEEN, WRITING, ChatRow
from gui.chat.chat_list_paint import FOUND, MARK, ChatListDelegate
from gui.chat.words import day_group
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.labels import label
from gui.widgets.lists import ROW, TELLING, Index, Lines, LineView
from gui.widgets.menus import round_menu
from gui.widgets.search_field import SearchField

SEARCH_TIP = "Search titles and messages (Ctrl+F); Return goes from place to place in the open chat"
TOLD = {WRITING: "being answered", UNSEEN: "answered, not seen yet"}
Found = tuple[str, str, str]  # what stands before the words, the words, what follows


class ChatListModel(Lines):
    """Chats and the headings of their days in one list; a heading is a plain string."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[ChatRow | str] = []
        self._marks: dict[int, str] = {}
        self._found: Mapping[int, Found] = {}

    def show_rows(
        self, rows: list[ChatRow], marks: Mapping[int, str], found: Mapping[int, Found]
    ) -> None:
        self.beginResetModel()
        self._found = found
        self._marks = dict(marks)
        self._items = []
        group = ""
        for chat in rows:
            name = day_group(chat.updated, date.today())
            if name != group:
                self._items.append(name)
                group = name
            self._items.append(chat)
        self.endResetModel()

    def index_of(self, chat_id: int | None) -> QModelIndex:
        for i, item in enumerate(self._items):
            if isinstance(item, ChatRow) and item.id == chat_id:
                return self.index(i)
        return QModelIndex()

    def data(self, index: Index, role: int = ROW) -> Any:
        item = self._items[index.row()]
        if role == ROW:
            return item
        if role == MARK:
            return self._marks.get(item.id, "") if isinstance(item, ChatRow) else ""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return item.title if isinstance(item, ChatRow) else item
        if role == FOUND:
            return self._found.get(item.id) if isinstance(item, ChatRow) else None
        if role in TELLING and isinstance(item, ChatRow):
            told = TOLD.get(self._marks.get(item.id, ""))
            return f"{item.title} ({told})" if told else item.title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self._items[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usable | Qt.ItemFlag.ItemIsEditable


class ChatList(QFrame):
    """Tells what the user wants; the view does it."""

    opened = Signal(int)
    renamed = Signal(int, str)
    deleted = Signal(int)
    new_wanted = Signal()
    searched = Signal(str)
    stepped = Signal(int)  # to an earlier (-1) or later place in the chat that is shown

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        px = current().px
        self.setFixedWidth(px(264))
        self._new = Button(
            "New chat",
            "plus",
            "primary",
            tip="New chat",
            shortcut="Ctrl+N",
            on_click=self.new_wanted.emit,
        )
        self.search = SearchField("Search chats", SEARCH_TIP)
        self.search.textChanged.connect(self.searched)
        self.search.stepped.connect(self.stepped)
        current().changed.connect(self._measure)
        self._model = ChatListModel()
        self._view = LineView("Chats", self._model)
        self._delegate = ChatListDelegate(self._view)
        self._delegate.renamed.connect(self.renamed)
        self._set_up_view()
        self._empty = label("", "small", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(12), px(12), px(12), 0)
        box.setSpacing(px(8))
        box.addWidget(self._new)
        box.addWidget(self.search)
        box.addWidget(self._empty)
        box.addWidget(self._view, 1)
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)

    def _set_up_view(self) -> None:
        view = self._view
        view.paint_with(self._delegate)
        view.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._menu)
        view.clicked.connect(self._open)
        view.activated.connect(self._open)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), view)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(lambda: self._delete(view.currentIndex()))

    def show_rows(
        self,
        rows: list[ChatRow],
        chosen: int | None,
        marks: Mapping[int, str],
        found: Mapping[int, Found] = MappingProxyType({}),
    ) -> None:
        """`found`: what is shown of a chat in place of its model, while one searches."""
        if self._view.must_wait(partial(self.show_rows, rows, chosen, marks, found)):
            return
        self._model.show_rows(rows, marks, found)
        index = self._model.index_of(chosen)
        self._view.setCurrentIndex(index)
        searching = bool(self.search.text())
        words = "No chat has these words" if searching else "Your chats will stand here"
        self._empty.setText(words)
        self._empty.setVisible(not rows)

    def has_focus(self) -> bool:
        return self._view.hasFocus()

    def _open(self, index: QModelIndex) -> None:
        item = index.data(ROW)
        if isinstance(item, ChatRow):
            self.opened.emit(item.id)

    def _delete(self, index: QModelIndex) -> None:
        item = index.data(ROW)
        if isinstance(item, ChatRow):
            self.deleted.emit(item.id)

    def _menu(self, spot: QPoint) -> None:
        index = self._view.indexAt(spot)
        if not isinstance(index.data(ROW), ChatRow):
            return
        menu = round_menu(self)
        rename = menu.addAction("Rename")
        rename.setShortcut(QKeySequence("F2"))
        rename.triggered.connect(lambda: self._view.edit(index))
        delete = menu.addAction("Delete")
        delete.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        delete.triggered.connect(lambda: self._delete(index))
        menu.popup(self._view.viewport().mapToGlobal(spot))

    def _measure(self) -> None:
        self.setFixedWidth(current().px(264))
