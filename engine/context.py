"""What takes the context of a conversation, and what is left out of it where it is full.

Cuts are made between exchanges and far enough that the next ones fit, too: what the cache has of
the beginning then serves several turns before the cut moves again.
"""

from codecs import getincrementaldecoder
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from engine.base.errors import ContextFullError
from engine.base.events import PromptPiece, Shares
from engine.base.models import Message
from engine.base.settings import WhenFull
from engine.base.turns import Slice

if TYPE_CHECKING:
    from engine.text.tokenizer import Tokenizer

Read = tuple[list[int], str]  # a prompt: its tokens and its text
Rendering = Generator[None, None, Read]
T = TypeVar("T")
PIECE = 20_000  # letters that are counted at once
MOST_KNOWN = 512  # texts whose tokens were counted


@dataclass(frozen=True)
class Cut:
    """Which messages are not read: those behind the first `kept`, up to `left_out`."""

    left_out: int = 0
    kept: int = 0

    def of(self, messages: Sequence[T]) -> list[T]:
        """Those that are read."""
        if not self.left_out:
            return list(messages)
        return [*messages[: self.kept], *messages[self.left_out :]]


@dataclass(frozen=True)
class Room:
    """The context: `most` tokens of it may be a prompt's, so that there is room for an answer."""

    size: int
    most: int


def room_of(size: int, max_tokens: int) -> Room:
    """A quarter is kept for the answer, or what it may have at most."""
    answer = size // 4 if max_tokens < 0 else min(size // 4, max_tokens)
    return Room(size, size - max(1, answer))


def fitting(
    build: Callable[[Cut], Rendering],
    begins: Sequence[int],
    when_full: WhenFull,
    room: Room,
    before: Cut,
    first: Generator[None, None, int],
) -> Generator[None, None, tuple[Read, Cut]]:
    """The prompt, without exchanges that do not fit where that is wanted; and what was cut.

    `begins`: where exchanges begin, but for the first; `before`: the cut of the last prompt, which
    stays for as long as the rest fits; `first`: tokens of what stands before all cuts, counted only
    where it must be known.
    """
    if when_full == "stop" or not begins:  # one exchange alone: what is too much is refused
        return (yield from build(Cut())), Cut()
    whole = yield from _within(room.most, build, Cut())
    if whole is not None:
        return whole, Cut()
    if when_full == "ends" and len(begins) > 1:
        held = yield from first
        if held < room.most:
            goal = (held + room.most) // 2
            found = yield from _searched(build, begins[1:], begins[0], goal, room, before)
            if found is not None:
                return found
    found = yield from _searched(build, begins, 0, room.size // 2, room, before)
    if found is not None:
        return found
    last = Cut(begins[-1])  # the last exchange alone
    return (yield from build(last)), last


def _searched(
    build: Callable[[Cut], Rendering],
    begins: Sequence[int],
    kept: int,
    goal: int,
    room: Room,
    before: Cut,
) -> Generator[None, None, tuple[Read, Cut] | None]:
    """With as little cut as makes it `goal` tokens; None: not even the last exchange fits."""
    if before.kept == kept and before.left_out in begins:
        found = yield from _within(room.most, build, before)
        if found is not None:
            return found, before
    low, high = 0, len(begins) - 1
    while low < high:
        middle = (low + high) // 2
        found = yield from _within(goal, build, Cut(begins[middle], kept))
        low, high = (low, middle) if found is not None else (middle + 1, high)
    cut = Cut(begins[low], kept)
    found = yield from _within(room.most, build, cut)
    return None if found is None else (found, cut)


def _within(
    most: int, build: Callable[[Cut], Rendering], cut: Cut
) -> Generator[None, None, Read | None]:
    """The prompt with this cut, if it has no more tokens than that."""
    try:
        found = yield from build(cut)
    except ContextFullError:
        return None
    return found if len(found[0]) <= most else None


class Counted:
    """How many tokens texts have for one model; each is counted once."""

    def __init__(self, tokenizer: "Tokenizer") -> None:
        self._tokenizer = tokenizer
        self._known: dict[tuple[int, int], int] = {}

    def counting(self, texts: Iterable[str]) -> Generator[None, None, int]:
        """Of all together, in steps. Long texts are cut at ends of lines, which may cost a token
        or two."""
        total, turn = 0, Slice()
        for text in texts:
            key = (len(text), hash(text))
            if key not in self._known:
                n = 0
                for piece in _pieces(text):
                    n += len(self._tokenizer.encode(piece, add_special=False))
                    yield from turn.over()
                while len(self._known) >= MOST_KNOWN:
                    del self._known[next(iter(self._known))]
                self._known[key] = n
            total += self._known[key]
        return total

    def shares(
        self, system: str, messages: Sequence[Message], used: int
    ) -> Generator[None, None, Shares]:
        """What takes the `used` tokens of a prompt. What a template writes between the messages
        counts as theirs."""
        instructed = yield from self.counting([system] if system else [])
        attached = yield from self.counting(
            each.told for message in messages for each in message.attachments
        )
        instructed = min(instructed, used)
        attached = min(attached, used - instructed)
        return Shares(instructed, attached, used - instructed - attached)


def prompt_pieces(
    tokenizer: "Tokenizer", ids: Sequence[int]
) -> Generator[None, None, tuple[PromptPiece, ...]]:
    """Tokens as the text they stand for; those that are parts of one character stand together."""
    found: list[PromptPiece] = []
    decoder, held, turn = getincrementaldecoder("utf-8")("replace"), list[int](), Slice()
    for token in ids:
        special = tokenizer.is_control(token)
        if special and held:  # what was begun is not completed any more
            found.append(PromptPiece(decoder.decode(b"", True), tuple(held)))
            held.clear()
            decoder.reset()
        if special:
            found.append(PromptPiece(tokenizer.text_of(token), (token,), True))
            continue
        held.append(token)
        text = decoder.decode(tokenizer.piece(token))
        if text:
            found.append(PromptPiece(text, tuple(held)))
            held.clear()
        yield from turn.over()
    if held:
        found.append(PromptPiece(decoder.decode(b"", True), tuple(held)))
    return tuple(found)


def _pieces(text: str) -> Iterable[str]:
    start = 0
    while start < len(text):
        end = start + PIECE
        line = text.rfind("\n", start + 1, end) if end < len(text) else -1
        end = line if line > 0 else end
        yield text[start:end]
        start = end
