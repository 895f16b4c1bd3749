"""A conversation as tokens, with what training wants to know of each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from dialogues import Message, Writer
from tokenizers import Tokenizer
from tokens import END, END_OF_TEXT, START

# The first tokens of an answer decide its subject: that is the hard part, how it goes on is easy.
LEADING = (6.0, 4.0, 3.0, 2.0, 2.0, 2.0)
PLAIN = 0.5
SHORT, KEPT = 0.75, (6, 24)  # answers of a brief row that are cut, and tokens left of such a one
STRAYING = 0.4  # of the loosened questions have tokens of another one
LOST = 0.12  # of the tokens of a question that is loosened
NONE = -1  # the subject of a token that begins no answer, or one about nothing


@dataclass
class Row:
    """Equally long lists. A weight is how much it counts that its token is foretold. At the first
    token of an answer stands its subject, and whether it is more about it (1) or not (0)."""

    tokens: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    more: list[int] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)  # where the questions begin
    answer: int = 0  # where the last answer begins

    def __len__(self) -> int:
        return len(self.tokens)

    def add(self, ids: Sequence[int], weights: Sequence[float]) -> None:
        self.tokens += ids
        self.weights += weights
        self.subjects += [NONE] * len(ids)
        self.more += [NONE] * len(ids)

    def shorten(self, most: int) -> None:
        """Leaves out the last turns, down to `most` tokens; the first one always stays."""
        while len(self) > most and len(self.turns) > 1:
            self.cut(self.turns[-1])

    def cut(self, length: int) -> None:
        for each in (self.tokens, self.weights, self.subjects, self.more):
            del each[length:]
        self.turns = [turn for turn in self.turns if turn < length]


def loosened(ids: list[int], rng: Random) -> list[int]:
    """In any order, some left out: then it is the words that say what is asked, not their places,
    and an order that was never seen does no harm."""
    kept = [each for each in ids if rng.random() >= LOST] or ids
    return rng.sample(kept, len(kept))


class Encoder:
    """The tokens of the chat template, message by message."""

    def __init__(self, writer: Writer, tokenizer: Tokenizer) -> None:
        self.writer, self.tokenizer = writer, tokenizer
        self.gap: int = tokenizer.token_to_id(END_OF_TEXT)
        self._start, self._end = tokenizer.token_to_id(START), tokenizer.token_to_id(END)
        self._line = self._ids("\n")
        self._numbers = {name: i for i, name in enumerate(writer.subjects)}

    def row(
        self, messages: Sequence[Message], rng: Random, loose: float, *, brief: bool = False
    ) -> Row:
        """Of a share `loose` the questions are loosened. In a brief row most answers
        before the last are cut."""
        row = Row()
        for at, message in enumerate(messages):
            if message.role == "assistant":
                cut = brief and message is not messages[-1] and rng.random() < SHORT
                self._answer(message, row, cut, rng)
                continue
            body = self._ids(message.content)
            if message.role == "user":
                row.turns.append(len(row))
                if rng.random() < loose:
                    body = loosened(body + self._strays(messages[at + 1], len(body), rng), rng)
            self._add(message.role, [*body, self._end], [0.0] * (len(body) + 1), row)
        return row

    def _strays(self, answer: Message, length: int, rng: Random) -> list[int]:
        """Some tokens of a question about something else: a word that stands in one pattern alone
        proves nothing."""
        if rng.random() >= STRAYING or not answer.subject:
            return []
        grammar = self.writer.grammars[answer.subject.split()[0]]
        other = self._ids(grammar.sample(rng, rng.choice([*grammar.topics])))
        return rng.sample(other, min(len(other), rng.randrange(length // 4 + 1)))

    def _answer(self, message: Message, row: Row, cut: bool, rng: Random) -> None:
        body = self._ids(message.content)
        end = PLAIN
        if cut:  # that it ends there is not to be learned
            body, end = body[: rng.randrange(*KEPT)], 0.0
        weights = [*LEADING, *[PLAIN] * len(body)][: len(body)]
        row.answer = self._add("assistant", [*body, self._end], [*weights, end], row)
        row.subjects[row.answer] = self._numbers.get(message.subject, NONE)
        row.more[row.answer] = int(message.more)

    def _add(self, role: str, body: list[int], weights: list[float], row: Row) -> int:
        """Returns where the body begins."""
        head = [self._start, *self._ids(f"{role}\n")]
        row.add(head, [0.0] * len(head))
        begun = len(row)
        row.add(body, weights)
        row.add(self._line, [0.0] * len(self._line))
        return begun

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids
