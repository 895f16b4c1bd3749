"""French typography: guillemets and marks stay with their words at the end of a line."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.prose.prose import Prose
from gui.prose.rich_text import RichText
from gui.theme.theme import Theme

WRITTEN = "Il dit : « bonjour », puis « **merci** » ! Et toi ? a ;b « x"


@pytest.fixture
def text(qapp: QApplication, qtbot: QtBot) -> RichText:
    Theme(qapp)
    made = RichText()
    qtbot.addWidget(made)
    made.set_source(WRITTEN)
    return made


def test_no_line_begins_or_ends_with_a_mark(text: RichText) -> None:
    shown = text.findChildren(Prose)[0]
    block = shown.document().firstBlock()
    words = block.text()
    for width in range(20, 400, 7):
        shown.document().setTextWidth(width)
        shown.document().size()
        layout = block.layout()
        lines = [layout.lineAt(i) for i in range(layout.lineCount())]
        told = [words[x.textStart() : x.textStart() + x.textLength()].strip(" ") for x in lines]
        if width > 150:  # below, a word alone is wider
            assert not [line for line in told if line[0] in "»:!?" or line[-1] == "«"], told


def test_what_is_copied_is_as_written(text: RichText) -> None:
    shown = text.findChildren(Prose)[0]
    shown.selectAll()
    assert shown.selected_text() == WRITTEN.replace("**", "")
    assert shown.document().firstBlock().text().count("\u00a0") == 8
