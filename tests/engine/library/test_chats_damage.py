"""Damaged files of chats: what is sound is taken over, what is lost is said, no word is shown."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.chats import add

from engine.base.errors import ChaskiError
from engine.base.paths import Paths
from engine.base.settings import SamplingParams
from engine.library import ChatStore
from engine.library.database_files import has_lost
from engine.library.salvage import salvage

PAGE = 4096
SECRET = "thesecretword"
CHATS, TURNS = 4, 30


def written(home: Path) -> Paths:
    """Four chats of thirty turns, some long; closed, so that nothing is in the log."""
    paths, draw = Paths.under(home), random.Random(5)
    store = ChatStore(paths)
    for c in range(CHATS):
        chat = store.create(f"Chat {c} {SECRET}", sampling=SamplingParams(top_k=c)).id
        for i in range(TURNS):
            text = f"{c} {i} {SECRET} " + "é" * draw.choice([10, 300, 5000])
            add(store, chat, ("user", "assistant")[i % 2], text, extra={"n": i})
    store.close()
    return paths


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(tmp_path_factory.mktemp("sound")).chats_file.read_bytes()


def with_file(home: Path, data: bytes) -> Paths:
    paths = Paths.under(home)
    paths.data.mkdir(parents=True)
    paths.chats_file.write_bytes(data)
    return paths


def use_all(store: ChatStore) -> int:
    """Every list, search, export and change; answers how many messages there were."""
    chats = store.list()
    found = sum(len(store.turns(chat.id)) for chat in chats)
    for chat in chats:
        store.read(chat.id).tree.path()
        store.as_file(store.read(chat.id), "json")
        store.as_file(store.read(chat.id), "html")
        for turn in store.turns(chat.id)[:2]:
            store.put(chat.id, replace(turn, text="in other words"), turn)
    store.search(SECRET)
    add(store, store.create("new").id, "user", "goes on")
    assert store.search("goes on")
    return found


def use_twice(store: ChatStore) -> int:
    """Damage that is met late is one sentence, and mended at the next use."""
    told = ""
    try:
        return use_all(store)
    except ChaskiError as error:
        told = str(error)
    assert SECRET not in told
    return use_all(store)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("bytes_hit", [1, 8])
def test_a_few_damaged_bytes(tmp_path: Path, sound: bytes, seed: int, bytes_hit: int) -> None:
    draw, data = random.Random(seed * 100 + bytes_hit), bytearray(sound)
    for _ in range(bytes_hit):
        # Half of them in the first pages, where the header, the tables' names and the roots are.
        data[draw.randrange(len(data) if draw.random() < 0.5 else 6 * PAGE)] = draw.randrange(256)
    store = ChatStore(with_file(tmp_path, data))
    found = use_twice(store)
    assert found >= CHATS * TURNS - 8 * bytes_hit
    assert found == CHATS * TURNS or store.notice, "nothing is lost without a word"
    assert SECRET not in store.notice
    store.close()


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_page_costs_its_own_rows_alone(tmp_path: Path, sound: bytes, seed: int) -> None:
    draw, data = random.Random(seed), bytearray(sound)
    at = draw.randrange(len(data) // PAGE) * PAGE
    data[at : at + PAGE] = draw.randbytes(PAGE)
    store = ChatStore(with_file(tmp_path, data))
    found = use_all(store)
    assert found >= CHATS * TURNS - 12
    assert store.notice == "" or "damaged" in store.notice
    assert found == CHATS * TURNS or " lost" in store.notice
    store.close()


def test_folders_are_saved_also_those_that_are_empty(tmp_path: Path, sound: bytes) -> None:
    paths = with_file(tmp_path, sound)
    store = ChatStore(paths)
    store.make_folder("Empty")
    store.update(store.list()[0].id, folder="Full")
    store.close()
    data = bytearray(paths.chats_file.read_bytes())
    data[:100] = random.Random(1).randbytes(100)
    paths.chats_file.write_bytes(data)
    store = ChatStore(paths)
    assert list(store.folders()) == ["Empty", "Full"]
    assert len(store.list()) == CHATS
    assert store.notice
    store.close()


def test_what_was_saved_and_lost_is_told(tmp_path: Path, sound: bytes) -> None:
    data = bytearray(sound)
    data[:100] = random.Random(1).randbytes(100)
    paths = with_file(tmp_path, data)
    store = ChatStore(paths)
    chats = store.list()
    assert {chat.title for chat in chats} == {f"Chat {c} {SECRET}" for c in range(CHATS)}
    assert [chat.sampling for chat in reversed(chats)] == [
        SamplingParams(top_k=c) for c in range(CHATS)
    ]
    for chat in chats:
        path = store.read(chat.id).tree.path()
        assert [turn.extra["n"] for turn in path] == list(range(TURNS))
        assert path[-1].role == "assistant"
        assert chat.n_messages == TURNS
    (aside,) = paths.data.glob("chats.damaged-*.sqlite3")
    assert aside.read_bytes() == data
    for words in ("120 messages of 4 chats were saved", aside.name, str(paths.data)):
        assert words in store.notice
    store.close()


def test_what_was_only_in_the_log_is_saved(tmp_path: Path) -> None:
    """A killed program leaves its newest words beside the file, in SQLite's log."""
    paths = Paths.under(tmp_path / "live")
    live = ChatStore(paths)
    chat = live.create("Live").id
    for i in range(40):
        add(live, chat, "user", f"message {i}")
    copy = Paths.under(tmp_path / "killed")
    copy.data.mkdir(parents=True)
    for part in paths.data.glob("chats.sqlite3*"):
        if not part.name.endswith("-shm"):
            (copy.data / part.name).write_bytes(part.read_bytes())
    live.close()
    data = bytearray(copy.chats_file.read_bytes())
    data[:16] = b"x" * 16
    copy.chats_file.write_bytes(data)
    store = ChatStore(copy)
    (found,) = store.list()
    path = store.read(found.id).tree.path()
    assert [turn.text for turn in path] == [f"message {i}" for i in range(40)]
    store.close()


@pytest.mark.parametrize("where", [0.02, 0.3, 0.6, 0.9])
def test_a_damaged_byte_in_the_log_is_not_passed_over(tmp_path: Path, where: float) -> None:
    """SQLite would leave out all that was said after it, without a word."""
    paths = Paths.under(tmp_path / "live")
    live = ChatStore(paths)
    chat = live.create("Live").id
    for i in range(40):
        add(live, chat, "user", f"message {i}")
    copies = [Paths.under(tmp_path / name) for name in ("sound", "damaged")]
    for copy in copies:
        copy.data.mkdir(parents=True)
        for part in paths.data.glob("chats.sqlite3*"):
            if not part.name.endswith("-shm"):
                (copy.data / part.name).write_bytes(part.read_bytes())
    assert not has_lost(paths.chats_file), "a log that is in use is no damage"
    live.close()
    log = copies[1].data / "chats.sqlite3-wal"
    data = bytearray(log.read_bytes())
    data[int(len(data) * where)] ^= 0x10
    log.write_bytes(data)
    for copy in copies:
        store = ChatStore(copy)
        (found,) = store.list()
        assert len(store.turns(found.id)) >= 39
        assert bool(store.notice) == (copy is copies[1])
        store.close()


@pytest.mark.parametrize("at", [18, 19, 20, 44, 47, 56, 59, 63])
def test_a_damaged_figure_of_the_head(tmp_path: Path, sound: bytes, at: int) -> None:
    data = bytearray(sound)
    data[at] ^= 0x44
    store = ChatStore(with_file(tmp_path, data))
    assert use_twice(store) == CHATS * TURNS
    store.close()


@pytest.mark.parametrize("kind", ["empty", "noise", "text", "half"])
def test_a_file_that_is_something_else(tmp_path: Path, sound: bytes, kind: str) -> None:
    noise = random.Random(3).randbytes(9 * PAGE)
    data = {
        "empty": b"",
        "noise": noise,
        "text": b"hello\n" * 999,
        "half": sound[: len(sound) // 2],
    }
    store = ChatStore(with_file(tmp_path, data[kind]))
    use_all(store)
    if kind == "half":
        assert len(store.list()) > 1
    store.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("content", "CAST(x'66fe6f' AS TEXT)"),
        ("content", "x'00ff'"),
        ("content", "7"),
        ("thinking", "CAST(x'ff' AS TEXT)"),
        ("tool_calls", "'[{'"),
        ("tool_calls", "'{}'"),
        ("extra", "'[1]'"),
        ("extra", "'{\"thought_s\": 1e999'"),
        ("role", "'assistent'"),
        ("created", "'yesterday'"),
        ("created", "9e300"),
        ("parent", "id"),
        ("complete", "'x'"),
        ("number", "'x'"),
        ("number", "-7"),
        ("number", "1"),
    ],
)
def test_a_damaged_value_costs_that_value(tmp_path: Path, column: str, value: str) -> None:
    paths = Paths.under(tmp_path)
    store = ChatStore(paths)
    chat = store.create("One").id
    for text in ("first", "second", "third"):
        last = add(store, chat, "user", text).id
    raw = sqlite3.connect(paths.chats_file)
    raw.execute(f"UPDATE messages SET {column} = {value} WHERE id = {last - 1}")
    raw.commit()
    raw.close()
    store.close()  # and opened again
    assert use_all(store) == 3
    assert [turn.text for turn in store.turns(chat)][2] == "third"
    store.close()


@pytest.mark.parametrize("value", ["'x'", "-7", "1 << 60", "x'00'"])
def test_a_damaged_number_of_the_only_message(tmp_path: Path, value: str) -> None:
    """No other number of its chat can be counted on from."""
    paths = Paths.under(tmp_path)
    store = ChatStore(paths)
    chat = store.create("One").id
    add(store, chat, "user", "hello")
    raw = sqlite3.connect(paths.chats_file)
    raw.execute(f"UPDATE messages SET number = {value}")
    raw.commit()
    raw.close()
    store.close()
    assert use_all(store) == 1
    assert [turn.id for turn in store.turns(chat)] == [1]
    store.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "CAST(x'ff41' AS TEXT)"),
        ("sampling", '\'{"top_k": [], "temperature": "hot", "min_p": 0.2}\''),
        ("sampling", "'[]'"),
        ("sampling", "x'00'"),
        ("leaf", "'x'"),
        ("leaf", "999"),
        ("created", "-1e300"),
        ("changed", "'x'"),
        ("revision", "9223372036854775807"),
        ("pinned", "'x'"),
        ("folder", "x'ff'"),
        ("length", "x'00'"),
        ("generation", "'{\"stop\": 7'"),
    ],
)
def test_a_damaged_value_of_a_chat(tmp_path: Path, column: str, value: str) -> None:
    paths = Paths.under(tmp_path)
    store = ChatStore(paths)
    chat = store.create("One").id
    add(store, chat, "user", "hello")
    raw = sqlite3.connect(paths.chats_file)
    raw.execute(f"UPDATE chats SET {column} = {value}")
    raw.commit()
    raw.close()
    if "min_p" in value:
        assert store.get(chat).sampling == SamplingParams(min_p=0.2)
    assert use_all(store) == 1
    store.close()


@pytest.mark.parametrize("damage", ["UPDATE", "DELETE"])
def test_a_damaged_index_of_words_costs_no_message(tmp_path: Path, damage: str) -> None:
    paths = written(tmp_path)
    raw = sqlite3.connect(paths.chats_file)
    if damage == "UPDATE":
        raw.execute("UPDATE found_data SET block = x'ffffffffffffffffffff' WHERE id > 10")
    else:
        raw.execute("DELETE FROM found_data WHERE id > 10")
    raw.commit()
    raw.close()
    store = ChatStore(paths)
    assert use_all(store) == CHATS * TURNS
    chat = store.list()[0].id
    for turn in store.turns(chat):
        store.put(chat, replace(turn, text="now a platypus"), turn)
    assert len(store.search("platypus")) == len(store.turns(chat))
    store.close()


def test_pages_that_lead_in_a_ring_end(tmp_path: Path) -> None:
    """Chains of pages and the list of free ones are the file's words; so is every length."""
    for seed in range(40):
        draw = random.Random(seed)
        data = bytearray(20 * PAGE)
        data[:18] = b"SQLite format 3\0\x10\x00"
        for page in range(20):
            at = page * PAGE
            data[at : at + 64] = bytes(draw.choice([0, 1, 2, 10, 13, 255]) for _ in range(64))
            data[at] = draw.choice([2, 10, 13]) if page else ord("S")
        data[32:36] = draw.randrange(20).to_bytes(4, "big")
        path = tmp_path / "rings"
        path.write_bytes(data)
        assert len(salvage(path).rows) <= len(data)
