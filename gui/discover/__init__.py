"""Discover: models on Hugging Face, what each would be here, and getting one."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.discover.discover_view import DiscoverView


def _view() -> "type[DiscoverView]":
    from gui.discover.discover_view import DiscoverView

    return DiscoverView


KIND = Kind("discover", marked("Discover"), "compass", "Ctrl+5", _view)
