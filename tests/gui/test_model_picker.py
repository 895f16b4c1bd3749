"""The pill's list: every model there is, found by letters, with how it would run here."""

from dataclasses import replace

import pytest
from helpers.fake_engine import REPORT, FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.discover.offers import rough
from gui import listed
from gui.app import Shell
from gui.desk import KnownModel
from gui.main_window import MainWindow
from gui.widgets.palette import Entry, Palette

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def known(name: str, n_bytes: int, last_used: float = 0.0, problem: str = "") -> KnownModel:
    return KnownModel(
        f"/models/{name}.gguf",
        name,
        "Q4_K_M",
        file_bytes=n_bytes,
        last_used=last_used,
        problem=problem,
        forecast=rough(n_bytes, n_bytes * 2),
    )


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> list[KnownModel]:
    """Whenever the disk is asked."""
    there = [
        known("Qwen3 4B", 2_497_000_000, 5.0),
        known("Enormous 400B", 250_000_000_000),
        known("Gemma 3", 2_490_000_000, 3.0),
        known("Gone", 2_490_000_000, 9.0, "Gone.gguf is not there any more."),
    ]
    monkeypatch.setattr(listed, "known_models", lambda _engine, _before=(): there)
    return there


@pytest.fixture
def full(ready: MainWindow, shell: Shell, library: list[KnownModel], qtbot: QtBot) -> MainWindow:
    shell.desk.set_hardware(REPORT)
    shell.desk.listed._show_first(library)
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    return ready


def opened(window: MainWindow, qtbot: QtBot) -> Palette:
    QTest.keyClick(window.chat.composer.edit, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.chat.header._picker is not None)
    picker = window.chat.header._picker
    assert picker is not None
    qtbot.waitUntil(picker.isVisible)
    return picker


def found(picker: Palette) -> list[Entry]:
    lines = picker._lines
    return [lines.data(lines.index(i)) for i in range(lines.rowCount())]


def test_they_stand_in_order_with_what_fits(full: MainWindow, qtbot: QtBot) -> None:
    entries = found(opened(full, qtbot))
    words = [entry.words for entry in entries]
    assert words[:4] == ["Qwen3 4B", "Gemma 3", "Enormous 400B", "Gone"]
    assert [(entry.keys, entry.tone) for entry in entries[:4]] == [
        ("open", "good"),
        ("Runs well", "good"),
        ("Does not fit", "bad"),
        ("cannot be read", "bad"),
    ]
    assert entries[0].glyph == "check", "it answers here"
    assert "≈" in entries[1].detail
    assert words[4:] == [
        "Context, threads, cache…",
        "Open a file…",
        "Find another model",
        "Close Qwen3 4B and free its memory",
    ]


def test_one_is_found_by_letters_and_answers(full: MainWindow, qtbot: QtBot) -> None:
    picker = opened(full, qtbot)
    assert QApplication.focusWidget() is picker.field
    QTest.keyClicks(picker.field, "gem")
    assert found(picker)[0].words == "Gemma 3"
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert not picker.isVisible()
    qtbot.waitUntil(lambda: full.chat.talk.model.name == "Gemma 3")
    assert QApplication.focusWidget() is full.chat.composer.edit


def test_it_hangs_on_the_pill_and_stays_in_the_window(full: MainWindow, qtbot: QtBot) -> None:
    picker = opened(full, qtbot)
    pill = full.chat.header.pill
    right = pill.mapTo(full, pill.rect().bottomRight())
    card = picker._card.geometry()
    assert card.right() == right.x()
    assert 0 < card.top() - right.y() < 12
    full.resize(760, 480)
    QApplication.processEvents()
    assert full.rect().contains(picker._card.geometry())


def test_it_closes_the_model_or_finds_another(full: MainWindow, qtbot: QtBot) -> None:
    picker = opened(full, qtbot)
    QTest.keyClicks(picker.field, "free its mem")
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert full.chat.talk.model is None
    picker = opened(full, qtbot)
    QTest.keyClicks(picker.field, "another")
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert full.rail.words() == "Discover"


def test_ten_thousand_models_are_sought_quickly(
    full: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    one = known("Model", 2_490_000_000)
    shell.desk.listed.known = [
        replace(one, path=f"/m/{i}.gguf", name=f"Model {i}") for i in range(10_000)
    ]
    entries = full.chat.header.choices()
    assert len(entries) < 1100, "what nobody would look through is not listed"
