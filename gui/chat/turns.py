"""The tree of a conversation as the window names it; it stands in the engine."""

from engine.base.conversation import Ending, Told, Tree, Turn, told

__all__ = ["Ending", "KEPT", "Told", "Tree", "Turn", "kept_of", "told"]

KEPT = "kept"  # in a turn's extra: how many of the first turns were read although others were not


def kept_of(turn: Turn) -> int:
    """How many of the first turns were read for this answer although what follows them was not."""
    kept = turn.extra.get(KEPT)
    return kept if type(kept) is int and 0 < kept < turn.left_out else 0
