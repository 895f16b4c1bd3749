"""Reading: text is whole at every width, size and colour; the view never moves under the eyes."""

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.app import Shell
from gui.chat.answer import Answer
from gui.chat.book import ChatRecord
from gui.chat.inline_edit import InlineEdit
from gui.chat.turns import Tree
from gui.main_window import MainWindow
from gui.prose.code import CodeText
from gui.prose.prose import Prose

SENTENCE = "The river bends here, and the path that follows it is narrow, wet and full of roots. "
RICH = (
    f"{SENTENCE * 4}\n\n- one **point**\n- {SENTENCE}\n\n> {SENTENCE * 2}\n\n```\ncode\n```\n\nEnd."
)


def keep_chat(shell: Shell, *answers: str) -> int:
    """A chat of earlier days, with these answers."""
    tree = Tree()
    for i, answer in enumerate(answers):
        tree.add("user", f"Question {i}, {SENTENCE if i % 3 == 0 else ''}", tree.leaf)
        tree.add("assistant", answer, tree.leaf)
    record = ChatRecord(title="Long", tree=tree)
    shell.book.save(record)
    return record.id


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()
        QTest.qWait(5)


def proses(window: MainWindow) -> list[Prose]:
    return [p for p in window.chat.transcript.findChildren(Prose) if p.isVisible()]


def check_whole(window: MainWindow) -> None:
    """Every text has the width it is shown at and the height it needs: no line missing, none cut,
    no hole."""
    settle()
    window.grab()
    assert proses(window)
    for prose in proses(window):
        document, view = prose.document(), prose.viewport()
        assert document.textWidth() == view.width()
        assert abs(document.size().height() - view.height()) <= 1.5
    for code in window.chat.transcript.findChildren(CodeText):
        assert code.document().size().height() <= code.viewport().height() + 1
    canvas = window.chat.transcript.widget()
    needed = canvas.layout().heightForWidth(canvas.width())
    assert canvas.height() <= max(needed, window.chat.transcript.viewport().height())


def top_of(window: MainWindow, widget: QWidget) -> int:
    return widget.mapTo(window.chat.transcript.viewport(), QPoint()).y()


def scroll(window: MainWindow, value: int) -> None:
    window.chat.transcript.verticalScrollBar().setValue(value)
    settle()


@pytest.mark.parametrize("change", ["dark", "larger", "smaller", "narrow", "narrow and dark"])
def test_text_is_whole_after_a_change_in_another_view(
    ready: MainWindow, shell: Shell, change: str
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 4))
    check_whole(ready)
    ready.show_view("settings")
    settle()
    if "dark" in change:
        shell.theme.choose("dark")
    if change in ("larger", "smaller"):
        shell.theme.set_font_pixels(18 if change == "larger" else 11)
    if "narrow" in change:
        ready.resize(800, 600)
    settle()
    ready.show_view("chats")
    check_whole(ready)
    ready.resize(1000, 640)
    check_whole(ready)
    shell.theme.choose("light")
    shell.theme.set_font_pixels(14)
    check_whole(ready)


@pytest.mark.parametrize("words", [30, 300, 2000, 20_000])
def test_a_chat_opens_at_the_end_of_its_answer(ready: MainWindow, shell: Shell, words: int) -> None:
    paragraph = SENTENCE * 5 + "\n\n"
    text = paragraph * max(1, words // 85)
    number = keep_chat(shell, "Short.", text.strip())
    ready.chat.open_chat(number)
    check_whole(ready)
    transcript = ready.chat.transcript
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()
    last = transcript.last_answer()
    assert last is not None
    bottom = top_of(ready, last) + last.height()
    if bar.maximum() > 0:
        assert 0 <= transcript.viewport().height() - bottom <= 40, "it stands over the composer"
    assert len(proses(ready)) == 4


def test_a_thought_unfolds_whole(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.thinking = RICH
    ready.chat.talk.send("Think")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    last = ready.chat.transcript.last_answer()
    assert last is not None
    assert last._thought is not None
    ready.resize(900, 700)
    settle()
    last._thought._toggle()
    check_whole(ready)


@pytest.mark.parametrize("place", [0, 6, 13])
def test_the_box_of_an_edited_message_stays_in_sight(
    ready: MainWindow, shell: Shell, place: int
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 8))
    settle()
    transcript = ready.chat.transcript
    row = transcript._rows[place]
    scroll(ready, max(0, row.y() - 60))
    was = top_of(ready, row)
    transcript.edit(row.turn)
    settle()
    box = next(b for b in transcript.findChildren(InlineEdit))
    assert top_of(ready, box) == was
    assert was + box.height() <= transcript.viewport().height()
    assert box.edit.hasFocus()
    box.cancelled.emit()
    settle()
    assert abs(top_of(ready, row) - was) <= 1


def test_a_box_at_the_lower_edge_is_brought_into_sight(ready: MainWindow, shell: Shell) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 8))
    settle()
    transcript = ready.chat.transcript
    row = transcript._rows[8]
    scroll(ready, row.y() - transcript.viewport().height() + 30)
    transcript.edit(row.turn)
    settle()
    box = next(b for b in transcript.findChildren(InlineEdit))
    assert top_of(ready, box) >= 0
    assert top_of(ready, box) + box.height() <= transcript.viewport().height()


def test_a_box_that_is_opened_at_once_is_in_sight(ready: MainWindow, shell: Shell) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 8))
    transcript = ready.chat.transcript
    transcript.edit(transcript._rows[9].turn)  # before anything has its place
    settle()
    box = next(b for b in transcript.findChildren(InlineEdit))
    assert top_of(ready, box) >= 0
    assert top_of(ready, box) + box.height() <= transcript.viewport().height()


def test_editing_an_answer_and_choosing_a_variant_do_not_move_the_view(
    ready: MainWindow, shell: Shell
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 8))
    settle()
    transcript = ready.chat.transcript
    row = transcript._rows[3]
    scroll(ready, row.y() - 100)
    turn = row.turn
    ready.chat.talk.edit(turn, "Other words, " + RICH)
    settle()
    assert len(transcript._rows) == 4, "what followed belongs to the other variant"
    ready.chat.talk.step(transcript._rows[3].turn, -1)
    settle()
    assert transcript._rows[3].turn is turn
    check_whole(ready)


def test_earlier_messages_come_in_above_without_moving(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[f"Answer {i}. {SENTENCE}" for i in range(100)]))
    settle()
    transcript = ready.chat.transcript
    assert len(transcript._rows) == 30
    bar = transcript.verticalScrollBar()
    while len(transcript._rows) < 200:
        n, first = len(transcript._rows), transcript._rows[0]
        bar.setValue(40)  # the reader scrolls up
        was = top_of(ready, first)
        qtbot.waitUntil(lambda n=n: len(transcript._rows) > n)
        settle()
        assert top_of(ready, first) == was
    assert transcript._earlier.isHidden()
    assert transcript._rows[0].turn.text.startswith("Question 0,")


def test_the_button_for_earlier_messages_does_not_move_the_view(
    ready: MainWindow, shell: Shell
) -> None:
    ready.chat.open_chat(keep_chat(shell, *["Short."] * 60))
    settle()
    transcript = ready.chat.transcript
    first = transcript._rows[0]
    was = top_of(ready, first)
    transcript._more()
    settle()
    assert top_of(ready, first) == was


@pytest.mark.parametrize("change", ["size", "width"])
def test_the_same_words_are_in_sight_after_a_change_of_size(
    ready: MainWindow, shell: Shell, change: str
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 3, (SENTENCE * 5 + "\n\n") * 60))
    settle()
    transcript = ready.chat.transcript
    last = transcript.last_answer()
    assert isinstance(last, Answer)
    scroll(ready, last.y() + last.height() // 2)
    before = -top_of(ready, last) / last.height()
    if change == "size":
        shell.theme.set_font_pixels(18)
    else:
        ready.resize(800, 700)
    settle()
    assert abs(-top_of(ready, last) / last.height() - before) < 0.05
    shell.theme.set_font_pixels(14)


def test_an_answer_that_grows_does_not_take_the_reader_along(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 6))
    settle()
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: len(ready.chat.talk.record.tree.path()[-1].text) > 200)
    row = ready.chat.transcript._rows[5]
    scroll(ready, row.y() + 20)
    was, n = top_of(ready, row), len(ready.chat.talk.record.tree.path()[-1].text)
    qtbot.waitUntil(lambda: len(ready.chat.talk.record.tree.path()[-1].text) > n + 2000)
    assert top_of(ready, row) == was
    ready.chat.transcript.follow()
    settle()
    bar = ready.chat.transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
