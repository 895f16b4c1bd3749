"""What the engine is told of a path of turns, and which turn each message began with. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.api import Message
from gui.chat.turns import Turn


@dataclass(frozen=True)
class Told:
    """`begins[i]`: how many turns of the path stand before message i."""

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
