"""What the keyboard does, in words: a page of the manual, with a key of its own."""

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence

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
    ("F1", "The manual, at the page of what is shown"),
    ("Ctrl+F1", "This list"),
    ("F11", "Full screen"),
    ("Ctrl+W", "Close the window"),
    ("Ctrl+Q", "Quit"),
)

KEY_GROUPS: Sequence[tuple[str, Keys]] = (("Chat", CHAT), ("Window", (*WINDOW, *LAST)))


def native(key: str) -> str:
    """The keys as this system writes them."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
