"""Letters that were shown are there after a kill, though the store had not got them yet."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.data import ROOT

from engine.base.conversation import Turn
from engine.base.paths import Paths
from engine.library import ChatStore

KILLED = """
import sys, time
from pathlib import Path
from engine.base.paths import Paths
from engine.library import ChatStore
paths = Paths.under(Path(sys.argv[1]))
store = ChatStore(paths)
turn = store.read(int(sys.argv[2])).tree.turns[2]
shown = store.show(int(sys.argv[2]), turn)
for n in range(1000):
    shown.add("text", f" word {n}\\u00e9")
print("shown", flush=True)
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "Ñandú 家"


@pytest.fixture
def paths(home: Path) -> Paths:
    return Paths.under(home)


@pytest.fixture
def store(paths: Paths) -> Iterator[ChatStore]:
    found = ChatStore(paths)
    yield found
    found.close()


def begun(store: ChatStore, text: str = "", thinking: str = "") -> tuple[int, Turn]:
    """A chat whose second turn is an answer that grows."""
    chat = store.create("Title").id
    assert store.put(chat, Turn(1, "user", "Why?"))
    turn = Turn(2, "assistant", text, 1, thinking=thinking, complete=False)
    assert store.put(chat, turn)
    return chat, turn


def gone(store: ChatStore, chat: int, turn: Turn, *pieces: tuple[str, str]) -> None:
    """Its writer ends without a word, as one that was killed."""
    shown = store.show(chat, turn)
    for channel, text in pieces:
        shown.add(channel, text)
    shown.close(kept=False)


def found(paths: Paths, chat: int) -> Turn:
    """What whoever opens the store next reads of the answer."""
    store = ChatStore(paths)
    turn = store.read(chat).tree.turns[2]
    store.close()
    return turn


def files(paths: Paths) -> list[Path]:
    return sorted(paths.shown_folder.glob("*"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_a_killed_program_loses_no_letter(store: ChatStore, paths: Paths, home: Path) -> None:
    chat, _ = begun(store, "It begins:")
    command = [sys.executable, "-c", KILLED, str(home), str(chat)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"shown\n"
        assert found(paths, chat).text == "It begins:", "its writer is there and will keep it"
        program.send_signal(signal.SIGKILL)
    whole = "It begins:" + "".join(f" word {n}é" for n in range(1000))
    assert found(paths, chat).text == whole
    assert not found(paths, chat).complete
    assert files(paths) == []


def test_thoughts_and_words_go_on_where_the_store_is(store: ChatStore, paths: Paths) -> None:
    chat, turn = begun(store, thinking="Hm")
    pieces = [("thinking", "m."), ("text", "Yes"), ("text", ", 家")]
    assert store.put(chat, replace(turn, thinking="Hmm.", text="Y"), turn), "it came that far"
    gone(store, chat, turn, *pieces)
    turn = found(paths, chat)
    assert (turn.thinking, turn.text) == ("Hmm.", "Yes, 家")
    assert ChatStore(paths).list()[0].id == chat


@pytest.mark.parametrize(
    "now",
    [
        {"text": "Yes, it is.", "complete": True},
        {"text": "Y", "ending": "cancelled"},
        {"text": "Other words"},
        {"text": "Yes and more than was shown"},
        {"text": "Y", "deleted": True},
    ],
    ids=["ended", "stopped", "other", "further", "deleted"],
)
def test_what_is_not_its_beginning_stays(
    store: ChatStore, paths: Paths, now: dict[str, object]
) -> None:
    chat, turn = begun(store)
    gone(store, chat, turn, ("text", "Yes"))
    after = replace(turn, **now)  # type: ignore[arg-type]
    assert store.put(chat, after, turn)
    assert found(paths, chat).text == after.text
    assert files(paths) == []


def test_nothing_stays_of_what_was_kept_or_forgotten(store: ChatStore, paths: Paths) -> None:
    chat, turn = begun(store)
    shown = store.show(chat, turn)
    shown.add("text", "Yes")
    assert len(files(paths)) == 1
    if sys.platform != "win32":
        assert files(paths)[0].stat().st_mode & 0o077 == 0
    shown.close(kept=True)
    shown.close(kept=True)
    assert files(paths) == []
    gone(store, chat, turn, ("text", "Yes"))
    gone(store, chat, replace(turn, id=9), ("text", "no such turn"))
    store.delete(chat)
    store.purge(0)
    assert ChatStore(paths).list() == []
    assert files(paths) == [], "words of a chat that was forgotten"


def test_halves_of_letters_and_a_line_that_is_cut(store: ChatStore, paths: Paths) -> None:
    chat, turn = begun(store)
    gone(store, chat, turn, ("text", "a\ud83d"), ("tool", "{}"), ("text", "b"), ("text", "cdef"))
    (file,) = files(paths)
    file.write_bytes(file.read_bytes()[:-5])
    assert found(paths, chat).text == "a\ufffdb"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 4096,
        b"[" * 200_000,
        b'{"chat": 1e999}\n["text", "x"]\n',
        b'{"chat": %d, "turn": 2, "text": -1, "thinking": 0}\n["text", "x"]\n',
        b'{"chat": %d, "turn": 2, "text": 1, "thinking": 0}\n["text", "x"]\n',
        b'{"chat": %d, "turn": 99999999999999999999999, "text": 0, "thinking": 0}\n["text", "x"]\n',
        b'{"chat": %d, "turn": 2, "text": 0, "thinking": 0}\n["text", 7]\n["text", "x"]\n',
        b'{"chat": %d, "turn": 2, "text": 0, "thinking": 0}\n["code", "x"]\n["text", "x"]\n',
    ],
)
def test_files_that_nobody_wrote_are_put_away(
    store: ChatStore, paths: Paths, content: bytes
) -> None:
    chat, _ = begun(store)
    paths.shown_folder.mkdir()
    file = paths.shown_folder / "1-2-00000000.jsonl"
    file.write_bytes(content.replace(b"%d", str(chat).encode()))
    assert found(paths, chat).text == ""
    assert files(paths) == []


def test_a_huge_file_is_not_read(store: ChatStore, paths: Paths) -> None:
    chat, turn = begun(store)
    gone(store, chat, turn, ("text", "x"))
    os.truncate(files(paths)[0], 1 << 40)
    assert found(paths, chat).text == ""
    assert files(paths) == []


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Unix")
def test_a_pipe_and_a_folder_hold_nobody_up(store: ChatStore, paths: Paths) -> None:
    chat, turn = begun(store)
    gone(store, chat, turn, ("text", "Yes"))
    os.mkfifo(paths.shown_folder / "1-2-a.jsonl")
    (paths.shown_folder / "1-2-b.jsonl").mkdir()
    assert found(paths, chat).text == "Yes"


def test_a_full_disk_keeps_nobody_from_answering(
    store: ChatStore, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, turn = begun(store)
    shown = store.show(chat, turn)
    shown.add("text", "Yes")

    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            real.close()

    real = shown._file
    assert real is not None
    monkeypatch.setattr(shown, "_file", Full())
    shown.add("text", " or")
    shown.add("text", " no")
    shown.close(kept=False)
    assert found(paths, chat).text == "Yes"


def test_without_a_folder_the_store_keeps_it_alone(store: ChatStore, paths: Paths) -> None:
    chat, turn = begun(store)
    paths.shown_folder.write_bytes(b"a file stands there")
    gone(store, chat, turn, ("text", "Yes"))
    assert found(paths, chat).text == ""
