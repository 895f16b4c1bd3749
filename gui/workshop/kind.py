"""What the window knows of this view before it is wanted."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.workshop.workshop_view import WorkshopView


def _view() -> "type[WorkshopView]":
    from gui.workshop.workshop_view import WorkshopView

    return WorkshopView


KIND = Kind("workshop", marked("Workshop"), "hammer", "Ctrl+3", _view)
