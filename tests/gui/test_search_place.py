"""Searching finds the place: what stands around it in the list, and the message itself."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths
from engine.base.conversation import Tree
from gui.app import Shell
from gui.chat.book import Book, ChatRecord, Hit
from gui.chat.book_disk import DiskBook
from gui.chat.chat_list_paint import FOUND
from gui.chat.words import around
from gui.main_window import MainWindow
from gui.prose.places import finds
from gui.prose.rich_text import RichText
from gui.workers import Background


def test_finds_heed_neither_capitals_nor_accents() -> None:
    assert finds("Été, ÉTÉ, ete", "ete") == [(0, 3), (5, 8), (10, 13)]
    assert finds("STRASSE Straße", "straß") == [(8, 13)]
    assert finds("京都の夏", "夏") == [(3, 4)]
    assert finds("words", " ") == []
    assert around("a very long way before\nthe fox, and after", "FOX")[1:] == ("fox", ", and after")
    assert around("nothing here", "zebra") == ("", "", "nothing here")


def long_chat(book: Book, n: int) -> ChatRecord:
    tree = Tree()
    for i in range(n):
        tree.add("user", f"Question n{i}.", tree.leaf)
        tree.add("assistant", f"Answer n{i}. {'More of it. ' * 60}", tree.leaf)
    record = ChatRecord(title="Long", tree=tree)
    book.save(record)
    return record


@pytest.fixture
def found(ready: MainWindow, shell: Shell, qtbot: QtBot) -> MainWindow:
    """A chat of 400 messages was searched for the words of one in its middle, and clicked."""
    record = long_chat(shell.book, 200)
    chats = ready.chat.list
    chats.search.setText("Answer n77.")
    assert chats._model.index_of(record.id).data(FOUND)[1] == "Answer"
    chats._view.clicked.emit(chats._model.index_of(record.id))
    QTest.qWait(50)
    return ready


def shown(window: MainWindow) -> list[str]:
    """The messages that can be seen."""
    view = window.chat.transcript
    port = view.viewport()
    rows = [row for row in view.rows() if row.isVisible()]
    spots = [(row, row.mapTo(port, row.rect().topLeft()).y()) for row in rows]
    inside = [r for r, y in spots if y < port.height() and y + r.height() > 0]
    return [" ".join(row.turn.text.split()[:2]) for row in inside]


def test_a_click_shows_the_message_with_the_words_marked(found: MainWindow, qtbot: QtBot) -> None:
    view = found.chat.transcript
    assert "Answer n77." in shown(found)
    row = next(r for r in view.rows() if r.turn.text.startswith("Answer n77."))
    marks = row.text.parts()[0].extraSelections()
    assert [m.cursor.selectedText() for m in marks] == ["Answer", "n77."]
    spot = row.mapTo(view.viewport(), row.rect().topLeft()).y()
    assert 0 <= spot < view.viewport().height() // 2
    assert len(view.rows()) <= 60, "of a long chat only what is around is built"
    found.chat.list.search.clear()
    assert row.text.parts()[0].extraSelections() == []
    assert "Answer n77." in shown(found), "one goes on reading"


def test_from_there_one_scrolls_to_the_end_and_asks_on(found: MainWindow, qtbot: QtBot) -> None:
    view = found.chat.transcript
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: shown(found)[-1] == "Answer n199.")
    found.chat.talk.send("And now?")
    qtbot.waitUntil(lambda: not found.chat.talk.busy)
    assert view.rows()[-1].turn is found.chat.talk.record.tree.path()[-1]
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())


def test_the_latest_is_one_key_away(found: MainWindow, qtbot: QtBot) -> None:
    view = found.chat.transcript
    assert view._latest.isVisible()
    view._latest.click()
    QTest.qWait(20)
    assert view.rows()[-1].turn.text.startswith("Answer n199.")
    assert shown(found)[-1] == "Answer n199."


def test_in_another_variant_it_is_chosen(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    record = long_chat(shell.book, 2)
    tree = record.tree
    tree.add("user", "A zebra?", None)
    tree.add("assistant", "Striped.", tree.leaf)
    tree.choose(tree.turns[1])
    chats = ready.chat.list
    chats.search.setText("zebra")
    chats._view.clicked.emit(chats._model.index_of(record.id))
    assert [turn.text for turn in tree.path()] == ["A zebra?", "Striped."]
    assert ready.chat.talk.record is record


def test_the_chat_that_is_open_moves_to_what_was_found(found: MainWindow, qtbot: QtBot) -> None:
    chats = found.chat.list
    chats.search.setText("Question n9.")
    chats._view.clicked.emit(chats._model.index_of(found.chat.talk.record.id))
    time.sleep(0.4)  # a busy machine: what is built around it has no heights yet
    qtbot.waitUntil(lambda: "Question n9." in shown(found))
    bar = found.chat.transcript.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert "Question n9." not in shown(found), "who scrolls goes where he wants"


def test_hits_on_disk_name_our_turns(tmp_path: Path, qtbot: QtBot) -> None:
    real, background = Engine(Paths.under(tmp_path / "home")), Background()
    told: list[dict[int, Hit]] = []
    try:
        book = DiskBook(real, background)
        record = long_chat(book, 3)
        book.found.connect(lambda _words, hits: told.append(hits))
        book.search("Answer n1")
        qtbot.waitUntil(lambda: bool(told))
        again = DiskBook(real, background)
        again.found.connect(lambda _words, hits: told.append(hits))
        again.search("Answer n1")
        qtbot.waitUntil(lambda: len(told) == 2)
        here = told[0][record.id]
        assert record.tree.turns[here.turn or 0].text.startswith("Answer n1.")
        records: list[ChatRecord] = []
        ((chat, there),) = told[1].items()
        again.fetch(chat, records.append)
        qtbot.waitUntil(lambda: bool(records))
        assert records[0].tree.turns[there.turn or 0].text.startswith("Answer n1.")
    finally:
        background.close()
        real.shutdown()


def test_return_goes_from_place_to_place_in_the_chat(found: MainWindow, qtbot: QtBot) -> None:
    field, view = found.chat.list.search, found.chat.transcript
    field.setText("n19.")
    record = found.chat.talk.record
    places = []
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert view.found_turn is not None
        places.append(view.found_turn.text.split(".")[0])
    assert places == ["Answer n19", "Question n19", "Answer n19"], "the last first, and round"
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: "Question n19." in shown(found))
    assert found.chat.talk.record is record
    field.setText("not in it")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert view.found_turn.text.startswith("Question n19.")


def test_marks_stand_on_their_words_behind_emoji(qtbot: QtBot, shell: Shell) -> None:
    text = RichText()
    qtbot.addWidget(text)
    text.set_source("🦊🦊 a *fox* sleeps\n\n```python\n'🦊' + 'fox'\n```\n")
    text.mark("fox")
    edits = (text.parts()[0], text.parts()[1].text)
    assert [m.cursor.selectedText() for e in edits for m in e.extraSelections()] == ["fox", "fox"]
    text.rewrite()
    assert [len(e.extraSelections()) for e in edits] == [1, 1], "also in another theme"
    text.mark("")
    assert [len(e.extraSelections()) for e in edits] == [0, 0]
