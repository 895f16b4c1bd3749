"""What the window knows of this view before it is wanted."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.settings.settings_view import SettingsView


def _view() -> "type[SettingsView]":
    from gui.settings.settings_view import SettingsView

    return SettingsView


KIND = Kind(
    "settings",
    marked("Settings"),
    "settings",
    "Ctrl+,",
    _view,
    at_bottom=True,
)
