"""What a chat is called: the model that has answered in it gives it a title, when it is idle.

It is asked in the same conversation, so that nothing is read twice, and stops at once when
somebody goes on. A title that a person gave is never changed.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.api import Chat, ChatSettings, GenerationParams, Message, SamplingParams
from engine.base.events import Finished
from gui.workers import Feed

ASKED = (
    "Write a title for this conversation, in its own language: at most six words, on one line, "
    "without quotation marks and without a full stop. Answer with the title alone."
)
MOST_TOKENS, MOST_LETTERS, MOST_WORDS = 32, 60, 10
_AROUND = " \t\"'“”„«»‘’`*#_-–—.:;。、「」『』"
_LABEL = re.compile(r"^(title|titel|titre|título|titolo)\s*[:：]\s*", re.IGNORECASE)  # noqa: RUF001


class Titling(QObject):
    """One title at a time."""

    titled = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._after: Callable[[], object] | None = None
        self._feed = Feed(self)
        self._feed.finished.connect(self._on_finished)
        self._feed.ended.connect(self._on_ended)

    @property
    def running(self) -> bool:
        return self._feed.running

    def begin(self, chat: Chat, messages: list[Message], settings: ChatSettings) -> None:
        """`messages`: all that was said."""
        asked = [*messages, Message("user", ASKED)]
        plain = replace(
            settings,
            sampling=SamplingParams(temperature=0.0),
            generation=GenerationParams(max_tokens=MOST_TOKENS, enable_thinking=False),
        )
        self._feed.follow(lambda listener: chat.reply(asked, plain, listener))

    def stop(self, then: Callable[[], object]) -> None:
        """`then` is called as soon as the chat is free."""
        if not self.running:
            then()
            return
        self._after = then
        self._feed.stop()

    def close(self) -> None:
        self._after = None
        self._feed.close()

    def _on_finished(self, event: Finished) -> None:
        title = title_in(event.text) if event.reason in ("eos", "stop", "length") else ""
        if title and self._after is None:
            self.titled.emit(title)

    def _on_ended(self) -> None:
        after, self._after = self._after, None
        if after is not None:
            after()


def title_in(answer: str) -> str:
    """The title in what a model has answered; "" where that is none."""
    line = next((line for line in answer.splitlines() if line.strip(_AROUND)), "")
    title = " ".join(_LABEL.sub("", line.strip(_AROUND)).strip(_AROUND).split())
    letters = sum(letter.isalnum() for letter in title)
    is_title = 2 <= letters >= len(title) // 2 and len(title) <= MOST_LETTERS
    return title if is_title and len(title.split()) <= MOST_WORDS else ""
