"""What the system hands to the program: files and links, as arguments or, on macOS, as events.

A file manager may name a file by its path or as file://…; a link may be anybody's, so it is only
told apart here and taken apart where it is followed (engine/base/links.py).
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

FILE = "file:"


def plain(arguments: Sequence[str]) -> list[str]:
    """The same with paths in place of file://…"""
    return [_path(text) if text[: len(FILE)].lower() == FILE else text for text in arguments]


def _path(text: str) -> str:
    """What is no address of a file stays as it is: whoever opens it says so."""
    return QUrl(text).toLocalFile() or text


class Application(QApplication):
    """Hears what a Mac's Finder and browsers want opened, also while the program runs."""

    handed = Signal(str)  # a path, or a link

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            named = event.file() or event.url().toString()
            self.handed.emit(plain([named])[0])
            return True
        return super().event(event)
