"""The guide in the window: ready where there is no other model, out of the way where there is."""

from pathlib import Path

import pytest
from helpers.fake_engine import GUIDE, REPORT, FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot

from engine.base.conversation import Tree
from engine.base.errors import FormatError
from engine.base.settings import LoadOptions
from engine.library.records import LibraryModel
from gui.app import Shell
from gui.chat.book import ChatRecord
from gui.chat.guide import QUESTIONS
from gui.desk import KnownModel
from gui.library.library_view import LibraryView
from gui.library.words import second_line
from gui.main_window import MainWindow
from gui.preferences import Preferences

OWN = LibraryModel("Qwen3 4B", Path("/models/Qwen3 4B.gguf"), 2_497_000_000, title="Qwen3 4B")


@pytest.fixture
def engine(engine: FakeEngine) -> FakeEngine:
    """A fresh installation: no models, and the guide."""
    engine.library.guide = GUIDE
    return engine


@pytest.fixture
def first(window: MainWindow, shell: Shell, qtbot: QtBot) -> MainWindow:
    """The window of a first start, once the guide is there."""
    shell.read()
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    return window


def texts(window: MainWindow) -> list[str]:
    return [turn.text for turn in window.chat.talk.record.tree.path()]


def buttons(window: MainWindow) -> dict[str, QAbstractButton]:
    """What can be pressed on the welcome page, by its words."""
    found = window.chat.welcome.findChildren(QAbstractButton)
    return {b.text().strip(): b for b in found if b.isVisibleTo(window)}


# A fresh installation


def test_the_first_chat_is_ready_at_once(first: MainWindow, qtbot: QtBot) -> None:
    chat = first.chat
    assert chat.middle.currentWidget() is chat.welcome
    assert chat.header.pill._state.name == "Chaski Guide"
    assert not chat.composer.isHidden()
    assert chat.list.isHidden(), "there are no chats to list"
    chat.composer.edit.setPlainText("Hello")
    chat.composer._act_send()
    qtbot.waitUntil(lambda: not chat.talk.busy and len(texts(first)) == 2)
    assert chat.middle.currentWidget() is chat.transcript
    assert not chat.list.isHidden()


def test_the_welcome_offers_the_guide_a_model_and_a_file(first: MainWindow) -> None:
    offered = buttons(first)
    assert {"Ask the guide", "Show me one", "Open a file", *QUESTIONS} == set(offered)
    primary = [text for text, b in offered.items() if b.property("kind") == "primary"]
    assert primary == ["Ask the guide"], "one accent in a view"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_asked_with_a_click(first: MainWindow, qtbot: QtBot, question: str) -> None:
    buttons(first)[question].click()
    qtbot.waitUntil(lambda: not first.chat.talk.busy and len(texts(first)) == 2)
    assert texts(first)[0] == question


def test_the_keyboard_reaches_every_offer(first: MainWindow) -> None:
    for button in buttons(first).values():
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert button.accessibleName()
    asked: list[str] = []
    first.chat.welcome.asked.connect(asked.append)
    QTest.keyClick(buttons(first)[QUESTIONS[1]], Qt.Key.Key_Space)
    assert asked == [QUESTIONS[1]]


def test_a_file_can_be_opened_with_the_keyboard(
    first: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two parts of the window with the same shortcut would both be deaf."""
    opened: list[QFileDialog] = []
    monkeypatch.setattr(
        QFileDialog, "open", lambda dialog: opened.append(dialog)
    )  # no system to show it on
    first.activateWindow()
    QTest.keyClick(first.chat.composer.edit, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(opened) == 1)


def test_the_welcome_stays_while_the_guide_is_opened(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()  # the very first start: kernels are being compiled
    shell.read()
    qtbot.waitUntil(lambda: shell.desk.opening_guide)
    chat = window.chat
    assert chat.middle.currentWidget() is chat.welcome
    assert chat.header.pill._state.name == "Chaski Guide"
    qtbot.waitUntil(lambda: chat.welcome.progress.isVisibleTo(window))
    shell.desk.load_progress.emit("Preparing for this processor", 0.4)
    assert "40%" in chat.welcome.progress.words.text()
    assert "only this first time" in chat.welcome.progress.words.text()
    before = [card.geometry() for card in chat.welcome.cards]
    engine.hold.set()
    qtbot.waitUntil(lambda: chat.talk.model is not None)
    assert not chat.welcome.progress.isVisibleTo(window)
    QTest.qWait(50)
    assert [card.geometry() for card in chat.welcome.cards] == before, "nothing jumps"


def test_what_is_asked_meanwhile_is_sent_when_it_is_there(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    shell.read()
    qtbot.waitUntil(lambda: shell.desk.opening_guide)
    buttons(window)[QUESTIONS[0]].click()
    assert window.chat.composer.edit.toPlainText() == QUESTIONS[0], "one sees that it waits"
    window.chat.composer.edit.setPlainText("What fits here?")
    window.chat.composer._act_send()
    engine.hold.set()
    qtbot.waitUntil(lambda: not window.chat.talk.busy and len(texts(window)) == 2)
    assert texts(window)[0] == "What fits here?"
    assert window.chat.composer.edit.toPlainText() == ""


def test_what_was_changed_meanwhile_is_not_sent(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    shell.read()
    qtbot.waitUntil(lambda: shell.desk.opening_guide)
    buttons(window)[QUESTIONS[0]].click()
    window.chat.composer.edit.setPlainText("How do I get a model that")
    engine.hold.set()
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    assert texts(window) == []
    assert window.chat.composer.edit.toPlainText() == "How do I get a model that"


def test_it_says_why_the_guide_did_not_open(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.load_error = FormatError("There is not enough memory; close other programs.")
    shell.read()
    qtbot.waitUntil(lambda: not window.chat.error.isHidden())
    assert "Chaski Guide" in window.chat.error._title.text()
    engine.script.load_error = None
    buttons(window)["Ask the guide"].click()
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    assert window.chat.error.isHidden()


def test_its_context_is_its_own(
    window: MainWindow,
    shell: Shell,
    engine: FakeEngine,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A context chosen for other models may be more than the guide was trained for."""
    asked: list[LoadOptions] = []
    opened = engine.open_model

    def note(path: str, options: LoadOptions, listener: object, usual: LoadOptions) -> object:
        asked.extend((options, usual))
        return opened(path, options, listener)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "open_model", note)
    shell.desk.preferences = Preferences(context=32768, threads=2)
    shell.read()
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    assert asked[0] == LoadOptions(), "what is wished for the one model comes first"
    assert (asked[1].n_ctx, asked[1].threads) == (0, 2)


# Another model


def test_another_model_need_not_wait_for_the_guide(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    shell.read()
    qtbot.waitUntil(lambda: shell.desk.opening_guide)
    window.open_path("/models/Qwen3 4B.gguf")
    engine.hold.set()
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    assert window.chat.talk.model is not None
    assert window.chat.talk.model.name == "Qwen3 4B"
    assert [m.name for m in shell.desk.models()] == ["Qwen3 4B"], "the guide was stopped"


def test_the_next_chat_uses_the_model_that_was_opened(
    first: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    chat = first.chat
    chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not chat.talk.busy)
    asked_guide = chat.talk.record.id
    chat.new_chat()
    assert chat.talk.model is not None
    assert chat.talk.model.name == "Chaski Guide", "as long as there is no other"
    first.open_path("/models/Qwen3 4B.gguf")
    qtbot.waitUntil(lambda: len(shell.desk.models()) == 2)
    chat.open_chat(asked_guide)
    assert chat.talk.model.name == "Chaski Guide"
    chat.new_chat()
    assert chat.talk.model.name == "Qwen3 4B"
    shell.open_window()
    assert shell.windows[-1].chat.talk.model == chat.talk.model


def test_it_does_not_go_on_with_what_another_model_began(first: MainWindow, shell: Shell) -> None:
    tree = Tree()
    tree.add("assistant", "Sorted.", tree.add("user", "Sort these dates", None).id)
    record = ChatRecord(title="Dates", model="Gone", model_path="/models/gone.gguf", tree=tree)
    shell.book.save(record)
    first.chat.open_chat(record.id)
    assert first.chat.talk.model is None
    first.chat.new_chat()
    assert first.chat.talk.model is not None
    assert first.chat.middle.currentWidget() is first.chat.empty
    assert first.chat.at_hand.questions.isVisibleTo(first)


def test_closing_the_guide_leaves_a_way_back(first: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    shell.desk.close_model(shell.desk.models()[0])
    assert first.chat.talk.model is None
    assert first.chat.middle.currentWidget() is first.chat.welcome
    buttons(first)["Ask the guide"].click()
    qtbot.waitUntil(lambda: first.chat.talk.model is not None)


# Who has models


@pytest.fixture
def owner(window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot) -> MainWindow:
    """The window of somebody whose library has a model."""
    engine.library.models = [OWN]
    shell.read()
    qtbot.waitUntil(lambda: len(shell.desk.known) == 2)
    return window


def test_it_is_a_quiet_extra_where_there_are_models(
    owner: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    assert not shell.desk.opening
    assert shell.desk.models() == []
    offered = buttons(owner)
    quiet = next(text for text in offered if text.startswith("Or ask the guide"))
    assert {"Open a file", "Talk to it", quiet} == set(offered)
    assert [b.property("kind") for b in offered.values() if b is not offered[quiet]]
    assert offered["Open a file"].property("kind") == "primary"
    assert offered[quiet].property("kind") == "ghost"
    offered[quiet].click()
    qtbot.waitUntil(lambda: owner.chat.talk.model is not None)
    assert owner.chat.header.pill._state.name == "Chaski Guide"
    assert QUESTIONS[0] in buttons(owner)


def test_a_second_window_offers_the_same(owner: MainWindow, shell: Shell) -> None:
    second = shell.open_window()
    assert set(buttons(second)) == set(buttons(owner))
    second.close()


def test_a_file_that_is_named_comes_first(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    window.open_path("/models/a.gguf")
    shell.read()
    qtbot.waitUntil(lambda: window.chat.talk.model is not None and bool(shell.desk.known))
    QTest.qWait(50)
    assert [m.name for m in shell.desk.models()] == ["a"]


def test_a_file_that_does_not_open_is_still_told(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.load_error = FormatError("a.gguf is not a GGUF file; choose another.")
    window.open_path("/models/a.gguf")
    qtbot.waitUntil(lambda: not window.chat.error.isHidden())
    engine.script.load_error = None
    shell.read()
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    assert not window.chat.error.isHidden()


def test_the_menu_offers_it_last(owner: MainWindow) -> None:
    words = [entry.words for entry in owner.chat.header.choices()]
    assert words[:3] == ["Qwen3 4B", "Chaski Guide", "Open a file…"]


# The list of models


def test_the_list_of_models_has_it_built_in(first: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    shell.desk.close_model(shell.desk.models()[0])
    shell.desk.set_hardware(REPORT)
    first.show_view("models")
    view = first.view("models")
    assert isinstance(view, LibraryView)
    assert view.rows.rowCount() == 2, "a heading and the guide"
    guide = view.rows.item(1)
    assert isinstance(guide, KnownModel)
    names = [entry[0] for entry in view.menus.entries_of(guide) if entry is not None]
    assert names == ["Chat", "Details", "Look inside"], "it cannot be taken off the list"
    words = [view.rows.index(1).data(Qt.ItemDataRole.DisplayRole), second_line(guide)]
    assert words == ["Chaski Guide", "Comes with Chaski and answers questions about it"]
    assert view.rows.pill(guide)[0] == "Built in"
    assert view._top.count.text() == ""


def test_without_a_guide_all_is_as_before(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.library.guide = None
    shell.read()
    qtbot.waitUntil(lambda: shell.desk.listed.is_read)
    QTest.qWait(20)
    assert {"Open a file", "Show me one"} == set(buttons(window))
    assert window.chat.composer.isHidden()
