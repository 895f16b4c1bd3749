"""Compare with the real engine: one question, two ways of choosing words, side by side."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.talkers import write_talker
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams, LoadOptions, SamplingParams
from gui import opened as opened_module
from gui.app import Shell
from gui.chat.compare import BOTH, Comparison
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
