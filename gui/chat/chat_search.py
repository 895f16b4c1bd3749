"""Searching in chats: which the list shows, and where in the one that is opened the words stand."""

from PySide6.QtCore import QObject, Signal

from gui.chat.book import Book, Hit
from gui.chat.chat_list import ChatList
from gui.chat.chats import Chats
from gui.chat.transcript import Transcript
from gui.chat.words import around
from gui.prose.places import holds


class ChatSearch(QObject):
    """Of the words that stand in the list's field; "": all chats are listed."""

    changed = Signal()  # the list is to be shown anew

    def __init__(self, book: Book, chats: Chats, listed: ChatList, transcript: Transcript) -> None:
        super().__init__(listed)
        self._book, self._chats = book, chats
        self._list, self._transcript = listed, transcript
        self._found: dict[int, Hit] | None = None  # what the search found, by chat
        self._searched = ""  # its words
        self._aim = 0  # the chat that is shown at what was found in it
        listed.searched.connect(self._search)
        listed.stepped.connect(self._step)
        book.found.connect(self._on_found)

    def show_list(self) -> None:
        """All chats, or those that were found, with what was."""
        rows = self._book.rows()
        found: dict[int, tuple[str, str, str]] = {}
        if self._found is not None:
            rows = [row for row in rows if row.id in self._found]
            found = {i: around(hit.text, self._searched) for i, hit in self._found.items()}
        folders = self._book.folders() if self._found is None else ()
        shown = self._chats.talk.record.id or None
        self._list.show_rows(rows, shown, self._book.marks, found, folders)

    def aim_at(self, chat_id: int) -> None:
        """This one was chosen in the list; `show_hit` follows, once or when it is read."""
        self._aim = chat_id

    def show_hit(self) -> None:
        """Where the words stand that this chat was found by."""
        talk = self._chats.talk
        record = talk.record
        hit = (self._found or {}).get(record.id)
        if record.id != self._aim:
            return
        self._aim = 0
        turn = record.tree.turns.get(hit.turn or 0) if hit is not None else None
        if turn is None:
            return
        talk.stand_at(turn)
        if turn in record.tree.path():
            self._transcript.show_found(turn, self._searched)

    def _step(self, step: int) -> None:
        """The next place in this chat that has the words, round and round; the last one first."""
        words, path = self._list.search.text(), self._chats.talk.record.tree.path()
        hits = [turn for turn in path if words.strip() and holds(turn.text, words)]
        if not hits:
            return
        before = self._transcript.found_turn
        at = hits.index(before) + step if before in hits else -1
        self._transcript.show_found(hits[at % len(hits)], words)

    def _search(self, words: str) -> None:
        self._found = None
        if words.strip():
            self._book.search(words)
        else:
            self._transcript.unmark()
            self.changed.emit()

    def _on_found(self, words: str, hits: dict[int, Hit]) -> None:
        if words == self._list.search.text():
            self._found, self._searched = hits, words
            self.changed.emit()
