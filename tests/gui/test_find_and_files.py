"""Finding words in the chat that is shown; chats into files, and out of those of others."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths
from engine.base.conversation import ChatRecord
from gui.app import Shell
from gui.chat.book import Book
from gui.chat.book_disk import DiskBook
from gui.chat.chat_files import file_name
from gui.known import KnownModel
from gui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def keep(book: Book, n: int = 40) -> ChatRecord:
    record = ChatRecord(title="Foxes: a/b?", model="tiny")
    for i in range(n):
        record.tree.add("user", f"Question {i} about a fox", record.tree.leaf)
        text = f"Answer {i}.\n\nA fox, and again a **fox**." if i % 10 == 0 else f"Answer {i}."
        record.tree.add("assistant", text, record.tree.leaf)
    book.save(record)
    return record


def find(window: MainWindow, qtbot: QtBot, words: str) -> None:
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    qtbot.waitUntil(window.chat.find_bar.isVisible)
    window.chat.find_bar.field.setText(words)
    qtbot.waitUntil(lambda: not window.chat.find_bar._typed.isActive())


def test_ctrl_f_goes_from_place_to_place(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    record = keep(shell.book)
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    ready.chat.open_chat(record.id)
    ready.chat.transcript.verticalScrollBar().setValue(0)
    QApplication.processEvents()
    find(ready, qtbot, "fox")
    bar, transcript = ready.chat.find_bar, ready.chat.transcript
    assert bar.count.text() == "1 of 48"
    assert ready.focusWidget() is bar.field
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 48"
    answer = record.tree.path()[1]
    assert transcript.found_turn is answer
    row = transcript.row_of(answer)
    assert row is not None
    marks = [mark for edit in row.text.edits() for mark in edit.extraSelections()]
    assert len(marks) == 2
    colours = {mark.format.background().color().name() for mark in marks}
    assert len(colours) == 2, "the place that is pointed at is told apart"
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "48 of 48"
    assert transcript.found_turn is record.tree.path()[-2], "round and round"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert not any(e.extraSelections() for r in transcript.rows() for e in r.text.edits())


def test_its_bar_stays_in_the_corner(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    """Also where the list of chats gives way, and with larger letters."""
    ready.show()
    ready.chat.open_chat(keep(shell.book).id)
    find(ready, qtbot, "fox")
    bar, view = ready.chat.find_bar, ready.chat.transcript.viewport()
    for pixels, width in ((14, 1280), (21, 1280), (21, 900), (14, 900)):
        shell.theme.set_font_pixels(pixels)
        ready.resize(width, 600)
        QApplication.processEvents()
        px = shell.theme.px
        assert bar.geometry().right() + 1 == view.width() - px(12)
        assert bar.width() == min(px(380), view.width() - px(24))


def test_ctrl_f_again_looks_in_all_chats(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    record = keep(shell.book)
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    ready.chat.open_chat(record.id)
    find(ready, qtbot, "fox")
    QTest.keyClick(ready.chat.find_bar.field, Qt.Key.Key_F, CTRL)
    qtbot.waitUntil(ready.chat.list.search.hasFocus)
    assert not ready.chat.find_bar.isVisible()
    assert ready.chat.list.search.text() == "fox"


def test_nothing_is_found_and_that_is_said(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ready.chat.open_chat(keep(shell.book, 2).id)
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    find(ready, qtbot, "zebra")
    assert ready.chat.find_bar.count.text() == "none"
    ready.chat.new_chat()
    assert not ready.chat.find_bar.isVisible(), "it was of another chat"


def test_without_a_chat_all_chats_are_searched(ready: MainWindow, shell: Shell, qtbot) -> None:
    keep(shell.book, 2)
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    QTest.keyClick(ready, Qt.Key.Key_F, CTRL)
    assert ready.focusWidget() is ready.chat.list.search


# Files, with the real engine


@pytest.fixture
def real(qapp: QApplication, tmp_path: Path, qtbot: QtBot):
    shell = Shell(qapp, Engine(Paths.under(tmp_path / "home")))
    window = shell.open_window()
    window.resize(1280, 800)
    with qtbot.waitSignal(shell.book.changed):
        assert isinstance(shell.book, DiskBook)
        shell.book.read()
    yield window, shell
    shell.close()


@pytest.mark.parametrize(
    ("form", "begins"),
    [("md", b"# Foxes"), ("html", b"<!DOCTYPE"), ("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{")],
)
def test_a_chat_becomes_a_file(
    real, tmp_path: Path, qtbot: QtBot, form: str, begins: bytes
) -> None:
    window, shell = real
    record = keep(shell.book, 3)
    out = tmp_path / f"out.{form}"
    out.write_bytes(b"old")
    foreign = out.with_name(f"out.{form}.part")
    foreign.write_bytes(b"somebody's")
    window.chat.files.export(record.copied(), form, str(out))
    qtbot.waitUntil(lambda: out.read_bytes() != b"old")
    assert out.read_bytes().startswith(begins)
    qtbot.waitUntil(lambda: f"written to out.{form}" in window.toast._words.text())
    assert foreign.read_bytes() == b"somebody's"
    assert sorted(each.name for each in tmp_path.iterdir() if each.is_file()) == [
        out.name,
        foreign.name,
    ]


def test_where_it_cannot_be_written_is_said(real, tmp_path: Path, qtbot: QtBot) -> None:
    window, shell = real
    window.chat.files.export(keep(shell.book, 1), "md", str(tmp_path / "no" / "out.md"))
    qtbot.waitUntil(lambda: bool(window.toast._words.text()))
    assert "out.md" in window.toast._words.text() or "No such file" in window.toast._words.text()


def test_a_dropped_export_becomes_chats(real, tmp_path: Path, qtbot: QtBot) -> None:
    window, shell = real
    node = {"message": {"author": {"role": "user"}, "content": {"content_type": "text"}}}
    node["message"]["content"]["parts"] = ["A fox?"]  # type: ignore[index]
    chats = [
        {"title": f"Chat {i}", "mapping": {"q": node}, "create_time": 1.7e9} for i in range(45)
    ]
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps(chats))
    window._take_dropped(str(path))
    qtbot.waitUntil(lambda: len(shell.book.rows()) == 45)
    qtbot.waitUntil(lambda: "45 chats were imported" in window.toast._words.text())
    assert {row.updated.year for row in shell.book.rows()} == {2023}
    window.toast.undo()
    assert shell.book.rows() == []


def test_an_import_never_says_which_file_is_opened(real, tmp_path: Path, qtbot: QtBot) -> None:
    """Its model is one that is known here by that name, not one that a file of somebody names."""
    window, shell = real
    shell.desk.known = [KnownModel("/models/tiny.gguf", "tiny", "")]
    chats = [
        {"title": name, "model": name, "model_path": "//evil.example/share/a.gguf"}
        | {"messages": [{"id": 1, "parent": None, "role": "user", "content": "A fox?"}]}
        for name in ("tiny", "other")
    ]
    path = tmp_path / "chats.json"
    path.write_text(json.dumps({"format": "chaski-chats", "chats": chats}))
    window._take_dropped(str(path))
    qtbot.waitUntil(lambda: len(shell.book.rows()) == 2)
    found = [shell.desk.engine.chats.read(row.id) for row in shell.book.rows()]
    told = {record.model: record.model_path for record in found}
    assert told == {"tiny": "/models/tiny.gguf", "other": ""}


def test_a_damaged_export_is_one_sentence(real, tmp_path: Path, qtbot: QtBot) -> None:
    window, shell = real
    path = tmp_path / "conversations.json"
    path.write_text('[{"mapping": {')
    window._take_dropped(str(path))
    told = "Conversations.json was not imported"
    qtbot.waitUntil(lambda: told.casefold() in window.toast._words.text().casefold())
    assert shell.book.rows() == []


def test_names_of_files() -> None:
    assert file_name('Foxes: a/b? "x"') == "Foxes a b x"
    assert file_name("...") == "Chat"
