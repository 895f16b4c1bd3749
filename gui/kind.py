"""What the window knows of a view before it imports any of its modules.

Each room tells its own in its `kind.py`: rail, shortcut, the list of keys follow from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.desk import Desk
    from gui.view import View


def _never(desk: "Desk") -> bool:
    return False


@dataclass(frozen=True)
class Kind:
    """Its place in `VIEWS` (main_window.py) is that on the rail."""

    name: str  # what the window and its kept state call it
    title: str  # under the glyph on the rail
    glyph: str
    key: str  # "Ctrl+1"
    view: Callable[[], "type[View]"]  # imports its class
    at_bottom: bool = False  # of the rail
    is_busy: Callable[["Desk"], bool] = _never  # whether something goes on there: a dot on the rail

    @property
    def room(self) -> str:
        """The package of its modules."""
        return self.view.__module__.rpartition(".")[0]
