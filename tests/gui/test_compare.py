"""Compare with the real engine: one question, two ways of choosing words, side by side."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.talkers import write_talker
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams, LoadOptions, SamplingParams
from gui import opened as opened_module
from gui.app import Shell
from gui.chat.compare import BOTH, Comparison
from gui.chat.compare_column import SideColumn
from gui.main_window import MainWindow


@pytest.fixture
def window(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    real_shell: Shell,
) -> MainWindow:
    """A chat with one answer."""
    options = LoadOptions(backend="reference", batch=16)
    monkeypatch.setattr(opened_module, "LoadOptions", lambda **own: replace(options, **own))
    made = real_shell.open_window()
    made.resize(1280, 800)
    made.show()
    real_shell.read()
    open_model(made, real_shell, qtbot, tmp_path, "tiny")
    talk = made.chat.talk
    talk.record.generation = GenerationParams(max_tokens=10, ignore_eos=True)
    talk.record.sampling = SamplingParams(temperature=0)
    talk.send("once upon a time")
    qtbot.waitUntil(lambda: not talk.busy)
    return made


def open_model(window: MainWindow, shell: Shell, qtbot: QtBot, folder: Path, name: str) -> None:
    path = write_talker(folder / f"{name}.gguf", name=name)
    with qtbot.waitSignal(shell.desk.loaded):
        window.open_path(str(path))


def compared(window: MainWindow, qtbot: QtBot) -> Comparison:
    """Both have answered."""
    page = window.chat.comparing.page
    page.ask_both()
    qtbot.waitUntil(lambda: all(side.turn.text and not side.busy for side in page.sides))
    return page


def test_one_question_two_temperatures_and_one_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    chat, record = window.chat, window.chat.talk.record
    old = record.tree.path()[-1]
    QTest.keyClick(
        chat.composer.edit,
        Qt.Key.Key_D,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    page = chat.comparing.page
    assert page.isVisible()
    assert not chat.transcript.isVisible()
    page = compared(window, qtbot)
    first, second = page.sides
    assert first.turn.text == old.text
    assert second.turn.sampling == replace(SamplingParams(temperature=0), temperature=1.2)
    assert record.tree.path()[-1] is old
    page.columns[1].kept.emit()
    assert not page.isVisible()
    assert chat.transcript.isVisible()
    kept = record.tree.path()[-1]
    assert kept.text == second.turn.text
    assert [turn.text for turn in record.tree.variants(kept)] == [
        old.text,
        first.turn.text,
        second.turn.text,
    ]
    assert chat.transcript.row_of(kept) is not None


def test_heads_are_whole_in_little_room(
    window: MainWindow, qtbot: QtBot, real_shell: Shell
) -> None:
    window.chat.comparing.begin()
    page = window.chat.comparing.page
    page.sides[1].name = "stories260K (function-equivalent, widened to 256)"
    page.columns[1].show_state()
    for pixels, width in ((14, 1280), (21, 900), (14, 900), (21, 1280)):
        real_shell.theme.set_font_pixels(pixels)
        window.resize(width, 600)
        QApplication.processEvents()
        for column in page.columns:
            for button in (column.model, column.ways):
                needed = min(button.sizeHint().width(), button.maximumWidth())
                assert button.width() >= needed, (pixels, width, button.text())
            assert "temperature" in column.ways.accessibleName()
    real_shell.theme.set_font_pixels(14)


def test_a_new_question_becomes_part_of_the_chat(window: MainWindow, qtbot: QtBot) -> None:
    chat, record = window.chat, window.chat.talk.record
    chat.composer.edit.setPlainText("and then?")
    chat.attaching.add_text("once upon a time there was a little girl\n" * 3)
    qtbot.waitUntil(lambda: bool(chat.attaching.ready))
    chat.comparing.begin()
    page = compared(window, qtbot)
    found = re.search(r"reused (\d+) of (\d+) prompt", page.sides[1].turn.statistics)
    assert found is not None
    assert int(found[2]) - int(found[1]) <= 4  # the other side has read the question
    page.columns[0].kept.emit()
    question, answer = record.tree.path()[-2:]
    assert question.text == "and then?"
    assert [each.text.count("girl") for each in question.attachments] == [3]
    assert not chat.attaching.ready
    assert answer.text == page.sides[0].turn.text
    assert chat.composer.edit.toPlainText() == ""


def test_leaving_keeps_nothing_and_can_be_undone(window: MainWindow, qtbot: QtBot) -> None:
    chat, record = window.chat, window.chat.talk.record
    n = len(record.tree.turns)
    chat.comparing.begin()
    page = compared(window, qtbot)
    undo: list[object] = []
    chat.undoable.connect(lambda words, act: undo.append(act))
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert len(record.tree.turns) == n
    undo[-1]()  # type: ignore[operator]
    assert page.isVisible()
    page.columns[1].kept.emit()
    assert len(record.tree.turns) == n + 2


def test_another_chat_loses_no_answer(window: MainWindow, qtbot: QtBot) -> None:
    chat, record = window.chat, window.chat.talk.record
    old = record.tree.path()[-1]
    chat.comparing.begin()
    page = compared(window, qtbot)
    chat.new_chat()
    assert not page.isVisible()
    assert chat.composer.isVisible()
    assert record.tree.path()[-1] is old
    assert [turn.text for turn in record.tree.variants(old)][1:] == [
        side.turn.text for side in page.sides
    ]


def test_two_models(window: MainWindow, qtbot: QtBot, real_shell: Shell, tmp_path: Path) -> None:
    chat = window.chat
    open_model(window, real_shell, qtbot, tmp_path, "other")
    chat.comparing.begin()
    page = compared(window, qtbot)
    assert {side.turn.model for side in page.sides} == {"tiny", "other"}


def test_two_models_without_room_for_both_answer_in_turn(
    window: MainWindow,
    qtbot: QtBot,
    real_shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_model(window, real_shell, qtbot, tmp_path, "other")
    chat, desk = window.chat, real_shell.desk
    chat.comparing.begin()
    page = chat.comparing.page
    monkeypatch.setattr(page, "_fit_both", lambda: False)
    desk.close_model(next(m for m in desk.models() if str(m.path) == page.sides[1].path))
    page.ask_both()
    assert page.columns[1].note.text() == BOTH
    qtbot.waitUntil(lambda: all(side.turn.text and not side.busy for side in page.sides))
    assert [str(m.path) for m in desk.models()] == [page.sides[1].path]


def test_nothing_to_compare_is_told(window: MainWindow, qtbot: QtBot) -> None:
    chat = window.chat
    chat.new_chat()
    with qtbot.waitSignal(chat.said) as told:
        chat.comparing.begin()
    assert "Write a question" in told.args[0]
    assert not chat.comparing.is_shown


def test_a_word_of_a_side_is_looked_at_and_another_taken(window: MainWindow, qtbot: QtBot) -> None:
    chat = window.chat
    old = chat.talk.record.tree.path()[-1]
    chat.comparing.begin()
    page = compared(window, qtbot)
    column, other = page.columns
    side, text = column.side, other.side.turn.text
    assert column._row is not None
    column._row.looked.emit(0)
    scope = column.microscope
    qtbot.waitUntil(lambda: not scope._feed.running and scope._look is not None)
    look = scope._look
    assert look is not None
    assert scope.card.isVisible()
    spot = scope.card.geometry()
    assert page.rect().contains(spot)
    first = next(each for each in look.alternatives if each.text == old.text[: len(each.text)])
    another = next(each for each in look.alternatives if each is not first and not each.is_end)
    scope._take(another)
    qtbot.waitUntil(lambda: not side.busy)
    assert not scope.card.isVisible()
    assert side.turn.text.startswith(another.text.strip())
    assert side.turn.text != old.text
    assert other.side.turn.text == text
    page.columns[0].kept.emit()
    assert chat.talk.record.tree.path()[-1].text == side.turn.text


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_side_takes_a_preset_and_a_system_prompt(
    window: MainWindow, qtbot: QtBot, real_shell: Shell
) -> None:
    real_shell.desk.prompts.put("Pirate", "Talk like a pirate.")
    real_shell.desk.presets.put("Mine", SamplingParams(temperature=0, top_k=3))
    window.chat.comparing.begin()
    page = window.chat.comparing.page
    column = page.columns[1]
    choose(page, column, qtbot, "Preset", "Mine")
    assert column.side.sampling == SamplingParams(temperature=0, top_k=3)
    assert "Mine" in column.ways.accessibleName()
    choose(page, column, qtbot, "System prompt", "Pirate")
    assert "Pirate" in column.ways.accessibleName()
    assert "Mine" in column.ways.accessibleName(), "one does not hide the other"
    page = compared(window, qtbot)
    assert page.sides[0].turn.text != page.sides[1].turn.text
    assert page.sides[1]._chat is not None
    assert page.sides[1]._chat._session.system == "Talk like a pirate."
    assert window.chat.talk.record.system == ""
    choose(page, column, qtbot, "System prompt", "As in the chat")
    assert column.side.system is None
    assert "Pirate" not in column.ways.accessibleName()


def choose(page: Comparison, column: SideColumn, qtbot: QtBot, title: str, name: str) -> None:
    """By the menu under the side's settings."""
    column.ways.click()
    menus = page.findChildren(QMenu)
    inner = next(menu for menu in menus if menu.title() == title)
    next(action for action in inner.actions() if action.text() == name).trigger()
    for menu in menus:
        menu.close()
    qtbot.waitUntil(lambda: not [m for m in page.findChildren(QMenu) if m.title() == title])
