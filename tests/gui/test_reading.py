"""Reading: text is whole at every width, size and colour; the view never moves under the eyes."""

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.base.conversation import Tree
from gui.app import Shell
from gui.chat.answer import Answer
from gui.chat.book import ChatRecord
from gui.chat.inline_edit import InlineEdit
from gui.chat.transcript import Message
from gui.main_window import MainWindow
from gui.prose.code import CodeText
from gui.prose.prose import Prose

SENTENCE = "The river bends here, and the path that follows it is narrow, wet and full of roots. "
RICH = (
    f"{SENTENCE * 4}\n\n- one **point**\n- {SENTENCE}\n\n> {SENTENCE * 2}\n\n```\ncode\n```\n\nEnd."
)


def keep_chat(shell: Shell, *answers: str) -> int:
    """A chat of earlier days, with these answers."""
    tree = Tree()
    for i, answer in enumerate(answers):
        tree.add("user", f"Question {i}, {SENTENCE if i % 3 == 0 else ''}", tree.leaf)
        tree.add("assistant", answer, tree.leaf)
    record = ChatRecord(title="Long", tree=tree)
    shell.book.save(record)
    return record.id


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()
        QTest.qWait(5)


def proses(window: MainWindow) -> list[Prose]:
    return [p for p in window.chat.transcript.findChildren(Prose) if p.isVisible()]


def check_whole(window: MainWindow) -> None:
    """Every text has the width it is shown at and the height it needs: no line missing, none cut,
    no hole."""
    settle()
    window.grab()
    assert proses(window)
    for prose in proses(window):
        document, view = prose.document(), prose.viewport()
        assert document.textWidth() == view.width()
        assert abs(document.size().height() - view.height()) <= 1.5
    for code in window.chat.transcript.findChildren(CodeText):
        assert code.document().size().height() <= code.viewport().height() + 1
    transcript = window.chat.transcript
    column, room = transcript._column, transcript.viewport().height()
    assert transcript.widget().height() == max(column.total, room)
    top = transcript.verticalScrollBar().value()
    for item in column.items:
        seen = item.y < top + room and item.y + item.height > top
        assert item.shown is not None or not seen
        if item.shown is not None:
            assert (item.shown.y(), item.shown.height()) == (item.y, item.height)
            assert item.height == item.shown.heightForWidth(item.shown.width())


def top_of(window: MainWindow, widget: QWidget) -> int:
    return widget.mapTo(window.chat.transcript.viewport(), QPoint()).y()


def scroll(window: MainWindow, value: int) -> None:
    window.chat.transcript.verticalScrollBar().setValue(value)
    settle()


def go_to(window: MainWindow, place: int, below: int = 0) -> Message:
    """To a message of the path, so that its top stands so far above the view's."""
    transcript = window.chat.transcript
    turn = window.chat.talk.record.tree.path()[place]
    for _ in range(4):  # what lies between gets its true height on the way
        scroll(window, max(0, transcript._top_of(turn) + below))
    row = transcript.row_of(turn)
    assert row is not None
    return row


@pytest.mark.parametrize("change", ["dark", "larger", "smaller", "narrow", "narrow and dark"])
def test_text_is_whole_after_a_change_in_another_view(
    ready: MainWindow, shell: Shell, change: str
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 4))
    check_whole(ready)
    ready.show_view("settings")
    settle()
    if "dark" in change:
        shell.theme.choose("dark")
    if change in ("larger", "smaller"):
        shell.theme.set_font_pixels(18 if change == "larger" else 11)
    if "narrow" in change:
        ready.resize(800, 600)
    settle()
    ready.show_view("chats")
    check_whole(ready)
    ready.resize(1000, 640)
    check_whole(ready)
    shell.theme.choose("light")
    shell.theme.set_font_pixels(14)
    check_whole(ready)


@pytest.mark.parametrize("words", [30, 300, 2000, 20_000])
def test_a_chat_opens_at_the_end_of_its_answer(ready: MainWindow, shell: Shell, words: int) -> None:
    paragraph = SENTENCE * 5 + "\n\n"
    text = paragraph * max(1, words // 85)
    number = keep_chat(shell, "Short.", text.strip())
    ready.chat.open_chat(number)
    check_whole(ready)
    transcript = ready.chat.transcript
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()
    last = transcript.last_answer()
    assert last is not None
    bottom = top_of(ready, last) + last.height()
    if bar.maximum() > 0:
        assert 0 <= transcript.viewport().height() - bottom <= 40, "it stands over the composer"
    assert len(proses(ready)) <= 8, "of a long answer only what is near is laid out"


def test_a_thought_unfolds_whole(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.thinking = RICH
    ready.chat.talk.send("Think")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    last = ready.chat.transcript.last_answer()
    assert last is not None
    assert last._thought is not None
    ready.resize(900, 700)
    settle()
    last._thought._toggle()
    check_whole(ready)


@pytest.mark.parametrize("place", [0, 6, 13])
def test_the_box_of_an_edited_message_stays_in_sight(
    ready: MainWindow, shell: Shell, place: int
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 8))
    settle()
    transcript = ready.chat.transcript
    row = go_to(ready, place, -60)
    was = top_of(ready, row)
    transcript.edit(row.turn)
    settle()
    box = next(b for b in transcript.findChildren(InlineEdit))
    assert top_of(ready, box) == was
    assert was + box.height() <= transcript.viewport().height()
    assert box.edit.hasFocus()
    box.cancelled.emit()
    settle()
    assert abs(top_of(ready, row) - was) <= 1


def test_a_box_at_the_lower_edge_is_brought_into_sight(ready: MainWindow, shell: Shell) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 8))
    settle()
    transcript = ready.chat.transcript
    row = go_to(ready, 8, 30 - transcript.viewport().height())
    transcript.edit(row.turn)
    settle()
    box = next(b for b in transcript.findChildren(InlineEdit))
    assert top_of(ready, box) >= 0
    assert top_of(ready, box) + box.height() <= transcript.viewport().height()


def test_a_box_that_is_opened_at_once_is_in_sight(ready: MainWindow, shell: Shell) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 8))
    transcript = ready.chat.transcript
    transcript.edit(ready.chat.talk.record.tree.path()[9])  # before anything has its place
    settle()
    box = next(b for b in transcript.findChildren(InlineEdit))
    assert top_of(ready, box) >= 0
    assert top_of(ready, box) + box.height() <= transcript.viewport().height()


def test_editing_an_answer_and_choosing_a_variant_do_not_move_the_view(
    ready: MainWindow, shell: Shell
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 8))
    settle()
    transcript = ready.chat.transcript
    turn = go_to(ready, 3, -100).turn
    ready.chat.talk.edit(turn, "Other words, " + RICH)
    settle()
    assert len(transcript.rows()) == 4, "what followed belongs to the other variant"
    ready.chat.talk.step(transcript.rows()[3].turn, -1)
    settle()
    assert turn in [row.turn for row in transcript.rows()]
    check_whole(ready)


def test_scrolling_up_shows_all_messages_and_moves_none(ready: MainWindow, shell: Shell) -> None:
    ready.chat.open_chat(
        keep_chat(shell, *[f"Answer {i}. {SENTENCE * (i % 7)}" for i in range(100)])
    )
    settle()
    transcript = ready.chat.transcript
    assert len(transcript.rows()) < 40, "only what is near is built"
    bar, seen = transcript.verticalScrollBar(), set[str]()
    while bar.value() > 0:
        first = next(row for row in transcript.rows() if top_of(ready, row) >= 0)
        was = top_of(ready, first)
        bar.setValue(bar.value() - 150)  # the reader scrolls up
        now = top_of(ready, first)
        assert bar.value() == 0 or now == was + 150, "as far as he has scrolled, at once"
        settle()
        assert top_of(ready, first) == now, "and there it stays"
        seen |= {row.turn.text for row in transcript.rows()}
        assert len(transcript.rows()) < 60, "what is far away is forgotten"
    assert len(seen) == 200
    assert transcript.rows()[0].turn.text.startswith("Question 0,")
    check_whole(ready)


def test_dragging_the_bar_goes_anywhere_at_once(ready: MainWindow, shell: Shell) -> None:
    ready.chat.open_chat(keep_chat(shell, *[f"Answer {i}. {SENTENCE * 3}" for i in range(500)]))
    settle()
    bar = ready.chat.transcript.verticalScrollBar()
    for part in (0.0, 0.5, 0.25, 1.0):
        bar.setValue(round(part * bar.maximum()))
        check_whole(ready)
        assert len(ready.chat.transcript.rows()) < 60


def first_words(window: MainWindow) -> tuple[str, int]:
    """The paragraph at the view's top, and how far down it stands."""
    port = window.chat.transcript.viewport()
    for prose, y in ((prose, y) for y in (8, 40) for prose in proses(window)):
        inside = prose.viewport().mapFrom(port, QPoint(port.width() // 2, y))
        if prose.viewport().rect().contains(inside):
            block = prose.cursorForPosition(inside).block()
            top = prose.document().documentLayout().blockBoundingRect(block).top()
            return block.text(), prose.viewport().mapTo(port, QPoint(0, round(top))).y()
    raise AssertionError("nothing is read there")


@pytest.mark.parametrize("place", [9, 13])
def test_another_text_size_lays_out_what_is_seen_first(
    ready: MainWindow, shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    pages = "\n\n".join(f"Place {i}. {SENTENCE * 5}" for i in range(120))
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 6, pages, *[RICH] * 4))
    settle()
    transcript = ready.chat.transcript
    row = go_to(ready, place)
    scroll(ready, transcript.verticalScrollBar().value() + row.height() // 2)
    settle()
    words, top = first_words(ready)
    column, room = transcript._column, transcript.viewport().height()
    heights: list[int] = []
    polished: list[bool] = []
    build = column.build

    def note(top: int, bottom: int) -> bool:
        heights.append(bottom - top)
        return build(top, bottom)

    def seen(prose: Prose) -> bool:
        top = top_of(ready, prose)
        return top + prose.height() >= -1 and top <= room + 1

    def begins() -> None:
        polished.extend(seen(prose) for prose in transcript.findChildren(Prose))

    monkeypatch.setattr(column, "build", note)
    shell.theme.begins.connect(begins)
    shell.theme.set_font_pixels(15)
    shell.theme.begins.disconnect(begins)
    assert polished
    assert all(polished), "who is not seen is gone before the look changes"
    assert heights, "what is seen stands in its size at once"
    assert max(heights) <= room + 40
    assert first_words(ready)[0] == words
    assert abs(first_words(ready)[1] - top) < 60
    qtbot.waitUntil(lambda: max(heights) > 1.5 * room)
    assert first_words(ready)[0] == words, "what was built around it did not move it"
    check_whole(ready)
    shell.theme.set_font_pixels(14)
    check_whole(ready)
    assert first_words(ready)[0] == words


def test_what_is_selected_out_of_sight_outlives_another_text_size(
    ready: MainWindow, shell: Shell
) -> None:
    pages = "\n\n".join(f"Place {i}. {SENTENCE * 5}" for i in range(60))
    ready.chat.open_chat(keep_chat(shell, RICH, pages))
    settle()
    row = go_to(ready, 1)
    row.text.selecting.select_all()
    chosen = row.text.selecting.selected()
    scroll(ready, ready.chat.transcript.verticalScrollBar().maximum())
    shell.theme.set_font_pixels(16)
    settle()
    assert row.text.selecting.selected() == chosen
    shell.theme.set_font_pixels(14)


@pytest.mark.parametrize("change", ["size", "width"])
def test_the_same_words_are_in_sight_after_a_change_of_size(
    ready: MainWindow, shell: Shell, change: str
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 3, (SENTENCE * 5 + "\n\n") * 60))
    settle()
    transcript = ready.chat.transcript
    last = transcript.last_answer()
    assert isinstance(last, Answer)
    for _ in range(4):
        scroll(ready, last.y() + last.height() // 2)
    before = -top_of(ready, last) / last.height()
    if change == "size":
        shell.theme.set_font_pixels(18)
    else:
        ready.resize(800, 700)
    settle()
    assert abs(-top_of(ready, last) / last.height() - before) < 0.05
    shell.theme.set_font_pixels(14)


def test_an_answer_that_grows_does_not_take_the_reader_along(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    ready.chat.open_chat(keep_chat(shell, *[RICH] * 6))
    settle()
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: len(ready.chat.talk.record.tree.path()[-1].text) > 200)
    row = go_to(ready, 5, 20)
    was, n = top_of(ready, row), len(ready.chat.talk.record.tree.path()[-1].text)
    qtbot.waitUntil(lambda: len(ready.chat.talk.record.tree.path()[-1].text) > n + 2000)
    assert top_of(ready, row) == was
    ready.chat.transcript.follow()
    settle()
    bar = ready.chat.transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
