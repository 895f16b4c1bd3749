"""The window as a whole: views, names, several windows, closing in the middle of things."""

from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.app import Shell
from gui.main_window import MainWindow

VIEWS = ("chats", "models", "hardware", "settings")


@pytest.mark.parametrize("view", VIEWS)
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


def test_shortcuts_are_not_taken_twice(ready: MainWindow, qtbot: QtBot) -> None:
    for view in VIEWS:
        ready.show_view(view)
    ready.show_view("chats")
    keys = [
        b.shortcut().toString()
        for b in ready.findChildren(QAbstractButton)
        if not b.shortcut().isEmpty()
    ]
    assert sorted(set(keys)) == sorted(keys)


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
    view._copy_report()
    from PySide6.QtGui import QGuiApplication

    text = QGuiApplication.clipboard().text()
    assert "AMD Ryzen 7 7840U" in text
    assert "52.6 GB/s" in text


@pytest.mark.parametrize("pixels", [10, 14, 24])
def test_text_size(ready: MainWindow, shell: Shell, qtbot: QtBot, pixels: int) -> None:
    ready.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    shell.theme.set_font_pixels(pixels)
    assert ready.rail.width() == round(64 * pixels / 14)
    assert not ready.grab().isNull()
    shell.theme.set_font_pixels(14)


def test_settings_are_kept(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    window.show_view("settings")
    view = window.view("settings")
    view.theme.setCurrentIndex(2)
    assert shell.theme.tokens.dark
    path = shell.desk.engine.paths.settings_file.with_name("window.json")
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: '"dark"' in path.read_text())
    shell.theme.choose("light")


def test_a_narrow_window_keeps_room_for_the_conversation(ready: MainWindow, qtbot: QtBot) -> None:
    ready.resize(ready.minimumSize())
    qtbot.waitUntil(lambda: ready.chat.header.parameters.text() == "")
    assert ready.chat.list.isVisible()
    ready.chat.header.parameters.setChecked(True)
    assert not ready.chat.list.isVisible()
    ready.chat.header.parameters.setChecked(False)
    assert ready.chat.list.isVisible()
    ready.resize(1280, 800)
    qtbot.waitUntil(lambda: ready.chat.header.parameters.text() != "")


def test_a_second_window_says_what_is_being_opened(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    window.open_path("/models/Qwen3 4B.gguf")
    second = shell.open_window()
    assert second.chat.loading._title.full() == "Opening Qwen3 4B"
    engine.hold.set()
    qtbot.waitUntil(lambda: second.chat.talk.model is not None)
