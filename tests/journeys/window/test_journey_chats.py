"""Chats with the real engine and the real store: titles, a damaged file, what the window says."""

import random
from pathlib import Path

import pytest
from helpers.chats import say
from helpers.patience import WAIT_MS
from helpers.talkers import write_talker
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams, Paths
from engine.library import ChatStore
from gui.app import Shell
from gui.chat import conversation, titles

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_title_is_asked_for_and_out_of_the_way(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model of weights by chance says nothing that is a title; asking it costs nobody an answer,
    and is no part of the chat."""
    monkeypatch.setattr(conversation, "TITLE_MS", 1)
    asked: list[str] = []
    monkeypatch.setattr(titles, "title_in", lambda text: asked.append(text) or "A title")
    path = write_talker(tmp_path / "tiny.gguf")
    window = shell.open_window()
    window.open_path(str(path))
    talk = window.chat.talk
    qtbot.waitUntil(lambda: talk.model is not None, timeout=WAIT_MS)
    talk.gives_titles = True
    talk.record.generation = GenerationParams(max_tokens=12)
    talk.settled.connect(lambda turn: setattr(turn, "complete", True))  # as if it had ended itself
    talk.send("What is a fox?")
    qtbot.waitUntil(lambda: talk.record.title == "A title", timeout=WAIT_MS)
    assert asked
    assert len(talk.record.tree.turns) == 2
    talk.send("And a wolf?")
    qtbot.waitUntil(lambda: not talk.busy and len(talk.record.tree.turns) == 4, timeout=WAIT_MS)
    assert talk.record.tree.path()[-1].text
    window.close()
    shell.desk.keeper.close()
    (kept,) = shell.desk.engine.chats.list()
    assert (kept.title, kept.n_messages, kept.is_named) == ("A title", 4, False)


@pytest.mark.parametrize("damage", ["head", "pages"])
def test_a_damaged_store_is_set_aside_and_its_chats_are_there(
    shell: Shell, home: Paths, qtbot: QtBot, damage: str
) -> None:
    store = ChatStore(home)
    for i in range(6):
        say(store, store.create(f"Chat {i}").id, f"question {i}", "answer " * 400)
    store.close()
    data = bytearray(home.chats_file.read_bytes())
    if damage == "head":
        data[:100] = random.Random(1).randbytes(100)
    else:
        data[4096:8192] = random.Random(2).randbytes(4096)
    home.chats_file.write_bytes(data)
    window = shell.open_window()
    shell.read()
    qtbot.waitUntil(lambda: len(shell.book.rows()) >= 5, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "damaged" in window.toast._words.text(), timeout=WAIT_MS)
    (aside,) = home.data.glob("chats.damaged-*.sqlite3")
    assert aside.read_bytes() == data, "the damaged file is kept as it was"
    assert aside.name in window.toast._words.text()
    window.chat.open_chat(shell.book.rows()[0].id)
    qtbot.waitUntil(lambda: len(window.chat.talk.record.tree.path()) == 2, timeout=WAIT_MS)
