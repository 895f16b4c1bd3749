"""A conversation as a tree of turns: every edit and every new answer is a variant, none is lost.

Plain data and the only tree of it: the window shows it, the store keeps it, the terminal and the
server go on with it, and a model is told its path. Numbers of turns count within their chat.
Standard library only.
"""

import copy
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from engine.base.attachments import Attachment
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams

Speaker = Literal["user", "assistant"]
# How an answer ended that its model did not end: stopped by the user, at the user's own limit, at
# the end of the context, because the conversation does not fit, because this exchange alone does
# not, by an error; "": not known.
Ending = Literal["", "cancelled", "length", "context", "full", "alone", "failed"]


@dataclass
class Turn:
    """One message. `parent` is the turn it answers; turns with the same parent are variants.

    `complete` is False for an answer that its model did not end: it still grows, was stopped, met
    a limit or an error, or its program was killed. `extra` is what other versions keep with it.
    """

    id: int
    role: Speaker
    text: str
    parent: int | None = None
    thinking: str = ""
    thought_s: float = 0.0
    statistics: str = ""
    error: str = ""
    complete: bool = True
    ending: Ending = ""
    left_out: int = 0  # turns at the path's begin that were not read for this answer
    attachments: tuple[Attachment, ...] = ()
    model: str = ""  # the name of the one that wrote it
    sampling: SamplingParams | None = None  # how its words were chosen, where that is known
    created: float = 0.0  # seconds since 1970
    deleted: bool = False  # it is on no path, and can be brought back
    extra: Mapping[str, Any] = field(default_factory=dict)

    def become(self, newer: "Turn") -> None:
        """Another program went on with it: the same turn, with what it has now."""
        for each in fields(self):
            setattr(self, each.name, getattr(newer, each.name))


KEPT = "kept"  # in a turn's extra: how many of the first turns were read although others were not


def kept_of(turn: Turn) -> int:
    """How many of the first turns were read for this answer although what follows them was not."""
    kept = turn.extra.get(KEPT)
    return kept if type(kept) is int and 0 < kept < turn.left_out else 0


@dataclass(frozen=True)
class Shift:
    """Another program has used numbers of ours, too: ours from `first` on, but those that lie in
    the `kept`, count on by so many."""

    first: int
    by: int
    kept: frozenset[int]

    def number(self, old: int) -> int:
        return old + self.by if old >= self.first and old not in self.kept else old

    def moved(self, turn: Turn) -> Turn:
        """The same turn; those that follow it move with it, so parents stay the older ones."""
        new = self.number(turn.id)
        if new != turn.id:
            turn.id = new
            turn.parent = None if turn.parent is None else self.number(turn.parent)
        return turn


@dataclass
class Tree:
    """All turns of a chat and the one at whose end the user stands."""

    turns: dict[int, Turn] = field(default_factory=dict)
    leaf: int | None = None
    next_id: int = 1

    def add(self, role: Speaker, text: str, parent: int | None) -> Turn:
        turn = Turn(self.next_id, role, text, parent, created=time.time())
        self.put(turn)
        self.leaf = turn.id
        return turn

    def put(self, turn: Turn) -> None:
        """A turn that has its number already."""
        self.turns[turn.id] = turn
        self.next_id = max(self.next_id, turn.id + 1)

    def path(self, end: int | None = None) -> list[Turn]:
        """From the first turn to the leaf (or to `end`), without those that were deleted. A parent
        is always older than what follows it, so a ring of a damaged file comes to an end."""
        found: list[Turn] = []
        at = self.leaf if end is None else end
        while at is not None and at in self.turns:
            turn = self.turns[at]
            if not turn.deleted:
                found.append(turn)
            at = turn.parent if turn.parent is None or turn.parent < at else None
        return found[::-1]

    def variants(self, turn: Turn) -> list[Turn]:
        """The turn and those beside it that were not deleted, oldest first."""
        beside = [
            other
            for other in self.turns.values()
            if other.parent == turn.parent
            and other.role == turn.role
            and (other is turn or not other.deleted)
        ]
        return sorted(beside, key=lambda turn: turn.id)

    def delete(self, turn: Turn) -> list[Turn]:
        """Take a message off its path, a question with its answers; what was taken. Where there is
        another variant, that is shown; else what follows stays."""
        others = [other for other in self.variants(turn) if other is not turn]
        gone = [turn]
        if turn.role == "user":
            gone += [t for t in self.turns.values() if t.parent == turn.id and t.role != "user"]
        gone = [each for each in gone if not each.deleted]
        for each in gone:
            each.deleted = True
        if others:
            self.choose(min(others, key=lambda other: abs(other.id - turn.id)))
        path = self.path()
        self.leaf = path[-1].id if path else None
        return gone

    def choose(self, turn: Turn) -> None:
        """Stand at the newest end below this variant."""
        below = {turn.id}
        for other in sorted(self.turns):
            if self.turns[other].parent in below:
                below.add(other)
        self.leaf = max(below)

    def shift(self, shift: "Shift") -> None:
        """Ours stand beside those of another program, which have used their numbers."""
        turns, self.turns = list(self.turns.values()), {}
        for turn in turns:
            self.put(shift.moved(turn))
        self.leaf = None if self.leaf is None else shift.number(self.leaf)

    def upto(self, turn: Turn) -> "Tree":
        """A tree of its own: the path to this turn."""
        tree = Tree()
        for old in self.path(turn.id):
            tree.put(replace(old, id=tree.next_id, parent=tree.leaf))
            tree.leaf = tree.next_id - 1
        return tree

    def copied(self) -> "Tree":
        """The same with turns of its own: whoever holds it sees no later change."""
        turns = {number: copy.copy(turn) for number, turn in self.turns.items()}
        return Tree(turns, self.leaf, self.next_id)


def tree_of(turns: Iterable[Turn], leaf: int | None) -> Tree:
    """A tree of turns as they lie in a file. One whose parent is lost follows the turn before it:
    better there than nowhere. Where the end that was shown is lost, the newest is. Of two with one
    number the second counts on."""
    tree, older, doubled = Tree(), None, list[Turn]()
    for turn in sorted(turns, key=lambda turn: turn.id):
        if turn.id in tree.turns:
            doubled.append(turn)
            continue
        if turn.parent is not None and turn.parent not in tree.turns:
            turn.parent = older
        tree.put(turn)
        older = turn.id
    tree.leaf = leaf if leaf in tree.turns else older
    for turn in doubled:
        turn.id = tree.next_id
        turn.parent = turn.parent if turn.parent in tree.turns else None
        tree.put(turn)
    return tree


@dataclass
class ChatRecord:
    """A chat with all it holds. `id` 0: not kept yet, because nothing was said."""

    id: int = 0
    title: str = ""  # until its first question
    model: str = ""
    model_path: str = ""
    system: str = ""
    sampling: SamplingParams | None = None
    generation: GenerationParams = field(default_factory=GenerationParams)
    tree: Tree = field(default_factory=Tree)
    is_named: bool = False  # a person gave the title: no model changes it
    pinned: bool = False
    folder: str = ""
    draft: str = ""  # what was written and not sent
    temporary: bool = False  # never kept
    created: float = 0.0  # seconds since 1970; 0: not kept yet

    def copied(self) -> "ChatRecord":
        return replace(self, tree=self.tree.copied())


@dataclass(frozen=True)
class Told:
    """What the engine is told of a path of turns. `begins[i]`: how many of its turns stand before
    message i."""

    messages: list[Message]
    begins: list[int]


def told(path: Sequence[Turn]) -> Told:
    """Answers that never began are left out, and questions that then stand next to each other
    become one, with all that each had."""
    messages: list[Message] = []
    begins: list[int] = []
    for i, turn in enumerate(path):
        unwritten = not turn.text and not (turn.thinking and i == len(path) - 1)
        if turn.role == "assistant" and unwritten:
            continue
        if messages and messages[-1].role == turn.role:
            last = messages[-1]
            content, thinking = _both(last.content, turn.text), _both(last.thinking, turn.thinking)
            attached = (*last.attachments, *turn.attachments)
            messages[-1] = Message(turn.role, content, thinking, attachments=attached)
        else:
            thinking, attached = turn.thinking, turn.attachments
            messages.append(Message(turn.role, turn.text, thinking, attachments=attached))
            begins.append(i)
    return Told(messages, begins)


def _both(one: str, other: str) -> str:
    return "\n\n".join(text for text in (one, other) if text)
