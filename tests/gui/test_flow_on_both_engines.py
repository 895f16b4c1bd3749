"""The main flow of a chat, with the pretended engine and with the real one: both must do it."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.patience import WAIT_MS
from helpers.tiny_models import write_tiny_llama
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams, LoadOptions
from gui import opened as opened_module
from gui.app import Shell
from gui.chat.conversation import Conversation

TEMPLATE = "{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}a: "


@pytest.fixture(params=["fake", "real"])
def talk(
    request: pytest.FixtureRequest,
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Conversation:
    """A conversation whose model is open."""
    shell: Shell = request.getfixturevalue("shell" if request.param == "fake" else "real_shell")
    path = "/models/Qwen3 4B.gguf"
    if request.param == "real":
        # The oracle backend compiles nothing: this is about the flow, not about speed.
        options = LoadOptions(backend="reference", batch=16)
        monkeypatch.setattr(opened_module, "LoadOptions", lambda **own: replace(options, **own))
        extra = {"tokenizer.chat_template": TEMPLATE}
        path = str(write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512, extra_metadata=extra))
    window = shell.open_window()
    shell.read()
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        window.open_path(path)
    found = window.chat.talk
    found.record.generation = GenerationParams(max_tokens=8, ignore_eos=True)
    return found


def until_idle(talk: Conversation, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)


def test_an_answer_arrives_in_pieces(talk: Conversation, qtbot: QtBot) -> None:
    told: list[str] = []
    talk.text.connect(lambda channel, text: told.append(text))
    talk.send("once upon a time")
    until_idle(talk, qtbot)
    question, answer = talk.record.tree.path()
    assert question.text == "once upon a time"
    assert answer.text == "".join(told)
    assert answer.text


def test_another_answer_is_a_variant(talk: Conversation, qtbot: QtBot) -> None:
    talk.send("once upon a time")
    until_idle(talk, qtbot)
    first = talk.record.tree.path()[-1]
    talk.again(first)
    until_idle(talk, qtbot)
    second = talk.record.tree.path()[-1]
    assert second.id != first.id
    assert talk.record.tree.variants(second) == [first, second]


def test_an_edited_question_is_asked_anew(talk: Conversation, qtbot: QtBot) -> None:
    talk.send("once upon a time")
    until_idle(talk, qtbot)
    talk.edit(talk.record.tree.path()[0], "there was a girl")
    until_idle(talk, qtbot)
    question, answer = talk.record.tree.path()
    assert question.text == "there was a girl"
    assert answer.text


def test_a_second_question_goes_on(talk: Conversation, qtbot: QtBot) -> None:
    for words in ("once upon a time", "and then"):
        talk.send(words)
        until_idle(talk, qtbot)
    roles = [turn.role for turn in talk.record.tree.path()]
    assert roles == ["user", "assistant"] * 2


def test_what_is_asked_meanwhile_is_asked_afterwards(talk: Conversation, qtbot: QtBot) -> None:
    talk.send("once upon a time")
    assert talk.busy
    talk.enqueue("and then")
    talk.enqueue("and after that")
    told: list[int] = []
    talk.queue_changed.connect(lambda: told.append(len(talk.queue)))
    qtbot.waitUntil(lambda: len(talk.record.tree.path()) == 6 and not talk.busy, timeout=WAIT_MS)
    asked = [turn.text for turn in talk.record.tree.path()][::2]
    assert asked == ["once upon a time", "and then", "and after that"]
    assert told == [1, 0]
    assert all(turn.text for turn in talk.record.tree.path())


def test_a_deleted_message_is_told_to_no_model_and_comes_back(
    talk: Conversation, qtbot: QtBot
) -> None:
    for words in ("once upon a time", "and then"):
        talk.send(words)
        until_idle(talk, qtbot)
    before = [turn.text for turn in talk.record.tree.path()]
    bring_back = talk.delete(talk.record.tree.path()[0])
    assert [turn.text for turn in talk.record.tree.path()] == before[2:]
    talk.again(talk.record.tree.path()[-1])
    until_idle(talk, qtbot)
    assert talk.record.tree.path()[0].text == "and then"
    assert len(talk.record.tree.variants(talk.record.tree.path()[-1])) == 2
    bring_back()
    assert [turn.text for turn in talk.record.tree.path()][:3] == before[:3]


def test_an_answer_that_was_cut_goes_on(talk: Conversation, qtbot: QtBot) -> None:
    talk.send("once upon a time")
    until_idle(talk, qtbot)
    answer = talk.record.tree.path()[-1]
    begun = answer.text
    talk.go_on(answer)
    until_idle(talk, qtbot)
    assert talk.record.tree.path()[-1] is answer
    assert answer.text.startswith(begun.rstrip())
    assert len(answer.text) > len(begun)
