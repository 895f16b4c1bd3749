"""An answer is on disk while it grows: what a killed window would leave behind."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine, Script, model_info
from helpers.patience import WAIT_MS
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Paths
from engine.base.conversation import Turn
from engine.base.errors import FormatError
from engine.library import ChatStore
from gui.chat.book import ChatRecord
from gui.chat.book_disk import DiskBook
from gui.chat.conversation import KEEP_MS, Conversation
from gui.workers import Background


class Told:
    """A conversation with a fake model over a real store; `seen`: letters shown at each word."""

    def __init__(self, home: Path, script: Script) -> None:
        self.paths = Paths.under(home)
        self.engine = FakeEngine(self.paths, script)
        self.engine.chats = ChatStore(self.paths)  # type: ignore[attr-defined]
        self.background = Background()
        self.book = DiskBook(self.engine, self.background)  # type: ignore[arg-type]
        self.talk = Conversation(self.engine, self.book, ChatRecord())  # type: ignore[arg-type]
        self.talk.use_model(model_info())
        self.seen: list[int] = []
        self.letters = 0
        self.talk.text.connect(self._on_text)

    def _on_text(self, channel: str, text: str) -> None:
        self.letters += len(text)
        self.seen.append(self.letters)

    def answer(self) -> Turn:
        return self.talk.record.tree.path()[-1]

    def close(self) -> None:
        self.talk.close()
        self.background.close()
        self.engine.shutdown()
        self.engine.chats.close()  # type: ignore[attr-defined]


@pytest.fixture
def told(qapp: QApplication, tmp_path: Path) -> Iterator[Told]:
    made = Told(tmp_path, Script(pause=0.004))
    yield made
    made.close()


def kept(paths: Paths) -> tuple[str, bool]:
    """What another process reads of the last answer now."""
    store = ChatStore(paths)
    chats = store.list()
    last = store.read(chats[0].id).tree.path()[-1] if chats else None
    store.close()
    if last is None:
        return "", False
    return last.thinking + last.text, last.complete


def test_what_is_shown_is_kept_while_it_grows(told: Told, qtbot: QtBot) -> None:
    assert KEEP_MS < 1000, "within a second of being shown"
    told.engine.script.endless = True
    told.engine.script.thinking = "hmm " * 40
    told.talk.send("Go on")
    for letters in (20, 300, 900):
        qtbot.waitUntil(lambda n=letters: told.letters > n)
        shown = told.letters
        qtbot.waitUntil(lambda n=shown: len(kept(told.paths)[0]) >= n)
        assert not kept(told.paths)[1]


def test_what_is_shown_outlives_a_kill_at_once(told: Told, qtbot: QtBot) -> None:
    """Nothing is shown that is in memory alone; of what has ended nothing lies beside the store."""
    there: list[bool] = []
    shown: dict[str, str] = {"thinking": "", "text": ""}
    folder = told.paths.shown_folder

    def look(channel: str, text: str) -> None:
        shown["thinking" if channel == "thinking" else "text"] += text
        found = [file.read_text("utf-8") for file in folder.glob("*")]
        lines = [json.loads(line) for line in "".join(found).splitlines()]
        whole = {name: "".join(t for c, t in lines[1:] if c == name) for name in shown}
        there.append(whole == shown)

    told.talk.text.connect(look)
    told.engine.script.endless = True
    told.engine.script.thinking = "hmm " * 40
    told.talk.send("Go on")
    qtbot.waitUntil(lambda: len(shown["text"]) > 300)
    assert all(there)
    assert len(there) > 5
    told.talk.stop()
    qtbot.waitUntil(lambda: not told.talk.busy)
    qtbot.waitUntil(lambda: not list(folder.iterdir()))
    assert kept(told.paths)[0] == "".join(shown.values())


def test_of_a_temporary_chat_nothing_is_on_disk(told: Told, qtbot: QtBot) -> None:
    told.talk.record.temporary = True
    told.talk.send("Go on")
    qtbot.waitUntil(lambda: bool(told.answer().text) and not told.talk.busy)
    assert not told.paths.shown_folder.exists()


def test_only_the_row_that_grows_is_written(
    told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = None
    for i in range(300):
        parent = told.talk.record.tree.add("user" if i % 2 == 0 else "assistant", "x", parent).id
    told.book.save(told.talk.record)
    written: list[object] = []
    told.background.run(lambda: True, written.append)
    qtbot.waitUntil(lambda: bool(written), timeout=WAIT_MS)
    told.engine.script.endless = True
    told.talk.send("Go on")
    qtbot.waitUntil(lambda: len(told.seen) > 2)
    replaced: list[int] = []
    store = told.engine.chats  # type: ignore[attr-defined]
    original = store.put

    def put(chat: int, turn: Turn, known: Turn | None = None) -> bool:
        assert known is not None
        replaced.append(turn.id)
        return original(chat, turn, known)

    monkeypatch.setattr(store, "put", put)
    monkeypatch.setattr(store, "turns", None)
    begun = time.monotonic()
    qtbot.waitUntil(lambda: len(replaced) > 1)
    assert len(set(replaced)) == 1
    assert time.monotonic() - begun > 0.3, "not with every word"


@pytest.mark.parametrize("end", ["said", "stopped", "error", "closed"])
def test_an_answer_is_complete_when_its_model_has_ended_it(
    told: Told, qtbot: QtBot, end: str
) -> None:
    told.engine.script.endless = end in ("stopped", "closed")
    told.engine.script.error = FormatError("It broke.") if end == "error" else None
    told.talk.send("Hello?")
    qtbot.waitUntil(lambda: bool(told.answer().text))
    if end == "stopped":
        told.talk.stop()
    if end == "closed":
        told.talk.close()
    qtbot.waitUntil(lambda: not told.talk.busy)
    told.background.close()
    assert told.answer().complete == (end == "said")
    assert kept(told.paths) == (told.answer().text, end == "said")


def test_a_cut_answer_comes_back_as_incomplete(told: Told, qtbot: QtBot) -> None:
    told.engine.script.endless = True
    told.talk.send("Go on")
    qtbot.waitUntil(lambda: len(told.seen) > 2)
    qtbot.wait(450)
    (row,) = told.engine.chats.list()  # type: ignore[attr-defined]
    again = DiskBook(told.engine, told.background)  # type: ignore[arg-type]
    found: list[ChatRecord] = []
    again.fetch(row.id, found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert [turn.complete for turn in found[0].tree.path()] == [True, False]
