"""What the keyboard does, in words: a page of the manual, with a key of its own."""

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence

from gui.language import marked, tr

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
    ("Ctrl+P", marked("Parameters of the chat")),
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
    ("F1", marked("The manual, at the page of what is shown")),
    ("Ctrl+F1", marked("This list")),
    ("F11", marked("Full screen")),
    ("Ctrl+W", marked("Close the window")),
    ("Ctrl+Q", marked("Quit")),
)

KEY_GROUPS: Sequence[tuple[str, Keys]] = (
    (marked("Chat"), CHAT),
    (marked("Window"), (*WINDOW, *LAST)),
)


def native(key: str) -> str:
    """The keys as this system writes them."""
    told = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    back = QKeySequence("Return").toString(QKeySequence.SequenceFormat.NativeText)
    # Qt translates the word, not the key; where it is a sign, it stays.
    return told.replace(back, tr("Return", sense="a key")) if back.isalpha() else told
