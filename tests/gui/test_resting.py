"""A model that nobody used gives its memory back: the window says so, and opens it again."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from helpers.tiny_models import write_tiny_llama
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams, Kept, LoadOptions
from engine.base.events import Progress, Reloaded, Stage, Unloaded
from gui import opened as opened_module
from gui.app import Shell
from gui.chat.answer import Answer
from gui.hardware.hardware_view import HardwareView
from gui.library.library_view import LibraryView
from gui.main_window import MainWindow
from gui.resting import rest_words, time_words

SOON = 0.3 / 60  # minutes
TEMPLATE = "{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}a: "


@pytest.fixture
def real(
    real_shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """The real engine in a real window, with a model open."""
    options = LoadOptions(backend="reference", batch=16)
    monkeypatch.setattr(opened_module, "LoadOptions", lambda **own: replace(options, **own))
    extra = {"tokenizer.chat_template": TEMPLATE, "general.name": "Tiny"}
    path = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512, extra_metadata=extra)
    window = real_shell.open_window()
    with qtbot.waitSignal(real_shell.desk.loaded):
        window.open_path(str(path))
    window.chat.talk.record.generation = GenerationParams(max_tokens=8, ignore_eos=True)
    return window


def test_it_is_closed_said_and_opened_again(
    real: MainWindow, real_shell: Shell, qtbot: QtBot
) -> None:
    desk, chat = real_shell.desk, real.chat
    chat.talk.send("hello")
    qtbot.waitUntil(lambda: not chat.talk.busy)
    (model,) = desk.models()
    desk.engine.unload_after_minutes = SOON
    qtbot.waitUntil(lambda: model.id in desk.resting)
    desk.engine.unload_after_minutes = 0
    assert desk.engine.is_unloaded(model.id)
    assert real.toast.isVisible()
    said = real.toast._words.text()
    assert said == rest_words([model.name], SOON)
    assert said.startswith(f"{model.name} rests after ")
    assert chat.header.pill._state.detail == "opens with your message"
    assert chat.header.pill._state.tone == "faint"
    assert desk.models() == [model], "it stays among the open ones"
    assert any(entry.keys == "rests" for entry in chat.header.choices())
    woken: list[object] = []
    chat.talk.waking.connect(woken.append)
    chat.talk.send("and again")
    qtbot.waitUntil(lambda: not chat.talk.busy)
    assert woken, "how far it is was told"
    answer = chat.talk.record.tree.path()[-1]
    assert answer.text
    assert not answer.error
    qtbot.waitUntil(lambda: model.id not in desk.resting)
    assert chat.header.pill._state.tone == "good"
    assert not desk.engine.is_unloaded(model.id)


def test_the_list_of_models_says_so(real: MainWindow, real_shell: Shell, qtbot: QtBot) -> None:
    desk = real_shell.desk
    (model,) = desk.models()
    desk.remember(str(model.path))
    qtbot.waitUntil(lambda: bool(desk.known))
    real.show_view("models")
    view = real.view("models")
    assert isinstance(view, LibraryView)
    qtbot.waitUntil(lambda: "Open" in pills(view))
    desk.engine.unload_after_minutes = SOON
    qtbot.waitUntil(lambda: model.id in desk.resting)
    desk.engine.unload_after_minutes = 0
    qtbot.waitUntil(lambda: "Rests" in pills(view))


def pills(view: LibraryView) -> list[str]:
    return [view.rows.pill(model)[0] for model in view.rows.models()]


def test_while_it_is_opened_again_one_sees_how_far(
    ready: MainWindow, engine: FakeEngine, shell: Shell, qtbot: QtBot
) -> None:
    chat, desk = ready.chat, shell.desk
    (model,) = desk.models()
    engine.model_listener(Unloaded(model.id, model.name, 15))
    qtbot.waitUntil(lambda: model.id in desk.resting)
    engine.hold.clear()
    chat.talk.send("hello")
    chat.talk.waking.emit(Progress(Stage.LOADING, 4, 8))
    assert chat.header.pill._state.detail.startswith("opening, ")
    assert chat.header.pill._state.tone == "warn"
    row = chat.transcript.last_answer()
    assert isinstance(row, Answer)
    assert row._waiting._words.text() == f"Opening {model.name} again: loading weights"
    engine.model_listener(Reloaded(model.id, model.name))
    qtbot.waitUntil(lambda: model.id not in desk.resting)
    assert chat.header.pill._state.tone == "good"
    row.reading(10, 20, 0)
    assert row._waiting._bar.fraction() == 0.5, "another piece of work begins from the left"
    assert row._waiting._words.text() == "Reading 20 tokens"
    row.reading(0, 500, 10, anew=True)
    assert row._waiting._words.text() == (
        "Reading 490 tokens again, as this model cannot go back there"
    )
    engine.hold.set()
    qtbot.waitUntil(lambda: not chat.talk.busy)


def test_words() -> None:
    assert time_words(15) == "15 minutes"
    assert time_words(60) == "1 hour"
    assert time_words(240) == "4 hours"
    assert time_words(0.2) == "1 minute"
    assert rest_words(["A"], 5) == (
        "A rests after 5 minutes without use; it opens again with your next message"
    )
    assert rest_words(["A", "B", "C"], 60).startswith("A, B and C rest after 1 hour")


def test_several_at_once_are_one_sentence(
    ready: MainWindow, engine: FakeEngine, shell: Shell, qtbot: QtBot
) -> None:
    told: list[str] = []
    shell.desk.notice.connect(told.append)
    for ident, name in (("a", "A"), ("b", "B"), ("c", "C")):
        engine.model_listener(Unloaded(ident, name, 5))
    engine.model_listener(Reloaded("c", "C"))  # somebody asked meanwhile
    qtbot.waitUntil(lambda: bool(told))
    assert told == [rest_words(["A", "B"], 5)]


def test_what_is_kept_of_a_closed_chat_is_shown_and_can_be_forgotten(
    real: MainWindow, real_shell: Shell, qtbot: QtBot
) -> None:
    engine = real_shell.desk.engine
    real.chat.talk.send("hello")
    qtbot.waitUntil(lambda: not real.chat.talk.busy)
    assert engine.kept() == Kept()
    real.chat.new_chat()
    qtbot.waitUntil(lambda: engine.kept().conversations == 1)
    real.show_view("hardware")
    view = real.view("hardware")
    assert isinstance(view, HardwareView)
    assert view.kept.forget.isVisible()
    assert " for 1 conversation that may" in view.kept.words.text()
    view.kept.forget.click()
    qtbot.waitUntil(lambda: not view.kept.forget.isVisible())
    assert engine.kept() == Kept()
