"""What can be done with chats by menu: of a row of the list, and of the chat that is shown."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal

from gui.chat.book import Book, ChatRecord
from gui.chat.chat_files import ChatFiles
from gui.chat.chat_header import ChatHeader
from gui.chat.chat_list import ChatList
from gui.chat.chat_menu import Deed, Deeds, fill_menu
from gui.chat.chats import Chats, copy_of
from gui.language import marked, tr
from gui.widgets.menus import drop_down, round_menu

NEW_FOLDER = marked("New folder")
TEMPORARY = marked("Temporary chat")  # what one is called


class ChatDeeds(QObject):
    """Makes the menus; what only the view can do is told."""

    deleted = Signal(int)
    shown = Signal(object)  # ChatRecord: it was made just now
    window_wanted = Signal(object)
    list_toggled = Signal()
    temporary_wanted = Signal()
    trash_wanted = Signal()
    compare_wanted = Signal()
    find_wanted = Signal()
    undoable = Signal(str, object)  # words, what undoes it

    def __init__(
        self, book: Book, chats: Chats, listed: ChatList, header: ChatHeader, files: ChatFiles
    ) -> None:
        super().__init__(listed)
        self._files = files
        self._book, self._chats = book, chats
        self._list, self._header = listed, header
        listed.menu_wanted.connect(self._show_for_row)
        header.menu_wanted.connect(self._show_for_header)
        header.renamed.connect(self._rename_shown)
        listed.folder_menu_wanted.connect(self._show_for_folder)
        listed.folder_renamed.connect(book.rename_folder)
        listed.folder_removed.connect(self._remove_folder)
        listed.own_menu_wanted.connect(self._show_for_list)
        listed.dropped.connect(self._take_dropped)

    def of(self, chat_id: int) -> Deeds:
        """Of a chat in the list."""
        return (
            Deed(tr("Rename"), lambda: self._list.rename(chat_id), "F2"),
            *self._placing(chat_id),
            Deed(tr("Duplicate"), lambda: self._duplicate(chat_id)),
            *self._files.deeds(chat_id),
            None,
            Deed(tr("Delete"), lambda: self.deleted.emit(chat_id), "Del"),
        )

    def _placing(self, chat_id: int) -> Deeds:
        """Where it stands in the list."""
        row = next((row for row in self._book.rows() if row.id == chat_id), None)
        if row is None:
            return ()
        pin = Deed(
            tr("Unpin") if row.pinned else tr("Pin"),
            lambda: self._book.arrange(chat_id, pinned=not row.pinned),
        )
        folders = [
            Deed(
                name, partial(self._book.arrange, chat_id, folder=name), checked=name == row.folder
            )
            for name in self._book.folders()
        ]
        none = Deed(tr("No folder"), lambda: self._book.arrange(chat_id, folder=""))
        new = Deed(tr("New folder…"), lambda: self._new_folder(chat_id))
        inside: Deeds = (*folders, *((None, none) if row.folder else ()), None, new)
        return (pin, Deed(tr("Move to folder"), deeds=tuple(inside if folders else (new,))))

    def _new_folder(self, chat_id: int = 0) -> None:
        """With this chat in it, or empty; its name is written where it stands."""
        there, name, n = self._book.folders(), tr(NEW_FOLDER), 1
        while name in there:
            n += 1
            name = f"{tr(NEW_FOLDER)} {n}"
        self._list.forget_folder(name)
        self._list.search.clear()
        if chat_id:
            self._book.arrange(chat_id, folder=name, pinned=False)
        else:
            self._book.make_folder(name)
        if self._list.is_put_away:
            self.list_toggled.emit()
        if self._list.isVisible():
            self._list.edit_folder(name)
        else:  # the window is too narrow for the list
            undo = partial(self._book.rename_folder, name, "")
            self.undoable.emit(tr("The folder “{name}” was made", name=name), undo)

    def _take_dropped(self, chat_id: int, folder: str, pinned: bool) -> None:
        if pinned:
            self._book.arrange(chat_id, pinned=True)
        else:
            self._book.arrange(chat_id, folder=folder, pinned=False)

    def of_folder(self, name: str) -> Deeds:
        """Nothing of it deletes a chat."""
        closed = name in self._list.closed_folders
        is_used = any(row.folder == name for row in self._book.rows())
        words = tr("Remove folder, keep its chats") if is_used else tr("Remove folder")
        return (
            Deed(tr("Open") if closed else tr("Close"), lambda: self._list.toggle_folder(name)),
            Deed(tr("Rename"), lambda: self._list.edit_folder(name), "F2"),
            None,
            Deed(words, lambda: self._remove_folder(name), "Del"),
        )

    def _remove_folder(self, name: str) -> None:
        inside = [row.id for row in self._book.rows() if row.folder == name]
        self._book.rename_folder(name, "")
        self._list.forget_folder(name)

        def undo() -> None:
            self._book.make_folder(name)
            for chat_id in inside:
                self._book.arrange(chat_id, folder=name)

        self.undoable.emit(tr("The folder “{name}” was removed", name=name), undo)

    def _show_for_folder(self, name: str, spot: QPoint) -> None:
        menu = round_menu(self._list)
        fill_menu(menu, self.of_folder(name))
        menu.popup(spot)

    def of_list(self) -> Deeds:
        """Of the list itself."""
        return (
            Deed(tr("New folder…"), self._new_folder),
            None,
            Deed(tr("Import chats…"), self._files.ask_for_file),
            Deed(tr("Deleted chats…"), self.trash_wanted.emit),
        )

    def _show_for_list(self, spot: QPoint) -> None:
        menu = round_menu(self._list)
        fill_menu(menu, self.of_list())
        menu.popup(spot)

    def of_shown(self) -> Deeds:
        """Of the chat that is shown, and of the view around it."""
        own, hidden = self.of_chat(), self._list.is_put_away
        return (
            *own,
            *((None,) if own else ()),
            Deed(tr("Compare two answers…"), self.compare_wanted.emit, "Ctrl+Shift+D"),
            Deed(tr("New temporary chat"), self.temporary_wanted.emit, "Ctrl+Shift+T"),
            Deed(tr("New window"), lambda: self.window_wanted.emit(None), "Ctrl+Shift+N"),
            None,
            Deed(tr("List of chats"), self.list_toggled.emit, "Ctrl+B", checked=not hidden),
            *self.of_list(),
        )

    def of_chat(self) -> Deeds:
        """Of the chat that is shown, once there is one."""
        record = self._chats.talk.record
        chat_id = record.id
        if record.temporary and record.tree.turns:
            return (Deed(tr("Keep this chat"), lambda: self._keep(record)),)
        if not chat_id:
            return ()
        return (
            Deed(tr("Rename"), self._header.rename, "F2"),
            *self._placing(chat_id),
            Deed(tr("Find in this chat"), self.find_wanted.emit, "Ctrl+F"),
            Deed(tr("Duplicate"), lambda: self._duplicate(chat_id)),
            *self._files.deeds(chat_id),
            Deed(tr("Delete"), lambda: self.deleted.emit(chat_id)),
        )

    def _keep(self, record: ChatRecord) -> None:
        """From now on it is a chat like the others."""
        record.temporary = False
        self._book.save(record)

    def _show_for_row(self, chat_id: int, spot: QPoint) -> None:
        menu = round_menu(self._list)
        fill_menu(menu, self.of(chat_id))
        menu.popup(spot)

    def _show_for_header(self) -> None:
        menu = round_menu(self._header)
        fill_menu(menu, self.of_shown())
        drop_down(menu, self._header.more, right=True)

    def _rename_shown(self, title: str) -> None:
        record = self._chats.talk.record
        if record.id:
            self._book.rename(record.id, title)

    def _duplicate(self, chat_id: int) -> None:
        self._book.fetch(chat_id, self._take_copy)

    def _take_copy(self, record: ChatRecord) -> None:
        copy = copy_of(record)
        self._book.save(copy)
        self.shown.emit(copy)
