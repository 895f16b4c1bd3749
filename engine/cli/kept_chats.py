"""Chats that a conversation in the terminal is kept as and loaded from: those of the window."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.api import Engine
from engine.base.catalogue import Words
from engine.base.conversation import ChatRecord
from engine.base.errors import UsageError
from engine.base.words import quoted
from engine.cli.speaking import told

if TYPE_CHECKING:
    from engine.library.chats_keeping import ChatKeeper
    from engine.library.chats_records import ChatHead

LATEST = 12  # that are listed
DIGITS = 4  # of a number in that list, and more
LETTERS = 44  # of a title that nobody gave


class KeptChats:
    """The store of the user's chats, opened with the first word about it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._keeper: ChatKeeper | None = None

    def _hand(self) -> "ChatKeeper":
        if self._keeper is None:
            self._keeper = self._engine.chats.keeper()
        return self._keeper

    def latest(self) -> "Sequence[ChatHead]":
        return self._engine.chats.list(LATEST)

    def write(self, record: ChatRecord) -> None:
        """What is new of it. Where a window has gone on with it meanwhile, ours stands beside."""
        keeper = self._hand()
        if not record.id:
            record.id = self._engine.chats.create(record.title).id
            keeper.learn(ChatRecord(record.id, record.title))
        shift = keeper.write(record.copied())
        if shift is not None:
            record.tree.shift(shift)
            keeper.settle(record.id)

    def read(self, words: str) -> ChatRecord:
        """By its number in the list of the latest, or by words of its title or of what was said.
        Raises UsageError."""
        return self._hand().read(self._number_of(words))

    def _number_of(self, words: str) -> int:
        chats = self._engine.chats
        if words.isdecimal() and len(words) < DIGITS and 0 < int(words) <= LATEST:
            latest = self.latest()
            if int(words) <= len(latest):
                return latest[int(words) - 1].id
        called = [head.id for head in chats.list() if words.casefold() in head.title.casefold()]
        found = called or [hit.chat for hit in chats.search(words, 1)]
        if not found:
            raise UsageError(
                "no chat has the words {words}; /load alone lists the latest", words=quoted(words)
            )
        return found[0]


def title_of(text: str) -> str:
    """The beginning of what was asked, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= LETTERS:
        return line or told(Words("New chat"))
    cut = line[:LETTERS].rsplit(" ", 1)[0]
    return (cut if len(cut) > LETTERS // 2 else line[:LETTERS]) + "…"
