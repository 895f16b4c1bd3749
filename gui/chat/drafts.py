"""What was written and not sent: kept with its chat soon after it was typed, and there again."""

from PySide6.QtCore import QObject, QTimer

from gui.chat.book import Book
from gui.chat.chats import Chats
from gui.chat.composer import Composer

KEEP_MS = 400  # after the last letter


class Drafts(QObject):
    """Follows the box of one window; a chat takes its words along when another is shown."""

    def __init__(self, book: Book, chats: Chats, composer: Composer) -> None:
        super().__init__(composer)
        self._book, self._chats, self._edit = book, chats, composer.edit
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self.keep)
        self._edit.textChanged.connect(self._on_typed)
        book.changed.connect(self._on_book_changed)

    def keep(self) -> None:
        """What stands in the box belongs to the chat that is shown."""
        self._timer.stop()
        talk = self._chats.talk
        words = [*(asked.text for asked in talk.queue), self._text]
        self._book.keep_draft(talk.record, "\n\n".join(filter(None, words)))

    def leave(self) -> None:
        """Another chat is about to be shown. What waits to be asked in this one waits there."""
        self._timer.stop()
        self._book.keep_draft(self._chats.talk.record, self._text)
        record = self._chats.talk.record
        if not record.id and not record.temporary:
            self._book.new_draft = record.draft

    def show(self) -> None:
        """Of the chat that is shown now."""
        record = self._chats.talk.record
        if not record.id and not record.temporary and not record.draft:
            record.draft, self._book.new_draft = self._book.new_draft, ""
        if record.draft != self._text:
            self._edit.setPlainText(record.draft)
            self._edit.moveCursor(self._edit.textCursor().MoveOperation.End)
        self._timer.stop()

    @property
    def _text(self) -> str:
        text = self._edit.toPlainText()
        return text if text.strip() else ""

    def _on_typed(self) -> None:
        if self._text:
            self._timer.start()
        else:
            self.keep()  # sent: what was asked is no draft, even if the program is killed now

    def _on_book_changed(self) -> None:
        """The disk was read for the first time: what was written for a new chat is there."""
        record = self._chats.talk.record
        if self._book.new_draft and not record.id and not self._text and not record.draft:
            self.show()
