"""A tooltip has its lines and round corners."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow


def tip_label() -> QWidget:
    return next(each for each in QApplication.topLevelWidgets() if each.inherits("QTipLabel"))


@pytest.mark.qt_log_ignore("plugin does not support raise")
def test_its_corners_are_round(window: MainWindow, qtbot: QtBot) -> None:
    label = QLabel("x", window)
    QToolTip.showText(window.mapToGlobal(QPoint(40, 40)), "What it does", label)
    qtbot.waitUntil(QToolTip.isVisible)
    seen = tip_label().grab().toImage()
    right, bottom = seen.width() - 1, seen.height() - 1
    for x, y in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
        assert seen.pixelColor(x, y).alpha() < 128
    assert seen.pixelColor(right // 2, 2).alpha() == 255
    QToolTip.hideText()
