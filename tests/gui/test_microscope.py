"""The token microscope with the real engine: look at a word, walk on, take another word."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.talkers import write_talker
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams, LoadOptions, SamplingParams
from engine.base.looks import Alternative, TokenLook
from gui import opened as opened_module
from gui.app import Shell
from gui.chat.answer import Answer
from gui.chat.chat_view import ChatView
from gui.chat.microscope import beside
from gui.chat.token_card import cut_words, percent, rows_of, word_of
from gui.prose.aligned import Aligned
from gui.prose.rich_text import RichText

SOURCE = """# A *title* here

The **river** wakes before [the birds](https://example.org/the/river). `The river` is a river.

- the first
- the second

```
the code
```
and the end."""


@pytest.fixture
def chat(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    real_shell: Shell,
) -> ChatView:
    """With one answer of twelve tokens."""
    options = LoadOptions(backend="reference", batch=16)
    monkeypatch.setattr(opened_module, "LoadOptions", lambda **own: replace(options, **own))
    path = str(write_talker(tmp_path / "tiny.gguf"))
    window = real_shell.open_window()
    window.resize(1280, 800)
    window.show()
    real_shell.read()
    with qtbot.waitSignal(real_shell.desk.loaded):
        window.open_path(path)
    found = window.chat
    record = found.talk.record
    record.generation = GenerationParams(max_tokens=12, ignore_eos=True)
    record.sampling = SamplingParams(top_k=5, min_p=0, seed=4)
    found.talk.send("once upon a time")
    qtbot.waitUntil(lambda: not found.talk.busy)
    return found


def answer_of(chat: ChatView) -> Answer:
    row = chat.transcript.row_of(chat.talk.record.tree.path()[-1])
    assert isinstance(row, Answer)
    return row


def looked(chat: ChatView, qtbot: QtBot) -> TokenLook:
    scope = chat.microscope
    qtbot.waitUntil(lambda: not scope._feed.running and scope._look is not None)
    assert scope._look is not None
    return scope._look


def test_looking_walking_and_taking(chat: ChatView, qtbot: QtBot) -> None:
    row = answer_of(chat)
    first = row.turn
    row.looked.emit(0)
    look = looked(chat, qtbot)
    card = chat.microscope.card
    assert look.is_exact
    assert look.number == 0
    assert card.isVisible()
    assert card.hasFocus()
    assert {each.cut_by for each in look.alternatives} >= {"", "top_k"}
    QTest.keyClick(card, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: looked(chat, qtbot).number == 1)
    QTest.keyClick(card, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: looked(chat, qtbot).number == 2)
    look = looked(chat, qtbot)
    rows = rows_of(look)
    other = next(each for each in rows if each.token != look.chosen and each.text.strip())
    for _ in range(rows.index(other) - card._rows.at):
        QTest.keyClick(card, Qt.Key.Key_Down)
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert not card.isVisible()
    qtbot.waitUntil(lambda: not chat.talk.busy)
    taken = chat.talk.record.tree.path()[-1]
    assert chat.talk.record.tree.variants(first) == [first, taken]
    begin = (first.text[: look.begin] + other.text).rstrip()
    assert taken.text.startswith(begin)
    assert len(taken.text) > len(begin)


def test_a_click_with_alt_looks_at_the_word_there(chat: ChatView, qtbot: QtBot) -> None:
    row = answer_of(chat)
    edit = row.text.edits()[0]
    spot = edit.cursorRect().topLeft() + QPoint(3, 6)
    qtbot.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert not chat.microscope.card.isVisible()
    qtbot.mouseClick(
        edit.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, spot
    )
    looked(chat, qtbot)
    assert chat.microscope.card.isVisible()
    assert edit.extraSelections()
    QTest.keyClick(chat.microscope.card, Qt.Key.Key_Escape)
    assert not chat.microscope.card.isVisible()
    assert not edit.extraSelections()


def test_its_card_grows_with_the_letters(chat: ChatView, qtbot: QtBot, real_shell: Shell) -> None:
    chat.microscope.look_at(answer_of(chat), 0)
    looked(chat, qtbot)
    card = chat.microscope.card
    for pixels in (21, 14):
        real_shell.theme.set_font_pixels(pixels)
        QApplication.processEvents()
        rows = card._rows
        assert rows.size() == rows.sizeHint()
        assert rows.mapTo(card, rows.rect().bottomLeft()).y() < card._take.mapTo(card, QPoint()).y()
        assert card.size() == card.sizeHint()


def test_another_chat_puts_it_away(chat: ChatView, qtbot: QtBot) -> None:
    answer_of(chat).looked.emit(0)
    looked(chat, qtbot)
    chat.new_chat()
    qtbot.waitUntil(lambda: not chat.microscope.card.isVisible())


def test_a_yesterdays_answer_is_looked_at_as_of_now(chat: ChatView, qtbot: QtBot) -> None:
    chat.talk._drop_chat()
    answer_of(chat).looked.emit(0)
    assert not looked(chat, qtbot).is_exact


def test_words_that_are_shown_and_their_source(shell: Shell) -> None:
    text = RichText()
    text.set_source(SOURCE)
    shown = "\n".join(edit.document().toRawText() for edit in text.edits())
    aligned = Aligned(shown, SOURCE)
    at = 0
    for word in ("title", "river", "birds", "The", "river", "river", "second", "code", "end"):
        at = shown.index(word, at + 1)
        letter = aligned.in_source(at)
        assert letter is not None
        assert SOURCE[letter:].startswith(word)
        assert aligned.shown(letter, letter + len(word)) == (at, at + len(word))
    assert aligned.shown(0, 1) is None
    text.deleteLater()


def test_words_of_the_card() -> None:
    row = Alternative(1, " stream", 0.21, 0.25)
    assert (word_of(row), percent(0.21), cut_words(row)) == ("stream", "21 %", "")
    assert word_of(replace(row, text="\n\n")) == "a new line"
    assert word_of(replace(row, is_end=True)) == "the end"
    assert cut_words(replace(row, cut_by="min_p")) == "cut by min-p"
    assert [percent(x) for x in (1, 0.004, 0.0001)] == ["100 %", "0.4 %", "< 0.1 %"]


@pytest.mark.parametrize("word", [QRect(20, y, 60, 20) for y in (10, 150, 280, 370)])
@pytest.mark.parametrize("room", [QSize(900, 400), QSize(900, 300), QSize(420, 700)])
def test_the_card_never_lies_over_its_word(word: QRect, room: QSize) -> None:
    card = QSize(390, 260)
    place = QRect(beside(word, card, room, round), card)
    assert place.top() >= 8
    assert place.left() >= 8
    assert place.right() < room.width()
    if word.bottom() < room.height() and room.width() > 500:
        assert not place.intersects(word)
