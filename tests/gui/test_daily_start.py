"""The hundredth start: one can write at once, and stands where one stood."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import GUIDE, FakeEngine
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.base.errors import FormatError
from gui.app import Shell, window_file
from gui.chat.book import Book, ChatRecord
from gui.chat.turns import Tree
from gui.desk import KnownModel
from gui.main_window import MainWindow
from gui.preferences import load

PATH = "/models/Qwen3 4B.gguf"
OTHER = "/models/Gemma 3.gguf"

Restart = Callable[[], MainWindow]


def known(path: str, problem: str = "") -> KnownModel:
    name = path.rpartition("/")[2].removesuffix(".gguf")
    return KnownModel(path, name, "Q4_K_M · 2.5 GB", problem=problem)


@pytest.fixture(autouse=True)
def library(engine: FakeEngine) -> None:
    """Two models are known."""
    engine.library.models = [
        replace(GUIDE, name=Path(path).stem, path=Path(path), title="") for path in (PATH, OTHER)
    ]


@pytest.fixture
def restart(ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot) -> Restart:
    """The program anew, in the same home; a model was used in its first run."""

    def start() -> MainWindow:
        shell.desk._models = []
        shell.desk.expect()
        window = shell.open_window()
        window.chat.show_record(ChatRecord(), None)
        return window

    ready.close()
    return start


def texts(window: MainWindow) -> list[str]:
    return [turn.text for turn in window.chat.talk.record.tree.path()]


def test_the_last_model_is_kept(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ready.open_path(OTHER)
    qtbot.waitUntil(lambda: ready.chat.talk.model.name == "Gemma 3")
    file = window_file(shell.desk.engine.paths)
    qtbot.waitUntil(lambda: load(file).model == OTHER)
    ready.open_path(PATH)  # open already: it is used again
    qtbot.waitUntil(lambda: load(file).model == PATH)


def test_one_writes_at_once_and_the_model_opens_with_the_message(
    restart: Restart, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = restart()
    chat = window.chat
    assert chat.composer.isVisible()
    assert chat.header.isVisible()
    assert chat.middle.currentWidget() is chat.empty
    assert chat.header.pill._state.name == "Qwen3 4B"
    assert chat.composer.edit.placeholderText() == "Message Qwen3 4B"
    engine.hold.clear()
    chat.composer.edit.setPlainText("Hello?")
    chat.composer._act_send()
    assert chat.composer._waits.full() == "Sent as soon as Qwen3 4B is ready"
    engine.hold.set()
    qtbot.waitUntil(lambda: len(texts(window)) == 2 and not chat.talk.busy)
    assert chat.talk.model.name == "Qwen3 4B"


def test_a_last_model_that_is_gone_leaves_the_cards(
    restart: Restart, shell: Shell, qtbot: QtBot
) -> None:
    window = restart()
    shell.desk._show_first([known(PATH, "Qwen3 4B.gguf is not there any more."), known(OTHER)])
    assert window.chat.middle.currentWidget() is window.chat.welcome
    assert not window.chat.composer.isVisible()


def test_one_that_does_not_open_says_so_and_keeps_the_words(
    restart: Restart, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = restart()
    engine.script.load_error = FormatError("it is cut off; get it again.")
    window.chat.composer.edit.setPlainText("Hello?")
    window.chat.composer._act_send()
    qtbot.waitUntil(lambda: not window.chat.error.isHidden())
    assert window.chat.composer.edit.toPlainText() == "Hello?"
    assert window.chat.composer.isVisible()


def keep(book: Book, path: str) -> ChatRecord:
    tree = Tree()
    tree.add("user", "Question", None)
    tree.add("assistant", "The answer.", tree.leaf)
    record = ChatRecord(title="Old", model=known(path).name, model_path=path, tree=tree)
    book.save(record)
    return record


def test_a_chat_reopens_with_its_own_model_though_another_is_open(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    old = keep(shell.book, OTHER)
    ready.chat.open_chat(old.id)
    assert ready.chat.talk.model is None
    assert ready.chat.header.pill._state.name == "Gemma 3"
    ready.chat.composer.edit.setPlainText("And?")
    ready.chat.composer._act_send()
    qtbot.waitUntil(lambda: len(texts(ready)) == 4 and not ready.chat.talk.busy)
    assert ready.chat.talk.model.name == "Gemma 3"
    assert old.model_path == OTHER


def test_a_chat_whose_model_is_gone_goes_on_with_the_one_that_is_open(
    ready: MainWindow, shell: Shell
) -> None:
    shell.desk._show_first([known(PATH)])
    old = keep(shell.book, OTHER)
    ready.chat.open_chat(old.id)
    assert ready.chat.talk.model is not None
    assert ready.chat.talk.model.name == "Qwen3 4B"


def test_the_first_second_of_the_first_day_does_not_jump(
    shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.library.guide, engine.library.models = GUIDE, []
    shell.desk.expect()
    window = shell.open_window()
    window.resize(1280, 800)
    QApplication.processEvents()
    chat = window.chat

    def places() -> list[object]:
        parts = (*chat.welcome.cards, chat.header, chat.composer, chat.welcome.questions)
        return [(part.isVisible(), part.geometry()) for part in parts]

    first = places()
    assert len(chat.welcome.cards) == 3
    assert all(seen for seen, _ in first)
    engine.hold.clear()
    shell.desk.greet()
    shell.desk.ask_hardware()
    qtbot.waitUntil(lambda: shell.desk.hardware is not None)
    qtbot.waitUntil(lambda: shell.desk.opening_guide)
    QApplication.processEvents()
    assert places() == first
    engine.hold.set()
    qtbot.waitUntil(lambda: chat.talk.model is not None)
    QApplication.processEvents()
    assert places() == first


def test_what_is_asked_in_the_first_second_is_answered(
    shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.library.guide, engine.library.models = GUIDE, []
    shell.desk.expect()
    window = shell.open_window()
    window.chat.welcome.questions.buttons[0].click()
    shell.desk.greet()
    qtbot.waitUntil(lambda: len(texts(window)) == 2 and not window.chat.talk.busy)
