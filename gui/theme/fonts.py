"""The interface and the monospace font: the system's where it is good, else the bundled ones."""

import sys

from PySide6.QtGui import QFont, QFontDatabase

from gui.resources import resource

BUNDLED = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "Inter-Italic.ttf",
    "Inter-SemiBoldItalic.ttf",
    "JetBrainsMono-Regular.ttf",
)
MONO_FAMILIES = {"darwin": "Menlo", "win32": "Cascadia Mono"}


def load_bundled() -> None:
    """Register the fonts in resources/fonts with Qt; a missing file only means a plainer look."""
    for name in BUNDLED:
        source = resource("fonts", name)
        if source.is_file():
            QFontDatabase.addApplicationFontFromData(source.read_bytes())


def interface_family() -> str:
    """macOS and Windows have interface fonts made for their screens; elsewhere Inter."""
    if sys.platform in ("darwin", "win32"):
        return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return _first_present("Inter")


def mono_family() -> str:
    return _first_present(MONO_FAMILIES.get(sys.platform, "JetBrains Mono"), "JetBrains Mono")


def _first_present(*families: str) -> str:
    known = set(QFontDatabase.families())
    fallback = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return next((family for family in families if family in known), fallback)


def interface_font(pixels: int) -> QFont:
    """The application's font. Unhinted, so that text looks the same at every scale."""
    font = QFont(interface_family())
    font.setPixelSize(pixels)
    if sys.platform.startswith("linux"):
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mono_font(pixels: int) -> QFont:
    font = QFont(mono_family())
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
