"""A conversation as tokens, with what training wants to know of each of them."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from dialogues import Message, Writer
from tokenizers import Tokenizer
from tokens import END, END_OF_TEXT, START

# The first tokens of an answer decide its subject: that is the hard part, how it goes on is easy.
LEADING = (6.0, 4.0, 3.0, 2.0, 2.0, 2.0)
PLAIN = 0.5
LOST = 0.1  # of the tokens of a question that is loosened
NONE = -1  # the subject of a token that begins no answer


@dataclass
class Row:
    """Equally long lists. A weight is how much it counts that its token is foretold; a subject
    stands at the first token of an answer."""

    tokens: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)  # where the questions begin
    answer: int = 0  # where the last answer begins

    def __len__(self) -> int:
        return len(self.tokens)

    def add(self, ids: Sequence[int], weights: Sequence[float]) -> None:
        self.tokens += ids
        self.weights += weights
        self.subjects += [NONE] * len(ids)

    def cut(self, length: int) -> None:
        del self.tokens[length:], self.weights[length:], self.subjects[length:]
        self.turns = [turn for turn in self.turns if turn < length]


Bend = Callable[[list[int], Random], list[int]]


def loosened(ids: list[int], rng: Random) -> list[int]:
    """In any order, some left out: then it is the words that say what is asked, not their places,
    and an order that was never seen does no harm."""
    kept = [each for each in ids if rng.random() >= LOST] or ids
    return rng.sample(kept, len(kept))


def _as_it_is(ids: list[int], rng: Random) -> list[int]:
    return ids


class Encoder:
    """The tokens of the chat template, message by message."""

    def __init__(self, writer: Writer, tokenizer: Tokenizer) -> None:
        self.writer, self.tokenizer = writer, tokenizer
        self.gap: int = tokenizer.token_to_id(END_OF_TEXT)
        self._start, self._end = tokenizer.token_to_id(START), tokenizer.token_to_id(END)
        self._line = self._ids("\n")
        self._numbers = {name: i for i, name in enumerate(writer.subjects)}

    def row(
        self, messages: Sequence[Message], rng: Random, loose: float, longest: int = sys.maxsize
    ) -> Row:
        """The turns that fit; one whose answer does not is left out, with its question. A share
        `loose` of the questions is loosened."""
        row = Row()
        for message in messages:
            if message.role == "user":
                row.turns.append(len(row))
            self._add(message, row, loosened if loose and rng.random() < loose else _as_it_is, rng)
            if message.role == "assistant" and len(row) >= longest:
                row.cut(row.turns[-1])
                break
        return row

    def _add(self, message: Message, row: Row, bent: Bend, rng: Random) -> None:
        head = [self._start, *self._ids(f"{message.role}\n")]
        body = self._ids(message.content)
        body = [*(bent(body, rng) if message.role == "user" else body), self._end]
        row.add(head, [0.0] * len(head))
        weights = [0.0] * len(body)
        if message.role == "assistant":
            row.answer = len(row)
            weights = [*LEADING, *[PLAIN] * len(body)][: len(body)]
        row.add(body, weights)
        row.add(self._line, [0.0] * len(self._line))
        if message.role == "assistant":
            row.subjects[row.answer] = self._numbers[message.subject]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids
