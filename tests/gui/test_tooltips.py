"""A tooltip has its lines and round corners."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, Qt, QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.widgets.tooltips import no_tips, plain

pytestmark = pytest.mark.qt_log_ignore("plugin does not support raise")


def tip_label() -> QWidget:
    return next(each for each in QApplication.topLevelWidgets() if each.inherits("QTipLabel"))


def test_its_corners_are_round(window: MainWindow, qtbot: QtBot) -> None:
    label = QLabel("x", window.chat.header)  # a part that is dressed: a tip looks as its widget
    QToolTip.showText(window.mapToGlobal(QPoint(40, 40)), "What it does", label)
    qtbot.waitUntil(QToolTip.isVisible)
    seen = tip_label().grab().toImage()
    right, bottom = seen.width() - 1, seen.height() - 1
    for x, y in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
        assert seen.pixelColor(x, y).alpha() < 128
    assert seen.pixelColor(right // 2, 2).alpha() == 255
    QToolTip.hideText()


def test_words_of_a_file_are_letters_and_no_markup() -> None:
    """A name may look like a picture on somebody's server."""
    assert plain("What it does") == "What it does"
    assert plain("1 < 2") == "1 < 2"
    odd = plain('<img src="//host/share/x.png">')
    assert Qt.mightBeRichText(odd)
    document = QTextDocument()
    document.setHtml(odd)
    assert document.toPlainText() == '<img src="//host/share/x.png">'


def test_a_lines_own_tip_is_plain_and_broken_too(window: MainWindow, qtbot: QtBot) -> None:
    lines = QListWidget(window)
    lines.resize(300, 100)
    lines.addItem("x")
    lines.item(0).setToolTip("<b>" + "many words " * 20)
    lines.show()
    viewport = lines.viewport()
    spot = lines.visualItemRect(lines.item(0)).center()
    QApplication.sendEvent(
        viewport, QHelpEvent(QEvent.Type.ToolTip, spot, viewport.mapToGlobal(spot))
    )
    qtbot.waitUntil(QToolTip.isVisible)
    assert QToolTip.text().startswith('<p style="white-space: pre">&lt;b&gt;many words')
    assert QToolTip.text().count("\n") > 2
    QToolTip.hideText()


def test_what_is_laid_out_passes_no_filter_and_tips_are_heeded_afterwards(
    window: MainWindow, qtbot: QtBot
) -> None:
    """Also where one thing that is laid out lays out another, or fails."""
    label = QLabel("x", window)
    label.setToolTip("many words " * 20)
    label.show()
    spot = label.rect().center()

    def ask() -> None:
        QApplication.sendEvent(
            label, QHelpEvent(QEvent.Type.ToolTip, spot, label.mapToGlobal(spot))
        )

    with no_tips():
        with pytest.raises(ValueError), no_tips():
            raise ValueError
        ask()
        assert "\n" not in QToolTip.text()
        QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    ask()
    qtbot.waitUntil(QToolTip.isVisible)
    assert QToolTip.text().count("\n") > 2
    QToolTip.hideText()
