"""The tree of a conversation as the window names it; it stands in the engine."""

from engine.base.conversation import Ending, Told, Tree, Turn, told

__all__ = ["Ending", "Told", "Tree", "Turn", "told"]
