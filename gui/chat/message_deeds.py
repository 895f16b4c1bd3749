"""What is done with single messages of the chat that is shown: quoted, deleted, asked later."""

from PySide6.QtCore import QObject, Signal

from engine.base.conversation import Turn
from gui.chat.attaching import Attaching
from gui.chat.chats import Chats
from gui.chat.composer import Composer
from gui.chat.conversation import Conversation, Queued
from gui.chat.drafts import Drafts
from gui.chat.message_menu import quoted
from gui.chat.transcript import Transcript
from gui.language import tr


class MessageDeeds(QObject):
    """Between the transcript, the box and the conversation."""

    undoable = Signal(str, object)  # words, what undoes it

    def __init__(
        self,
        chats: Chats,
        transcript: Transcript,
        composer: Composer,
        attaching: Attaching,
        drafts: Drafts,
    ) -> None:
        super().__init__(transcript)
        self._chats, self._transcript, self._composer = chats, transcript, composer
        self._attaching, self._drafts = attaching, drafts
        transcript.quoted.connect(lambda words: composer.quote(quoted(words)))
        transcript.removed.connect(self._delete)
        transcript.unqueued.connect(lambda asked: chats.talk.unqueue(asked))
        transcript.queue_edited.connect(self._edit_queued)
        transcript.queue_sent.connect(lambda asked: chats.talk.send_queued(asked))
        composer.queued.connect(self._enqueue)

    def attach(self, talk: Conversation) -> None:
        """This one is shown now."""
        talk.queue_changed.connect(self._on_queue)
        self._transcript.show_queue(talk.queue)

    def _on_queue(self) -> None:
        self._transcript.show_queue(self._chats.talk.queue)
        self._drafts.keep()

    def _enqueue(self, text: str) -> None:
        self._chats.talk.enqueue(text, self._attaching.take())
        self._transcript.follow()

    def _edit_queued(self, asked: Queued) -> None:
        """Back into the box, before what is written there."""
        self._chats.talk.unqueue(asked)
        text = self._composer.edit.toPlainText()
        self._composer.edit.setPlainText(f"{asked.text}\n\n{text}" if text.strip() else asked.text)
        self._composer.edit.moveCursor(self._composer.edit.textCursor().MoveOperation.End)
        self._attaching.give_back(asked.attached)
        self._composer.take_focus()

    def _delete(self, turn: Turn) -> None:
        talk = self._chats.talk
        if talk.busy:
            return
        words = tr(
            "The question and its answer were deleted"
            if turn.role == "user"
            else "The answer was deleted"
        )
        self.undoable.emit(words, talk.delete(turn))
