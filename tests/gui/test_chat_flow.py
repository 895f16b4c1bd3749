"""Talking in the window: send, stop, fail, answer again, edit, branch, switch, delete."""

from helpers.fake_engine import FakeEngine, Script
from pytestqt.qtbot import QtBot

from engine.base.errors import FormatError
from gui.app import Shell
from gui.chat.answer import Answer
from gui.main_window import MainWindow
from gui.prose.prose import Prose


def ask(window: MainWindow, qtbot: QtBot, text: str = "Hello?") -> None:
    window.chat.composer.edit.setPlainText(text)
    window.chat.composer._act_send()
    qtbot.waitUntil(lambda: not window.chat.talk.busy)


def texts(window: MainWindow) -> list[str]:
    return [turn.text for turn in window.chat.talk.record.tree.path()]


def test_an_answer_arrives(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.thinking = "Let me see."
    ask(ready, qtbot)
    assert texts(ready) == ["Hello?", "Hello. This is an **answer**."]
    answer = ready.chat.talk.record.tree.path()[-1]
    assert answer.thinking == "Let me see."
    assert answer.thought_s > 0
    assert "31.4 tok/s" in answer.statistics
    assert ready.chat.talk.record.title == "Hello?"
    assert ready.chat.composer.edit.toPlainText() == ""


def test_stop_keeps_the_text(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: len(ready.chat.talk.record.tree.path()[-1].text) > 20)
    ready.chat.composer._pressed()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert len(texts(ready)[-1]) > 20


def test_an_error_keeps_the_chat(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    ask(ready, qtbot)
    engine.script.error = FormatError("The memory is full; close another model.")
    ask(ready, qtbot, "Again?")
    answer = ready.chat.talk.record.tree.path()[-1]
    assert answer.error == "The memory is full; close another model."
    assert answer.text, "what was written before the error stays"
    row = ready.chat.transcript.last_answer()
    assert row is not None
    assert row.note.isVisible(), "the sentence stands where it happened"
    assert row.note.words.text() == answer.error
    engine.script.error = None
    ask(ready, qtbot, "And now?")
    assert len(texts(ready)) == 6


def test_a_model_that_does_not_open(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    ask(ready, qtbot)
    engine.script.load_error = FormatError("broken.gguf is not a GGUF file; choose another.")
    ready.open_path("/models/broken.gguf")
    qtbot.waitUntil(lambda: not ready.chat.error.isHidden())
    assert "not a GGUF" in ready.chat.error._words.text()
    assert len(texts(ready)) == 2
    assert ready.chat.talk.model is not None, "the model from before still answers"
    ask(ready, qtbot, "Still there?")


def test_answer_again_makes_a_variant(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    ask(ready, qtbot)
    first = ready.chat.talk.record.tree.path()[-1]
    engine.script = Script(text="Another answer.")
    ready.chat.transcript.again.emit(first)
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert texts(ready) == ["Hello?", "Another answer."]
    second = ready.chat.talk.record.tree.path()[-1]
    ready.chat.transcript.stepped.emit(second, -1)
    assert texts(ready)[-1] == first.text
    assert len(engine.chats_made) == 1, "the cache is kept"


def test_editing_a_question_asks_again(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    ask(ready, qtbot, "One")
    ask(ready, qtbot, "Two")
    first = ready.chat.talk.record.tree.path()[0]
    ready.chat.transcript.edited.emit(first, "Uno")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert texts(ready)[0] == "Uno"
    assert len(texts(ready)) == 2
    assert [m.content for m in engine.chats_made[0].messages][0] == "Uno"
    ready.chat.transcript.stepped.emit(ready.chat.talk.record.tree.path()[0], -1)
    assert len(texts(ready)) == 4


def test_editing_an_answer_keeps_the_old_one(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot)
    answer = ready.chat.talk.record.tree.path()[-1]
    ready.chat.transcript.edited.emit(answer, "My words")
    assert texts(ready)[-1] == "My words"
    assert len(ready.chat.talk.record.tree.variants(answer)) == 2


def test_branch(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ask(ready, qtbot, "One")
    ask(ready, qtbot, "Two")
    before = ready.chat.talk.record
    ready.chat.transcript.branched.emit(before.tree.path()[1])
    assert ready.chat.talk.record is not before
    assert len(texts(ready)) == 2
    assert len(shell.book.rows()) == 2


def test_a_branch_keeps_how_answers_ended(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.reason = "length"
    ask(ready, qtbot, "One")
    ready.chat.transcript.branched.emit(ready.chat.talk.record.tree.path()[1])
    last = ready.chat.talk.record.tree.path()[-1]
    assert (last.complete, last.ending) == (False, "length")


def test_switching_lets_the_answer_finish(
    ready: MainWindow, engine: FakeEngine, shell: Shell, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.chat.talk.send("First")
    first = ready.chat.talk
    ready.chat.new_chat()
    assert ready.chat.talk is not first
    record = first.record
    engine.hold.set()
    qtbot.waitUntil(lambda: record.tree.path()[-1].text == engine.script.text)
    ready.chat.open_chat(record.id)
    assert texts(ready)[-1] == engine.script.text


def test_delete_can_be_undone(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ask(ready, qtbot)
    number = ready.chat.talk.record.id
    ready.chat.list.deleted.emit(number)
    assert shell.book.rows() == []
    assert ready.toast.isVisible()
    ready.toast.undo()
    assert [row.id for row in shell.book.rows()] == [number]


def test_search(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot, "About foxes")
    ready.chat.new_chat()
    ask(ready, qtbot, "About trains")
    ready.chat.list.search.setText("fox")
    assert [ready.chat.list._model.index(i).data() for i in range(2)] == ["Today", "About foxes"]
    ready.chat.list.search.setText("")
    assert ready.chat.list._model.rowCount() == 3


def test_streaming_touches_the_last_answer_only(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot, monkeypatch: "object"
) -> None:
    for i in range(12):
        ask(ready, qtbot, f"Question {i}")
    rows = [r for r in ready.chat.transcript.rows() if isinstance(r, Answer)]
    old = {p for row in rows for p in row.text.parts() if isinstance(p, Prose)}
    written: list[Prose] = []
    blocks: list[int] = []
    plain = Prose.replace_tail

    def counted(self: Prose, keep: int, fresh: list) -> None:  # type: ignore[type-arg]
        written.append(self)
        blocks.append(len(fresh))
        plain(self, keep, fresh)

    monkeypatch.setattr(Prose, "replace_tail", counted)  # type: ignore[attr-defined]
    engine.script = Script(text="A paragraph of some words.\n\n" * 150, pause=0.0)
    ask(ready, qtbot, "A long one")
    assert not old & set(written)
    assert all(len(part._heights) <= 4 for part in old), "laid out once per width, not per drain"
    assert len(written) < 150, "drained by the clock, not per token"
    assert sum(blocks) < 150 * 4, "only the end of the answer is written again"


def test_parameters_reach_the_engine(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    ready.chat.header.parameters.setChecked(True)
    ready.chat.parameters._rows["temperature"]._field.setValue(0.25)
    ready.chat.parameters._max.setValue(64)
    ready.chat.system._edit.setPlainText("Be brief.")
    ask(ready, qtbot)
    chat = engine.chats_made[0].settings
    assert chat.sampling.temperature == 0.25
    assert chat.generation.max_tokens == 64
    assert chat.system == "Be brief."
    ready.chat.parameters._act_reset()
    assert ready.chat.talk.record.sampling is None


def test_a_wrong_question_is_asked_once(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.chat.talk.send("One")
    ready.chat.talk.send("Two")
    engine.hold.set()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert texts(ready)[0] == "One"
    assert len(texts(ready)) == 2
