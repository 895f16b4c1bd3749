"""Small things that one meets every day: notices, copies, lists, names."""

from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from helpers.patience import WAIT_MS
from helpers.tiny_models import write_tiny_llama
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.base.events import Notice
from engine.library import Library
from engine.weights.formats.gguf import open_gguf
from gui.app import Shell
from gui.chat.answer import Answer
from gui.desk import KnownModel
from gui.hardware.words import rate_words
from gui.library.library_view import LibraryView
from gui.library.model_list import ModelRows
from gui.library.words import second_line
from gui.main_window import MainWindow
from gui.settings.settings_view import SettingsView
from gui.widgets.choices import ComboBox


def test_copying_an_answer_says_so(ready: MainWindow, qtbot: QtBot) -> None:
    ready.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    answer = ready.chat.transcript.rows()[-1]
    assert isinstance(answer, Answer)
    before = (answer.tools.copy.glyph, answer.tools.copy.accessibleName())
    for _ in range(2):
        answer.tools.copy.click()
        assert answer.tools.copy.glyph == "check"
        assert answer.tools.copy.accessibleName() == "Copied"
    assert QGuiApplication.clipboard().text() == answer.turn.text
    qtbot.waitUntil(lambda: (answer.tools.copy.glyph, answer.tools.copy.accessibleName()) == before)


def test_a_notice_is_over_the_header_and_gone_with_a_click(ready: MainWindow) -> None:
    ready.toast.say("The file says nothing of its template; a usual one is taken.")
    toast = ready.toast
    assert toast.isVisible()
    assert toast.geometry().bottom() <= ready.chat.header.height()
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert not toast.isVisible()


def test_the_same_notice_of_a_file_is_told_once(ready: MainWindow, shell: Shell) -> None:
    told: list[str] = []
    desk = shell.desk
    desk.notice.connect(told.append)
    for path in ("/a.gguf", "/a.gguf", "/b.gguf"):
        desk.opened.path = path
        desk.opened._feed.notice.emit(Notice("A usual template is taken."))
    desk.opened.path = ""
    assert len(told) == 2


@pytest.mark.parametrize("width", [760, 900, 1280])
def test_the_way_to_the_end_stands_beside_the_words(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot, width: int
) -> None:
    engine.script.text = "Many words in a line. " * 400
    engine.script.pause = 0
    ready.resize(width, 600)
    ready.chat.talk.send("Hello " * 200)
    qtbot.waitUntil(lambda: not ready.chat.talk.busy, timeout=WAIT_MS)
    view = ready.chat.transcript
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 400)
    bar.setValue(bar.maximum() // 2)
    button, column = view._latest, view._column
    assert button.isVisible()
    assert button.x() >= column.mapTo(view, QPoint(column.width(), 0)).x()
    assert button.geometry().right() < view.width()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_lists_open_below_their_field(qtbot: QtBot, shell: Shell) -> None:
    choice = ComboBox("Theme", [(f"Theme {i}", i) for i in range(4)])
    qtbot.addWidget(choice)
    choice.setCurrentIndex(3)
    choice.show()
    choice.showPopup()
    popup = choice.view().window()
    assert popup.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    assert popup.y() >= choice.mapToGlobal(QPoint(0, choice.height())).y() - 2
    choice.hidePopup()


def lines_of(model: KnownModel) -> list[str]:
    """The two lines of its row."""
    rows = ModelRows(lambda _model: None, lambda _path: None, lambda _info: False)
    rows.show([model], "name")
    return [str(rows.index(0).data(Qt.ItemDataRole.DisplayRole)), second_line(model)]


def test_rows_are_told_apart_by_their_files(shell: Shell, qtbot: QtBot) -> None:
    named = KnownModel("/m/tiny-Q4_K_M.gguf", "tiny F16", "", type_name="Q4_K_M")
    assert lines_of(named) == ["tiny-Q4_K_M", "tiny F16 · /m/tiny-Q4_K_M.gguf"]
    assert lines_of(KnownModel("/m/tiny.gguf", "tiny", "")) == ["tiny", "/m/tiny.gguf"]


def test_the_type_is_known_without_a_file_type(tmp_path: Path, shell: Shell) -> None:
    path = write_tiny_llama(tmp_path / "bare.gguf")
    with open_gguf(path) as file:
        assert "general.file_type" not in file.metadata
    library = Library(shell.desk.engine.paths)
    try:
        assert library.add(path).type_name == "F32"
    finally:
        library.close()


def test_large_figures_are_grouped() -> None:
    assert rate_words(16872.4) == "≈ 16,872 tok/s"
    assert rate_words(2.34) == "≈ 2.3 tok/s"


def test_the_models_folder_counts_at_once(real_shell: Shell, tmp_path: Path, qtbot: QtBot) -> None:
    desk, folder = real_shell.desk, tmp_path / "other disk"
    folder.mkdir()
    write_tiny_llama(folder / "there.gguf")
    desk.refresh_known()
    qtbot.waitUntil(lambda: desk.listed.is_read)
    assert not any(m.key == "there" for m in desk.known)
    desk.use_models_folder(str(folder))
    qtbot.waitUntil(lambda: any(m.key == "there" for m in desk.known))
    assert desk.preferences.models_folder == str(folder)
    assert desk.engine.paths.models == folder


def test_an_open_model_is_reopened_with_what_is_chosen(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    ready.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    ready.show_view("settings")
    settings = ready.view("settings")
    assert isinstance(settings, SettingsView)
    assert not settings.reopen.isEnabled()
    settings.threads.setCurrentIndex(1)
    assert settings.reopen.isEnabled()
    before = shell.desk.models()[0]
    settings.reopen.click()
    qtbot.waitUntil(lambda: bool(shell.desk.models()) and not shell.desk.opening)
    assert shell.desk.models()[0].id != before.id
    assert not settings.reopen.isEnabled()
    assert ready.chat.talk.model is shell.desk.models()[0]


def test_a_program_with_thousands_of_models_shows_them_all_at_once(
    window: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    window.show_view("models")
    shell.desk.known = [
        KnownModel(f"/studio/{n}.gguf", f"{n}", "Q4_0", source="LM Studio") for n in range(5000)
    ]
    shell.desk.known_changed.emit()
    view = window.view("models")
    assert isinstance(view, LibraryView)
    assert view.rows.rowCount() == 5001, "a heading and its models"
    assert len(view.list.viewport().findChildren(QWidget)) < 20
    view.list.choose("/studio/4999.gguf")
    assert view.list.current() is shell.desk.known[4999]
    assert "/studio/4999.gguf" in view.list.seen_paths()
