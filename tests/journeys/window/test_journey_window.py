"""The window with the real engine: open, ask, watch tokens arrive as signals, stop, ask, close."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.chats import add
from helpers.packed_starter import NAME, pack_starter
from helpers.patience import WAIT, WAIT_MS
from helpers.talkers import write_talker
from helpers.tiny_models import write_tiny_llama
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams
from gui.app import Shell


def test_from_a_file_to_a_conversation(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    path = write_talker(tmp_path / "tiny.gguf")
    window = shell.open_window()
    shell.read()
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        window.open_path(str(path))
    chat, told = window.chat, []
    talk = chat.talk
    talk.text.connect(lambda channel, text: told.append(text))

    talk.record.generation = GenerationParams(max_tokens=12, ignore_eos=True)
    chat.composer.edit.setPlainText("once upon a time")
    chat.composer._act_send()
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    first = talk.record.tree.path()[-1]
    assert "".join(told) == first.text
    assert "12 tokens" in first.statistics

    talk.record.generation = GenerationParams(ignore_eos=True)
    talk.send("and then")
    qtbot.waitUntil(lambda: bool(talk.record.tree.path()[-1].text), timeout=WAIT_MS)
    talk.stop()
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    stopped = talk.record.tree.path()[-1]
    assert stopped.text
    assert "reused" in stopped.statistics, "the second question goes on from the cache"

    talk.record.generation = GenerationParams(max_tokens=4, ignore_eos=True)
    chat.transcript.again.emit(first)
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    assert len(talk.record.tree.variants(first)) == 2

    talk.record.generation = GenerationParams(ignore_eos=True)
    talk.send("go on until the window is closed")
    qtbot.waitUntil(lambda: bool(talk.record.tree.path()[-1].text), timeout=WAIT_MS)
    window.close()


def test_an_answer_goes_on_and_a_full_chat_rolls(
    shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    """A model of 256 tokens: the context is full on the first day, and that is no end."""
    path = write_talker(tmp_path / "tiny.gguf", n_ctx=256)
    window = shell.open_window()
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        window.open_path(str(path))
    chat, talk = window.chat, window.chat.talk
    told: list[str] = []
    talk.text.connect(lambda _channel, text: told.append(text))

    def done() -> None:
        qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)

    talk.record.generation = GenerationParams(max_tokens=12, ignore_eos=True)
    talk.send("once upon a time")
    done()
    answer = talk.record.tree.path()[-1]
    begun = answer.text
    assert (answer.complete, answer.ending) == (False, "length")
    note = chat.transcript.last_answer().note
    note.go_on.click()
    done()
    assert answer.text.startswith(begun.rstrip())
    assert len(answer.text) > len(begun)
    assert "".join(told).replace(" ", "") == answer.text.replace(" ", "")
    qtbot.waitUntil(lambda: talk.context_fill[0] > 24, timeout=WAIT_MS)

    talk.record.generation = GenerationParams(ignore_eos=True)
    talk.send("go on until it is full")
    done()
    full = talk.record.tree.path()[-1]
    assert (full.ending, talk.context_fill) == ("context", (256, 256))
    talk.send("and then what")
    done()
    refused = talk.record.tree.path()[-1]
    assert (refused.ending, refused.text) == ("full", "")
    assert "but the context holds 256." in refused.error
    talk.record.generation = GenerationParams(max_tokens=6, ignore_eos=True)
    chat.transcript.last_answer().note.roll.click()
    done()
    assert refused.text, "written in the same place"
    assert refused.left_out == 4
    assert talk.record.generation.when_full == "roll"
    assert len(talk.record.tree.path()) == 6, "all of it stays in the chat"
    window.close()


def test_an_old_chat_goes_on_with_its_own_model(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    """As after a restart: the chat is on disk, its model is not open."""
    path = write_talker(tmp_path / "tiny.gguf")
    chats = shell.desk.engine.chats
    kept = chats.create("Foxes", model="tiny", model_path=str(path))
    add(chats, kept.id, "user", "a fox")
    add(chats, kept.id, "assistant", "once upon", complete=False)
    window = shell.open_window()
    shell.read()
    qtbot.waitUntil(lambda: bool(shell.book.rows()), timeout=WAIT_MS)
    window.chat.open_chat(kept.id)
    qtbot.waitUntil(lambda: window.chat.talk.record.id == kept.id, timeout=WAIT_MS)
    talk = window.chat.talk
    talk.record.generation = GenerationParams(max_tokens=6, ignore_eos=True)
    answer = talk.record.tree.path()[-1]
    window.chat.transcript.last_answer().note.go_on.click()
    assert answer.text == "once upon"
    qtbot.waitUntil(lambda: len(answer.text) > 9 and not talk.busy, timeout=WAIT_MS)
    assert answer.text.startswith("once upon")
    window.chat.transcript.again.emit(answer)
    qtbot.waitUntil(lambda: len(talk.record.tree.turns) == 3 and not talk.busy, timeout=WAIT_MS)
    shell.desk.close_model(shell.desk.models()[0])
    qtbot.waitUntil(lambda: talk.model is None, timeout=WAIT_MS)
    first = talk.record.tree.path()[0]
    window.chat.transcript.edit(first)
    window.chat.transcript.edited.emit(first, "a crow")
    qtbot.waitUntil(lambda: talk.record.tree.path()[0].text == "a crow", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    assert talk.record.tree.path()[-1].text
    window.close()


def test_a_fresh_installation_talks(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was downloaded, nothing is chosen: a question is answered by the model inside."""
    pack_starter(monkeypatch, tmp_path / "packed" / "starter")
    window = shell.open_window()
    shell.read()
    talk = window.chat.talk
    qtbot.waitUntil(lambda: talk.model is not None, timeout=WAIT_MS)
    assert window.chat.header.pill._state.name == NAME
    talk.record.generation = GenerationParams(max_tokens=8, ignore_eos=True)
    window.chat.welcome.questions.buttons[0].click()
    qtbot.waitUntil(lambda: not talk.busy and len(talk.record.tree.path()) == 2, timeout=WAIT_MS)
    assert talk.record.tree.path()[-1].text
    assert list(shell.desk.engine.library.list()) == [], "it is not put on the user's list"
    window.close()


def test_a_broken_file_and_what_is_kept(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(20))
    window = shell.open_window()
    window.open_path(str(broken))
    qtbot.waitUntil(lambda: not window.chat.error.isHidden(), timeout=WAIT_MS)
    assert "broken.gguf" in window.chat.error._words.text()

    path = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512)
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        window.open_path(str(path))
    assert window.chat.error.isHidden()
    qtbot.waitUntil(lambda: bool(shell.desk.known), timeout=WAIT_MS)
    window.chat.talk.record.generation = GenerationParams(max_tokens=3, ignore_eos=True)
    window.chat.talk.send("hello")
    qtbot.waitUntil(lambda: not window.chat.talk.busy, timeout=WAIT_MS)
    window.chat.new_chat()
    window.chat.list._open(window.chat.list._model.index(1))
    assert len(window.chat.talk.record.tree.path()) == 2, "a chat of today opens from the list"
    window.close()
    shell.desk.keeper.close()
    (kept,) = shell.desk.engine.chats.list()
    assert kept.n_messages == 2


def test_chats_of_earlier_days_are_listed_at_once(
    shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    shell.desk.engine.chats.create("Foxes")
    window = shell.open_window()
    assert window.chat.list.isHidden()
    shell.read()
    qtbot.waitUntil(lambda: not window.chat.list.isHidden())
    window.close()


def test_a_model_that_fell_asleep_answers_the_next_question(
    shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    path = write_talker(tmp_path / "tiny.gguf")
    window = shell.open_window()
    shell.read()
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        window.open_path(str(path))
    talk, engine = window.chat.talk, shell.desk.engine
    talk.record.generation = GenerationParams(max_tokens=4, ignore_eos=True)
    talk.send("once")
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    engine.unload_after_minutes = 0.05 / 60
    (model,) = shell.desk.models()
    qtbot.waitUntil(lambda: engine.is_unloaded(model.id), timeout=WAIT_MS)
    engine.unload_after_minutes = 0
    assert shell.desk.models() == [model]
    talk.send("twice")
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    assert talk.record.tree.path()[-1].text
    assert not engine.is_unloaded(model.id)
    window.close()


def test_the_hundredth_start(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    """A day's work, the window closed, and the next morning: the box is ready, the model opens
    with the first message, the chats are at hand and go on with their own model."""
    paths = []
    for name in ("tiny", "other"):
        made = write_talker(tmp_path / f"{name}.gguf")
        paths.append(str(made))
    window = shell.open_window()
    shell.read()
    for path in paths:
        with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
            window.chat_with(path)
        talk = window.chat.talk
        talk.record.generation = GenerationParams(max_tokens=4, ignore_eos=True)
        talk.send(f"a fox {Path(path).stem}")
        qtbot.waitUntil(lambda talk=talk: not talk.busy, timeout=WAIT_MS)
    window.close()
    for model in shell.desk.models():
        shell.desk.close_model(model)
    qtbot.waitUntil(lambda: not shell.desk.models(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: shell.desk.last_used is not None, timeout=WAIT_MS)  # both are listed
    qtbot.waitUntil(lambda: {m.path for m in shell.desk.known} >= set(paths), timeout=WAIT_MS)

    morning = shell.open_window()
    morning.chat.new_chat()
    chat, hand = morning.chat, morning.chat.at_hand
    assert chat.composer.isVisible()
    assert chat.middle.currentWidget() is chat.empty
    assert [card.past.title for card in hand.cards] == ["a fox other", "a fox tiny"]
    qtbot.waitUntil(lambda: bool(hand.cards[0].past.words), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len([c for c in hand.chips if c.choice.path in paths]) == 2)
    assert [c.choice.path for c in hand.chips if c.choice.chosen] == [paths[1]], "the last one"
    assert not shell.desk.models(), "and it costs nothing yet"
    chat.talk.record.generation = GenerationParams(max_tokens=4, ignore_eos=True)
    chat.composer.edit.setPlainText("good morning")
    chat.composer._act_send()
    qtbot.waitUntil(lambda: len(chat.talk.record.tree.path()) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not chat.talk.busy, timeout=WAIT_MS)
    assert str(chat.talk.model.path) == paths[1]

    chat.new_chat()
    card = next(c for c in hand.cards if c.past.title == "a fox tiny")
    card.click()
    qtbot.waitUntil(lambda: chat.talk.record.title == "a fox tiny", timeout=WAIT_MS)
    chat.composer.edit.setPlainText("and then")
    chat.composer._act_send()
    qtbot.waitUntil(lambda: len(chat.talk.record.tree.path()) == 4, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not chat.talk.busy, timeout=WAIT_MS)
    assert str(chat.talk.model.path) == paths[0], "it goes on with its own"
    morning.close()


def press(keys: str) -> None:
    """As the system delivers it: to whatever has the focus."""
    focused = QApplication.focusWidget()
    assert focused is not None, f"nobody would hear {keys}"
    both = QKeySequence(keys)[0]
    QTest.keyClick(focused, both.key(), both.keyboardModifiers())
    QApplication.processEvents()


def write(words: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, words)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_day_by_keys_alone(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    """Two models, two chats, found again, renamed, read in larger letters: no mouse."""
    for name in ("tiny", "other"):
        path = write_talker(tmp_path / f"{name}.gguf", name=f"{name.title()} model")
        shell.desk.engine.library.add(str(path))
    window = shell.open_window()
    shell.read()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(shell.desk.known) >= 2, timeout=WAIT_MS)
    chat = window.chat

    def ask(words: str) -> None:
        n = len(chat.talk.record.tree.path())
        chat.talk.record.generation = GenerationParams(max_tokens=4, ignore_eos=True)
        write(words)
        press("Return")
        qtbot.waitUntil(lambda: len(chat.talk.record.tree.path()) == n + 2, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not chat.talk.busy, timeout=WAIT_MS)

    for name in ("tiny", "other"):
        press("Ctrl+K")
        write(name)
        press("Return")
        qtbot.waitUntil(
            lambda name=name: chat.talk.model is not None and name in str(chat.talk.model.path),
            timeout=WAIT_MS,
        )
        assert QApplication.focusWidget() is chat.composer.edit
        ask(f"a fox of {name}")

    press("Ctrl+K")
    write("foxtiny")
    press("Return")
    qtbot.waitUntil(lambda: chat.talk.record.title == "a fox of tiny", timeout=WAIT_MS)
    ask("and then")
    assert "tiny" in str(chat.talk.model.path)

    press("Ctrl+M")
    qtbot.waitUntil(lambda: chat.header._picker is not None, timeout=WAIT_MS)
    qtbot.waitUntil(chat.header._picker.isVisible, timeout=WAIT_MS)
    write("other")
    press("Return")
    qtbot.waitUntil(lambda: "other" in str(chat.talk.model.path), timeout=WAIT_MS)

    press("Ctrl+K")
    write("rename")
    press("Return")
    write("Foxes")
    press("Return")
    assert chat.talk.record.title == "Foxes"
    assert window.windowTitle() == "Foxes – Chaski"
    press("Ctrl++")
    assert shell.theme.font_pixels == 15
    press("Ctrl+0")
    press("Ctrl+Shift+F")
    write("other")
    qtbot.waitUntil(lambda: chat.list._model.rowCount() == 2, timeout=WAIT_MS)
    press("Esc")
    press("Ctrl+2")
    qtbot.waitUntil(lambda: window.rail.words() == "Models", timeout=WAIT_MS)
    press("Ctrl+1")
    qtbot.waitUntil(lambda: window.rail.words() == "Chats", timeout=WAIT_MS)
    assert QApplication.focusWidget() is chat.composer.edit
    window.close()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_two_windows_on_one_model(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    """Both answer; a chat is open in one of them at a time; the look of the last one is kept."""
    path = write_talker(tmp_path / "tiny.gguf")
    first = shell.open_window()
    shell.read()
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        first.open_path(str(path))
    first.open_another()
    second = shell.windows[1]
    assert second.chat.talk.model == first.chat.talk.model, "it is opened once"
    for window, words in ((first, "a fox"), (second, "a crow")):
        window.chat.talk.record.generation = GenerationParams(max_tokens=12, ignore_eos=True)
        window.chat.talk.send(words)
    for window in (first, second):
        qtbot.waitUntil(lambda w=window: not w.chat.talk.busy, timeout=WAIT_MS)
        assert window.chat.talk.record.tree.path()[-1].text
    assert {w.windowTitle() for w in (first, second)} == {"a fox – Chaski", "a crow – Chaski"}

    fox = first.chat.talk.record.id
    second.chat.open_chat(fox)
    assert second.chat.talk.record.id != fox, "the window that has it comes forward"
    assert first.toast.isVisible()
    first.close()
    second.chat.open_chat(fox)
    qtbot.waitUntil(lambda: second.chat.talk.record.id == fox, timeout=WAIT_MS)

    second.chat.show_panel(True)
    second.chat.list.set_wide(300)
    second.show_view("models")
    second.close()
    third = shell.open_window()
    third.restore()
    assert third.rail.words() == "Models"
    assert third.chat.panel_shown
    assert third.chat.list.wide == 300
    qtbot.waitUntil(lambda: third.chat.talk.record.id == fox, timeout=WAIT_MS)
    third.close()


PROGRAM = """
import sys
from gui import app
from PySide6.QtCore import QTimer

class Heard(app.Instance):
    def __init__(self, *place):
        super().__init__(*place)
        print("up", flush=True)

def forward(self, files):
    print("forward", files, flush=True)
    QTimer.singleShot(0, lambda: app.QApplication.instance().exit(0))

app.Instance, app.Shell.come_forward = Heard, forward
sys.exit(app.main(sys.argv[1:]))
"""


def test_a_second_start_brings_the_first_window_forward(tmp_path: Path) -> None:
    """Two real processes of one home."""
    home, root = str(tmp_path / "home"), str(Path(__file__).parents[3])
    env = {**os.environ, "CHASKI_HOME": home, "PYTHONPATH": root}
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline() == "up\n"
            second = subprocess.run(
                [*command, "model.gguf"], env=env, capture_output=True, text=True, timeout=WAIT
            )
            assert second.returncode == 0, second.stderr
            assert second.stdout == "", "it opens no window of its own"
            told = first.stdout.readline()
            assert told.startswith("forward")
            assert "model.gguf" in told
            assert first.wait(WAIT) == 0
        finally:
            first.kill()
