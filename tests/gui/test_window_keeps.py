"""What outlives a window: its place, the folder of files; and that a home has one program."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.patience import WAIT, WAIT_MS
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from gui import libraries
from gui.app import Shell
from gui.discover.discover_view import DiscoverView
from gui.instance import Instance, files_of, hand_over
from gui.main_window import MainWindow
from gui.theme.theme import current
from gui.widgets.search_field import SearchField
from gui.widgets.tooltips import LETTERS, wrapped
from gui.window_state import WindowState, load_state, save_state


def test_a_window_stands_where_the_last_one_stood(
    window: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    window.resize(780, 560)  # the offscreen screen is small
    window.show_view("models")
    window.chat.show_panel(True)
    window.close()
    again = shell.open_window()
    again.restore()
    assert (again.width(), again.height()) == (780, 560)
    assert again.view("models").isVisible()
    assert again.chat.panel_shown


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"view": 3, "panel": "yes", "chat": null}'])
def test_a_damaged_state_is_the_usual_one(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "window-state.json"
    path.write_text(damage)
    assert load_state(path) == WindowState()


def test_one_odd_value_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "window-state.json"
    save_state(path, WindowState(view="models", folder="/x", panel=True))
    values = json.loads(path.read_text()) | {"panel": [1], "of tomorrow": 2}
    path.write_text(json.dumps(values))
    assert load_state(path) == WindowState(view="models", folder="/x")


def test_an_unknown_view_is_not_shown(window: MainWindow, shell: Shell) -> None:
    file = shell.desk.engine.paths.window_state_file
    window.close()
    save_state(file, WindowState(view="nonsense", geometry="!!"))
    again = shell.open_window()
    again.restore()
    assert again.view("chats").isVisible()


def test_files_are_looked_for_where_the_last_one_was(window: MainWindow, tmp_path: Path) -> None:
    assert Path(window.first_folder()).is_dir()
    chosen = tmp_path / "elsewhere"
    chosen.mkdir()
    window._take_chosen(str(chosen / "m.gguf"))
    assert window.first_folder() == str(chosen)
    chosen.rmdir()
    assert Path(window.first_folder()).is_dir(), "a folder that is gone is not offered"


def test_the_usual_text_size_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert current().font_pixels == 17
    QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert current().font_pixels == 14


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_f1_lists_the_keys_and_f11_fills_the_screen(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    (sheet,) = window.findChildren(QDialog)
    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_quit_closes_every_window(window: MainWindow, shell: Shell) -> None:
    other = shell.open_window()
    QTest.keyClick(other, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert shell.windows == []


def test_esc_empties_a_search(qtbot: QtBot, window: MainWindow) -> None:
    field = window.chat.list.search
    assert isinstance(field, SearchField)
    field.setText("Question")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_long_tips_are_broken_into_lines() -> None:
    assert wrapped("short") == "short"
    lines = wrapped("many words " * 30).splitlines()
    assert len(lines) > 4
    assert max(map(len, lines)) <= LETTERS
    assert wrapped("one\n\ntwo") == "one\n\ntwo"


def test_a_second_start_hands_its_files_over(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    assert not hand_over(tmp_path, []), "nobody is there yet"
    first = Instance(tmp_path)
    try:
        code = (
            "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication\n"
            "app = QCoreApplication([]); from gui.instance import hand_over\n"
            "sys.exit(0 if hand_over(Path(sys.argv[1]), ['a.gguf']) else 3)"
        )
        with qtbot.waitSignal(first.started, timeout=WAIT_MS) as told:
            child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT)
        assert told.args is not None
        assert [Path(file).name for file in told.args[0]] == ["a.gguf"]
        assert child.wait(WAIT) == 0
        assert not hand_over(tmp_path / "another home", []), "another home has its own program"
    finally:
        first.close()


@pytest.mark.parametrize("line", [b"", b"{", b"3", b'["a", 3]', b"[" * 9000, b"\xff\n", b'{"a":1}'])
def test_odd_messages_are_no_files(line: bytes) -> None:
    assert files_of(line) is None


def test_a_library_that_is_missing_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(libraries, "_is_there", lambda name: name != "libxcb-icccm.so.4")
    assert libraries.missing(with_x=False) == {}
    lacking = libraries.missing(with_x=True)
    assert "apt-get install libxcb-icccm4" in libraries.sentence(lacking)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert libraries.missing(with_x=True) == {}


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_program_comes_forward_with_the_file(
    window: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    window.showMinimized()
    with qtbot.waitSignal(shell.desk.loading):
        shell.come_forward(["/models/Qwen3 4B.gguf"])
    assert not window.isMinimized()


# Links to models


def test_a_link_is_handed_over_as_it_is(qapp: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    first = Instance(tmp_path)
    link = "chaski://huggingface.co/maker/name?file=a.gguf"
    try:
        code = (
            "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication\n"
            "app = QCoreApplication([]); from gui.instance import hand_over\n"
            "sys.exit(0 if hand_over(Path(sys.argv[1]), [sys.argv[2]]) else 3)"
        )
        with qtbot.waitSignal(first.started, timeout=WAIT_MS) as told:
            words = [sys.executable, "-c", code, str(tmp_path), link]
            child = subprocess.Popen(words, cwd=ROOT)
        assert told.args == [[link]]
        assert child.wait(WAIT) == 0
    finally:
        first.close()


no_display = pytest.mark.qt_log_ignore("does not support raise")


@no_display
@pytest.mark.parametrize(
    "link",
    [
        "huggingface.co/maker/name",
        "huggingface.co/maker/name?file=a.gguf",
        "model/maker/name",
        "model/maker/name/a.gguf",
    ],
)
def test_a_link_shows_its_models_page(
    window: MainWindow, shell: Shell, qtbot: QtBot, link: str
) -> None:
    shell.come_forward([f"chaski://{link}"])
    view = window.view("discover")
    assert window._stack.currentWidget() is view
    assert isinstance(view, DiscoverView)
    assert view.finder.repository == "maker/name"
    assert not shell.desk.opening


@no_display
@pytest.mark.parametrize(
    "named", ["chaski://evil.com/maker/name", "chaski:rm -rf", "chaski://", "chaski://model/a/b?x"]
)
def test_a_hostile_link_is_told_and_opens_nothing(
    window: MainWindow, shell: Shell, qtbot: QtBot, named: str
) -> None:
    told: list[str] = []
    shell.desk.notice.connect(told.append)
    shell.come_forward([named])
    assert len(told) == 1
    assert "link" in told[0]
    assert not shell.desk.opening


@no_display
def test_a_file_comes_forward_with_its_chat(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    shell.come_forward(["/models/Qwen3 4B.gguf"])
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
