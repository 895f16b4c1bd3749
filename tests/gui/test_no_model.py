"""Every action while the chat's model is not open, or another is on its way: nothing is lost."""

from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.base.conversation import Tree
from engine.base.errors import FormatError
from gui.app import Shell
from gui.chat.book import ChatRecord
from gui.chat.inline_edit import InlineEdit
from gui.main_window import MainWindow

PATH = "/models/Qwen3 4B.gguf"


def keep_chat(shell: Shell, path: str = PATH) -> ChatRecord:
    """A chat of an earlier day; its model is not open."""
    tree = Tree()
    tree.add("user", "Question", None)
    tree.add("assistant", "The answer.", tree.leaf)
    record = ChatRecord(title="Old", model=Path(path).stem, model_path=path, tree=tree)
    shell.book.save(record)
    return record


@pytest.fixture
def old(window: MainWindow, shell: Shell) -> ChatRecord:
    record = keep_chat(shell)
    window.chat.open_chat(record.id)
    assert window.chat.talk.model is None
    return record


def texts(window: MainWindow) -> list[str]:
    return [turn.text for turn in window.chat.talk.record.tree.path()]


def test_answer_again_opens_the_model_of_the_chat(
    window: MainWindow, engine: FakeEngine, old: ChatRecord, qtbot: QtBot
) -> None:
    engine.hold.clear()
    engine.script.text = "Another."
    window.chat.transcript.rows()[-1].tools.retry.click()
    qtbot.waitUntil(lambda: window.chat.header.pill._state.detail.startswith("opening"))
    assert texts(window) == ["Question", "The answer."], "it stays until another comes"
    assert window.chat.header.cancel.isVisible()
    engine.hold.set()
    qtbot.waitUntil(lambda: texts(window) == ["Question", "Another."])
    qtbot.waitUntil(lambda: not window.chat.talk.busy)
    assert len(old.tree.variants(old.tree.path()[-1])) == 2
    assert str(window.chat.talk.model.path) == PATH


def test_answer_again_and_leave_keeps_the_answer(
    window: MainWindow, shell: Shell, engine: FakeEngine, old: ChatRecord, qtbot: QtBot
) -> None:
    engine.script.load_error = FormatError("it is gone; choose another.")
    window.chat.transcript.rows()[-1].tools.retry.click()
    qtbot.waitUntil(lambda: not window.chat.error.isHidden())
    window.chat.new_chat()
    window.chat.open_chat(old.id)
    assert texts(window) == ["Question", "The answer."]


@pytest.mark.parametrize("end", ["opened", "failed", "cancelled"])
def test_save_and_ask_again_keeps_the_words(
    window: MainWindow, engine: FakeEngine, old: ChatRecord, qtbot: QtBot, end: str
) -> None:
    engine.hold.clear()
    if end == "failed":
        engine.script.load_error = FormatError("it is gone; choose another.")
    transcript = window.chat.transcript
    transcript.edit(old.tree.path()[0])
    QApplication.processEvents()
    box = transcript.findChild(InlineEdit)
    box.edit.setPlainText("Other words")
    box._act_save()
    assert box.isVisible(), "the words are there until they are asked"
    assert box._wait.text() == "Asked as soon as the model is ready"
    assert texts(window) == ["Question", "The answer."]
    if end == "cancelled":
        window.chat.header.cancel.click()
    engine.hold.set()
    if end == "opened":
        qtbot.waitUntil(lambda: texts(window) == ["Other words", engine.script.text])
        assert not transcript.is_editing
    else:
        qtbot.waitUntil(lambda: not box.edit.isReadOnly())
        assert box.edit.toPlainText() == "Other words"
        assert texts(window) == ["Question", "The answer."]
        engine.script.load_error = None
        qtbot.waitUntil(lambda: not window._desk.opening)
        box._act_save()
        qtbot.waitUntil(lambda: texts(window) == ["Other words", engine.script.text])
    qtbot.waitUntil(lambda: not window.chat.talk.busy)


def test_a_question_in_an_old_chat_opens_its_model(
    window: MainWindow, engine: FakeEngine, old: ChatRecord, qtbot: QtBot
) -> None:
    composer = window.chat.composer
    assert composer.edit.placeholderText() == "Message Qwen3 4B"
    composer.edit.setPlainText("And?")
    composer._act_send()
    qtbot.waitUntil(lambda: len(texts(window)) == 4 and not window.chat.talk.busy)
    assert composer.edit.toPlainText() == ""


def test_steps_and_edited_answers_need_no_model(window: MainWindow, old: ChatRecord) -> None:
    answer = old.tree.path()[-1]
    window.chat.transcript.edited.emit(answer, "My words")
    assert texts(window) == ["Question", "My words"]
    window.chat.transcript.stepped.emit(old.tree.path()[-1], -1)
    assert texts(window) == ["Question", "The answer."]


def test_an_edit_that_is_saved_while_it_answers_is_asked_afterwards(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.chat.talk.send("One")
    transcript = ready.chat.transcript
    transcript.edit(ready.chat.talk.record.tree.path()[0])
    box = transcript.findChild(InlineEdit)
    box.edit.setPlainText("Uno")
    box._act_save()
    assert box._wait.text() == "Asked as soon as this answer has ended"
    engine.hold.set()
    qtbot.waitUntil(lambda: texts(ready)[0] == "Uno" and not ready.chat.talk.busy)
    assert len(ready.chat.talk.record.tree.turns) == 4


def test_a_question_waits_for_the_model_that_was_asked_for(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.open_path("/models/tinyllama.gguf")
    composer = ready.chat.composer
    assert composer.edit.placeholderText() == "Ask now; tinyllama answers as soon as it is ready"
    composer.edit.setPlainText("Who are you?")
    composer._act_send()
    assert not ready.chat.talk.busy
    assert composer.edit.toPlainText() == "Who are you?"
    assert composer._waits.full() == "Sent as soon as tinyllama is ready"
    engine.hold.set()
    qtbot.waitUntil(lambda: len(texts(ready)) == 2 and not ready.chat.talk.busy)
    assert ready.chat.talk.model.name == "tinyllama"
    assert ready.chat.talk.record.model == "tinyllama"
    assert composer._waits.full() == ""


def test_a_model_that_arrives_while_it_answers_takes_over_afterwards(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: len(texts(ready)[-1]) > 20)
    ready.open_path("/models/tinyllama.gguf")
    qtbot.waitUntil(lambda: len(ready._desk.models()) == 2)
    assert ready.chat.talk.model.name == "Qwen3 4B"
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert ready.chat.talk.model.name == "tinyllama"
    assert ready.chat.header.pill._state.name == "tinyllama"


def test_a_model_that_is_closed_while_it_answers_is_gone_afterwards(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: len(texts(ready)[-1]) > 20)
    shell.desk.close_model(shell.desk.models()[0])
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert ready.chat.talk.model is None


def test_opening_a_model_in_a_chat_shows_how_far_it_is_and_can_be_stopped(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    ready.chat.talk.send("One")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    engine.script.load_pause = 0.01
    engine.hold.clear()
    ready.open_path("/models/large.gguf")
    pill, cancel = ready.chat.header.pill, ready.chat.header.cancel
    assert pill._state.name == "large"
    assert pill._state.tone == "warn"
    assert cancel.isVisible()
    assert cancel.accessibleName() == "Stop opening the model"
    qtbot.waitUntil(lambda: "%" in pill._state.detail)
    cancel.click()
    engine.hold.set()
    qtbot.waitUntil(lambda: not ready._desk.opening)
    assert pill._state.name == "Qwen3 4B"
    assert not cancel.isVisible()
    assert ready.chat.talk.model.name == "Qwen3 4B"
    assert ready.chat.error.isHidden()


def test_a_second_choice_takes_the_place_of_the_first(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.open_path("/models/large.gguf")
    ready.open_path("/models/small.gguf")
    ready.open_path("/models/small.gguf")
    assert ready.chat.header.pill._state.name == "small"
    engine.hold.set()
    qtbot.waitUntil(lambda: ready.chat.talk.model.name == "small")
    qtbot.waitUntil(lambda: not ready._desk.opening)
    assert [m.name for m in ready._desk.models()] == ["Qwen3 4B", "small"]


def busy_with_another(first: MainWindow, shell: Shell, engine: FakeEngine) -> MainWindow:
    """A second window, whose model waits while the first one's is held up in opening."""
    second = shell.open_window()
    engine.hold.clear()
    first.open_path("/models/large.gguf")
    second.open_path("/models/small.gguf")
    return second


def test_what_another_window_opens_waits_for_its_turn(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    second = busy_with_another(ready, shell, engine)
    assert second.chat.header.pill._state.name == "small"
    engine.hold.set()
    qtbot.waitUntil(lambda: ready.chat.talk.model.name == "large")
    qtbot.waitUntil(lambda: second.chat.talk.model.name == "small")
    assert ready.chat.talk.model.name == "large"


def test_one_that_waits_for_its_turn_can_be_given_up(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    second = busy_with_another(ready, shell, engine)
    second.chat.cancel()
    assert second.chat.header.pill._state.name == "Qwen3 4B"
    engine.hold.set()
    qtbot.waitUntil(lambda: ready.chat.talk.model.name == "large")
    qtbot.waitUntil(lambda: not shell.desk.opening)
    assert [m.name for m in shell.desk.models()] == ["Qwen3 4B", "large"]


def drop(window: MainWindow, path: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path)])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))


@pytest.mark.parametrize("way", ["models", "drop", "workshop"])
def test_another_way_to_a_model_begins_a_chat_of_its_own(
    ready: MainWindow, qtbot: QtBot, way: str
) -> None:
    ready.chat.talk.send("One")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    before = ready.chat.talk.record
    if way == "drop":
        drop(ready, "/models/other.gguf")
    else:
        ready.show_view(way)
        ready.view(way).chat_wanted.emit("/models/other.gguf")
    qtbot.waitUntil(lambda: getattr(ready.chat.talk.model, "name", "") == "other")
    assert ready.chat.talk.record is not before
    assert texts(ready) == []
    assert before.model == "Qwen3 4B"


def test_the_answer_of_one_chat_does_not_go_to_another(
    window: MainWindow, shell: Shell, engine: FakeEngine, old: ChatRecord, qtbot: QtBot
) -> None:
    engine.hold.clear()
    other = keep_chat(shell, "/models/Gemma.gguf")
    window.chat.transcript.again.emit(old.tree.path()[-1])
    window.chat.open_chat(other.id)
    engine.hold.set()
    qtbot.waitUntil(lambda: not shell.desk.opening)
    QApplication.processEvents()
    assert len(old.tree.turns) == 2
    assert len(other.tree.turns) == 2
