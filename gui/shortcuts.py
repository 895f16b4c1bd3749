"""The list of what the keyboard does, shown by F1."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from gui.theme.theme import current
from gui.widgets.labels import label

Keys = Sequence[tuple[str, str]]  # and what they do
CHAT: Keys = (
    ("Return", "Send"),
    ("Shift+Return", "New line"),
    ("Up", "Edit your last question, in an empty box"),
    ("Esc", "Stop the answer"),
    ("Ctrl+N", "New chat"),
    ("Ctrl+Shift+N", "New chat in a new window"),
    ("Ctrl+Shift+T", "New temporary chat: nothing of it is written"),
    ("Ctrl+R", "Answer again"),
    ("Ctrl+Shift+D", "Compare two answers to the question"),
    ("Ctrl+Shift+C", "Copy the answer"),
    ("Alt+Up", "To the message before, and its buttons"),
    ("Alt+Down", "To the message after"),
    ("Ctrl+End", "To the latest message"),
    ("Ctrl+M", "Choose the model"),
    ("Ctrl+P", "Parameters"),
    ("Ctrl+Shift+A", "Attach files to the message"),
    ("Ctrl+F", "Find in the chat, or search models; Return goes on"),
    ("Ctrl+Shift+F", "Search all chats"),
    ("Ctrl+B", "Hide or show the list of chats"),
    ("F2", "Rename the chosen chat or model"),
    ("Del", "Delete the chosen chat; a model: to the trash"),
)
WINDOW: Keys = (
    ("Ctrl+K", "Find a command, a chat or a model"),
    ("Ctrl+O", "Open a model file"),
    ("Ctrl+Shift+O", "Add a model file to the list of Models"),
    ("Alt+Left", "Back, where a page has one"),
    ("Ctrl+Shift+R", "Copy the report of Hardware"),
    ("Ctrl+Z", "Undo what a notice tells of"),
)
LAST: Keys = (
    ("Ctrl++", "Larger text"),
    ("Ctrl+-", "Smaller text"),
    ("Ctrl+0", "Usual text size"),
    ("F1", "This list"),
    ("F11", "Full screen"),
    ("Ctrl+W", "Close the window"),
    ("Ctrl+Q", "Quit"),
)


class Shortcuts(QDialog):
    """A quiet table; Esc closes it. `views`: those of the window, with their keys."""

    def __init__(self, parent: QWidget, views: Keys) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = current().px
        box = QVBoxLayout(self)
        box.setContentsMargins(px(24), px(20), px(24), px(20))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(px(6))
        by_key = sorted(views, key=lambda view: (not view[0][-1].isdigit(), view[0]))
        groups = (("Chat", CHAT), ("Window", (*WINDOW, *by_key, *LAST)))
        line = 0
        for column, (name, keys) in enumerate(groups):
            grid.addWidget(label(name, "group"), 0, 2 * column, 1, 2)
            for line, (key, words) in enumerate(keys, 1):
                grid.addWidget(label(native(key), "strong"), line, 2 * column)
                grid.addWidget(label(words), line, 2 * column + 1)
        box.addLayout(grid)


def native(key: str) -> str:
    """The keys as this system writes them."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
