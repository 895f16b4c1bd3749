"""The chats that a window has in hand: the one that is shown, those that still answer unseen."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.base.conversation import Turn
from engine.base.events import PromptProgress
from gui.chat.book import UNTITLED, WRITING, Book, ChatRecord
from gui.chat.conversation import Conversation
from gui.desk import Desk
from gui.language import tr


class Chats(QObject):
    """`talk` is the one that is shown; whoever shows it connects its signals, and `leave` parts it
    from all who did."""

    rested = Signal()  # the last answer that was being written here has ended

    def __init__(self, desk: Desk, book: Book, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._book = desk, book
        self._live: dict[int, Conversation] = {}  # not shown, still answering
        self._reading: dict[int, float] = {}  # how much of the prompt each of them has read
        self.talk = self.of(ChatRecord())
        self.reopening = 0  # the chat of the last run that is still being read

    def of(self, record: ChatRecord) -> Conversation:
        talk = Conversation(self._desk.engine, self._book, record)
        talk.gives_titles = self._desk.preferences.auto_titles
        return talk

    def has(self, chat_id: int) -> bool:
        return chat_id == self.talk.record.id or chat_id in self._live

    def unseen(self, chat_id: int) -> Conversation | None:
        """One that still answers, taken out to be shown."""
        return self._live.pop(chat_id, None)

    @property
    def n_writing(self) -> int:
        """How many answers are being written here, seen or not."""
        return sum(talk.busy for talk in (*self._live.values(), self.talk))

    def enter(self, talk: Conversation) -> None:
        """Show this one; the other was left before."""
        talk.shown, self.reopening = True, 0
        self._book.mark(talk.record.id, WRITING if talk.busy else "")
        self.talk = talk

    def leave(self) -> None:
        """Part from the chat that is shown; if it is answering, let it finish on its own."""
        talk = self.talk
        for signal in (
            talk.path_changed,
            talk.text,
            talk.prompt,
            talk.waking,
            talk.context,
            talk.settled,
            talk.busy_changed,
            talk.queue_changed,
        ):
            signal.disconnect()
        if not talk.busy:
            talk.close()
            talk.deleteLater()
            return
        talk.shown = False
        self._live[talk.record.id] = talk
        talk.settled.connect(lambda turn: None if talk.goes_on(turn) else self._retire(talk))
        talk.prompt.connect(partial(self._note_reading, talk.record.id))

    def _note_reading(self, chat_id: int, event: PromptProgress) -> None:
        self._reading[chat_id] = event.done / max(event.total, 1)

    def progress_of(self, chat_id: int) -> str:
        """How far an answer is that is being written unseen, in words; "": nothing is known."""
        live = self._live.get(chat_id)
        turn = live.running if live is not None else None
        if turn is None:
            return ""
        words = len(turn.text.split())
        if words:
            return tr("answering now, {n:,} {n:word|words}", n=words)
        if chat_id not in self._reading:
            return ""
        return tr("reading, {fraction:.0%}", fraction=self._reading[chat_id])

    def _retire(self, talk: Conversation) -> None:
        self._reading.pop(talk.record.id, None)
        if self._live.pop(talk.record.id, None) is not None:
            talk.close()
            talk.deleteLater()
            self.tell_rest()

    def tell_rest(self) -> None:
        if not self.n_writing:
            self.rested.emit()

    def stop(self, chat_id: int) -> None:
        """It is deleted."""
        live = self._live.pop(chat_id, None)
        if live is not None:
            live.close()
        if chat_id == self.talk.record.id:
            self.talk.stop()

    def close(self) -> None:
        """Stop every answer, keep its text."""
        for talk in (*self._live.values(), self.talk):
            talk.close()


def copy_of(record: ChatRecord) -> ChatRecord:
    """A chat of its own with everything that this one has."""
    title = tr("{title} (copy)", title=record.title or tr(UNTITLED))
    return replace(record.copied(), id=0, title=title, pinned=False, draft="", temporary=False)


def branch_of(record: ChatRecord, turn: Turn) -> ChatRecord:
    """A new chat that begins with this one's turns up to here."""
    return ChatRecord(
        title=tr("{title} (branch)", title=record.title or tr(UNTITLED)),
        model=record.model,
        model_path=record.model_path,
        system=record.system,
        sampling=record.sampling,
        generation=record.generation,
        tree=record.tree.upto(turn),
    )
