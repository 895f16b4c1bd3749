"""One chat that is open: keeps its tree and the engine's conversation in step.

The engine's chat holds the cache; it is kept as long as the model is.
"""

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from engine.api import Chat, Engine, Message, ModelInfo
from engine.base.errors import ChaskiError
from engine.base.events import Finished, PromptProgress, Statistics
from gui.chat.book import Book, ChatRecord
from gui.chat.turns import Turn
from gui.chat.words import statistics_line, title_of
from gui.workers import Feed, sentence


class Conversation(QObject):
    """Sends, stops, regenerates, edits; tells what changed. Knows no widgets."""

    path_changed = Signal()  # turns were added or another variant was chosen
    text = Signal(str, str)  # channel, new text of the running answer
    prompt = Signal(PromptProgress)
    context = Signal(int, int)  # used, size
    settled = Signal(object)  # Turn: the running answer is complete
    busy_changed = Signal(bool)

    def __init__(self, engine: Engine, book: Book, record: ChatRecord) -> None:
        super().__init__()
        self.record = record
        self._engine = engine
        self._book = book
        self._model: ModelInfo | None = None
        self._chat: Chat | None = None
        self._turn: Turn | None = None  # the answer being written
        self._thinking = QElapsedTimer()
        self.context_fill = (0, 0)
        self._feed = Feed(self)
        self._feed.text.connect(self._on_text)
        self._feed.prompt.connect(self.prompt)
        self._feed.statistics.connect(self._on_statistics)
        self._feed.finished.connect(self._on_finished)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        return self._turn is not None

    @property
    def running(self) -> Turn | None:
        return self._turn

    @property
    def model(self) -> ModelInfo | None:
        return self._model

    def use_model(self, model: ModelInfo | None) -> None:
        """From the next message on, this model answers."""
        if model == self._model or self.busy:
            return
        self._drop_chat()
        self._model = model
        if model is not None:
            self.record.model, self.record.model_path = model.name, str(model.path)
            self._set_fill(0, model.n_ctx)

    # What the user does

    def send(self, text: str) -> None:
        if self._model is None or self.busy:
            return
        self._ask(self.record.tree.add("user", text, self.record.tree.leaf))

    def again(self, answer: Turn) -> None:
        """Another answer to the same question; the old one stays as a variant."""
        if answer.parent is not None and not self.busy:
            self.record.tree.leaf = answer.parent
            self._ask(self.record.tree.turns[answer.parent])

    def edit(self, turn: Turn, text: str) -> None:
        """A question is asked again in its new words; an answer just gets another variant."""
        if self.busy:
            return
        new = self.record.tree.add(turn.role, text, turn.parent)
        if turn.role == "user":
            self._ask(new)
        else:
            self._save()
            self.path_changed.emit()

    def step(self, turn: Turn, step: int) -> None:
        """Go to the variant before or after this one."""
        variants = self.record.tree.variants(turn)
        place = variants.index(turn) + step
        if 0 <= place < len(variants) and not self.busy:
            self.record.tree.choose(variants[place])
            self._save()
            self.path_changed.emit()

    def stop(self) -> None:
        self._feed.stop()

    def close(self) -> None:
        """Stop at once; what was written is kept."""
        self._feed.close()
        if self._turn is not None:
            self._turn = None
            self._save()
        self._drop_chat()

    # Asking

    def _ask(self, question: Turn) -> None:
        if self._model is None or self.busy:
            return
        tree, record = self.record.tree, self.record
        if question.parent is None:
            record.title = title_of(question.text) if record.title == "New chat" else record.title
        messages = self._messages(question)
        self._turn = tree.add("assistant", "", question.id)
        self._thinking.invalidate()
        self._save()
        self.path_changed.emit()
        self.busy_changed.emit(True)
        try:
            self._start(messages)
        except ChaskiError as error:
            self._on_failed(sentence(error))
            self._on_ended()

    def _start(self, messages: list[Message]) -> None:
        """The engine's chat goes on from whatever it shares with these messages."""
        assert self._model is not None
        if self._chat is None:
            self._chat = self._engine.new_chat(self._model.id)
        chat = self._chat
        chat.messages = messages[:-1]
        chat.system = self.record.system
        chat.sampling = self.record.sampling or self._model.default_sampling
        chat.generation = self.record.generation
        self._feed.follow(lambda listener: chat.send(messages[-1].content, listener))

    def _messages(self, question: Turn) -> list[Message]:
        """The path as the engine wants it: answers that never began are left out, and questions
        that then stand next to each other become one."""
        found: list[Message] = []
        for turn in self.record.tree.path(question.id):
            if turn.role == "assistant" and not turn.text:
                continue
            if found and found[-1].role == turn.role:
                joined = f"{found[-1].content}\n\n{turn.text}"
                found[-1] = Message(turn.role, joined)
            else:
                found.append(Message(turn.role, turn.text, turn.thinking))
        return found

    def _drop_chat(self) -> None:
        if self._chat is not None:
            self._chat.close()
            self._chat = None

    # What the engine tells

    def _on_text(self, channel: str, text: str) -> None:
        turn = self._turn
        if turn is None:
            return
        if channel == "thinking":
            if not self._thinking.isValid():
                self._thinking.start()
            turn.thinking += text
        elif channel == "tool":
            return  # no part of the answer; told when it is finished
        else:
            self._note_thinking(turn)
            turn.text += text
        self.text.emit(channel, text)

    def _note_thinking(self, turn: Turn) -> None:
        if turn.thinking and not turn.thought_s and self._thinking.isValid():
            turn.thought_s = max(self._thinking.elapsed() / 1000, 0.05)

    def _on_statistics(self, event: Statistics) -> None:
        self._set_fill(event.context_used, event.context_size)

    def _on_finished(self, event: Finished) -> None:
        turn = self._turn
        if turn is None:
            return
        self._note_thinking(turn)
        turn.text = event.text or turn.text
        turn.statistics = statistics_line(event.timings) if event.timings.predicted_n else ""
        if event.reason == "context":
            turn.error = self._full(event.context_size)
        elif event.reason == "length":
            turn.error = "The reply reached the longest length set in Parameters."
        elif event.tool_calls:
            turn.error = "The model wanted to call a tool; this version runs none."
        if event.context_size:
            self._set_fill(event.context_used, event.context_size)

    def _full(self, size: int) -> str:
        words = f"The context of {size:,} tokens is full. Begin a new chat or shorten an earlier "
        if self._model is not None and size < self._model.n_ctx_train:
            return f"{words}message, or choose a larger context in Settings."
        return f"{words}message; this model can look back no further."

    def _on_failed(self, words: str) -> None:
        if self._turn is not None:
            self._turn.error = words

    def _on_ended(self) -> None:
        turn, self._turn = self._turn, None
        if turn is None:
            return
        self._save()
        self.settled.emit(turn)
        self.busy_changed.emit(False)

    def _save(self) -> None:
        if not self._book.is_deleted(self.record.id):
            self._book.save(self.record)

    def _set_fill(self, used: int, size: int) -> None:
        self.context_fill = (used, size)
        self.context.emit(used, size)
