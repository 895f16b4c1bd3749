"""The keyboard is never lost: what is typed next arrives where one writes."""

from collections.abc import Callable

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from gui.chat.inline_edit import InlineEdit
from gui.main_window import MainWindow
from gui.widgets.buttons import Button
from gui.widgets.rail import Rail


@pytest.fixture
def talking(ready: MainWindow, qtbot: QtBot) -> MainWindow:
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    for text in ("One", "Two"):
        ready.chat.talk.send(text)
        qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    return ready


def type_on(window: MainWindow, text: str) -> None:
    """As the system delivers keys: to whatever has the focus."""
    QApplication.processEvents()
    for key in text:
        focused = QApplication.focusWidget()
        assert focused is not None
        assert not isinstance(focused.parent(), Rail)
        QTest.keyClick(focused, key)


def box_of(window: MainWindow) -> InlineEdit:
    window.chat.transcript.edit(window.chat.talk.record.tree.path()[0])
    QApplication.processEvents()
    return next(b for b in window.chat.transcript.findChildren(InlineEdit) if b.isVisible())


def test_after_escape_from_an_edit_one_writes_on(talking: MainWindow) -> None:
    box = box_of(talking)
    assert QApplication.focusWidget() is box.edit
    QTest.keyClick(box.edit, Qt.Key.Key_Escape)
    type_on(talking, "hello there")
    assert talking.chat.composer.edit.toPlainText() == "hello there"


def test_escape_in_an_edit_does_not_stop_the_answer(
    talking: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    talking.chat.talk.send("Go on")
    box_of(talking)
    QTest.keyClick(talking.windowHandle(), Qt.Key.Key_Escape)
    QTest.qWait(150)  # a shortcut's click comes a little later
    assert talking.chat.talk.busy
    assert not talking.chat.transcript.is_editing
    QTest.keyClick(talking.windowHandle(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not talking.chat.talk.busy)


def test_after_an_edit_is_saved_one_writes_on(talking: MainWindow, qtbot: QtBot) -> None:
    box = box_of(talking)
    box.edit.setPlainText("Another one")
    QTest.keyClick(box.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not talking.chat.talk.busy)
    assert talking.chat.talk.record.tree.path()[0].text == "Another one"
    type_on(talking, "and")
    assert talking.chat.composer.edit.toPlainText() == "and"


def hide_list(window: MainWindow) -> None:
    window.chat.list.search.setFocus()
    window.resize(window.minimumSize())
    QApplication.processEvents()
    window.chat.header.parameters.setChecked(True)
    assert not window.chat.list.isVisible()


def close_panel(window: MainWindow) -> None:
    window.chat.header.parameters.setChecked(True)
    window.chat.parameters._rows["temperature"]._field.setFocus()
    window.chat.header.parameters.setChecked(False)


def close_system_prompt(window: MainWindow) -> None:
    window.chat.panels.show_system(True)
    window.chat.system.take_focus()
    window.chat.panels.show_system(False)


def close_error(window: MainWindow) -> None:
    window.chat.error.show_error("broken", "It is broken.")
    window.chat.error._open.setFocus()
    window.chat.error.hide()


def undo_in_the_toast(window: MainWindow) -> None:
    window.toast.say("Deleted", lambda: None)
    window.toast._undo.setFocus()
    window.toast._undo.click()


def retry_by_keyboard(window: MainWindow) -> None:
    row = window.chat.transcript.last_answer()
    assert row is not None
    row.tools.retry.setFocus()
    row.tools.retry.click()


@pytest.mark.parametrize(
    "act",
    [
        hide_list,
        close_panel,
        close_system_prompt,
        close_error,
        undo_in_the_toast,
        retry_by_keyboard,
    ],
)
def test_what_disappears_gives_the_focus_to_the_composer(
    talking: MainWindow, act: Callable[[MainWindow], None]
) -> None:
    act(talking)
    type_on(talking, "ab")
    assert talking.chat.composer.edit.toPlainText() == "ab"


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, of any dialog
def test_what_disappears_behind_a_dialog(talking: MainWindow, qtbot: QtBot) -> None:
    talking.chat.panels.show_system(True)
    dialog = QDialog(talking)
    QVBoxLayout(dialog).addWidget(QPushButton("Open"))
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    talking.chat.panels.show_system(False)
    dialog.close()
    talking.activateWindow()
    qtbot.waitUntil(talking.isActiveWindow)
    type_on(talking, "ab")
    assert talking.chat.composer.edit.toPlainText() == "ab"


def test_the_workshop_keeps_the_focus_in_itself(talking: MainWindow, qtbot: QtBot) -> None:
    talking.show_view("workshop")
    view = talking.view("workshop")
    assert view is not None
    button = next(b for b in view.findChildren(QPushButton) if b.isVisible() and b.isEnabled())
    button.setFocus()
    button.hide()
    QApplication.processEvents()
    focused = QApplication.focusWidget()
    assert focused is view or view.isAncestorOf(focused)


def test_the_focus_stays_where_the_user_puts_it(talking: MainWindow, engine: FakeEngine) -> None:
    search = talking.chat.list.search
    search.setFocus()
    talking.chat.error.show_error("broken", "It is broken.")
    talking.chat.error.hide()
    assert QApplication.focusWidget() is search
    talking.rail._buttons["models"].setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is talking.rail._buttons["models"]


def test_a_name_that_is_typed_is_not_taken_away(
    talking: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    """An answer that ends meanwhile lists the chats anew."""
    engine.hold.clear()
    talking.chat.talk.send("Three")
    view = talking.chat.list._view
    view.edit(talking.chat.list._model.index(1))
    editor = view.findChild(QLineEdit)
    editor.setText("My na")
    engine.hold.set()
    qtbot.waitUntil(lambda: not talking.chat.talk.busy)
    QApplication.processEvents()
    assert editor.isVisible()
    QTest.keyClicks(editor, "me")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: talking.chat.list._model.index(1).data() == "My name")
    assert talking.chat.talk.record.title == "My name"


def test_tab_does_not_walk_through_every_message(talking: MainWindow, qtbot: QtBot) -> None:
    view = talking.chat.transcript
    rows = view.rows()
    stops = [
        button
        for row in rows
        for button in row.findChildren(Button)
        if button.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert stops
    assert all(rows[-1].isAncestorOf(button) for button in stops)
    press = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(talking.chat.composer.edit, Qt.Key.Key_Up, press)
    assert rows[-1].isAncestorOf(QApplication.focusWidget())
    for _ in range(9):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up, press)
    focused = QApplication.focusWidget()
    assert rows[0].isAncestorOf(focused), "the first message, and no further"
    assert focused.accessibleName() == "Copy the question"
    QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert QApplication.focusWidget().accessibleName().startswith("Edit the question")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down, press)
    assert rows[1].isAncestorOf(QApplication.focusWidget())


def test_the_conversation_has_a_ring(talking: MainWindow) -> None:
    view = talking.chat.transcript

    def edge() -> str:
        return view.grab().toImage().pixelColor(view.width() // 2, 0).name()

    talking.chat.composer.take_focus()
    plain = edge()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert edge() != plain
