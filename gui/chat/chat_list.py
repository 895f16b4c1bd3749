"""The list of chats on the left: search, folders and days, rename, delete with undo."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout

from gui.chat.book import ChatRow
from gui.chat.chat_lines import ChatListModel, FolderLine, Found
from gui.chat.chat_list_paint import ChatListDelegate, more_rect
from gui.language import marked, tr
from gui.theme.theme import BASE_PIXELS, current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import row
from gui.widgets.grip import Grip
from gui.widgets.labels import label
from gui.widgets.lists import ROW, LineView
from gui.widgets.search_field import SearchField

SEARCH_TIP = marked(
    "Search titles and messages (Ctrl+Shift+F); Return goes from place to place in the open chat"
)
USUAL, NARROWEST, WIDEST = 264, 200, 360  # widths


class ChatList(QFrame):
    """Tells what the user wants; the view does it."""

    opened = Signal(int)
    renamed = Signal(int, str)
    deleted = Signal(int)
    new_wanted = Signal()
    folder_renamed = Signal(str, str)
    dropped = Signal(int, str, bool)  # a chat, the folder it shall lie in, whether it is pinned
    menu_wanted = Signal(int, QPoint)  # of this chat, here on the screen
    folder_menu_wanted = Signal(str, QPoint)
    folder_removed = Signal(str)
    own_menu_wanted = Signal(QPoint)  # of the list, beside all chats and folders
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
            tr("New chat"),
            "plus",
            "quiet",
            tip=tr("New chat"),
            shortcut="Ctrl+N",
            on_click=self.new_wanted.emit,
        )
        self._away = icon_button(
            "panel-left", tr("Hide the list of chats"), self.away_wanted.emit, "Ctrl+B"
        )
        self.search = SearchField(tr("Search chats"), tr(SEARCH_TIP), "Ctrl+Shift+F")
        self.search.textChanged.connect(self.searched)
        self.search.stepped.connect(self.stepped)
        current().follow(self, self._measure)
        self._model = ChatListModel()
        self._view = LineView(tr("Chats"), self._model)
        self._delegate = ChatListDelegate(self._view)
        self._delegate.renamed.connect(self.renamed)
        self._delegate.folder_renamed.connect(self._rename_folder)
        self._model.dropped.connect(self.dropped)
        self.closed_folders: set[str] = set()
        self._show_again: Callable[[], object] = lambda: None
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
        view.setDragDropMode(QListView.DragDropMode.InternalMove)
        view.setDragDropOverwriteMode(True)  # onto a line, never between two
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
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
        folders: Collection[str] = (),
    ) -> None:
        """`found`: what is shown of a chat in place of its model, while one searches. `folders`
        are shown also when they are empty."""
        again = partial(self.show_rows, rows, chosen, marks, found, folders)
        if self._view.must_wait(again):
            return
        self._show_again = again
        self._model.show_rows(rows, marks, found, self.closed_folders, folders)
        index = self._model.index_of(chosen)
        self._view.setCurrentIndex(index)
        searching = bool(self.search.text())
        words = tr("No chat has these words") if searching else tr("Your chats will stand here")
        self._empty.setText(words)
        self._empty.setVisible(not rows and not folders)

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
        elif isinstance(item, FolderLine):
            self.toggle_folder(item.name)

    # Folders

    def toggle_folder(self, name: str) -> None:
        """Open it, or close it."""
        self.closed_folders ^= {name}
        self._show_again()
        self._view.setCurrentIndex(self._model.folder_index(name))

    def close_folders(self, names: Sequence[str]) -> None:
        """As they were left in the last run."""
        self.closed_folders = set(names)
        self._show_again()

    def edit_folder(self, name: str) -> None:
        """Let its name be changed."""
        index = self._model.folder_index(name)
        self._view.setCurrentIndex(index)
        self._view.scrollTo(index)
        self._view.edit(index)

    def forget_folder(self, name: str) -> None:
        """It was removed, or is there anew: then it is open."""
        self.closed_folders.discard(name)

    def _rename_folder(self, old: str, new: str) -> None:
        if old in self.closed_folders:
            self.closed_folders = self.closed_folders - {old} | {new}
        self.folder_renamed.emit(old, new)

    def _delete(self, index: QModelIndex) -> None:
        item = index.data(ROW)
        if isinstance(item, ChatRow):
            self.deleted.emit(item.id)
        elif isinstance(item, FolderLine):
            self.folder_removed.emit(item.name)

    def _menu(self, spot: QPoint) -> None:
        index = self._view.indexAt(spot)
        item, place = index.data(ROW), self._view.viewport().mapToGlobal(spot)
        if isinstance(item, ChatRow):
            self.menu_wanted.emit(item.id, place)
        elif isinstance(item, FolderLine):
            self.folder_menu_wanted.emit(item.name, place)
        else:
            self.own_menu_wanted.emit(place)

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
