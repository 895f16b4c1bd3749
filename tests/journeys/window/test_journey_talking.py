"""The window with the real engine: what is asked in turn, chosen, quoted, deleted, carried over;
and what is never written."""

from pathlib import Path

import pytest
from helpers.patience import WAIT_MS
from helpers.talkers import write_talker
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Engine, GenerationParams, Paths, SamplingParams
from engine.base.conversation import Turn
from engine.base.models import Message
from gui.app import Shell
from gui.chat.conversation import Conversation
from gui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(shell: Shell, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    return with_model(shell, qtbot, tmp_path)


def with_model(shell: Shell, qtbot: QtBot, folder: Path) -> MainWindow:
    path = folder / "tiny.gguf"
    made = shell.open_window()
    made.show()
    shell.read()
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        made.open_path(str(path if path.exists() else write_talker(path)))
    made.chat.talk.record.generation = GenerationParams(max_tokens=6, ignore_eos=True)
    return made


def idle(qtbot: QtBot, talk: Conversation) -> list[Turn]:
    """What stands there when all is answered."""
    qtbot.waitUntil(lambda: not talk.busy and not talk.queue, timeout=WAIT_MS)
    return talk.record.tree.path()


def ask(qtbot: QtBot, window: MainWindow, words: str) -> list[Turn]:
    window.chat.composer.edit.setPlainText(words)
    window.chat.composer._act_send()
    qtbot.waitUntil(lambda: bool(window.chat.talk.record.tree.path()), timeout=WAIT_MS)
    return idle(qtbot, window.chat.talk)


def read_by(talk: Conversation) -> list[Message]:
    """What the model has read, without its last answer."""
    assert talk._chat is not None
    return talk._chat._session.messages[:-1]


def test_questions_wait_in_turn(window: MainWindow, qtbot: QtBot) -> None:
    talk = window.chat.talk
    talk.send("the first")
    for words in ("the second", "the third"):
        window.chat.composer.edit.setPlainText(words)
        window.chat.composer._act_send()
    assert [asked.text for asked in talk.queue] == ["the second", "the third"]
    path = idle(qtbot, talk)
    questions = [turn.text for turn in path if turn.role == "user"]
    assert questions == ["the first", "the second", "the third"]
    assert all(turn.text and turn.complete is False for turn in path if turn.role == "assistant")
    assert [m.content for m in read_by(talk)] == [turn.text for turn in path[:-1]]


def test_a_preset_is_what_the_engine_takes(
    window: MainWindow, shell: Shell, qtbot: QtBot, home: Paths
) -> None:
    chat = window.chat
    chat.show_panel(True)
    row = chat.parameters.presets
    row.combo.setCurrentIndex(row.combo.findText("Always the likeliest"))
    row.combo.activated.emit(row.combo.currentIndex())
    first = ask(qtbot, window, "once upon a time")[-1]
    assert first.sampling == SamplingParams(temperature=0.0)
    chat.talk.again(first)
    again = idle(qtbot, chat.talk)[-1]
    assert again is not first
    assert again.text == first.text, "the likeliest is always the same"
    row.saved.emit("Mine")
    qtbot.waitUntil((home.config / "presets.json").exists, timeout=WAIT_MS)
    with_presets = Shell(QApplication.instance(), Engine(home))  # type: ignore[arg-type]
    assert with_presets.desk.presets.all == {"Mine": SamplingParams(temperature=0.0)}
    with_presets.close()


def test_what_is_deleted_is_not_read_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    talk = window.chat.talk
    ask(qtbot, window, "about a fox")
    path = ask(qtbot, window, "about a hen")
    window.chat.transcript.removed.emit(path[1])
    idle(qtbot, talk)
    ask(qtbot, window, "and now")
    words = [message.content for message in read_by(talk)]
    assert path[1].text not in words
    assert words == ["about a fox\n\nabout a hen", path[3].text, "and now"]
    window.toast.undo()
    ask(qtbot, window, "and again")
    assert path[1].text in [message.content for message in read_by(talk)]


def test_a_branch_goes_its_own_way_and_both_are_kept(
    window: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    ask(qtbot, window, "about a fox")
    path = ask(qtbot, window, "about a hen")
    number = window.chat.talk.record.id
    window.chat.transcript.branched.emit(path[1])
    other = window.chat.talk
    assert other.record.id != number
    said = ask(qtbot, window, "about a crow")
    assert [turn.text for turn in said][:3] == ["about a fox", path[1].text, "about a crow"]
    window.chat.open_chat(number)
    qtbot.waitUntil(lambda: window.chat.talk.record.id == number, timeout=WAIT_MS)
    texts = [turn.text for turn in window.chat.talk.record.tree.path()]
    assert texts == [turn.text for turn in path]


def test_a_selection_is_quoted_and_read(window: MainWindow, qtbot: QtBot) -> None:
    answer = ask(qtbot, window, "about a fox")[-1]
    line = answer.text.strip().splitlines()[0]
    window.chat.transcript.quoted.emit(line)
    QTest.keyClicks(window.chat.composer.edit, "why")
    window.chat.composer._act_send()
    idle(qtbot, window.chat.talk)
    assert read_by(window.chat.talk)[-1].content == f"> {line}\n\nwhy"


def test_a_temporary_chat_leaves_nothing(
    window: MainWindow, shell: Shell, qtbot: QtBot, home: Paths
) -> None:
    ask(qtbot, window, "about a fox that is kept")
    window.chat.new_chat(temporary=True)
    window.chat.talk.record.generation = GenerationParams(max_tokens=6, ignore_eos=True)
    ask(qtbot, window, "about a zebra that is not")
    window.close()
    shell.close()
    kept = b"".join(path.read_bytes() for path in home.data.rglob("*") if path.is_file())
    assert b"fox that is kept" in kept
    assert b"zebra" not in kept


def test_a_chat_is_written_out_taken_in_and_goes_on(
    window: MainWindow, shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    path = ask(qtbot, window, "about a fox")
    record, out = window.chat.talk.record, tmp_path / "chat.json"
    window.chat.files.export(record.copied(), "json", str(out))
    qtbot.waitUntil(lambda: out.exists() and out.stat().st_size > 0, timeout=WAIT_MS)
    window._take_dropped(str(out))
    qtbot.waitUntil(lambda: len(shell.book.rows()) == 2, timeout=WAIT_MS)
    number = next(row.id for row in shell.book.rows() if row.id != record.id)
    window.chat.open_chat(number)
    qtbot.waitUntil(lambda: window.chat.talk.record.id == number, timeout=WAIT_MS)
    said = ask(qtbot, window, "and then")
    assert [turn.text for turn in said[:2]] == [turn.text for turn in path]
    assert [m.content for m in read_by(window.chat.talk)][:2] == [turn.text for turn in path]
