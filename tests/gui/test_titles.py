"""Titles by the model: after the first answer, never over a person's, in nobody's way."""

from dataclasses import replace

import pytest
from helpers.fake_engine import FakeEngine, Script
from pytestqt.qtbot import QtBot

from gui.app import Shell
from gui.chat import conversation
from gui.chat.titles import ASKED, title_in
from gui.main_window import MainWindow


@pytest.fixture
def titled(ready: MainWindow, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window where titles are wished for, soon."""
    monkeypatch.setattr(conversation, "TITLE_MS", 1)
    shell.desk.preferences = replace(shell.desk.preferences, auto_titles=True)
    ready.chat.new_chat()
    return ready


def ask(window: MainWindow, engine: FakeEngine, qtbot: QtBot, script: Script) -> None:
    """A first question; from its answer on the engine says this."""
    window.chat.talk.settled.connect(lambda _turn: setattr(engine, "script", script))
    window.chat.talk.send("What is a fox?")
    qtbot.waitUntil(lambda: not window.chat.talk.busy)


def test_the_model_gives_a_title(titled: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    talk = titled.chat.talk
    ask(titled, engine, qtbot, Script(text='**Title: "The life of foxes"**\n\nIt is short.'))
    qtbot.waitUntil(lambda: talk.record.title == "The life of foxes")
    assert titled.windowTitle().startswith("The life of foxes")
    assert not talk.record.is_named
    asked = engine.chats_made[-1].messages
    assert len(talk.record.tree.turns) == 2, "what it is asked is no part of the chat"
    assert asked[-2].content == ASKED or asked[-1].content == ASKED


def test_a_title_of_a_person_stays(titled: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    talk = titled.chat.talk
    ask(titled, engine, qtbot, Script(text="Something else"))
    titled.chat._book.rename(talk.record.id, "Mine")
    qtbot.wait(80)
    assert talk.record.title == "Mine"


def test_who_goes_on_does_not_wait_for_it(
    titled: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    talk = titled.chat.talk
    ask(titled, engine, qtbot, Script(endless=True))
    qtbot.waitUntil(lambda: talk._titling.running)
    engine.script = Script(text="It eats mice.")
    talk.settled.disconnect()
    talk.send("What does it eat?")
    qtbot.waitUntil(lambda: not talk.busy)
    assert talk.record.tree.path()[-1].text == "It eats mice."
    assert not talk._titling.running
    assert talk.record.title == "What is a fox?"


def test_a_chat_that_is_left_stops_it(titled: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    talk = titled.chat.talk
    ask(titled, engine, qtbot, Script(endless=True))
    qtbot.waitUntil(lambda: talk._titling.running)
    titled.chat.new_chat()
    assert not talk._titling.running


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("The life of foxes", "The life of foxes"),
        ("Titel: „Füchse im Garten“.", "Füchse im Garten"),
        ("\n\n## 狐の生活 ##\n", "狐の生活"),
        ("", ""),
        ("***", ""),
        ("?!?!?!", ""),
        ("word " * 30, ""),
        ("Sure, here is a title that I would give to this whole conversation of ours", ""),
    ],
)
def test_what_counts_as_a_title(answer: str, title: str) -> None:
    assert title_in(answer) == title
