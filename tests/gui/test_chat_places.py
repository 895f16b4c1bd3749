"""Where chats stand and what becomes of them: pins, folders, trash, temporary ones, drafts."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths
from engine.base.conversation import ChatRecord
from gui.app import Shell
from gui.chat import chat_pages
from gui.chat.book import Book, ChatRow, TrashedRow
from gui.chat.book_disk import DiskBook
from gui.chat.chat_lines import CHAT_MIME, FolderLine, lines_of
from gui.chat.chat_menu import Deed
from gui.chat.trash_sheet import TrashSheet
from gui.main_window import MainWindow
from gui.widgets.lists import ROW
from gui.window_state import load_state
from gui.workers import Background


def keep(book: Book, title: str, folder: str = "", pinned: bool = False) -> ChatRecord:
    record = ChatRecord(title=title, folder=folder, pinned=pinned)
    record.tree.add("user", f"About {title}", None)
    record.tree.add("assistant", "The answer.", record.tree.leaf)
    book.save(record)
    return record


def lines(window: MainWindow) -> list[str]:
    """As they stand in the list."""
    model = window.chat.list._model
    items = [model.index(i).data(ROW) for i in range(model.rowCount())]
    return [
        item if isinstance(item, str) else item.name if isinstance(item, FolderLine) else item.title
        for item in items
    ]


def deed(window: MainWindow, chat: int, *words: str) -> Deed:
    deeds = window.chat.deeds.of(chat)
    for word in words[:-1]:
        deeds = next(d.deeds for d in deeds if d and d.words == word)
    return next(d for d in deeds if d and d.words == words[-1])


def test_pinned_ones_then_folders_then_days() -> None:
    now = datetime(2026, 3, 10, 12)
    rows = [
        ChatRow(1, "a", "", 1, now),
        ChatRow(2, "b", "", 1, now, folder="work"),
        ChatRow(3, "c", "", 1, now - timedelta(days=1), pinned=True, folder="Home"),
        ChatRow(4, "d", "", 1, now - timedelta(days=2), folder="Home"),
        ChatRow(5, "e", "", 1, now - timedelta(days=3)),
    ]
    found = lines_of(rows, {"work"}, date(2026, 3, 10), ["Home", "Empty"])
    assert found == [
        *("Pinned", rows[2]),
        FolderLine("Empty", 0, True),
        *(FolderLine("Home", 1, True), rows[3]),
        FolderLine("work", 1, False),
        *("Today", rows[0], "Last 7 days", rows[4]),
    ]


def test_a_chat_goes_into_a_folder_by_menu(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    record = keep(shell.book, "Foxes")
    deed(ready, record.id, "Move to folder", "New folder…").act()
    assert lines(ready) == ["New folder", "Foxes"]
    view = ready.chat.list._view
    editor = view.indexWidget(view.currentIndex()) or QApplication.focusWidget()
    assert view.state() == view.State.EditingState or editor is not None, "its name is written"
    ready.chat.list._delegate.folder_renamed.emit("New folder", "Animals")
    assert record.folder == "Animals"
    other = keep(shell.book, "Wolves")
    deed(ready, other.id, "Move to folder", "Animals").act()
    assert shell.book.folders() == ["Animals"]
    deed(ready, other.id, "Move to folder", "No folder").act()
    deed(ready, other.id, "Pin").act()
    shell.book.changed.emit()
    assert other.pinned
    assert other.folder == ""


def test_a_folder_opens_and_closes_and_stays_so(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    keep(shell.book, "Foxes", "Animals")
    chats = ready.chat.list
    chats._open(chats._model.folder_index("Animals"))
    assert lines(ready) == ["Animals"]
    told = chats._model.folder_index("Animals").data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Animals, folder with 1 chat, closed"
    chats.search.setText("about")
    assert "Foxes" in lines(ready), "what is searched for is seen"
    chats.search.setText("")
    assert lines(ready) == ["Animals"]
    ready.close()
    assert load_state(shell.desk.engine.paths.window_state_file).closed_folders == ["Animals"]
    again = shell.open_window()
    again.restore()
    assert lines(again) == ["Animals"]


def test_an_empty_folder_is_made_in_the_list_and_stays(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    foxes = keep(shell.book, "Foxes")
    chats, view = ready.chat.list, ready.chat.list._view
    chats.search.setText("fox")
    next(d for d in ready.chat.deeds.of_list() if d and d.words == "New folder…").act()
    assert chats.search.text() == ""
    assert lines(ready) == ["New folder", "Today", "Foxes"]
    editor = view.findChild(QLineEdit)
    assert editor is not None, "its name is written where it stands"
    editor.setText("Animals")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lines(ready) == ["Animals", "Today", "Foxes"])
    index = chats._model.folder_index("Animals")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Animals, empty folder"
    deed(ready, foxes.id, "Move to folder", "Animals").act()
    assert lines(ready) == ["Animals", "Foxes"]
    deed(ready, foxes.id, "Move to folder", "No folder").act()
    assert lines(ready) == ["Animals", "Today", "Foxes"]
    next(d for d in ready.chat.deeds.of_list() if d and d.words == "New folder…").act()
    qtbot.keyClick(view.findChildren(QLineEdit)[-1], Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "New folder" in lines(ready))
    chats.search.setText("fox")
    assert lines(ready) == ["Today", "Foxes"], "an empty folder has nothing that was found"


def test_a_folder_is_removed_by_a_key(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    keep(shell.book, "Foxes")
    shell.book.make_folder("Empty")
    chats = ready.chat.list
    assert [d.words for d in ready.chat.deeds.of_folder("Empty") if d][-1] == "Remove folder"
    chats._view.setFocus()
    chats._view.setCurrentIndex(chats._model.folder_index("Empty"))
    qtbot.keyClick(chats._view, Qt.Key.Key_Delete)
    assert lines(ready) == ["Today", "Foxes"]
    ready.toast.undo()
    assert lines(ready) == ["Empty", "Today", "Foxes"]


def test_a_folder_is_made_where_the_list_has_no_room(
    ready: MainWindow, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(shell.book, "Foxes")
    ready.chat.list.put_away(True)
    ready.chat.pages.make_room()
    ready.chat.deeds._new_folder()
    assert ready.chat.list.isVisible(), "it comes back, so that the name can be written"
    monkeypatch.setattr(chat_pages, "LEAST_ROOM", 10_000)
    ready.chat.pages.make_room()
    ready.chat.deeds._new_folder()
    assert shell.book.folders() == ["New folder", "New folder 2"]
    ready.toast.undo()
    assert shell.book.folders() == ["New folder"]


def test_a_folder_that_is_removed_keeps_its_chats(ready: MainWindow, shell: Shell) -> None:
    keep(shell.book, "Foxes", "Animals")
    deeds = ready.chat.deeds.of_folder("Animals")
    next(d for d in deeds if d and d.words.startswith("Remove")).act()
    assert lines(ready) == ["Today", "Foxes"]
    ready.toast.undo()
    assert lines(ready) == ["Animals", "Foxes"]


def test_a_chat_is_dragged(ready: MainWindow, shell: Shell) -> None:
    moved, inside = keep(shell.book, "Foxes"), keep(shell.book, "Wolves", "Animals")
    pinned = keep(shell.book, "Bears", pinned=True)
    model = ready.chat.list._model

    def drop(onto: object) -> None:
        data = QMimeData()
        data.setData(CHAT_MIME, str(moved.id).encode())
        at = next(i for i in range(model.rowCount()) if model.index(i).data() == onto)
        assert not model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, model.index(at))

    assert model.flags(model.index_of(moved.id)) & Qt.ItemFlag.ItemIsDragEnabled
    drop("Animals")
    assert moved.folder == "Animals"
    drop("Bears")
    assert moved.pinned
    drop("Wolves")
    assert (moved.pinned, moved.folder) == (False, "Animals")
    keep(shell.book, "Cats")
    drop("Today")
    assert moved.folder == ""
    drop("Pinned")
    assert moved.pinned
    assert inside.folder == "Animals"
    assert pinned.pinned


def test_a_temporary_chat_is_never_written(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot, monkeypatch
) -> None:
    written: list[object] = []
    for name in ("_keep_record", "_keep_turn", "_keep_values", "_keep_new_draft"):
        monkeypatch.setattr(shell.book, name, lambda *values: written.append(values))
    ready.chat.new_chat(temporary=True)
    assert "nothing of it is written" in ready.chat.composer.edit._hint
    ready.chat.composer.edit.setPlainText("A secret?")
    ready.chat.drafts.keep()
    ready.chat.composer.edit.clear()
    ready.chat.talk.send("A secret?")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert written == []
    assert shell.book.rows() == []
    assert ready.chat.shown_number == 0
    record = ready.chat.talk.record
    ready.chat.new_chat()
    ready.toast.undo()
    assert ready.chat.talk.record is record
    next(d for d in ready.chat.deeds.of_shown() if d and d.words == "Keep this chat").act()
    assert [row.id for row in shell.book.rows()] == [record.id]
    assert len(written) == 1


def test_each_chat_keeps_its_draft(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    one, two = keep(shell.book, "Foxes"), keep(shell.book, "Wolves")
    edit = ready.chat.composer.edit
    edit.setPlainText("for a new one")
    ready.chat.open_chat(one.id)
    assert edit.toPlainText() == ""
    edit.setPlainText("about foxes")
    qtbot.waitUntil(lambda: one.draft == "about foxes")
    ready.chat.open_chat(two.id)
    assert edit.toPlainText() == ""
    ready.chat.open_chat(one.id)
    assert edit.toPlainText() == "about foxes"
    ready.chat.new_chat()
    assert edit.toPlainText() == "for a new one"
    ready.chat.open_chat(one.id)
    edit.clear()
    assert one.draft == "", "what was sent is no draft any more"


# On disk


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path / "home")


class Opened:
    """A book over the real store; closing it waits until all is kept."""

    def __init__(self, paths: Paths, qtbot: QtBot) -> None:
        self.engine, self.background = Engine(paths), Background()
        self.book = DiskBook(self.engine, self.background)
        with qtbot.waitSignal(self.book.changed):
            self.book.read()

    def close(self) -> None:
        self.book.close()
        self.background.close()
        self.engine.shutdown()


def test_places_and_drafts_are_kept(home: Paths, qtbot: QtBot) -> None:
    first = Opened(home, qtbot)
    record = keep(first.book, "Foxes")
    first.book.arrange(record.id, folder="Animals", pinned=True)
    first.book.rename(record.id, "Red foxes")
    first.book.keep_draft(record, "and then?")
    first.book.keep_draft(ChatRecord(), "a new one")
    first.close()
    second = Opened(home, qtbot)
    (row,) = second.book.rows()
    assert (row.title, row.folder, row.pinned) == ("Red foxes", "Animals", True)
    assert second.book.new_draft == "a new one"
    found: list[ChatRecord] = []
    second.book.fetch(row.id, found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert (found[0].draft, found[0].is_named) == ("and then?", True)
    second.close()


def test_folders_outlive_the_program(home: Paths, qtbot: QtBot) -> None:
    first = Opened(home, qtbot)
    record = keep(first.book, "Foxes", "Animals")
    first.book.make_folder("Empty")
    first.book.make_folder("Wrong")
    first.book.rename_folder("Wrong", "Right")
    first.book.arrange(record.id, folder="")
    first.close()
    second = Opened(home, qtbot)
    assert second.book.folders() == ["Animals", "Empty", "Right"]
    second.book.delete(record.id)
    second.book.rename_folder("Empty", "")
    second.close()
    third = Opened(home, qtbot)
    assert third.book.folders() == ["Animals", "Right"]
    third.close()


def test_folders_that_another_program_makes_are_seen(home: Paths, qtbot: QtBot) -> None:
    here, there = Opened(home, qtbot), Opened(home, qtbot)
    record = keep(here.book, "Foxes", "Animals")
    here.book.make_folder("Empty")
    qtbot.waitUntil(lambda: there.book.folders() == ["Animals", "Empty"])
    there.book.rename_folder("Animals", "Beasts")
    qtbot.waitUntil(lambda: here.book.folders() == ["Beasts", "Empty"])
    assert record.folder == "Beasts"
    there.book.rename_folder("Empty", "")
    qtbot.waitUntil(lambda: here.book.folders() == ["Beasts"])
    here.close()
    there.close()


def test_what_was_done_since_counts_for_more_than_an_older_look(home: Paths, qtbot: QtBot) -> None:
    opened = Opened(home, qtbot)
    opened.book.look()
    opened.book.make_folder("New")
    opened.background.run(lambda: None, lambda _: done.append(1))
    done: list[int] = []
    qtbot.waitUntil(lambda: bool(done))
    assert opened.book.folders() == ["New"]
    opened.close()


def test_the_trash_gives_back_and_forgets(home: Paths, shell: Shell, qtbot: QtBot) -> None:
    first = Opened(home, qtbot)
    chats = [keep(first.book, title) for title in ("Foxes", "Wolves", "Bears")]
    for chat in chats:
        first.book.delete(chat.id)
    first.close()
    second = Opened(home, qtbot)
    assert second.book.rows() == []
    over = QWidget()
    qtbot.addWidget(over)
    sheet = TrashSheet(over, second.book)
    qtbot.waitUntil(lambda: len(sheet._rows) == 3)
    assert [row.title for row in sheet._rows] == ["Bears", "Wolves", "Foxes"]
    assert {row.days_left for row in sheet._rows} == {30}
    sheet._restore(sheet._rows[2])
    qtbot.waitUntil(lambda: [row.title for row in second.book.rows()] == ["Foxes"])
    sheet.empty.click()
    assert sheet.empty.text().strip() == "Really forget 2 chats for good"
    sheet.empty.click()
    assert not sheet.empty.isVisible()
    told: list[list[TrashedRow]] = []
    second.book.trash(told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0] == []
    second.close()
    assert b"Wolves" not in home.chats_file.read_bytes()
