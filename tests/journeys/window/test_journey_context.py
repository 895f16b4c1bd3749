"""The window with the real engine: a full context and the ways on, a larger one, what takes it."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.patience import WAIT_MS
from helpers.talkers import write_talker
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams
from engine.base.conversation import kept_of
from gui.app import Shell
from gui.chat.prompt_sheet import PromptSheet
from gui.chat.transcript import CUT_BETWEEN
from gui.main_window import MainWindow


@pytest.fixture
def window(shell: Shell, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Opened with 256 tokens of the 1,024 that it was trained on."""
    path = write_talker(tmp_path / "tiny.gguf", n_ctx=1024)
    shell.desk.preferences = replace(shell.desk.preferences, context=256)
    made = shell.open_window()
    shell.read()
    shell.desk.ask_hardware()
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        made.open_path(str(path))
    qtbot.waitUntil(lambda: shell.desk.hardware is not None, timeout=WAIT_MS)
    made.chat.talk.record.generation = GenerationParams(max_tokens=12, ignore_eos=True)
    return made


def ask(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.chat.talk.send(text)
    qtbot.waitUntil(lambda: not window.chat.talk.busy, timeout=WAIT_MS)


def fill(qtbot: QtBot, window: MainWindow) -> object:
    """Ask until it is full; gives the turn that met the end."""
    talk = window.chat.talk
    for i in range(20):
        ask(qtbot, window, f"question {i} about the river and the fox and the hare")
        last = talk.record.tree.path()[-1]
        if last.ending in ("full", "context"):
            return last
    raise AssertionError("it never was full")


def test_a_full_chat_asks_and_goes_on_with_its_beginning_and_its_end(
    window: MainWindow, qtbot: QtBot
) -> None:
    chat, talk = window.chat, window.chat.talk
    full = fill(qtbot, window)
    note = chat.transcript.last_answer().note
    assert not note.roll.isHidden()
    assert not note.ends.isHidden()
    note.ends.click()
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    turn = talk.record.tree.path()[-1]
    assert turn.id == full.id
    assert turn.text
    assert kept_of(turn) == 2
    assert turn.left_out > 2
    assert talk.record.generation.when_full == "ends"
    assert CUT_BETWEEN in [item.key for item in chat.transcript._column.items]
    reused: list[int] = []
    talk.prompt.connect(lambda event: reused.append(event.reused))
    ask(qtbot, window, "and now")
    after = talk.record.tree.path()[-1]
    if after.left_out == turn.left_out:
        assert max(reused) > 64, "what was read is not read again"
    assert after.text


def test_a_larger_context_is_offered_where_it_fits_and_the_answer_goes_on(
    window: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    chat, talk = window.chat, window.chat.talk
    qtbot.waitUntil(lambda: bool(chat.gauge.larger), timeout=WAIT_MS)
    assert [n for n, _ in chat.gauge.larger] == [512, 1024]
    assert all(fit.needed > 0 for _, fit in chat.gauge.larger)
    full = fill(qtbot, window)
    note = chat.transcript.last_answer().note
    assert note.larger.text().strip() == "Reopen with 512 context"
    assert not note.larger.isHidden()
    note.larger.click()
    qtbot.waitUntil(
        lambda: talk.model is not None and talk.model.n_ctx == 512 and not talk.busy,
        timeout=WAIT_MS,
    )
    qtbot.waitUntil(lambda: bool(talk.record.tree.path()[-1].text), timeout=WAIT_MS)
    assert talk.record.tree.path()[-1].id == full.id
    path = talk.model.path
    qtbot.waitUntil(lambda: shell.desk.engine.wishes_of(path).n_ctx == 512, timeout=WAIT_MS)


def test_the_gauge_tells_what_takes_the_context(window: MainWindow, qtbot: QtBot) -> None:
    chat, talk = window.chat, window.chat.talk
    talk.record.system = "answer about the river"
    ask(qtbot, window, "where is the fox")
    bar = chat.composer.context
    filling = bar.filling
    assert filling.size == 256
    assert (filling.system > 0, filling.answer > 0, filling.history > 0) == (True, True, True)
    assert filling.used == talk.context_fill[0]
    assert f"System prompt: {filling.system}" in bar.toolTip()
    assert bar.accessibleName().startswith(f"Context: {filling.used} of 256 tokens")
    chat.attaching.add_text("the fox and the river\n" * 300)
    qtbot.waitUntil(lambda: bar.filling.pending > 256, timeout=WAIT_MS)
    assert bar._bar.tone == "bad"
    assert "Not sent yet" in bar.toolTip()


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, of any dialog
def test_the_prompt_is_shown_as_the_model_would_read_it(window: MainWindow, qtbot: QtBot) -> None:
    chat, talk = window.chat, window.chat.talk
    talk.record.system = "answer about the river"
    ask(qtbot, window, "where is the fox")
    chat.composer.edit.setPlainText("and the hare 🐇")
    chat.show_prompt()
    qtbot.waitUntil(lambda: bool(chat.findChildren(PromptSheet)), timeout=WAIT_MS)
    (sheet,) = chat.findChildren(PromptSheet)
    shown = sheet.text.toPlainText()
    assert "s: answer about the river\nu: where is the fox\na: " in shown
    assert "u: and the hare 🐇\na: " in shown, "with what is not sent yet"
    place = shown.index("fox")
    before, piece = sheet.text.piece_at(place)
    assert "f" in piece.text
    told = sheet.text.told_at(place)
    assert str(piece.tokens[0]) in told
    assert f"{before + 1:,} from the beginning" in told
    end = sheet.text.piece_at(len(shown) + 1)  # the hare's head counts twice
    assert end[1] is sheet.text._pieces[-1]
    model = window._desk.engine.model(talk.model.id)
    assert piece.text == model.tokenizer.piece(piece.tokens[0]).decode()
    assert sheet.facts.text().startswith(f"{end[0] + len(end[1].tokens):,} of 256 tokens.")
    sheet.accept()
