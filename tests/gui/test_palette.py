"""Ctrl+K: everything that can be done and gone to, by a few letters."""

from dataclasses import replace

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from engine.base.conversation import Tree
from gui.app import Shell
from gui.chat.book import ChatRecord
from gui.commands import entries
from gui.desk import KnownModel
from gui.main_window import VIEWS, MainWindow
from gui.shortcuts import CHAT, LAST, WINDOW, native
from gui.widgets.fuzzy import fit
from gui.widgets.lists import ROW

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL = Qt.KeyboardModifier.ControlModifier


def keep(shell: Shell, title: str) -> ChatRecord:
    tree = Tree()
    tree.add("user", "Question", None)
    tree.add("assistant", "The answer.", tree.leaf)
    record = ChatRecord(title=title, model="Qwen3 4B", tree=tree)
    shell.book.save(record)
    return record


@pytest.fixture
def active(ready: MainWindow, qtbot: QtBot) -> MainWindow:
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    return ready


def type_in(window: MainWindow, letters: str) -> list[str]:
    """Opens the palette as people do; answers what it offers."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_K, CTRL)
    assert window.palette_card.isVisible()
    assert QApplication.focusWidget() is window.palette_card.field
    QTest.keyClicks(window.palette_card.field, letters)
    lines = window.palette_card._lines
    return [lines.index(i).data(ROW).words for i in range(lines.rowCount())]


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.palette_card.field, key)
    QApplication.processEvents()


def test_a_chat_is_gone_to_by_a_few_letters(active: MainWindow, shell: Shell) -> None:
    for title in ("Recipe for twelve", "Über die Brücke", "Plan for the garden"):
        keep(shell, title)
    assert type_in(active, "ubru")[0] == "Über die Brücke"
    press(active, Qt.Key.Key_Return)
    assert active.chat.talk.record.title == "Über die Brücke"
    assert not active.palette_card.isVisible()
    assert QApplication.focusWidget() is active.chat.composer.edit


def test_a_model_begins_a_chat(active: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    shell.desk.listed._show_first(
        [KnownModel("/models/Gemma 3.gguf", "Gemma 3", "Q4_K_M · 2.5 GB")]
    )
    assert type_in(active, "gem")[0] == "Gemma 3"
    press(active, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active.chat.talk.model.name == "Gemma 3")


def test_commands_act_in_any_view(active: MainWindow, shell: Shell) -> None:
    active.show_view("models")
    active.setFocus()
    assert type_in(active, "hardw")[0] == "Hardware"
    press(active, Qt.Key.Key_Return)
    assert active.rail.words() == "Hardware"
    type_in(active, "new chat")
    press(active, Qt.Key.Key_Return)
    assert active.rail.words() == "Chats"
    assert QApplication.focusWidget() is active.chat.composer.edit
    type_in(active, "theme dark")
    press(active, Qt.Key.Key_Return)
    assert shell.theme.tokens.name == "dark"
    assert shell.desk.preferences.theme == "dark"
    type_in(active, "theme light")
    press(active, Qt.Key.Key_Return)
    assert shell.theme.tokens.name == "light"


def test_arrows_go_round_and_esc_goes_back_and_stops_nothing(
    active: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    active.chat.talk.send("Go on")
    words = type_in(active, "text")
    assert "Larger text" in words
    press(active, Qt.Key.Key_Down)
    view = active.palette_card.view
    assert view.currentIndex().row() == 1
    told = active.palette_card.field.accessibleDescription()
    assert told.startswith(words[1]), "a reader of the screen hears the line"
    press(active, Qt.Key.Key_Up)
    press(active, Qt.Key.Key_Up)
    assert view.currentIndex().row() == len(words) - 1
    press(active, Qt.Key.Key_Escape)
    assert not active.palette_card.isVisible()
    assert QApplication.focusWidget() is active.chat.composer.edit
    QTest.qWait(150)
    assert active.chat.talk.busy
    active.chat.talk.stop()
    qtbot.waitUntil(lambda: not active.chat.talk.busy)


def test_nothing_fits_is_said(active: MainWindow) -> None:
    assert type_in(active, "qqqqxxzz") == []
    assert active.palette_card._nothing.isVisible()
    press(active, Qt.Key.Key_Return)
    assert not active.palette_card.isVisible()


def test_a_click_beside_it_or_another_part_goes_back(active: MainWindow) -> None:
    type_in(active, "")
    QTest.mouseClick(active.palette_card, Qt.MouseButton.LeftButton, pos=active.rect().bottomLeft())
    assert not active.palette_card.isVisible()
    type_in(active, "")
    active.rail._buttons["models"].setFocus()
    assert not active.palette_card.isVisible()


def test_each_command_has_the_key_that_the_sheet_tells(active: MainWindow, shell: Shell) -> None:
    keep(shell, "Walks")
    active.chat.open_chat(shell.book.rows()[0].id)
    sheet = {native(key) for key, _ in (*CHAT, *WINDOW, *LAST)}
    sheet |= {native(kind.key) for kind in VIEWS}
    found = entries(active)
    assert {entry.keys for entry in found if entry.keys} <= sheet
    words = [entry.words for entry in found]
    for wanted in ("New chat", "Rename", "Duplicate", "Quit", "Settings", "Full screen", "Walks"):
        assert wanted in words


def test_thousands_of_chats_are_sought(active: MainWindow, shell: Shell) -> None:
    row = keep(shell, "Walk 0")
    rows = shell.book._rows
    for i in range(2000):
        rows[10_000 + i] = replace(rows[row.id], id=10_000 + i, title=f"Walk along river {i}")
    found = entries(active)
    fits = [fit(entry.words, "wal riv 77") for entry in found]
    assert sum(bool(mark) for mark in fits) >= 20


@pytest.mark.parametrize(
    ("sought", "better", "worse"),
    [
        ("nc", "New chat", "Open a model file or find it"),
        ("chat", "New chat", "Catch a hat"),
        ("par", "Parameters", "Compare"),
        ("ete", "Été", "Empty trees"),
    ],
)
def test_what_fits_better(sought: str, better: str, worse: str) -> None:
    assert fit(better, sought) > fit(worse, sought)


def test_what_does_not_fit() -> None:
    assert fit("New chat", "z") == 0
    assert fit("New chat", "tahc") == 0
    assert fit("", "a") == 0
    assert fit("anything", "") > 0


def test_the_sheet_of_keys_opens_from_it(active: MainWindow) -> None:
    type_in(active, "keyboard")
    press(active, Qt.Key.Key_Return)
    dialogs = [d for d in active.findChildren(QDialog) if d.isVisible()]
    assert [d.windowTitle() for d in dialogs] == ["Keyboard – Manual"]
    dialogs[0].reject()


def test_it_stays_while_one_looks_at_another_program(active: MainWindow) -> None:
    type_in(active, "new")
    field, reason = active.palette_card.field, Qt.FocusReason.ActiveWindowFocusReason
    QApplication.sendEvent(field, QFocusEvent(QFocusEvent.Type.FocusOut, reason))
    assert active.palette_card.isVisible()
    assert field.text() == "new"
