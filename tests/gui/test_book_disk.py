"""Chats on disk, through the engine's own store: all variants come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.fake_engine import FakeEngine
from pytestqt.qtbot import QtBot

from engine.api import Engine, GenerationParams, Paths, SamplingParams
from engine.base.conversation import Turn
from gui.chat.book import ChatRecord
from gui.chat.book_disk import DiskBook
from gui.workers import Background


@contextmanager
def opened(paths: Paths) -> Iterator[DiskBook]:
    """A book; leaving the block waits until all is kept, and closes the file."""
    with Engine(paths) as engine:
        background = Background()
        yield DiskBook(engine, background)
        background.close()


def written(paths: Paths) -> None:
    """A chat with two answers and values of its own, kept and closed."""
    with opened(paths) as book:
        write(book)


def write(book: DiskBook) -> None:
    record = ChatRecord(title="Foxes", model="Qwen3", model_path="/m.gguf", system="Be brief")
    record.sampling = SamplingParams(temperature=0.3)
    record.generation = GenerationParams(max_tokens=99, stop=("END",))
    question = record.tree.add("user", "What is a fox?", None)
    first = record.tree.add("assistant", "", question.id)
    book.save(record)
    first.text, first.thinking, first.thought_s = "A small animal.", "Hm.", 1.5
    book.save(record)
    second = record.tree.add("assistant", "A canine.", question.id)
    second.statistics = "9 tok/s"
    record.tree.choose(first)
    book.save(record)


def test_all_comes_back(qtbot: QtBot, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    written(paths)
    with opened(paths) as book:
        with qtbot.waitSignal(book.changed):
            book.read()
        (row,) = book.rows()
        assert (row.title, row.model, row.n_messages) == ("Foxes", "Qwen3", 2)
        found: list[ChatRecord] = []
        book.fetch(row.id, found.append)
        qtbot.waitUntil(lambda: bool(found))
        answer = as_written(found[0])
        found[0].tree.add("user", "And a wolf?", answer.id)
        book.save(found[0])
    with Engine(paths) as engine:
        assert engine.chats.get(row.id).n_messages == 3


def as_written(record: ChatRecord) -> Turn:
    assert [t.text for t in record.tree.path()] == ["What is a fox?", "A small animal."]
    answer = record.tree.path()[-1]
    assert (answer.thinking, answer.thought_s) == ("Hm.", 1.5)
    assert [t.text for t in record.tree.variants(answer)] == ["A small animal.", "A canine."]
    assert record.sampling == SamplingParams(temperature=0.3)
    assert record.generation == GenerationParams(max_tokens=99, stop=("END",))
    assert (record.system, record.model_path) == ("Be brief", "/m.gguf")
    return answer


def test_rename_delete_restore_search(qtbot: QtBot, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    written(paths)
    with opened(paths) as book:
        with qtbot.waitSignal(book.changed):
            book.read()
        number = book.rows()[0].id
        book.rename(number, "Wolves")
        with qtbot.waitSignal(book.found) as told:
            book.search("canine")
        assert told.args is not None
        assert (told.args[0], list(told.args[1])) == ("canine", [number])
        book.delete(number)
        book.restore(number)
        book.delete(number)
    with Engine(paths) as engine:
        assert list(engine.chats.list()) == []
        assert engine.chats.deleted()[0].title == "Wolves"


def test_a_store_that_fails_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    background = Background()
    engine = FakeEngine(Paths.under(tmp_path))  # it has no chats at all
    book = DiskBook(engine, background)  # type: ignore[arg-type]
    record = ChatRecord()
    record.tree.add("user", "x", None)
    with qtbot.waitSignal(book.failed):
        book.save(record)
    assert len(book.rows()) == 1, "the window goes on with what it has in memory"
    background.close()


def test_what_was_deleted_long_ago_is_forgotten_at_the_start(qtbot: QtBot, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    with Engine(paths) as engine:
        old, new = engine.chats.create("old").id, engine.chats.create("new").id
        for chat in (old, new):
            engine.chats.delete(chat)
        with engine.chats._write() as db:
            db.execute("UPDATE chats SET deleted = deleted - 31 * 86400 WHERE id = ?", (old,))
    with opened(paths) as book, qtbot.waitSignal(book.changed):
        book.read()
    with Engine(paths) as engine:
        assert [chat.id for chat in engine.chats.deleted()] == [new]
