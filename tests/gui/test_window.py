"""The window as a whole: views, names, several windows, closing in the middle of things."""

from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from helpers.shortcuts import check_shortcuts
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.app import Shell
from gui.desk import Desk, KnownModel
from gui.kind import Kind
from gui.main_window import VIEWS, MainWindow
from gui.view import View
from gui.widgets.buttons import Button

NAMES = tuple(kind.name for kind in VIEWS)


@pytest.mark.parametrize("view", NAMES)
def test_everything_that_acts_has_a_name(ready: MainWindow, qtbot: QtBot, view: str) -> None:
    ready.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    ready.show_view(view)
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
    own = [w for kind in kinds for w in ready.findChildren(kind) if not _inside_spin(w)]
    nameless = [w for w in own if not w.accessibleName() and not w.objectName().startswith("qt_")]
    assert not nameless
    icons = [w for w in own if isinstance(w, QAbstractButton) and not w.text()]
    assert all(w.toolTip() or w.accessibleName() for w in icons)


def _inside_spin(widget: QWidget) -> bool:
    return isinstance(widget.parent(), QAbstractSpinBox | QComboBox)


@pytest.mark.parametrize("view", NAMES)
def test_shortcuts_are_told_and_never_taken_twice(
    ready: MainWindow, shell: Shell, qtbot: QtBot, view: str
) -> None:
    for text in ("Hello", "And again"):
        ready.chat.talk.send(text)
        qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    for other in NAMES:
        ready.show_view(other)
    ready.show_view(view)
    if view == "hardware":
        qtbot.waitUntil(lambda: ready.view("hardware").report is not None)
    before = check_shortcuts(ready)
    for width in (760, 1280):  # words give way to icons and come back
        ready.resize(width, 700)
        QTest.qWait(20)
        assert check_shortcuts(ready) == before
    shell.theme.set_font_pixels(20)
    assert check_shortcuts(ready) == before
    shell.theme.set_font_pixels(14)


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key, shift: bool = False) -> None:
    """Ctrl and this key, as the window gets it: a shortcut acts in an active window alone."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    held = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, key, held | Qt.KeyboardModifier.ShiftModifier if shift else held)


def test_keys_of_the_answers_belong_to_the_last_one(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    for text in ("One", "Two"):
        ready.chat.talk.send(text)
        qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    last = ready.chat.talk.record.tree.path()[-1]
    press(ready, qtbot, Qt.Key.Key_R)
    tree = ready.chat.talk.record.tree
    qtbot.waitUntil(lambda: len(tree.variants(last)) == 2)  # asked again, the last of the two
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    engine.script.text = "To be copied"
    ready.chat.talk.again(tree.path()[-1])
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    press(ready, qtbot, Qt.Key.Key_C, shift=True)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "To be copied")


def test_the_panel_and_the_second_window_by_key_after_narrowing(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    ready.resize(760, 600)
    qtbot.waitUntil(lambda: ready.chat.composer.system.text() == "")
    ready.resize(1280, 800)
    qtbot.waitUntil(lambda: ready.chat.composer.system.text() != "")
    press(ready, qtbot, Qt.Key.Key_P)
    qtbot.waitUntil(ready.chat.parameters.isVisible)
    press(ready, qtbot, Qt.Key.Key_N, shift=True)
    qtbot.waitUntil(lambda: len(shell.windows) == 2)


def test_a_button_keeps_its_shortcut(shell: Shell, qtbot: QtBot) -> None:
    button = Button("Copy", "copy", tip="Copy it", shortcut="Ctrl+K")
    qtbot.addWidget(button)
    button.set_words("Copied")
    button.set_brief(True)
    button.set_brief(False)
    button.setText("R&D")
    assert button.shortcut().toString() == "Ctrl+K"
    button.describe("Copy it")
    assert button.shortcut().isEmpty()


def test_two_windows_take_turns(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ready.chat.window_wanted.emit(None)
    second = shell.windows[1]
    assert second.chat.talk.model == ready.chat.talk.model
    for window in (ready, second):
        window.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy and not second.chat.talk.busy)
    assert ready.chat.talk.record.id != second.chat.talk.record.id
    assert len(shell.book.rows()) == 2
    second.close()
    assert shell.windows == [ready]


def test_closing_while_it_answers(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: len(ready.chat.talk.record.tree.path()[-1].text) > 20)
    record = ready.chat.talk.record
    ready.close()
    assert engine.chats_made[0].closed
    assert len(shell.book._records[record.id].tree.path()[-1].text) > 20


def test_closing_while_it_loads(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    window.open_path("/models/a.gguf")
    qtbot.waitUntil(lambda: shell.desk.opening == "a")
    window.close()


def test_cancel_opening(window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.hold.clear()
    window.open_path("/models/a.gguf")
    assert window.chat.middle.currentWidget() is window.chat.loading
    window.chat.loading.cancelled.emit()
    engine.hold.set()
    qtbot.waitUntil(lambda: not shell.desk.opening)
    assert window.chat.middle.currentWidget() is window.chat.welcome
    assert window.chat.error.isHidden()


def test_drop_a_file(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped.gguf"))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    assert window.chat.talk.model.name == "dropped"


def test_closing_a_model_keeps_the_chat(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ready.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    shell.desk.close_model(shell.desk.models()[0])
    assert ready.chat.talk.model is None
    assert len(ready.chat.talk.record.tree.path()) == 2
    assert not ready.chat.composer._button.isEnabled()


def test_hardware(window: MainWindow, qtbot: QtBot) -> None:
    window.show_view("hardware")
    view = window.view("hardware")
    qtbot.waitUntil(lambda: view.report is not None)
    view.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "AMD Ryzen 7 7840U" in text
    assert "52.6 GB/s" in text


@pytest.mark.parametrize("pixels", [10, 14, 24])
def test_text_size(ready: MainWindow, shell: Shell, qtbot: QtBot, pixels: int) -> None:
    ready.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    shell.theme.set_font_pixels(pixels)
    assert abs(ready.rail.width() - 64 * pixels / 14) < 5, "whole letters round its words' widths"
    assert not ready.grab().isNull()
    shell.theme.set_font_pixels(14)


def test_settings_are_kept(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    window.show_view("settings")
    view = window.view("settings")
    view.theme.setCurrentIndex(2)
    assert shell.theme.tokens.dark
    path = shell.desk.engine.paths.window_file
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: '"dark"' in path.read_text())
    shell.theme.choose("light")


def test_a_good_guest_is_chosen_in_settings(window: MainWindow, shell: Shell) -> None:
    engine = shell.desk.engine
    assert (engine.quiet_mode, engine.unload_after_minutes) == ("auto", 0)
    window.show_view("settings")
    view = window.view("settings")
    view.quiet.setCurrentIndex(view.quiet.findData("on"))
    view.unload.setCurrentIndex(view.unload.findData(15))
    assert (engine.quiet_mode, engine.unload_after_minutes) == ("on", 15)
    assert shell.desk.preferences.unload_minutes == 15


def test_a_narrow_window_keeps_room_for_the_conversation(ready: MainWindow, qtbot: QtBot) -> None:
    ready.resize(ready.minimumSize())
    qtbot.waitUntil(lambda: ready.chat.composer.system.text() == "")
    assert ready.chat.list.isVisible()
    ready.chat.header.parameters.setChecked(True)
    assert not ready.chat.list.isVisible()
    ready.chat.header.parameters.setChecked(False)
    assert ready.chat.list.isVisible()
    ready.resize(1280, 800)
    qtbot.waitUntil(lambda: ready.chat.composer.system.text() != "")


def test_a_second_window_says_what_is_being_opened(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    window.open_path("/models/Qwen3 4B.gguf")
    second = shell.open_window()
    assert second.chat.loading._title.full() == "Opening Qwen3 4B"
    engine.hold.set()
    qtbot.waitUntil(lambda: second.chat.talk.model is not None)


class Garden(View):
    """A view that the program does not have."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.heard: list[object] = []

    def shown(self) -> None:
        self.heard.append("shown")

    def look_at(self, what: str, part: str = "") -> None:
        self.heard.append((what, part))

    def take(self, path: str) -> bool:
        self.heard.append(path)
        return True

    def close_work(self) -> None:
        self.heard.append("closed")


Garden.kind = Kind(
    "garden", "Garden", "box", "Ctrl+9", lambda: Garden, is_busy=lambda desk: desk is not None
)


def test_a_view_is_one_class_in_one_tuple(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.main_window.VIEWS", (*VIEWS, Garden.kind))
    window = shell.open_window()
    button = window.rail._buttons["garden"]
    assert button.toolTip() == "Garden (Ctrl+9)"
    assert button._busy
    window.show_view("garden", "a rose", "its root")
    garden = window.view("garden")
    assert isinstance(garden, Garden)
    assert window.windowTitle() == "Garden – Chaski"
    window._take_dropped("/models/seed.gguf")
    garden.view_wanted.emit("models", "")
    assert button.isChecked() is False
    assert window.rail._buttons["models"].isChecked()
    window.close()
    assert garden.heard == ["shown", ("a rose", "its root"), "/models/seed.gguf", "closed"]


@pytest.mark.parametrize("kind", VIEWS, ids=NAMES)
def test_the_class_of_a_view_is_of_its_kind(kind: Kind) -> None:
    assert kind.view().kind is kind


@pytest.mark.parametrize("name", NAMES)
def test_one_action_of_a_view_is_filled(
    ready: MainWindow, shell: Shell, qtbot: QtBot, name: str
) -> None:
    shell.desk.listed._show_first([KnownModel("/models/a.gguf", "A", "Q4_K_M · 2.5 GB")])
    ready.show_view(name)
    if name == "models":
        ready.view(name).show_details(shell.desk.known[0])
    QApplication.processEvents()
    filled = [b for b in ready.findChildren(Button) if b.isVisible() and b.kind == "primary"]
    assert len(filled) <= 1, [b.accessibleName() for b in filled]
