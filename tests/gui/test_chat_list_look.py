"""The list of chats and the header: one line a chat, what hangs on them, how wide it is."""

from datetime import datetime, timedelta

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from engine.base.conversation import Tree
from gui.app import Shell
from gui.chat.book import ChatRecord, ChatRow
from gui.chat.chat_list_paint import more_rect
from gui.main_window import MainWindow
from gui.widgets.lists import ROW
from gui.window_state import load_state

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL = Qt.KeyboardModifier.ControlModifier


def keep(shell: Shell, title: str, answer: str = "The answer.") -> ChatRecord:
    tree = Tree()
    tree.add("user", "Question", None)
    tree.add("assistant", answer, tree.leaf)
    record = ChatRecord(title=title, model="Qwen3 4B", tree=tree)
    shell.book.save(record)
    return record


def words(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_eighteen_chats_have_room_where_twelve_had(ready: MainWindow, shell: Shell) -> None:
    for i in range(18):
        keep(shell, f"Chat {i}")
    view = ready.chat.list._view
    heights = {view.visualRect(view.model().index(i)).height() for i in range(1, 19)}
    assert heights == {34}
    assert view.visualRect(view.model().index(18)).bottom() < view.viewport().height()


def test_pinned_ones_stand_above(ready: MainWindow, shell: Shell) -> None:
    now = datetime.now()
    rows = [
        ChatRow(1, "New", "", 2, now),
        ChatRow(2, "Old, pinned", "", 2, now - timedelta(days=40), pinned=True),
    ]
    ready.chat.list.show_rows(rows, None, {})
    model = ready.chat.list._model
    shown = [model.index(i).data(ROW) for i in range(model.rowCount())]
    assert shown == ["Pinned", rows[1], "Today", rows[0]]


def test_a_second_line_stands_only_where_words_were_found(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    record = keep(shell, "Walks", "By the zebra crossing")
    ready.chat.list.search.setText("zebra")
    view = ready.chat.list._view
    rect = view.visualRect(ready.chat.list._model.index_of(record.id))
    assert rect.height() == 54


def test_the_dots_under_the_pointer_open_its_menu_and_no_chat(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    record = keep(shell, "Walks")
    view, chats = ready.chat.list._view, ready.chat.list
    before = ready.chat.talk
    rect = view.visualRect(chats._model.index_of(record.id))
    spot = more_rect(rect, mirrored=False).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    menus = [menu for menu in chats.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    assert words(menus[0])[:4] == ["Rename", "Pin", "Move to folder", "Duplicate"]
    assert ready.chat.talk is before
    menus[0].close()


def test_a_chat_is_duplicated_whole(ready: MainWindow, shell: Shell) -> None:
    record = keep(shell, "Walks")
    tree = record.tree
    tree.add("assistant", "Another answer", tree.path()[0].id)
    ready.chat.open_chat(record.id)
    ready.chat.deeds._duplicate(record.id)
    copy = ready.chat.talk.record
    assert copy is not record
    assert copy.title == "Walks (copy)"
    assert [t.text for t in copy.tree.turns.values()] == [t.text for t in tree.turns.values()]
    copy.tree.path()[0].text = "changed"
    assert tree.path()[0].text == "Question", "nothing is shared"


def test_the_title_is_changed_where_it_stands(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    record = keep(shell, "Walks")
    ready.chat.open_chat(record.id)
    title = ready.chat.header._title
    told = QAccessible.queryAccessibleInterface(title)
    assert told.role() == QAccessible.Role.Button
    assert told.text(QAccessible.Text.Name) == "Title of the chat: Walks"
    QTest.mouseClick(title, Qt.MouseButton.LeftButton)
    field = title.findChild(QLineEdit)
    assert field.selectedText() == "Walks"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert record.title == "Walks"
    title.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(title, Qt.Key.Key_Return)
    QTest.keyClicks(field, "Long walks")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert record.title == "Long walks"
    assert title.full() == "Long walks"
    assert ready.windowTitle() == "Long walks – Chaski"
    assert ready.focusWidget() is ready.chat.composer.edit, "one writes on"


def test_a_title_that_is_being_written_is_not_given_to_another_chat(
    ready: MainWindow, shell: Shell
) -> None:
    first, second = keep(shell, "First"), keep(shell, "Second")
    ready.chat.open_chat(first.id)
    ready.chat.header.rename()
    title = ready.chat.header._title
    title.findChild(QLineEdit).setText("Half wri")
    ready.chat.open_chat(second.id)
    assert not title.is_edited
    assert title.full() == "Second"
    assert (first.title, second.title) == ("First", "Second")


def test_esc_in_the_title_stops_no_answer(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: bool(ready.chat.header._title.full()))
    ready.chat.header.rename()
    QTest.keyClick(ready.chat.header._title.findChild(QLineEdit), Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert ready.chat.talk.busy
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)


def test_the_header_menu_offers_what_can_be_done(ready: MainWindow, shell: Shell) -> None:
    found = [d.words for d in ready.chat.deeds.of_shown() if d]
    assert found[0] == "Compare two answers…"
    assert found[1:4] == ["New temporary chat", "New window", "List of chats"]
    assert found[4:] == ["New folder…", "Import chats…", "Deleted chats…"]
    record = keep(shell, "Walks")
    ready.chat.open_chat(record.id)
    ready.chat.header.menu_wanted.emit()
    (menu,) = [m for m in ready.chat.header.findChildren(QMenu) if m.isVisible()]
    assert words(menu)[0] == "Rename"
    assert "New window" in words(menu)
    menu.close()


def drag(grip: object, to: int) -> None:
    """From where it stands, so many pixels to the right."""
    for kind, x, button in (
        (QMouseEvent.Type.MouseButtonPress, 0, Qt.MouseButton.LeftButton),
        (QMouseEvent.Type.MouseMove, to, Qt.MouseButton.NoButton),
        (QMouseEvent.Type.MouseButtonRelease, to, Qt.MouseButton.LeftButton),
    ):
        spot = QPointF(x, 20)
        held = Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, spot, spot, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(grip, event)


def test_the_list_is_drawn_wider_and_stays_so(ready: MainWindow, shell: Shell) -> None:
    keep(shell, "Walks")
    chats = ready.chat.list
    assert chats.width() == 264
    drag(chats._grip, 56)
    assert chats.width() == 320
    drag(chats._grip, 500)
    assert chats.width() == 360
    drag(chats._grip, -900)
    assert chats.width() == 200
    drag(chats._grip, 40)
    ready.close()
    assert load_state(shell.desk.engine.paths.window_state_file).list_wide == 240
    again = shell.open_window()
    again.restore()
    assert again.chat.list.width() == 240
    again.chat.list._grip.drawn.emit(0)
    assert again.chat.list.width() == 264


def test_the_list_is_put_away_and_comes_back(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    keep(shell, "Walks")
    chats, header = ready.chat.list, ready.chat.header
    assert chats.isVisible()
    assert not header.list_button.isVisible()
    QTest.keyClick(ready, Qt.Key.Key_B, CTRL)
    qtbot.waitUntil(lambda: not chats.isVisible())
    assert header.list_button.isVisible()
    ready.close()
    again = shell.open_window()
    again.restore()
    assert not again.chat.list.isVisible(), "as it was left"
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow)
    QTest.keyClick(again, Qt.Key.Key_F, CTRL)
    assert again.chat.list.isVisible(), "whoever searches wants to see it"
    assert again.focusWidget() is again.chat.list.search
    QTest.keyClick(again, Qt.Key.Key_B, CTRL)
    qtbot.waitUntil(lambda: not again.chat.list.isVisible())


def test_a_right_click_has_the_same_menu(ready: MainWindow, shell: Shell) -> None:
    record = keep(shell, "Walks")
    chats = ready.chat.list
    spot = chats._view.visualRect(chats._model.index_of(record.id)).center()
    chats._view.customContextMenuRequested.emit(spot)
    (menu,) = [each for each in chats.findChildren(QMenu) if each.isVisible()]
    assert words(menu)[-1] == "Delete"
    menu.close()
    chats._view.customContextMenuRequested.emit(QPoint(20, chats._view.height() - 2))
    (menu,) = [each for each in chats.findChildren(QMenu) if each.isVisible()]
    assert words(menu)[0] == "New folder…", "there is no chat: it is the list's own"
    menu.close()
