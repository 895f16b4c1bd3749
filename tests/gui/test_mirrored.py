"""A window for people who read from the right: mirrored, and words keep their own order."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.app import Shell
from gui.chat.chat_list_paint import more_rect
from gui.main_window import VIEWS, MainWindow
from gui.widgets.flow import FlowLayout
from gui.widgets.paint import line_flags, reads_from_right

RIGHT, LEFT = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
ARABIC = "ترتيب التواريخ"


@pytest.fixture
def mirrored(ready: MainWindow, qapp: QApplication) -> Iterator[MainWindow]:
    qapp.setLayoutDirection(RIGHT)
    QApplication.processEvents()
    yield ready
    qapp.setLayoutDirection(LEFT)


def left_of(part: QWidget, window: QWidget) -> int:
    return part.mapTo(window, QPoint()).x()


def test_everything_stands_on_the_other_side(
    mirrored: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    mirrored.chat.talk.send(ARABIC)
    qtbot.waitUntil(lambda: not mirrored.chat.talk.busy)
    QApplication.processEvents()
    chat, header = mirrored.chat, mirrored.chat.header
    assert left_of(mirrored.rail, mirrored) > left_of(chat.list, mirrored)
    assert left_of(chat.list, mirrored) > left_of(chat.composer, mirrored)
    order = (header._title, header.pill, header.parameters, header.more)
    places = [left_of(part, mirrored) for part in order]
    assert places == sorted(places, reverse=True)
    assert chat.list._grip.geometry().left() == 0, "the edge that is drawn"
    line = chat.list._view.visualRect(chat.list._model.index(1))
    assert more_rect(line, mirrored=True).left() < line.center().x()
    assert chat.list.search.textMargins().right() > 0, "room for the glass"
    assert chat.list.search.textMargins().left() == 0
    assert left_of(chat.composer.thinking, mirrored) > left_of(chat.composer._button, mirrored)


def test_every_view_can_be_drawn(mirrored: MainWindow, qtbot: QtBot) -> None:
    for kind in VIEWS:
        mirrored.show_view(kind.name)
        QApplication.processEvents()
        assert not mirrored.grab().isNull()


def test_the_list_is_drawn_wider_to_the_other_side(mirrored: MainWindow) -> None:
    """Its free edge is the left one."""
    chats = mirrored.chat.list
    for kind, x, button in (
        (QMouseEvent.Type.MouseButtonPress, 100, Qt.MouseButton.LeftButton),
        (QMouseEvent.Type.MouseMove, 60, Qt.MouseButton.NoButton),
    ):
        spot, keys = QPointF(x, 20), Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, spot, spot, button, Qt.MouseButton.LeftButton, keys)
        QApplication.sendEvent(chats._grip, event)
    assert chats.width() == 264 + 40


@pytest.mark.parametrize(
    ("words", "from_right"),
    [("2.5 GB", False), ("Qwen3 4B", False), (ARABIC, True), ("3. שלום", True), ("", False)],
)
def test_words_keep_their_own_order(words: str, from_right: bool) -> None:
    assert reads_from_right(words) is from_right
    forced = Qt.TextFlag.TextForceRightToLeft if from_right else Qt.TextFlag.TextForceLeftToRight
    for direction, side in (
        (RIGHT, Qt.AlignmentFlag.AlignRight),
        (LEFT, Qt.AlignmentFlag.AlignLeft),
    ):
        flags = line_flags(words, direction)
        assert flags & forced.value
        assert flags & side.value
        assert flags & Qt.AlignmentFlag.AlignAbsolute.value


def test_what_flows_begins_at_the_right(mirrored: MainWindow) -> None:
    holder = QWidget(mirrored)
    flow = FlowLayout(holder)
    parts = [QPushButton(words) for words in ("One", "Two", "Three")]
    for part in parts:
        flow.addWidget(part)
    holder.resize(parts[0].sizeHint().width() + parts[1].sizeHint().width() + 8, 200)
    holder.show()
    QApplication.processEvents()
    assert parts[0].geometry().right() == holder.width() - 1
    assert parts[1].geometry().right() < parts[0].geometry().left()
    assert parts[2].geometry().right() == holder.width() - 1, "on the next line"
