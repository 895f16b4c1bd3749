"""How answers end that their model did not end, and the ways on from there."""

import pytest
from helpers.fake_engine import FakeEngine, Script
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.base.conversation import Tree, Turn
from engine.base.errors import ContextFullError, FormatError
from gui.app import Shell
from gui.chat.answer import Answer
from gui.chat.book import ChatRecord
from gui.chat.end_note import EndNote
from gui.chat.transcript import CUT
from gui.main_window import MainWindow
from gui.workers import whole_sentence


def ask(window: MainWindow, qtbot: QtBot, text: str = "Hello?") -> Turn:
    window.chat.talk.send(text)
    qtbot.waitUntil(lambda: not window.chat.talk.busy)
    QApplication.processEvents()
    return window.chat.talk.record.tree.path()[-1]


def note(window: MainWindow) -> EndNote:
    row = window.chat.transcript.last_answer()
    assert isinstance(row, Answer)
    return row.note


def test_a_whole_answer_says_nothing(ready: MainWindow, qtbot: QtBot) -> None:
    assert ask(ready, qtbot).complete
    assert not note(ready).isVisible()


def test_a_stopped_answer_goes_on(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: len(ready.chat.talk.record.tree.path()[-1].text) > 20)
    assert not note(ready).isVisible(), "nothing has ended yet"
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    turn = ready.chat.talk.record.tree.path()[-1]
    begun = turn.text
    assert note(ready).words.text() == "Stopped before its end."
    assert note(ready).property("role") == "bare", "no alarm: it was wished"
    assert note(ready).go_on.isVisible()
    assert not note(ready).roll.isVisible()
    engine.script = Script(text=" And more.")
    note(ready).go_on.click()
    assert ready.chat.talk.busy
    assert not note(ready).isVisible()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert ready.chat.talk.record.tree.path()[-1] is turn
    assert turn.text == begun.rstrip() + " And more."
    assert turn.complete
    assert engine.chats_made[0].continued == 1
    assert ready.chat.transcript.last_answer().text.source == turn.text
    assert not note(ready).isVisible()


def test_ones_own_limit_is_no_alarm(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.reason = "length"
    turn = ask(ready, qtbot)
    assert turn.error == ""
    assert note(ready).words.text() == "Ended at the longest reply that is set in Parameters."
    assert note(ready).property("role") == "bare"
    assert note(ready).go_on.isVisible()


def test_an_answer_that_was_killed_goes_on_after_a_restart(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    tree = Tree()
    tree.add("user", "Question", None)
    tree.add("assistant", "Once upon", tree.leaf).complete = False
    record = ChatRecord(title="Old", model="a", model_path="/models/a.gguf", tree=tree)
    shell.book.save(record)
    window.chat.open_chat(record.id)
    QApplication.processEvents()
    assert note(window).words.text() == "Broken off before its end."
    engine.script.text = " a time."
    note(window).go_on.click()  # its model is not open: it is opened first
    qtbot.waitUntil(lambda: tree.path()[-1].text == "Once upon a time.")
    qtbot.waitUntil(lambda: not window.chat.talk.busy)
    assert tree.path()[-1].complete


def test_only_the_last_answer_goes_on(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.reason = "length"
    ask(ready, qtbot)
    first = note(ready)
    engine.script.reason = "eos"
    ask(ready, qtbot, "And?")
    assert first.isVisible()
    assert not first.go_on.isVisible()


def test_an_error_keeps_its_alarm_and_offers_to_go_on(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.error = FormatError("the memory is full; close another model")
    turn = ask(ready, qtbot)
    assert turn.ending == "failed"
    assert note(ready).words.text() == "The memory is full; close another model."
    assert note(ready).property("role") == "cardBad"
    assert note(ready).go_on.isVisible()


def test_an_answer_that_never_began_is_written_in_its_place(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script = Script(text="", error=FormatError("no"))
    turn = ask(ready, qtbot)
    assert turn.text == ""
    engine.script = Script(text="Now.")
    ready.chat.transcript.again.emit(turn)
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert turn.text == "Now."
    assert (turn.error, turn.ending) == ("", "")
    assert len(ready.chat.talk.record.tree.turns) == 2


@pytest.mark.parametrize("when", ["in the answer", "before it"])
def test_a_full_context_goes_on_without_the_oldest_messages(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot, when: str
) -> None:
    for i in range(3):
        ask(ready, qtbot, f"Question {i}")
    if when == "before it":
        engine.script = Script(text="", error=ContextFullError("the prompt has 9", 9000, 8192))
    else:
        engine.script.reason = "context"
    turn = ask(ready, qtbot, "One more")
    begun = turn.text
    shown = note(ready)
    assert shown.property("role") == "cardWarn"
    if when == "before it":
        words = "This conversation has 9,000 tokens, but the context holds 8,192."
        assert shown.words.text() == words
    else:
        assert shown.words.text().startswith("The context of 8,192 tokens is full. ")
    assert shown.roll.isVisible()
    assert shown.new.isVisible()
    engine.script = Script(text=" And so on.", left_out=4)
    shown.roll.click()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert turn.text == begun.rstrip() + " And so on."
    assert turn.left_out == 4
    assert engine.chats_made[0].settings.generation.when_full == "roll"
    assert not note(ready).isVisible()
    transcript = ready.chat.transcript
    QApplication.processEvents()
    cut = next(item.widget for item in transcript._column.items if item.key is CUT)
    assert cut is not None
    assert cut.isVisible()
    before, after = (transcript.row_of(turn) for turn in ready.chat.talk.record.tree.path()[3:5])
    assert before.geometry().bottom() < cut.y() < after.y()
    ask(ready, qtbot, "And then?")
    assert ready.chat.talk.record.generation.when_full == "roll", "for the rest of this chat"


def test_one_exchange_that_fills_the_context_alone_is_told(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    ready.chat.header.parameters.setChecked(True)
    ready.chat.parameters._full.setCurrentIndex(1)
    assert ready.chat.talk.record.generation.when_full == "roll"
    engine.script = Script(text="", error=ContextFullError("the prompt has 9", 9000, 8192))
    turn = ask(ready, qtbot)
    assert turn.ending == "alone"
    words = "This exchange alone has 9,000 tokens, but the context holds 8,192."
    assert note(ready).words.text() == words
    assert not note(ready).roll.isVisible(), "it would not help"
    assert note(ready).new.isVisible()


def test_a_full_context_offers_a_new_chat(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.reason = "context"
    ask(ready, qtbot)
    note(ready).new.click()
    assert ready.chat.talk.record.tree.turns == {}
    assert ready.chat.talk.model is not None


def test_everything_new_has_a_name(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.reason = "context"
    ask(ready, qtbot)
    for button in (note(ready).go_on, note(ready).roll, note(ready).new):
        assert button.accessibleName()
        assert button.toolTip()


def test_the_context_is_measured_where_it_is_not_known(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    tree = Tree()
    for i in range(6):
        tree.add("user", f"Question {i}", tree.leaf)
        tree.add("assistant", "The answer.", tree.leaf)
    record = ChatRecord(title="Old", model="a", model_path="/models/a.gguf", tree=tree)
    shell.book.save(record)
    window.open_path("/models/a.gguf")
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    assert window.chat.composer.context._words.text() == "0 of 8k", "an empty chat"
    window.chat.open_chat(record.id)
    qtbot.waitUntil(lambda: window.chat.composer.context._words.text() == "480 of 8k")
    window.open_path("/models/b.gguf")
    qtbot.waitUntil(lambda: window.chat.talk.model.name == "b")
    qtbot.waitUntil(lambda: window.chat.talk.context_fill == (480, 8192))
    window.chat.transcript.edited.emit(tree.path()[3], "My words")
    qtbot.waitUntil(lambda: window.chat.talk.context_fill == (160, 8192))


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("the prompt has 9 tokens", "The prompt has 9 tokens."),
        ("broken.gguf is no model; choose another", "broken.gguf is no model; choose another."),
        ("qwen3 is new", "qwen3 is new."),
        ("It is well.", "It is well."),
        ("", ""),
    ],
)
def test_sentences_are_whole(words: str, whole: str) -> None:
    assert whole_sentence(words) == whole
