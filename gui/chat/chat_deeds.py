"""What can be done with chats by menu: of a row of the list, and of the chat that is shown."""

from PySide6.QtCore import QObject, QPoint, Signal

from gui.chat.book import Book, ChatRecord
from gui.chat.chat_header import ChatHeader
from gui.chat.chat_list import ChatList
from gui.chat.chat_menu import Deed, Deeds, fill_menu
from gui.chat.chats import Chats, copy_of
from gui.widgets.menus import drop_down, round_menu


class ChatDeeds(QObject):
    """Makes the menus; what only the view can do is told."""

    deleted = Signal(int)
    shown = Signal(object)  # ChatRecord: it was made just now
    window_wanted = Signal(object)
    list_toggled = Signal()

    def __init__(self, book: Book, chats: Chats, listed: ChatList, header: ChatHeader) -> None:
        super().__init__(listed)
        self._book, self._chats = book, chats
        self._list, self._header = listed, header
        listed.menu_wanted.connect(self._show_for_row)
        header.menu_wanted.connect(self._show_for_header)
        header.renamed.connect(self._rename_shown)

    def of(self, chat_id: int) -> Deeds:
        """Of a chat in the list."""
        return (
            Deed("Rename", lambda: self._list.rename(chat_id), "F2"),
            Deed("Duplicate", lambda: self._duplicate(chat_id)),
            None,
            Deed("Delete", lambda: self.deleted.emit(chat_id), "Del"),
        )

    def of_chat(self) -> Deeds:
        """Of the chat that is shown, once there is one."""
        chat_id = self._chats.talk.record.id
        if not chat_id:
            return ()
        return (
            Deed("Rename", self._header.rename, "F2"),
            Deed("Duplicate", lambda: self._duplicate(chat_id)),
            Deed("Delete", lambda: self.deleted.emit(chat_id)),
        )

    def of_shown(self) -> Deeds:
        """Of the chat that is shown, and of the view around it."""
        own, hidden = self.of_chat(), self._list.is_put_away
        return (
            *own,
            *((None,) if own else ()),
            Deed("New window", lambda: self.window_wanted.emit(None), "Ctrl+Shift+N"),
            Deed("List of chats", self.list_toggled.emit, "Ctrl+B", checked=not hidden),
        )

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
