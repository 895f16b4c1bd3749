"""What the user has: model files (`Library`) and conversations (`ChatStore`).

Two processes may use both at once, a killed one leaves nothing broken, and no file of a model is
ever changed or deleted here.
"""

from typing import TYPE_CHECKING

from engine.base.lazily import lazily

if TYPE_CHECKING:
    from engine.library.chats import ChatStore
    from engine.library.models import Library
else:
    PLACES = {"engine.library.chats": ["ChatStore"], "engine.library.models": ["Library"]}
    __getattr__ = lazily(__name__, PLACES)

__all__ = ["ChatStore", "Library"]
