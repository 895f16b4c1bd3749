"""What the user has: model files (`Library`) and conversations (`ChatStore`).

Two processes may use both at once, a killed one leaves nothing broken, and no file of a model is
ever changed or deleted here.
"""

from engine.library.chats import ChatStore
from engine.library.models import Library

__all__ = ["ChatStore", "Library"]
