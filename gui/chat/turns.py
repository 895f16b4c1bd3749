"""A conversation as a tree: every edit and every new answer is a variant, none is lost.

Plain data, no Qt: what the transcript shows, the chat store keeps, and the engine is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Literal

from engine.api import Message

Role = Literal["user", "assistant"]
# How an answer ended that its model did not end: stopped by the user, at the user's own limit, at
# the end of the context, because the conversation does not fit, because this exchange alone does
# not, by an error; "": not known.
Ending = Literal["", "cancelled", "length", "context", "full", "alone", "failed"]


@dataclass
class Turn:
    """One message. `parent` is the turn it answers; turns with the same parent are variants.

    `complete` is False for an answer that its model did not end: it still grows, was stopped, met
    a limit or an error, or its program was killed.
    """

    id: int
    role: Role
    text: str
    parent: int | None = None
    thinking: str = ""
    thought_s: float = 0.0
    statistics: str = ""
    error: str = ""
    complete: bool = True
    ending: Ending = ""
    left_out: int = 0  # turns at the path's begin that were not read for this answer

    def become(self, newer: "Turn") -> None:
        """Another program went on with it: the same turn, with what it has now."""
        for each in fields(self):
            setattr(self, each.name, getattr(newer, each.name))


@dataclass
class Tree:
    """All turns of a chat and the one at whose end the user stands."""

    turns: dict[int, Turn] = field(default_factory=dict)
    leaf: int | None = None
    next_id: int = 1

    def add(self, role: Role, text: str, parent: int | None) -> Turn:
        turn = Turn(self.next_id, role, text, parent)
        self.next_id += 1
        self.turns[turn.id] = turn
        self.leaf = turn.id
        return turn

    def put(self, turn: Turn) -> None:
        """A turn that comes from the store with its own number."""
        self.turns[turn.id] = turn
        self.next_id = max(self.next_id, turn.id + 1)

    def path(self, end: int | None = None) -> list[Turn]:
        """From the first turn to the leaf (or to `end`)."""
        found: list[Turn] = []
        at = self.leaf if end is None else end
        while at is not None:
            found.append(self.turns[at])
            at = self.turns[at].parent
        return found[::-1]

    def variants(self, turn: Turn) -> list[Turn]:
        return [t for t in self.turns.values() if t.parent == turn.parent and t.role == turn.role]

    def choose(self, turn: Turn) -> None:
        """Stand at the newest end below this variant."""
        below = {turn.id}
        for other in sorted(self.turns):  # a parent is always older than its children
            if self.turns[other].parent in below:
                below.add(other)
        self.leaf = max(below)


@dataclass(frozen=True)
class Told:
    """What the engine is told of a path of turns. `begins[i]`: how many of its turns stand before
    message i."""

    messages: list[Message]
    begins: list[int]


def told(path: Sequence[Turn]) -> Told:
    """Answers that never began are left out, and questions that then stand next to each other
    become one."""
    messages: list[Message] = []
    begins: list[int] = []
    for i, turn in enumerate(path):
        unwritten = not turn.text and not (turn.thinking and i == len(path) - 1)
        if turn.role == "assistant" and unwritten:
            continue
        if messages and messages[-1].role == turn.role:
            joined = f"{messages[-1].content}\n\n{turn.text}"
            messages[-1] = Message(turn.role, joined)
        else:
            messages.append(Message(turn.role, turn.text, turn.thinking))
            begins.append(i)
    return Told(messages, begins)
