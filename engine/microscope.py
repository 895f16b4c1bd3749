"""A look at one token of an answer: what else could have stood there, and which step of the
sampler took it out.

The model reads again up to there, in memory of its own, and gives the same numbers; the
conversation goes on untouched. Of replies that were written here, what was read, in which way
tokens were chosen and what the chain remembered is kept (`Written`), so that it is what the sampler
really saw. Of others, such as a chat of yesterday, it is what it would see now.
"""

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from engine.base.errors import UsageError
from engine.base.events import Event
from engine.base.looks import Alternative, AnswerPlace, TokenLook
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams
from engine.generate import Generation
from engine.shelf import shelf_of
from engine.text.detokenizer import Detokenizer

if TYPE_CHECKING:
    from engine.model import Model
    from engine.sampling.state import Memory

MOST_KEPT = 16  # replies of one conversation
ROWS = 8  # alternatives, and as many that have most chance in the end


@dataclass(frozen=True)
class Written:
    """What a reply read and wrote: `ids` of the prompt and of the answer, and of the last of them
    what the chain remembered when it chose them (None where tokens alone tell it)."""

    ids: Sequence[int]
    sampling: SamplingParams
    params: GenerationParams
    memories: Sequence["Memory | None"] = ()

    def memory(self, at: int) -> "Memory | None":
        """Of the choice of the token at this place."""
        known = at - (len(self.ids) - len(self.memories))
        return self.memories[known] if 0 <= known < len(self.memories) else None


@dataclass
class Kept:
    """The latest replies of a conversation, by the messages that they end."""

    _kept: deque[tuple[list[Message], Written]] = field(
        default_factory=lambda: deque(maxlen=MOST_KEPT)
    )

    def note(self, messages: Sequence[Message], prompt: Sequence[int], done: Generation) -> None:
        ids = array("i", [*prompt, *done.ids])
        written = Written(ids, done.sampler.params, done.params, tuple(done.memories))
        self._kept.append((list(messages), written))

    def of(self, messages: Sequence[Message]) -> Written | None:
        """The one that wrote the last of these."""
        wanted = list(messages)
        found = (written for known, written in reversed(self._kept) if known == wanted)
        return next(found, None)


def looking(
    model: "Model",
    written: Written,
    text: str,
    place: AnswerPlace,
    promised: Callable[[], int],
    *,
    exact: bool,
) -> Generator[Event | None, None, TokenLook]:
    """What the sampler saw there; `text` is the answer that `written` ends with. Tells how far the
    reading is. Raises UsageError, MemoryTooSmallError."""
    spans = _Spans(model, written.ids, text)
    n = spans.n_tokens
    number = spans.number_at(place.letter) if place.token is None else place.token
    if not 0 <= number < n:
        raise UsageError("the answer has no token {number}; it has {n}", number=number, n=n)
    at = spans.first + number
    ids = list(written.ids[:at])
    yield None
    tape = shelf_of(model).lend(ids, promised)
    try:
        generation = Generation(
            model, tape, written.sampling, replace(written.params, speculate=False)
        )
        yield from generation.read(ids)
        chosen = written.ids[at]
        rows = generation.trace(ROWS, [chosen], written.memory(at))
    finally:
        shelf_of(model).put_back(tape)
    begin, end = spans.letters_of(number)
    return TokenLook(
        number=number,
        n_tokens=n,
        begin=begin,
        end=end,
        chosen=chosen,
        alternatives=tuple(
            Alternative(
                row.token,
                model.token_text(row.token),
                row.probability,
                row.chance,
                row.cut_by,
                is_end=row.token in generation.end_ids,
            )
            for row in rows
        ),
        is_exact=exact,
    )


class _Spans:
    """Which letters of an answer each of its tokens wrote."""

    def __init__(self, model: "Model", ids: Sequence[int], text: str) -> None:
        detokenizer, self._ids = Detokenizer(model.tokenizer), ids
        self._piece = model.tokenizer.piece
        texts = [detokenizer.push(token) for token in ids]
        whole = "".join(texts) + detokenizer.flush()
        inner = text.strip()
        begin = whole.rfind(inner) if inner else -1
        if begin < 0:
            raise UsageError("the words of this answer are not found in what the model reads")
        self._lead = len(text) - len(text.lstrip())
        self._begin, self._length = begin, len(text)
        self._starts = [0, *accumulate(map(len, texts))]
        self.first = self._token_at(begin)
        self.n_tokens = bisect_right(self._starts, begin + len(inner) - 1) - self.first
        self.n_tokens = min(self.n_tokens, len(ids) - self.first)

    def number_at(self, letter: int) -> int:
        """The token that begins the letter."""
        inside = max(0, min(letter, self._length - 1) - self._lead)
        number = self._token_at(self._begin + inside) - self.first
        return max(0, min(number, self.n_tokens - 1))

    def _token_at(self, place: int) -> int:
        """A letter of several tokens is written by the last of them, and begun by the first."""
        token = min(bisect_right(self._starts, place) - 1, len(self._ids) - 1)
        while token and self._starts[token - 1] == self._starts[token] == place:
            if not self._piece(self._ids[token - 1]):
                break
            token -= 1
        return token

    def letters_of(self, number: int) -> tuple[int, int]:
        """From where to where in the answer; of a token amid a letter, that letter."""
        token = self.first + number
        last = token
        while self._starts[last + 1] == self._starts[token] and last + 2 < len(self._starts):
            last += 1
        shift = self._lead - self._begin
        begin, end = self._starts[token] + shift, self._starts[last + 1] + shift
        return max(0, begin), max(0, min(end, self._length))
