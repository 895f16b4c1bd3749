"""The tree of a conversation as the window names it; it stands in the engine."""

from engine.base.conversation import KEPT, Ending, Told, Tree, Turn, kept_of, told

__all__ = ["KEPT", "Ending", "Told", "Tree", "Turn", "kept_of", "told"]
