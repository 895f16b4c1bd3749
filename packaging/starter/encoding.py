"""A conversation as tokens, with what training wants to know of each of them."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from dialogues import Message, Writer
from tokenizers import Tokenizer
from tokens import END, END_OF_TEXT, START

# The first tokens of an answer decide its subject: that is the hard part, how it goes on is easy.
LEADING = (6.0, 4.0, 3.0, 2.0, 2.0, 2.0)
PLAIN = 0.5
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


class Encoder:
    """The tokens of the chat template, message by message."""

    def __init__(self, writer: Writer, tokenizer: Tokenizer) -> None:
        self.writer, self.tokenizer = writer, tokenizer
        self.gap: int = tokenizer.token_to_id(END_OF_TEXT)
        self._start, self._end = tokenizer.token_to_id(START), tokenizer.token_to_id(END)
        self._line = self._ids("\n")
        self._numbers = {name: i for i, name in enumerate(writer.subjects)}

    def row(self, messages: Sequence[Message], longest: int = sys.maxsize) -> Row:
        """The turns that fit; one whose answer does not is left out, with its question."""
        row = Row()
        for message in messages:
            if message.role == "user":
                row.turns.append(len(row))
            self._add(message, row)
            if message.role == "assistant" and len(row) >= longest:
                row.cut(row.turns[-1])
                break
        return row

    def _add(self, message: Message, row: Row) -> None:
        head = [self._start, *self._ids(f"{message.role}\n")]
        body = [*self._ids(message.content), self._end]
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
