"""Messages of another program, which name their parents, grown into a tree of ours.

What the two have not said (instructions, tools) is passed over: what follows it follows the turn
before. A ring of parents, which only a damaged file has, is cut.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.base.attachments import Attachment
from engine.base.conversation import ChatRecord, Speaker, Tree
from engine.base.errors import FormatError

MOST_MESSAGES = 200_000  # of one chat
MOST_LETTERS = 16 << 20  # of one message
MOST_TITLE = 200  # letters
MILLISECONDS = 1e11  # a time beyond is not told in seconds


@dataclass
class Node:
    """One message as its file has it. `role` as it is called there; `thinking` without `text`
    belongs to the next answer."""

    id: str
    parent: str | None
    role: str
    text: str = ""
    thinking: str = ""
    model: str = ""
    created: float = 0.0
    attachments: tuple[Attachment, ...] = ()


ROLES: Mapping[str, Speaker] = {"user": "user", "human": "user", "assistant": "assistant"}


def grown(record: ChatRecord, nodes: Iterable[Node], current: str | None = None) -> ChatRecord:
    """Fill the record's tree, in the order that parents and siblings have; `current`: the message
    at whose end one stands. Instructions at the beginning become the chat's."""
    there: dict[str, Node] = {}
    for node in nodes:
        if len(there) >= MOST_MESSAGES:
            raise FormatError("a chat in it has more than {most:,} messages", most=MOST_MESSAGES)
        there.setdefault(node.id, node)
    below: dict[str | None, list[str]] = {}
    for node in there.values():
        parent = node.parent if node.parent in there and node.parent != node.id else None
        below.setdefault(parent, []).append(node.id)
    tree, numbers = Tree(), dict[str, int | None]()
    for first in [*below.get(None, ()), *there]:  # those in a ring have no beginning
        _grow(record, tree, numbers, there, below, first)
    tree.leaf = tree.next_id - 1 if tree.turns else None
    leaf = numbers.get(current) if current is not None else None
    if leaf is not None:
        tree.choose(tree.turns[leaf])
    record.tree = tree
    first = tree.path()[0] if tree.turns else None
    record.created = record.created or (first.created if first is not None else 0.0)
    return record


def _grow(
    record: ChatRecord,
    tree: Tree,
    numbers: dict[str, int | None],
    there: Mapping[str, Node],
    below: Mapping[str | None, Sequence[str]],
    first: str,
) -> None:
    """All that stands below this message, without recursion: a chat may be as long as it likes."""
    waiting: list[tuple[str, int | None, list[str]]] = [(first, None, [])]
    while waiting:
        name, parent, thinking = waiting.pop()
        if name in numbers:
            continue
        node = there[name]
        number, thinking = _take(record, tree, node, parent, thinking)
        children = below.get(name, ())
        if thinking and not children and node.role != "user":
            number = _answer(tree, node, "", number, thinking)  # it was stopped amid thinking
        numbers[name] = number
        for i, child in reversed(list(enumerate(children))):
            # One answer has what was thought before it: for many it would be kept many times.
            waiting.append((child, number, [] if i else thinking))


def _take(
    record: ChatRecord, tree: Tree, node: Node, parent: int | None, thinking: list[str]
) -> tuple[int | None, list[str]]:
    """The number of the turn that it has become, or of the one before; thoughts for the next."""
    role = ROLES.get(node.role)
    if node.role == "system" and parent is None and not tree.turns:
        record.system = record.system or node.text[:MOST_LETTERS]
    if role is None:
        return parent, thinking
    if role == "assistant" and not node.text and node.thinking:
        thinking.append(node.thinking)
        return parent, thinking
    if not (node.text or node.attachments or node.thinking):
        return parent, thinking
    if role == "assistant":
        record.model = record.model or node.model
        return _answer(tree, node, node.text, parent, [*thinking, node.thinking]), []
    turn = tree.add(role, node.text[:MOST_LETTERS], parent)
    turn.created, turn.model, turn.attachments = node.created, node.model, node.attachments
    return turn.id, thinking


def _answer(tree: Tree, node: Node, text: str, parent: int | None, thinking: Sequence[str]) -> int:
    turn = tree.add("assistant", text[:MOST_LETTERS], parent)
    turn.created, turn.model, turn.attachments = node.created, node.model, node.attachments
    turn.thinking = "\n\n".join(thinking).strip()[:MOST_LETTERS]
    return turn.id


def in_a_row(record: ChatRecord, nodes: Iterable[Node]) -> ChatRecord:
    """Of a program that keeps no branches: each message follows the one before."""
    row: list[Node] = []
    for node in nodes:
        row.append(node)
        node.id, node.parent = str(len(row)), str(len(row) - 1)
    return grown(record, row)


# Values of a file that may be anything


def text_in(value: object) -> str:
    return value if isinstance(value, str) else ""


def title_in(value: object) -> str:
    return " ".join(text_in(value).split())[:MOST_TITLE]


def dict_in(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def list_in(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def dicts_in(value: object) -> list[dict[str, Any]]:
    return [each for each in list_in(value) if isinstance(each, dict)]


def when_in(value: object) -> float:
    """Seconds since 1970, of a time in seconds or milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    if not 0 <= value < MILLISECONDS * 100:
        return 0.0
    return float(value / 1000 if value > MILLISECONDS else value)
