"""One chat and two windows, of one program or of two: nothing is lost, doubled or overwritten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths
from gui.app import Shell
from gui.chat.book import ChatRecord
from gui.chat.book_disk import DiskBook
from gui.main_window import MainWindow
from gui.workers import Background


def ask(window: MainWindow, qtbot: QtBot, text: str) -> None:
    window.chat.talk.send(text)
    qtbot.waitUntil(lambda: not window.chat.talk.busy)


pytestmark = pytest.mark.qt_log_ignore("does not support raise")  # without a display

# Two windows of one program


def test_a_window_that_is_closed_hears_no_more(shell: Shell, qtbot: QtBot) -> None:
    """All views of it were looked at; what the desk, which goes on, tells reaches nobody there, nor
    does what was still being read for it."""
    shell.open_window()
    second = shell.open_window()
    for name in second.rail.names():
        second.show_view(name)
    second.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk = shell.desk
    told = (desk.works.changed, desk.known_changed, desk.hardware_changed, desk.load_ended)
    with capture_exceptions() as odd:
        for signal in (*told, desk.models_changed, desk.resting.changed):
            signal.emit()
        desk.loading.emit("a model")
        desk.known_more.emit({"a model"})
        shell.theme.set_font_pixels(15)
        shell.theme.set_font_pixels(14)
        answered = list[object]()
        desk.in_background(lambda: None, answered.append)
        qtbot.waitUntil(lambda: bool(answered))
    assert not odd


def test_a_chat_that_is_open_comes_forward(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ask(ready, qtbot, "Hello?")
    number = ready.chat.talk.record.id
    second = shell.open_window()
    ready.show_view("settings")
    second.chat.open_chat(number)
    assert second.chat.talk.record.id != number
    assert ready._stack.currentWidget() is ready.chat
    assert not ready.toast.isHidden()
    ready.close()
    second.chat.open_chat(number)
    assert second.chat.talk.record.id == number, "a window that is closed holds nothing"


def test_one_that_answers_in_the_background_comes_forward(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: bool(ready.chat.talk.record.tree.path()[-1].text))
    talk = ready.chat.talk
    ready.chat.new_chat()
    second = shell.open_window()
    second.chat.open_chat(talk.record.id)
    assert ready.chat.talk is talk, "the window that has it shows it again"
    assert second.chat.talk.record is not talk.record


def test_who_writes_in_a_deleted_chat_has_it_back(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    ask(ready, qtbot, "Hello?")
    number = ready.chat.talk.record.id
    second = shell.open_window()
    second.chat.delete(number)
    assert shell.book.is_deleted(number)
    ask(ready, qtbot, "Are you still there?")
    assert not shell.book.is_deleted(number)
    assert [row.n_messages for row in shell.book.rows() if row.id == number] == [4]
    shell.book.restore(number)  # Undo in the other window, too late: it changes nothing


# Two programs on one store


class Program:
    """An engine and a book as each start of the program has them."""

    def __init__(self, home: Path) -> None:
        self.engine = Engine(Paths.under(home))
        self.background = Background()
        self.book = DiskBook(self.engine, self.background)

    def opened(self, qtbot: QtBot) -> ChatRecord:
        """The first chat of the list."""
        with qtbot.waitSignal(self.book.changed):
            self.book.read()
        found: list[ChatRecord] = []
        self.book.fetch(self.book.rows()[0].id, found.append)
        qtbot.waitUntil(lambda: bool(found))
        return found[0]

    def settle(self, qtbot: QtBot) -> None:
        """Wait until all is kept, and what others have done is known."""
        done: list[bool] = []
        self.book.look()
        self.background.run(lambda: True, done.append)
        qtbot.waitUntil(lambda: bool(done) and not self.book._looking)

    def close(self) -> None:
        self.book.close()
        self.background.close()
        self.engine.shutdown()


@pytest.fixture
def both(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Program, Program]]:
    one, two = Program(tmp_path), Program(tmp_path)
    record = ChatRecord(title="Foxes")
    question = record.tree.add("user", "What is a fox?", None)
    record.tree.add("assistant", "A small animal.", question.id)
    one.book.save(record)
    one.settle(qtbot)
    yield one, two
    one.close()
    two.close()


def shown(record: ChatRecord) -> list[str]:
    return [turn.text for turn in record.tree.path()]


def kept(program: Program) -> list[str]:
    (chat,) = program.engine.chats.list()
    return sorted(turn.text for turn in program.engine.chats.turns(chat.id))


def test_each_sees_what_the_other_writes(both: tuple[Program, Program], qtbot: QtBot) -> None:
    one, two = both
    theirs = two.opened(qtbot)
    ours = next(iter(one.book._records.values()))
    question = theirs.tree.add("user", "And a wolf?", theirs.tree.leaf)
    answer = theirs.tree.add("assistant", "A la", question.id)
    answer.complete = False
    two.book.save(theirs)
    two.settle(qtbot)
    one.settle(qtbot)
    assert shown(ours) == ["What is a fox?", "A small animal.", "And a wolf?", "A la"]
    answer.text, answer.complete = "A large animal.", True
    two.book.save_turn(theirs, answer)
    two.settle(qtbot)
    one.settle(qtbot)
    assert shown(ours)[-1] == "A large animal."
    ours.tree.add("user", "Thanks", ours.tree.leaf)
    one.book.save(ours)
    one.settle(qtbot)
    two.settle(qtbot)
    assert shown(theirs) == shown(ours)
    assert shown(theirs)[-1] == "Thanks"
    assert len(kept(one)) == 5


def test_two_windows_that_ask_for_a_chat_get_one_record(
    both: tuple[Program, Program], qtbot: QtBot
) -> None:
    _, two = both
    with qtbot.waitSignal(two.book.changed):
        two.book.read()
    number, found = two.book.rows()[0].id, []
    two.book.fetch(number, found.append)
    two.book.fetch(number, found.append)
    qtbot.waitUntil(lambda: len(found) == 2)
    assert found[0] is found[1]
    failed: list[str] = []
    two.book.failed.connect(failed.append)
    two.book.fetch(999, found.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert "no chat 999" in failed[0]


def test_both_write_at_once(both: tuple[Program, Program], qtbot: QtBot) -> None:
    one, two = both
    theirs = two.opened(qtbot)
    ours = next(iter(one.book._records.values()))
    for program, record, words in ((one, ours, "mine"), (two, theirs, "yours")):
        question = record.tree.add("user", f"{words}?", record.tree.leaf)
        record.tree.add("assistant", f"{words}!", question.id)
        program.book.save(record)
    for _ in range(2):
        one.settle(qtbot)
        two.settle(qtbot)
    assert len(kept(one)) == 6
    for record in (ours, theirs):
        variants = record.tree.variants(record.tree.path()[2])
        assert sorted(turn.text for turn in variants) == ["mine?", "yours?"]
        assert len(record.tree.turns) == 6, "nothing is doubled"
    assert shown(ours)[-1] == "mine!", "nobody is moved to another branch"
    assert shown(theirs)[-1] == "yours!"


def test_both_go_on_with_one_answer(both: tuple[Program, Program], qtbot: QtBot) -> None:
    """Each keeps its own words: theirs and ours become variants."""
    one, two = both
    theirs = two.opened(qtbot)
    ours = next(iter(one.book._records.values()))
    for program, record, words in ((one, ours, " It is red."), (two, theirs, " It is shy.")):
        answer = record.tree.path()[-1]
        answer.text += words
        program.book.save_turn(record, answer)
        program.settle(qtbot)
    for program in (one, two, one):
        program.settle(qtbot)
    assert kept(one)[:2] == ["A small animal. It is red.", "A small animal. It is shy."]
    assert shown(ours)[-1].endswith("red.")
    assert shown(theirs)[-1].endswith("shy.")
    for record in (ours, theirs):
        assert len(record.tree.variants(record.tree.path()[-1])) == 2


def test_lists_follow_each_other(both: tuple[Program, Program], qtbot: QtBot) -> None:
    one, two = both
    two.opened(qtbot)
    two.book.rename(two.book.rows()[0].id, "Wolves")
    two.settle(qtbot)
    one.settle(qtbot)
    (row,) = one.book.rows()
    assert row.title == "Wolves"
    record = next(iter(one.book._records.values()))
    record.tree.add("user", "more", record.tree.leaf)
    one.book.save(record)
    one.settle(qtbot)
    assert one.engine.chats.list()[0].title == "Wolves", "the new name is not written over"
    two.settle(qtbot)
    two.book.delete(two.book.rows()[0].id)
    two.settle(qtbot)
    one.settle(qtbot)
    assert one.book.rows() == []
    assert one.book.is_deleted(record.id)
    one.book.restore(record.id)
    record.tree.add("user", "still here", record.tree.leaf)
    one.book.save(record)
    one.settle(qtbot)
    two.settle(qtbot)
    assert [row.title for row in two.book.rows()] == ["Wolves"]


def test_what_was_purged_elsewhere_is_written_again(
    both: tuple[Program, Program], qtbot: QtBot
) -> None:
    one, two = both
    ours = next(iter(one.book._records.values()))
    chat = two.engine.chats.list()[0].id
    two.engine.chats.delete(chat)
    two.engine.chats.purge(0)
    ours.tree.add("user", "And a wolf?", ours.tree.leaf)
    one.book.save(ours)
    one.settle(qtbot)
    assert kept(two) == ["A small animal.", "And a wolf?", "What is a fox?"]
