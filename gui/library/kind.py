"""What the window knows of this view before it is wanted."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.library.library_view import LibraryView


def _view() -> "type[LibraryView]":
    from gui.library.library_view import LibraryView

    return LibraryView


KIND = Kind("models", marked("Models"), "box", "Ctrl+2", _view)
