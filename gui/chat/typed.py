"""How many tokens the text in the composer's box would take: guessed at each key, counted by the
model in a pause."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from gui.chat.chats import Chats
from gui.chat.composer import Composer
from gui.workers import Feed

PAUSE_MS = 400
LETTERS_A_TOKEN = 4.0  # until a model has counted


class Typed(QObject):
    """Of the chat that is shown."""

    changed = Signal()

    def __init__(self, chats: Chats, composer: Composer) -> None:
        super().__init__(composer)
        self.tokens = 0
        self._chats, self._edit = chats, composer.edit
        self._letters = LETTERS_A_TOKEN  # a token, as they were counted last
        self._asked = ""  # what is being counted
        self._meter = Feed(self)
        self._meter.done.connect(self._on_counted)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._count)
        self._edit.textChanged.connect(self._guess)

    def _guess(self) -> None:
        """As the last count would have it, so that the next one changes little."""
        n = len(self._edit.toPlainText().strip())
        self._set(max(1, round(n / self._letters)) if n else 0)
        if n:
            self._pause.start()
        else:
            self._pause.stop()

    def _count(self) -> None:
        """While the model writes the guess stands: counting would wait behind it."""
        talk, text = self._chats.talk, self._edit.toPlainText().strip()
        if text and talk.model is not None and not talk.busy:
            self._asked = text
            self._meter.follow(partial(talk.count, [text]))

    def _on_counted(self, found: object) -> None:
        if not isinstance(found, tuple) or not found or not self._asked:
            return
        n = int(found[0])
        self._letters = len(self._asked) / max(1, n)
        if self._edit.toPlainText().strip() == self._asked:
            self._set(n)

    def _set(self, n: int) -> None:
        if n != self.tokens:
            self.tokens = n
            self.changed.emit()

    def close(self) -> None:
        self._pause.stop()
        self._meter.close()
