"""Boxes one writes in: as high as their text, nothing hidden, the hint is never stale."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.app import Shell
from gui.chat.composer import MAX_LINES, GrowingEdit
from gui.chat.inline_edit import InlineEdit
from gui.main_window import MainWindow

LINE = "Dans une maison étroite, au bout d'un long chemin, Nina n'arrivait pas à dormir. "


def lines(edit: GrowingEdit) -> int:
    return round((edit.height() - 6) / edit.fontMetrics().lineSpacing())


def ask(window: MainWindow, qtbot: QtBot, text: str) -> None:
    window.chat.talk.send(text)
    qtbot.waitUntil(lambda: not window.chat.talk.busy)
    QApplication.processEvents()


def opened(window: MainWindow, place: int) -> GrowingEdit:
    transcript = window.chat.transcript
    transcript.edit(window.chat.talk.record.tree.path()[place])
    for _ in range(3):
        QApplication.processEvents()
    boxes = [b for b in transcript.findChildren(InlineEdit) if b.isVisible()]
    assert len(boxes) == 1
    return boxes[0].edit


def test_an_answer_is_edited_in_a_box_as_high_as_it_is(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot, "Hello")
    turn = ready.chat.talk.record.tree.path()[1]
    turn.text = LINE * 6
    ready.chat.transcript.show_tree(ready.chat.talk.record.tree)
    QApplication.processEvents()
    edit = opened(ready, 1)
    last = edit.document().lastBlock()
    edit_bottom = edit.blockBoundingGeometry(last).translated(edit.contentOffset()).bottom()
    assert 5 <= lines(edit) <= 8
    assert edit_bottom <= edit.viewport().height() + 1, "every line can be seen"
    assert not edit.horizontalScrollBar().isVisible()
    assert not edit.verticalScrollBar().isVisible()


def test_a_long_answer_is_edited_in_ten_lines(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot, LINE * 40)
    edit = opened(ready, 0)
    layout = edit.document().firstBlock().layout()
    widest = max(layout.lineAt(i).naturalTextWidth() for i in range(layout.lineCount()))
    assert widest <= edit.viewport().width(), "no word is cut at the scroll bar"
    assert lines(edit) == MAX_LINES
    assert edit.verticalScrollBar().isVisible()
    assert not edit.horizontalScrollBar().isVisible()


@pytest.mark.parametrize("width", [1280, 800])
def test_a_pasted_text_fits(ready: MainWindow, shell: Shell, qtbot: QtBot, width: int) -> None:
    ready.resize(width, 800)
    edit = ready.chat.composer.edit
    for n in range(1, 13):
        edit.setPlainText("\n".join(f"line {i}" for i in range(n)))
        QApplication.processEvents()
        assert lines(edit) == min(n, MAX_LINES)
        assert not edit.horizontalScrollBar().isVisible()
    edit.setPlainText(LINE * 3)
    QApplication.processEvents()
    wide = lines(edit)
    ready.resize(760, 800)
    QApplication.processEvents()
    shell.theme.set_font_pixels(20)
    QApplication.processEvents()
    assert lines(edit) >= wide

    def fits() -> bool:
        last = edit.blockBoundingGeometry(edit.document().lastBlock()).bottom()
        return last <= edit.viewport().height() + 1

    qtbot.waitUntil(fits)  # layouts have their turn after the restyling of what is not seen
    shell.theme.set_font_pixels(14)


def test_the_hint_names_the_model_that_is_there(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    edit = ready.chat.composer.edit
    assert edit.placeholderText() == "Message Qwen3 4B"
    seen = Paints()
    edit.viewport().installEventFilter(seen)
    ready.open_path("/models/Gemma.gguf")
    qtbot.waitUntil(lambda: edit.placeholderText() == "Message Gemma")
    QApplication.processEvents()
    seen.n = 0
    edit.set_hint("Message another")
    qtbot.waitUntil(lambda: seen.n > 0)


class Paints(QObject):
    """Counts how often a widget is painted as a whole."""

    n = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The blinking cursor alone paints a stroke.
        self.n += isinstance(event, QPaintEvent) and event.region().boundingRect().width() > 60
        return False
