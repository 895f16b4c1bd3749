"""Windows over the window: none is larger than the one that it lies over."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QDialog, QWidget

from engine.base.attachments import Attachment
from engine.base.events import PromptPiece, PromptShown
from gui.app import Shell
from gui.chat.attachment_sheet import AttachmentSheet
from gui.chat.prompt_library import PromptLibrary
from gui.chat.prompt_sheet import PromptSheet
from gui.chat.trash_sheet import TrashSheet
from gui.main_window import MainWindow

LONG = "a name that nobody would read to its end " * 6
FILE = Attachment(f"{LONG}.md", "The river bends here.\n" * 400, "text", 0, 9000)
SHOWN = PromptShown((PromptPiece("u: ", (1, 2)),), 2, 256)
MAKERS: dict[str, Callable[[QWidget, Shell], QDialog]] = {
    "attachment": lambda over, shell: AttachmentSheet(over, FILE, "12 tokens"),
    "prompt": lambda over, shell: PromptSheet(over, SHOWN),
    "prompts": lambda over, shell: PromptLibrary(over, shell.desk.prompts, ""),
    "trash": lambda over, shell: TrashSheet(over, shell.book),
}


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, of any dialog
@pytest.mark.parametrize("name", MAKERS)
def test_a_sheet_stays_within_a_small_window(window: MainWindow, shell: Shell, name: str) -> None:
    shell.theme.set_font_pixels(21)
    window.resize(900, 600)
    sheet = MAKERS[name](window.chat, shell)
    sheet.show()
    try:
        assert sheet.width() <= 900
        assert sheet.height() <= 600
    finally:
        sheet.close()
        shell.theme.set_font_pixels(14)
