"""The list of chats on the left: search, day groups, rename, delete with undo."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout

from gui.chat.book import UNSEEN, WRITING, ChatRow
from gui.chat.chat_list_paint import FOUND, MARK, ChatListDelegate, more_rect
from gui.chat.words import count, day_group
from gui.theme.theme import BASE_PIXELS, current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import row
from gui.widgets.grip import Grip
from gui.widgets.labels import label
from gui.widgets.lists import ROW, TELLING, Index, Lines, LineView
from gui.widgets.search_field import SearchField

SEARCH_TIP = "Search titles and messages (Ctrl+F); Return goes from place to place in the open chat"
TOLD = {WRITING: "being answered", UNSEEN: "answered, not seen yet"}
PINNED = "Pinned"
USUAL, NARROWEST, WIDEST = 264, 200, 360  # widths
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
        for chat in sorted(rows, key=lambda row: not row.pinned):
            name = PINNED if chat.pinned else day_group(chat.updated, date.today())
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
            return self._told(item, with_model=role == Qt.ItemDataRole.ToolTipRole)
        return None

    def _told(self, chat: ChatRow, *, with_model: bool) -> str:
        told = TOLD.get(self._marks.get(chat.id, ""))
        words = f"{chat.title} ({told})" if told else chat.title
        if not with_model:
            return words
        parts = [chat.model, count(chat.n_messages, "message", "messages")]
        return f"{words}\n{' · '.join(part for part in parts if part)}"

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
    menu_wanted = Signal(int, QPoint)  # of this chat, here on the screen
    away_wanted = Signal()
    searched = Signal(str)
    stepped = Signal(int)  # to an earlier (-1) or later place in the chat that is shown

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        px = current().px
        self.wide = USUAL  # of the look, at the usual text size
        self.is_put_away = False
        self._new = Button(
            "New chat",
            "plus",
            "quiet",
            tip="New chat",
            shortcut="Ctrl+N",
            on_click=self.new_wanted.emit,
        )
        self._away = icon_button(
            "panel-left", "Hide the list of chats", self.away_wanted.emit, "Ctrl+B"
        )
        self.search = SearchField("Search chats", SEARCH_TIP, "Ctrl+F")
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
        box.addLayout(row(self._new, self._away, spacing=6))
        box.addWidget(self.search)
        box.addWidget(self._empty)
        box.addWidget(self._view, 1)
        self._grip = Grip(self)
        self._grip.drawn.connect(self._draw)
        self._measure()

    def _set_up_view(self) -> None:
        view = self._view
        view.paint_with(self._delegate)
        view.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._menu)
        view.viewport().installEventFilter(self)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press on "…" opens the menu, and chooses nothing."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            spot = event.position().toPoint()
            line = self._view.visualRect(self._view.indexAt(spot))
            left = event.button() == Qt.MouseButton.LeftButton
            if left and more_rect(line, self.isRightToLeft()).contains(spot):
                self._menu(spot)
                return True
        return False

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
        item = index.data(ROW)
        self.menu_wanted.emit(item.id, self._view.viewport().mapToGlobal(spot))

    def rename(self, chat_id: int) -> None:
        """Let the title of this one be changed."""
        self._view.edit(self._model.index_of(chat_id))

    # How wide it is

    def put_away(self, away: bool) -> None:
        """Whether it is hidden also where there is room for it; `make_room` of the view follows."""
        self.is_put_away = away

    def set_wide(self, wide: int) -> None:
        """As wide as it was left in the last run."""
        self.wide = max(NARROWEST, min(WIDEST, wide))
        self._measure()

    def _draw(self, pixels: int) -> None:
        self.set_wide(round(pixels * BASE_PIXELS / current().font_pixels) or USUAL)

    def _measure(self) -> None:
        self.setFixedWidth(current().px(self.wide))
