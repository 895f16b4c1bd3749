"""A word when a long answer is done; nothing moves where somebody wants it still; keys alone."""

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import notices
from gui.app import Shell
from gui.main_window import MainWindow
from gui.preferences import load
from gui.widgets.bars import STILL, Bar

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Desktop:
    """What reaches the desktop."""

    def __init__(self) -> None:
        self.alerts: list[object] = []
        self.told: list[str] = []
        self.is_away = True


@pytest.fixture
def desktop(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    made = Desktop()
    monkeypatch.setattr(notices, "LONG_S", 0.05)
    monkeypatch.setattr(notices.QApplication, "alert", made.alerts.append)
    monkeypatch.setattr(notices.QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(notices.QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(shell.notices, "_show", made.told.append)
    real = shell.notices._is_away
    states = Qt.ApplicationState
    monkeypatch.setattr(
        notices.QGuiApplication,
        "applicationState",
        lambda: states.ApplicationInactive if made.is_away else states.ApplicationActive,
    )
    assert real() is True
    return made


def answer(window: MainWindow, engine: FakeEngine, qtbot: QtBot, text: str = "Why?") -> None:
    engine.script.pause = 0.03
    window.chat.talk.send(text)
    qtbot.waitUntil(lambda: not window.chat.talk.busy)


def test_a_long_answer_is_told_of_where_one_is_away(
    ready: MainWindow, engine: FakeEngine, desktop: Desktop, shell: Shell, qtbot: QtBot
) -> None:
    answer(ready, engine, qtbot)
    qtbot.waitUntil(lambda: desktop.alerts == [ready])
    assert desktop.told == ["Why?"], "the chat's title"
    ready.chat.new_chat()
    ready.show_view("models")
    shell.notices.go_there()
    assert ready.rail.words() == "Chats"
    assert ready.chat.talk.record.title == "Why?"


def test_nobody_is_told_what_is_before_his_eyes_or_was_not_wanted(
    ready: MainWindow, engine: FakeEngine, desktop: Desktop, shell: Shell, qtbot: QtBot
) -> None:
    desktop.is_away = False
    answer(ready, engine, qtbot)
    desktop.is_away = True
    ready.show_view("settings")
    ready.view("settings").notify.setChecked(False)
    qtbot.waitUntil(lambda: not load(shell.desk.engine.paths.window_file).notify)
    answer(ready, engine, qtbot)
    QApplication.processEvents()
    assert (desktop.alerts, desktop.told) == ([], [])


def test_a_short_answer_and_a_window_that_closes_are_no_news(
    ready: MainWindow,
    engine: FakeEngine,
    desktop: Desktop,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notices, "LONG_S", 60.0)
    answer(ready, engine, qtbot)
    monkeypatch.setattr(notices, "LONG_S", 0.0)
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    ready.close()
    QApplication.processEvents()
    assert (desktop.alerts, desktop.told) == ([], [])


@pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface")
def test_the_notice_itself_comes_and_goes(ready: MainWindow, shell: Shell) -> None:
    shell.notices._show("Foxes")
    tray = shell.notices._tray
    assert tray is not None
    assert not tray.icon().isNull()
    shell.notices.close()
    assert not tray.isVisible()


def test_where_nothing_shall_move_nothing_does(ready: MainWindow, shell: Shell) -> None:
    ready.toast.say("With motion")
    assert ready.toast.graphicsEffect() is not None
    ready.toast.hide()  # half-way
    ready.show_view("settings")
    view = ready.view("settings")
    view.motion.setCurrentIndex(view.motion.findData("less"))
    assert shell.theme.is_still
    assert shell.desk.preferences.motion == "less"
    ready.toast.say("Without")
    assert ready.toast.graphicsEffect() is None
    bar = Bar()
    bar.set_fraction(None)
    bar.show()
    assert not bar._timer.isActive()
    assert bar._span() == STILL
    bar.close()
    shell.theme.choose_motion("system")


def test_the_fade_ends_and_leaves_nothing(ready: MainWindow, qtbot: QtBot) -> None:
    ready.toast.say("One")
    qtbot.waitUntil(lambda: ready.toast.graphicsEffect() is None)
    assert ready.toast.isVisible()


def test_everything_of_the_daily_start_is_reached_by_tab(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    ready.chat.talk.send("One")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    ready.chat.new_chat()
    chat, seen = ready.chat, set()
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    wanted = {
        "pill": chat.header.pill,
        "parameters": chat.header.parameters,
        "more": chat.header.more,
        "box": chat.composer.edit,
        "thinking": chat.composer.thinking,
        "prompt": chat.composer.system,
        "chip": chat.at_hand.chips[0],
        "card": chat.at_hand.cards[0],
        "list": chat.list._view,
        "search": chat.list.search,
        "new": chat.list._new,
    }
    assert not [name for name, part in wanted.items() if part not in seen]
    assert all(part.accessibleName() for part in wanted.values())
