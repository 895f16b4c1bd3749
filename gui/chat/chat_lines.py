"""The lines of the list of chats: those that are pinned, folders that open and close, days.

A heading is a plain string, a folder has a line of its own kind. A chat is dragged onto a folder,
onto a chat in one, onto what is pinned, or back among the days.
"""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, Qt, Signal

from gui.chat.book import UNSEEN, WRITING, ChatRow
from gui.chat.words import day_group
from gui.language import marked, tr
from gui.widgets.lists import ROW, TELLING, Index, Lines

TOLD = {WRITING: marked("being answered"), UNSEEN: marked("answered, not seen yet")}
PINNED = marked("Pinned")
MARK, FOUND, INSIDE = ROW + 1, ROW + 2, ROW + 3  # INSIDE: it is shown in an open folder
CHAT_MIME = "application/x-chaski-chat"
Found = tuple[str, str, str]  # what stands before the words, the words, what follows


@dataclass(frozen=True)
class FolderLine:
    """A folder; its chats follow where it is open."""

    name: str
    n_chats: int
    is_open: bool


Line = ChatRow | FolderLine | str


def lines_of(
    rows: Sequence[ChatRow], closed: Container[str], today: date, folders: Collection[str] = ()
) -> list[Line]:
    """Of chats, the last changed first; a pinned one stands above, whatever folder it lies in.
    `folders` are there also when they are empty."""
    lines: list[Line] = [tr(PINNED)] if any(row.pinned for row in rows) else []
    lines += [row for row in rows if row.pinned]
    rest = [row for row in rows if not row.pinned]
    names = {*folders, *(row.folder for row in rest if row.folder)}
    for name in sorted(names, key=str.casefold):
        inside = [row for row in rest if row.folder == name]
        is_open = name not in closed
        lines.append(FolderLine(name, len(inside), is_open))
        lines += inside if is_open else []
    group = ""
    for row in rest:
        day = day_group(row.updated, today)
        if not row.folder and day != group:
            lines.append(day)
            group = day
        if not row.folder:
            lines.append(row)
    return lines


class ChatListModel(Lines):
    """What stands where; what is dropped goes out as a signal and comes back as new lines."""

    dropped = Signal(int, str, bool)  # a chat, the folder it shall lie in, whether it is pinned

    def __init__(self) -> None:
        super().__init__()
        self._items: list[Line] = []
        self._marks: dict[int, str] = {}
        self._found: Mapping[int, Found] = {}

    def show_rows(
        self,
        rows: list[ChatRow],
        marks: Mapping[int, str],
        found: Mapping[int, Found],
        closed: Container[str] = (),
        folders: Collection[str] = (),
    ) -> None:
        """While one searches, every folder is open."""
        self.beginResetModel()
        self._found = found
        self._marks = dict(marks)
        self._items = lines_of(rows, () if found else closed, date.today(), folders)
        self.endResetModel()

    def index_of(self, chat_id: int | None) -> QModelIndex:
        for i, item in enumerate(self._items):
            if isinstance(item, ChatRow) and item.id == chat_id:
                return self.index(i)
        return QModelIndex()

    def folder_index(self, name: str) -> QModelIndex:
        for i, item in enumerate(self._items):
            if isinstance(item, FolderLine) and item.name == name:
                return self.index(i)
        return QModelIndex()

    def data(self, index: Index, role: int = ROW) -> Any:
        item = self._items[index.row()]
        if role == ROW:
            return item
        if isinstance(item, FolderLine):
            return self._of_folder(item, role)
        if role == MARK:
            return self._marks.get(item.id, "") if isinstance(item, ChatRow) else ""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return item.title if isinstance(item, ChatRow) else item
        if role == FOUND:
            return self._found.get(item.id) if isinstance(item, ChatRow) else None
        if role == INSIDE:
            return isinstance(item, ChatRow) and bool(item.folder) and not item.pinned
        if role in TELLING and isinstance(item, ChatRow):
            return self._told(item, with_model=role == Qt.ItemDataRole.ToolTipRole)
        return None

    def _of_folder(self, folder: FolderLine, role: int) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return folder.name
        if role in TELLING and not folder.n_chats:
            return tr("{folder}, empty folder", folder=folder.name)
        if role in TELLING:
            return tr(
                "{folder}, folder with {n:,} {n:chat|chats}, open"
                if folder.is_open
                else "{folder}, folder with {n:,} {n:chat|chats}, closed",
                folder=folder.name,
                n=folder.n_chats,
            )
        return "" if role == MARK else None

    def _told(self, chat: ChatRow, *, with_model: bool) -> str:
        told = TOLD.get(self._marks.get(chat.id, ""))
        words = f"{chat.title} ({tr(told)})" if told else chat.title
        if not with_model:
            return words
        parts = [chat.model, tr("{n:,} {n:message|messages}", n=chat.n_messages)]
        return f"{words}\n{' · '.join(part for part in parts if part)}"

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._items[index.row()], str):
            return Qt.ItemFlag.ItemIsDropEnabled
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        usable |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDropEnabled
        is_chat = isinstance(self._items[index.row()], ChatRow)
        return usable | Qt.ItemFlag.ItemIsDragEnabled if is_chat else usable

    # Dragging

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [CHAT_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        for index in indexes:
            item = self._items[index.row()]
            if isinstance(item, ChatRow):
                data.setData(CHAT_MIME, str(item.id).encode())
        return data

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        return data.hasFormat(CHAT_MIME) and parent.isValid()

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if self.canDropMimeData(data, action, row, column, parent):
            folder, pinned = self._place_of(parent.row())
            self.dropped.emit(int(bytes(data.data(CHAT_MIME).data())), folder, pinned)
        return False  # nothing is taken out: new lines come

    def _place_of(self, line: int) -> tuple[str, bool]:
        """The folder that this line stands for, and whether it is among the pinned ones."""
        item = self._items[line]
        if isinstance(item, FolderLine):
            return item.name, False
        if isinstance(item, ChatRow):
            return item.folder, item.pinned
        return "", item == tr(PINNED)
