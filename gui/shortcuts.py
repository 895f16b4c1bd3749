"""The list of what the keyboard does, shown by F1."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.labels import label

Keys = Sequence[tuple[str, str]]  # and what they do
CHAT: Keys = (
    ("Return", marked("Send")),
    ("Shift+Return", marked("New line")),
    ("Up", marked("Edit your last question, in an empty box")),
    ("Esc", marked("Stop the answer")),
    ("Ctrl+N", marked("New chat")),
    ("Ctrl+Shift+N", marked("New chat in a new window")),
    ("Ctrl+Shift+T", marked("New temporary chat: nothing of it is written")),
    ("Ctrl+R", marked("Answer again")),
    ("Ctrl+Shift+D", marked("Compare two answers to the question")),
    ("Ctrl+Shift+C", marked("Copy the answer")),
    ("Alt+Up", marked("To the message before, and its buttons")),
    ("Alt+Down", marked("To the message after")),
    ("Ctrl+End", marked("To the latest message")),
    ("Ctrl+M", marked("Choose the model")),
    ("Ctrl+P", marked("Parameters")),
    ("Ctrl+Shift+A", marked("Attach files to the message")),
    ("Ctrl+F", marked("Find in the chat, or search models; Return goes on")),
    ("Ctrl+Shift+F", marked("Search all chats")),
    ("Ctrl+B", marked("Hide or show the list of chats")),
    ("F2", marked("Rename the chosen chat or model")),
    ("Del", marked("Delete the chosen chat; a model: to the trash")),
)
WINDOW: Keys = (
    ("Ctrl+K", marked("Find a command, a chat or a model")),
    ("Ctrl+O", marked("Open a model file")),
    ("Ctrl+Shift+O", marked("Add a model file to the list of Models")),
    ("Alt+Left", marked("Back, where a page has one")),
    ("Ctrl+Shift+R", marked("Copy the report of Hardware")),
    ("Ctrl+Z", marked("Undo what a notice tells of")),
)
LAST: Keys = (
    ("Ctrl++", marked("Larger text")),
    ("Ctrl+-", marked("Smaller text")),
    ("Ctrl+0", marked("Usual text size")),
    ("F1", marked("This list")),
    ("F11", marked("Full screen")),
    ("Ctrl+W", marked("Close the window")),
    ("Ctrl+Q", marked("Quit")),
)


class Shortcuts(QDialog):
    """A quiet table; Esc closes it. `views`: those of the window, with their keys."""

    def __init__(self, parent: QWidget, views: Keys) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = current().px
        box = QVBoxLayout(self)
        box.setContentsMargins(px(24), px(20), px(24), px(20))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(px(6))
        by_key = sorted(views, key=lambda view: (not view[0][-1].isdigit(), view[0]))
        groups = ((tr("Chat"), CHAT), (tr("Window"), (*WINDOW, *by_key, *LAST)))
        line = 0
        for column, (name, keys) in enumerate(groups):
            grid.addWidget(label(name, "group"), 0, 2 * column, 1, 2)
            for line, (key, words) in enumerate(keys, 1):
                grid.addWidget(label(native(key), "strong"), line, 2 * column)
                grid.addWidget(label(tr(words)), line, 2 * column + 1)
        box.addLayout(grid)


def native(key: str) -> str:
    """The keys as this system writes them."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
