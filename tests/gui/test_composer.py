"""The box at the bottom: one line or two, chips, and why nothing can be sent."""

from dataclasses import replace

import pytest
from helpers.fake_engine import FakeEngine
from helpers.patience import WAIT_MS
from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gui.app import Shell
from gui.chat.book import ChatRecord
from gui.main_window import MainWindow

REASON = Qt.FocusReason


def focus_out(window: MainWindow, reason: Qt.FocusReason) -> None:
    QApplication.sendEvent(
        window.chat.composer.edit, QFocusEvent(QFocusEvent.Type.FocusOut, reason)
    )
    QApplication.processEvents()


def test_it_is_one_line_until_somebody_is_about_to_write(ready: MainWindow) -> None:
    QApplication.processEvents()
    composer = ready.chat.composer
    two = composer.height()
    assert two > 80
    focus_out(ready, REASON.TabFocusReason)
    assert composer.height() == 52
    assert composer.system.text() == "", "chips are signs alone"
    composer.edit.setPlainText("words")
    QApplication.processEvents()
    assert composer.height() == two
    assert "System prompt" in composer.system.text()


def test_a_click_to_read_moves_nothing(ready: MainWindow) -> None:
    QApplication.processEvents()
    before = ready.chat.composer.geometry()
    for reason in (REASON.MouseFocusReason, REASON.ActiveWindowFocusReason):
        focus_out(ready, reason)
        assert ready.chat.composer.geometry() == before


def test_a_low_window_is_content_with_one_line_until_the_text_needs_more(
    ready: MainWindow, qtbot: QtBot
) -> None:
    ready.resize(900, 600)
    composer = ready.chat.composer
    qtbot.waitUntil(lambda: composer.height() == 52)
    composer.edit.setPlainText("short")
    QApplication.processEvents()
    assert composer.height() == 52
    composer.edit.setPlainText("one\ntwo\nthree")
    qtbot.waitUntil(lambda: composer.height() > 100)
    composer.edit.clear()
    qtbot.waitUntil(lambda: composer.height() == 52)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_it_says_why_nothing_can_be_sent_and_enter_asks_for_a_model(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    composer = ready.chat.composer
    assert composer._button.toolTip().startswith("Send; write something first")
    shell.desk.close_model(shell.desk.models()[0])
    shell.desk.preferences = replace(shell.desk.preferences, model="")
    record = ChatRecord()
    ready.chat.show_record(record, None)
    record.tree.add("user", "A question of another day", None)
    ready.chat.pages.update()
    composer.edit.setPlainText("Hello?")
    assert not composer._button.isEnabled()
    assert composer._button.toolTip().startswith("Choose a model first")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ready.chat.header._picker is not None)
    assert ready.chat.header._picker.isVisible()
    assert composer.edit.toPlainText() == "Hello?", "what was written stays"


@pytest.mark.parametrize(("chosen", "words"), [(True, "on"), (False, "off"), (None, "auto")])
def test_thinking_is_chosen_beside_the_box(
    ready: MainWindow, chosen: bool | None, words: str
) -> None:
    composer = ready.chat.composer
    assert composer.thinking.isVisible()
    composer.thinking_chosen.emit(chosen)
    assert ready.chat.talk.record.generation.enable_thinking is chosen
    assert composer.thinking.accessibleName() == f"Thinking: {words}"


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_how_long_it_may_think_is_chosen_beside_the_box(ready: MainWindow, qtbot: QtBot) -> None:
    composer = ready.chat.composer
    composer.thinking.click()
    menu = composer.findChild(QMenu)
    assert menu is not None
    rows = {action.text(): action for action in menu.actions() if action.text()}
    limits = ["No limit", "Up to 256 tokens", "Up to 1,024 tokens", "Up to 4,096 tokens"]
    assert list(rows) == ["Auto", "On", "Off", *limits, "Another limit…"]
    assert rows["Auto"].isChecked()
    assert rows["No limit"].isChecked()
    rows["Up to 1,024 tokens"].trigger()
    assert ready.chat.talk.record.generation.thinking_tokens == 1024
    assert composer.thinking.accessibleName() == "Thinking: auto, up to 1,024"
    rows["Another limit…"].trigger()
    menu.close()
    field = ready.chat.parameters._limit
    qtbot.waitUntil(lambda: ready.focusWidget() is field, timeout=WAIT_MS)
    assert field.isVisible()
    assert field.value() == 1024
    field.setValue(300)
    assert ready.chat.talk.record.generation.thinking_tokens == 300
    composer.thinking_chosen.emit(False)
    assert composer.thinking.accessibleName() == "Thinking: off"


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_no_limit_is_offered_where_the_end_of_thinking_is_not_known(
    ready: MainWindow, shell: Shell
) -> None:
    ready.chat.talk.use_model(replace(shell.desk.models()[0], thinks_in_tags=False))
    ready.chat.panels.show_parameters()
    composer = ready.chat.composer
    composer.thinking.click()
    menu = composer.findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Auto", "On", "Off"]
    menu.close()
    ready.chat.header.parameters.setChecked(True)
    assert not ready.chat.parameters._limit.isVisible()


def test_a_model_that_cannot_be_told_has_no_such_chip(
    ready: MainWindow, shell: Shell, engine: FakeEngine
) -> None:
    model = replace(shell.desk.models()[0], thinks=False, thinks_in_tags=False)
    ready.chat.talk.use_model(model)
    ready.chat.panels.show_parameters()
    assert not ready.chat.composer.thinking.isVisible()


def test_the_prompt_chip_has_a_dot_when_one_is_set(ready: MainWindow) -> None:
    composer = ready.chat.composer
    assert not composer.system._dot
    ready.chat.system._edit.setPlainText("Answer in French.")
    assert composer.system._dot
    assert composer.system.accessibleName() or composer.system.toolTip()


def test_enter_belongs_to_the_input_method_while_it_composes(
    ready: MainWindow, qtbot: QtBot
) -> None:
    """Japanese is written so: Enter takes the word that is offered, and sends nothing."""
    edit, talk = ready.chat.composer.edit, ready.chat.talk
    QApplication.sendEvent(edit, QInputMethodEvent("にほんご", []))
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert not talk.record.tree.turns
    taken = QInputMethodEvent("", [])
    taken.setCommitString("日本語")
    QApplication.sendEvent(edit, taken)
    assert edit.toPlainText() == "日本語"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not talk.busy and len(talk.record.tree.turns) == 2)
    assert talk.record.tree.path()[0].text == "日本語"


def test_the_gauge_counts_what_is_being_typed(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    ready.chat.talk.send("One")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    edit, bar = ready.chat.composer.edit, ready.chat.composer.context
    used, shown = bar.filling.used, bar._words.text()
    assert bar.filling.pending == 0
    edit.setPlainText("Thirty-nine letters of a long question.")  # 39: guessed up, counted down
    assert bar.filling.pending == 10
    qtbot.waitUntil(lambda: bar.filling.pending == 9)
    assert "Not sent yet: 9" in bar.toolTip()
    ready.chat.attaching.add_text("x" * 400)
    alone = ready.chat.attaching.tokens
    assert alone
    assert bar.filling.pending == 9 + alone
    assert (bar.filling.used, bar._words.text()) == (used, shown)
    edit.clear()
    assert bar.filling.pending == ready.chat.attaching.tokens
