"""What the window knows of this view before it is wanted."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.hardware.hardware_view import HardwareView


def _view() -> "type[HardwareView]":
    from gui.hardware.hardware_view import HardwareView

    return HardwareView


KIND = Kind("hardware", marked("Hardware"), "cpu", "Ctrl+4", _view)
