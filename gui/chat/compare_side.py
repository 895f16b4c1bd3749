"""One side of a comparison: a model, how it chooses its words, and what it has answered."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from engine.api import Chat, ChatSettings, Engine, ModelInfo, SamplingParams, Ticket
from engine.base.conversation import Turn, told
from engine.base.errors import ChaskiError, UsageError
from engine.base.events import Finished, Listener, PromptProgress
from engine.base.looks import AnswerPlace
from gui.chat.words import statistics_line
from gui.workers import Feed, sentence

STOPS = ("cancelled", "length", "context")


class Side(QObject):
    """Asks one model; knows no widgets. What it has written can be looked at (`Looking`)."""

    text = Signal(str, str)  # channel, new text
    prompt = Signal(PromptProgress)
    read = Signal()  # the prompt is read: who begins with the same need not read it again
    begun = Signal()  # `turn` is being written
    ended = Signal()

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self.path, self.name, self.kind = "", "", ""  # of its model, with its tensor type
        self.sampling: SamplingParams | None = None  # None: the model's own
        self.preset = ""  # the name of these values, where they have one
        self.system: str | None = None  # None: the chat's
        self.system_name = ""  # that of this system prompt
        self.turn = Turn(0, "assistant", "")
        self._chat: Chat | None = None
        self._model: ModelInfo | None = None  # that wrote
        self._path: list[Turn] = []  # what it answers
        self._settings = ChatSettings()
        self._is_read = False
        self._clock = QElapsedTimer()
        self._feed = Feed(self)
        self._feed.text.connect(self._on_text)
        self._feed.prompt.connect(self._on_prompt)
        self._feed.finished.connect(self._on_finished)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        return self._feed.running

    def ask(self, model: ModelInfo, path: Sequence[Turn], settings: ChatSettings) -> None:
        """Answer what these turns say, from the beginning."""
        self.drop()
        self._model, self._path = model, list(path)
        sampling = self.sampling or model.default_sampling
        system = settings.system if self.system is None else self.system
        self._settings = replace(settings, system=system, sampling=sampling)
        self._write(Turn(0, "assistant", "", model=model.name))

    def _write(self, turn: Turn) -> None:
        """Let the model write into this turn, or go on with it."""
        self.turn, self._is_read = turn, False
        turn.sampling, turn.complete = self._settings.sampling, False
        self.begun.emit()
        try:
            chat, messages = self._ready_chat(), told([*self._path, turn]).messages
            self._feed.follow(lambda listener: chat.reply(messages, self._settings, listener))
        except ChaskiError as error:
            self._on_failed(sentence(error))
            self._on_ended()

    def _ready_chat(self) -> Chat:
        """The engine's. Raises ChaskiError where its model is closed."""
        if self._chat is None:
            if self._model is None:
                raise UsageError("nothing was asked on this side yet")
            self._chat = self._engine.new_chat(self._model.id)
        return self._chat

    # Looking at its tokens

    def when_ready(self, act: Callable[[], object]) -> None:
        if not self.busy:
            act()

    def look(self, turn: Turn, place: AnswerPlace, listener: Listener) -> Ticket:
        """What else could have stood there: see Chat.look. Raises ChaskiError."""
        messages = told([*self._path, turn]).messages
        return self._ready_chat().look(messages, place, self._settings, listener)

    def take(self, turn: Turn, text: str, *, ends: bool) -> None:
        """The answer begins so, and the model goes on with it unless it `ends` there."""
        new = Turn(0, "assistant", text.rstrip(), model=turn.model)
        new.thinking, new.thought_s = turn.thinking, turn.thought_s
        if not ends:
            self._write(new)
            return
        self.turn, new.sampling, new.complete = new, turn.sampling, True
        self.begun.emit()
        self.ended.emit()

    def stop(self) -> None:
        self._feed.stop()

    def drop(self) -> None:
        """Give its memory back; what was written stays."""
        self._feed.close()
        if self._chat is not None:
            self._chat.close()
            self._chat = None

    def _on_text(self, channel: str, text: str) -> None:
        self._tell_read()
        if channel == "thinking":
            if not self._clock.isValid():
                self._clock.start()
            self.turn.thinking += text
        elif channel == "tool":
            return
        else:
            if self.turn.thinking and not self.turn.thought_s and self._clock.isValid():
                self.turn.thought_s = max(self._clock.elapsed() / 1000, 0.05)
            self.turn.text += text
        self.text.emit(channel, text)

    def _on_prompt(self, event: PromptProgress) -> None:
        if event.done == event.total:
            self._tell_read()
        self.prompt.emit(event)

    def _tell_read(self) -> None:
        if not self._is_read:
            self._is_read = True
            self.read.emit()

    def _on_finished(self, event: Finished) -> None:
        turn = self.turn
        turn.text = event.text or turn.text
        turn.complete = event.reason in ("eos", "stop")
        turn.ending = event.reason if event.reason in STOPS else ""  # type: ignore[assignment]
        turn.statistics = statistics_line(event.timings) if event.timings.predicted_n else ""

    def _on_failed(self, words: str) -> None:
        self.turn.ending, self.turn.error = "failed", words

    def _on_ended(self) -> None:
        self._clock.invalidate()
        self._tell_read()
        self.ended.emit()
