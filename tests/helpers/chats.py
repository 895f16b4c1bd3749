"""Chats in a store, as somebody who talks would have written them."""

from typing import Any

from engine.base.conversation import Speaker, Turn
from engine.library import ChatStore


def add(
    store: ChatStore,
    chat: int,
    role: Speaker,
    text: str,
    *,
    after: int | None = None,
    first: bool = False,
    **values: Any,
) -> Turn:
    """At the end that is shown, after a given turn, or at the very beginning; it is shown then."""
    tree = store.read(chat).tree
    turn = tree.add(role, text, None if first else (after or tree.leaf))
    for name, value in values.items():
        setattr(turn, name, value)
    assert store.put(chat, turn)
    store.stand_at(chat, turn.id, len(tree.path()))
    return turn


def say(store: ChatStore, chat: int, *texts: str) -> list[int]:
    """Turns of user and model in turn; their numbers."""
    roles: tuple[Speaker, Speaker] = ("user", "assistant")
    return [add(store, chat, roles[i % 2], text).id for i, text in enumerate(texts)]


def shown(store: ChatStore, chat: int) -> list[str]:
    return [turn.text for turn in store.read(chat).tree.path()]


def choose(store: ChatStore, chat: int, number: int) -> list[str]:
    """Show the branch through this turn; its texts."""
    tree = store.read(chat).tree
    tree.choose(tree.turns[number])
    assert tree.leaf is not None
    store.stand_at(chat, tree.leaf, len(tree.path()))
    return shown(store, chat)


def reword(store: ChatStore, chat: int, number: int, text: str, complete: bool = True) -> bool:
    """Save a turn again with another text."""
    known = store.read(chat).tree.turns[number]
    now = Turn(number, known.role, text, known.parent, complete=complete)
    return store.put(chat, now, known)
