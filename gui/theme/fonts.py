"""The interface and the monospace font: the system's where it is good, else the bundled ones."""

import sys

from PySide6.QtGui import QFont, QFontDatabase

from gui.language import speaking
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
# Letters that none of these has come from the system's fonts. Which one it takes for Han characters
# is chance, or by the system's own language, and a Chinese one writes many of them otherwise: so a
# Japanese window asks for Japanese ones, those of Windows, of macOS and of Linux.
SCRIPTS = {
    "ja": (
        *("Yu Gothic UI", "Meiryo UI", "Meiryo"),
        *("Hiragino Sans", "Hiragino Kaku Gothic ProN"),
        *("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP"),
        *("IPAexGothic", "IPAPGothic", "TakaoPGothic", "VL PGothic"),
    )
}
# With letters of one width each, and Han characters of two.
MONO_SCRIPTS = {"ja": ("BIZ UDGothic", "MS Gothic", "Osaka-Mono", "Noto Sans Mono CJK JP")}


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


def interface_families() -> list[str]:
    """The interface's family, and those that the language's own letters are taken from."""
    return [interface_family(), *_present(SCRIPTS.get(speaking(), ()))]


def mono_families() -> list[str]:
    """The same of the monospace font."""
    wanted = (*MONO_SCRIPTS.get(speaking(), ()), *SCRIPTS.get(speaking(), ()))
    return [mono_family(), *_present(wanted)]


def _present(families: tuple[str, ...]) -> list[str]:
    known = set(QFontDatabase.families()) if families else set()
    return [family for family in families if family in known]


def _first_present(*families: str) -> str:
    known = set(QFontDatabase.families())
    fallback = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return next((family for family in families if family in known), fallback)


def interface_font(pixels: int) -> QFont:
    """The application's font. Unhinted, so that text looks the same at every scale."""
    font = QFont(interface_families())
    font.setPixelSize(pixels)
    if sys.platform.startswith("linux"):
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mono_font(pixels: int) -> QFont:
    font = QFont(mono_families())
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
