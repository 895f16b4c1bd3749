"""What the window knows of this view before it is wanted."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.discover.discover_view import DiscoverView


def _view() -> "type[DiscoverView]":
    from gui.discover.discover_view import DiscoverView

    return DiscoverView


KIND = Kind("discover", marked("Discover"), "compass", "Ctrl+5", _view)
