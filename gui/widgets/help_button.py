"""A question mark that opens a page of the manual, where one may get lost.

It does not know who shows the manual: the wish goes to its window, as events of Qt's go.
"""

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.buttons import Button

KIND = QEvent.Type(QEvent.registerEventType())


class HelpWanted(QEvent):
    """Somebody wants to read this page of the manual."""

    def __init__(self, page: str) -> None:
        super().__init__(KIND)
        self.page = page


def want_help(part: QWidget, page: str) -> None:
    """Asks the window that the part is in."""
    QCoreApplication.sendEvent(part.window(), HelpWanted(page))


def help_button(page: str, tip: str) -> Button:
    """`tip` says what the page explains."""
    button = Button("", "circle-question-mark", "ghost", True, tip)
    button.clicked.connect(lambda: want_help(button, page))
    return button
