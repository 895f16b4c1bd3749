"""What the window knows of this view before it is wanted."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.activity.activity_view import ActivityView


def _view() -> "type[ActivityView]":
    from gui.activity.activity_view import ActivityView

    return ActivityView


KIND = Kind(
    "activity",
    marked("Activity"),
    "download",
    "Ctrl+6",
    _view,
    at_bottom=True,
    is_busy=lambda desk: desk.works.n_going > 0,
)
