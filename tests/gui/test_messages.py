"""What is done with single messages: quoted, deleted and brought back, asked later, copied."""

from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTextEdit
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths
from engine.base.conversation import Tree, told
from engine.library.chats_texts import to_json
from gui.app import Shell
from gui.chat.answer import Answer
from gui.chat.book import ChatRecord
from gui.chat.book_disk import DiskBook
from gui.chat.queued_row import QueuedRow
from gui.main_window import MainWindow
from gui.prose.code import CodeBlock
from gui.prose.highlight import spans
from gui.prose.links import shown
from gui.prose.rich_text import RichText
from gui.prose.table import Table
from gui.workers import Background


def ask(window: MainWindow, qtbot: QtBot, *questions: str) -> None:
    for question in questions:
        window.chat.talk.send(question)
        qtbot.waitUntil(lambda: not window.chat.talk.busy)


def texts(window: MainWindow) -> list[str]:
    return [turn.text for turn in window.chat.talk.record.tree.path()]


def waiting(window: MainWindow) -> list[QueuedRow]:
    items = window.chat.transcript._column.items
    return [item.widget for item in items if isinstance(item.widget, QueuedRow)]


def written(qtbot: QtBot, width: int, source: str = "") -> RichText:
    """A text of its own, in sight."""
    text = RichText()
    qtbot.addWidget(text)
    text.resize(width, 600)
    text.set_source(source)
    text.show()
    return text


# Deleted


def test_an_answer_in_the_middle_is_deleted_and_brought_back(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    ask(ready, qtbot, "One", "Two")
    before = texts(ready)
    ready.chat.transcript.removed.emit(ready.chat.talk.record.tree.path()[1])
    assert texts(ready) == [before[0], *before[2:]]
    assert [row.turn.text for row in ready.chat.transcript.rows()] == texts(ready)
    ask(ready, qtbot, "Three")
    assert [m.content for m in engine.chats_made[0].messages][0] == "One\n\nTwo"
    ready.toast.undo()
    assert texts(ready)[:4] == before
    assert texts(ready)[4] == "Three"


def test_a_question_goes_with_its_answer(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot, "One", "Two")
    before = texts(ready)
    ready.chat.transcript.removed.emit(ready.chat.talk.record.tree.path()[2])
    assert texts(ready) == before[:2]
    last = ready.chat.transcript.last_answer()
    assert last is not None
    assert last.turn.id == ready.chat.talk.record.tree.leaf, "one goes on from there"
    ready.toast.undo()
    assert texts(ready) == before


def test_of_two_variants_the_other_is_shown(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot, "One")
    first = ready.chat.talk.record.tree.path()[1]
    ready.chat.transcript.again.emit(first)
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    second = ready.chat.talk.record.tree.path()[1]
    assert second is not first
    ready.chat.transcript.removed.emit(second)
    assert ready.chat.talk.record.tree.path()[1] is first
    assert ready.chat.talk.record.tree.variants(first) == [first]


def test_what_was_deleted_stays_so_on_disk(tmp_path: Path, qtbot: QtBot) -> None:
    real, background = Engine(Paths.under(tmp_path / "home")), Background()
    try:
        tree = Tree()
        for i in range(3):
            tree.add("user", f"Question {i}", tree.leaf)
            tree.add("assistant", f"Answer {i}", tree.leaf)
        record = ChatRecord(title="Kept", tree=tree)
        book = DiskBook(real, background)
        book.save(record)
        gone = tree.delete(tree.path()[2])
        book.save(record)
        again = DiskBook(real, background)
        again.read()
        qtbot.waitUntil(lambda: bool(again.rows()))
        read: list[ChatRecord] = []
        again.fetch(again.rows()[0].id, read.append)
        qtbot.waitUntil(lambda: bool(read))
        words = ["Question 0", "Answer 0", "Question 2", "Answer 2"]
        assert [turn.text for turn in read[0].tree.path()] == words
        assert [m.content for m in told(read[0].tree.path()).messages] == words
        assert len(gone) == 2
        assert sum(turn.deleted for turn in read[0].tree.turns.values()) == 2, "nothing is lost"
    finally:
        background.close()
        real.shutdown()


def test_what_was_deleted_is_neither_found_nor_given_away(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    ask(ready, qtbot, "About zebras", "About trains")
    record = ready.chat.talk.record
    ready.chat.transcript.removed.emit(record.tree.path()[0])
    found: list[dict[int, object]] = []
    shell.book.found.connect(lambda _words, hits: found.append(hits))
    shell.book.arrange(record.id, title="Animals")
    shell.book.search("zebras")
    shell.book.search("trains")
    assert [len(hits) for hits in found] == [0, 1]
    assert "zebras" not in to_json(record)
    assert "trains" in to_json(record)


def test_nothing_is_deleted_while_an_answer_is_written(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    ask(ready, qtbot, "One")
    engine.script.endless = True
    ready.chat.talk.send("Two")
    qtbot.waitUntil(lambda: bool(texts(ready)[-1]))
    ready.chat.transcript.removed.emit(ready.chat.talk.record.tree.path()[0])
    assert texts(ready)[0] == "One"
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)


# Asked later


def write_while_busy(window: MainWindow, *words: str) -> None:
    for text in words:
        window.chat.composer.edit.setPlainText(text)
        QTest.keyClick(window.chat.composer.edit, Qt.Key.Key_Return)


def test_questions_wait_for_the_answer_and_are_asked_in_turn(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.chat.talk.send("One")
    write_while_busy(ready, "Two", "Three")
    assert [row.text.plain() for row in waiting(ready)] == ["Two", "Three"]
    assert ready.chat.composer.edit.toPlainText() == ""
    assert texts(ready) == ["One", ""]
    engine.hold.set()
    qtbot.waitUntil(lambda: len(texts(ready)) == 6 and not ready.chat.talk.busy)
    assert texts(ready)[::2] == ["One", "Two", "Three"]
    assert waiting(ready) == []


def test_what_waits_can_be_changed_or_taken_back(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.chat.talk.send("One")
    write_while_busy(ready, "Two", "Three")
    waiting(ready)[0].remove.click()
    waiting(ready)[0].edit.click()
    assert ready.chat.composer.edit.toPlainText() == "Three"
    assert waiting(ready) == []
    engine.hold.set()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert texts(ready)[::2] == ["One"]


def test_after_a_stop_nothing_is_asked_by_itself(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    ready.chat.talk.send("One")
    qtbot.waitUntil(lambda: bool(texts(ready)[-1]))
    write_while_busy(ready, "Two")
    engine.script.reason = "cancelled"
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    engine.script.endless, engine.script.reason = False, "eos"
    assert len(texts(ready)) == 2
    waiting(ready)[0].send.click()
    qtbot.waitUntil(lambda: len(texts(ready)) == 4 and not ready.chat.talk.busy)
    assert texts(ready)[2] == "Two"


def test_they_are_asked_also_in_a_chat_that_is_not_shown(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.chat.talk.send("One")
    write_while_busy(ready, "Two")
    record = ready.chat.talk.record
    ready.chat.new_chat()
    assert waiting(ready) == []
    engine.hold.set()
    qtbot.waitUntil(lambda: len(record.tree.path()) == 4 and bool(record.tree.path()[3].text))
    assert record.tree.path()[2].text == "Two"
    qtbot.waitUntil(lambda: not ready.chat.chats.n_writing)


def test_what_waits_is_a_draft_until_it_is_asked(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.chat.talk.send("One")
    write_while_busy(ready, "Two", "Three")
    assert ready.chat.talk.record.draft == "Two\n\nThree", "also where the program is killed now"
    engine.hold.set()
    qtbot.waitUntil(lambda: len(texts(ready)) == 6 and not ready.chat.talk.busy)
    assert ready.chat.talk.record.draft == ""


# Quoted and copied


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_selection_is_quoted_below_what_is_written(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.text = "First words.\n\n```python\nx = 1\n```\n\nLast words, $a^2$."
    ask(ready, qtbot, "One")
    row = ready.chat.transcript.last_answer()
    assert isinstance(row, Answer)
    row.text.selecting.select_all()
    assert row.text.selecting.selected() == "First words.\n\nx = 1\n\nLast words, $a^2$."
    ready.chat.composer.edit.setPlainText("See:")
    row.menu_wanted.emit(QPoint(10, 10))
    menu = next(m for m in ready.chat.transcript.findChildren(QMenu) if m.isVisible())
    actions = {action.text(): action for action in menu.actions()}
    actions["Quote it in the next message"].trigger()
    menu.close()
    text = ready.chat.composer.edit.toPlainText()
    assert text == "See:\n\n> First words.\n>\n> x = 1\n>\n> Last words, $a^2$.\n\n"
    actions["Copy as plain text"].trigger()
    assert QGuiApplication.clipboard().text() == "First words.\n\nx = 1\n\nLast words, $a^2$."
    actions["Copy as Markdown"].trigger()
    assert QGuiApplication.clipboard().text() == row.turn.text


def test_a_selection_crosses_prose_code_and_tables(shell: Shell, qtbot: QtBot) -> None:
    text = written(
        qtbot,
        600,
        "Some words here.\n\n```\ncode\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nThe end.",
    )
    first, last = text.edits()[0], text.edits()[-1]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(first.viewport(), left, none, QPoint(2, 10))
    spot = last.viewport().mapTo(text, QPoint(30, 10))
    local = QPointF(first.viewport().mapFrom(text, spot))
    glob = QPointF(text.mapToGlobal(spot))
    move = QMouseEvent(QEvent.Type.MouseMove, local, glob, Qt.MouseButton.NoButton, left, none)
    QApplication.sendEvent(first.viewport(), move)
    chosen = text.selecting.selected()
    assert chosen.startswith("Some words here.\n\ncode\n\na\nb\n1\n2\n\nThe")
    QTest.keyClick(first, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == chosen


def test_a_selection_goes_on_from_message_to_message(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    for i in range(3):
        engine.script.text = f"Answer {i}.\n\n```\ncode {i}\n```\n\nThe end of {i}."
        ask(ready, qtbot, f"Question {i}")
    ready.resize(1000, 1600)
    view = ready.chat.transcript
    rows = view.rows()
    assert len(rows) == 6
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

    def drag(begun: QTextEdit, over: QTextEdit, spot: QPoint) -> None:
        glob = over.viewport().mapToGlobal(spot)
        local = QPointF(begun.viewport().mapFromGlobal(glob))
        kind, no = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        event = QMouseEvent(kind, local, QPointF(glob), no, left, none)
        QApplication.sendEvent(begun.viewport(), event)

    def press(edit: QTextEdit, spot: QPoint) -> None:
        QTest.mouseRelease(edit.viewport(), left, none, spot)
        QTest.mousePress(edit.viewport(), left, none, spot)

    first, far = rows[1].text.edits()[1], QPoint(400, 8)
    press(first, QPoint(2, 8))
    drag(first, rows[4].text.edits()[0], far)
    told = "code 0\n\nThe end of 0.\n\nQuestion 1\n\nAnswer 1.\n\ncode 1\n\nThe end of 1."
    told += "\n\nQuestion 2"
    assert rows[1].text.selecting.whole() == told, "who speaks is not told"
    QTest.keyClick(first, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == told
    ready.chat.transcript.rewrite()
    assert rows[1].text.selecting.whole() == told, "in other colours it is selected still"
    drag(first, rows[2].text.edits()[0], far)
    assert rows[4].text.selecting.selected() == "", "the pointer came back"
    assert rows[1].text.selecting.whole() == "code 0\n\nThe end of 0.\n\nQuestion 1"
    drag(first, rows[1].text.edits()[2], far)
    assert rows[1].text.selecting.whole() == "code 0\n\nThe end of 0."
    drag(first, rows[0].text.edits()[0], QPoint(2, 8))
    assert rows[1].text.selecting.whole() == "Question 0\n\nAnswer 0.", "upwards as well"
    last = rows[3].text.edits()[-1]
    press(last, far)
    assert rows[1].text.selecting.whole() == "", "a new one begins"
    drag(last, rows[2].text.edits()[0], QPoint(2, 8))
    assert last.textCursor().hasSelection()
    assert rows[3].text.selecting.whole().startswith("Question 1\n\nAnswer 1.")


# Code, tables, links


def test_code_is_wrapped_and_saved(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    line = "print('a long line of code that does not fit in so narrow a window')"
    text = written(qtbot, 300, f"```python\n{line}\n{line}\n```")
    block = text.parts()[0]
    assert isinstance(block, CodeBlock)
    before = block.height()
    block.wrap.click()
    QApplication.processEvents()
    assert block.height() > before
    assert block.text.document().size().width() <= block.text.viewport().width()
    block.wrap.click()
    QApplication.processEvents()
    assert block.height() == before
    block.save_as(tmp_path / "x.py")
    assert (tmp_path / "x.py").read_text() == f"{line}\n{line}\n"
    assert block.save.accessibleName() == "Saved"
    block.save_as(tmp_path / "no folder" / "x.py")
    assert block.save.accessibleName() == "Not saved: No such file or directory"


def test_wide_tables_scroll_and_small_ones_do_not(shell: Shell, qtbot: QtBot) -> None:
    head = "| " + " | ".join(f"a long heading {i}" for i in range(8)) + " |"
    rows = "| " + " | ".join("words" for _ in range(8)) + " |"
    text = written(
        qtbot, 400, f"{head}\n|{' - |' * 8}\n{rows}\n\nBetween.\n\n| a | b |\n| - | - |\n| 1 | 2 |"
    )
    QApplication.processEvents()
    text.grab()
    wide, _between, small = text.parts()
    assert isinstance(wide, Table)
    assert isinstance(small, Table)
    assert wide.width() == 400
    assert wide.horizontalScrollBar().maximum() > 100
    assert small.horizontalScrollBar().maximum() == 0


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_link_shows_where_it_leads(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.script.text = "See [here](https://example.org/a) or [there](file:///etc/passwd)."
    ask(ready, qtbot, "Where?")
    row = ready.chat.transcript.last_answer()
    assert row is not None
    prose = row.text.parts()[0]
    told_by: list[list[str]] = []
    for address in ("https://example.org/a", "file:///etc/passwd"):
        prose.anchorClicked.emit(address)  # type: ignore[union-attr]
        menu = next(m for m in prose.findChildren(QMenu) if m.isVisible())
        told_by.append([action.text() for action in menu.actions() if action.text()])
        menu.close()
        QApplication.processEvents()
    assert told_by[0] == ["https://example.org/a", "Open in the browser", "Copy the address"]
    assert told_by[1] == ["file:///etc/passwd", "Copy the address"], "never opened"
    assert len(shown("https://example.org/" + "x" * 500)) <= 90


# Figures


def test_figures_are_quiet(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot, "One", "Two")
    first, last = (r for r in ready.chat.transcript.rows() if isinstance(r, Answer))
    assert last.tools.figures.text() == "31 tok/s"
    assert "tokens" in last.tools.figures.toolTip()
    assert "tok/s" not in last.tools.figures.toolTip()
    assert first.tools.figures.text() == ""
    assert first.tools.copy.icon().isNull()
    height = first.height()
    first.tools.set_pointed(True)
    assert first.tools.figures.text() == "31 tok/s"
    assert not first.tools.copy.icon().isNull()
    QApplication.processEvents()
    assert first.height() == height
    ready.chat.transcript.show_figures(False)
    assert last.tools.figures.text() == ""


# Other scripts


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_while_composing_never_sends(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot, key: Qt.Key
) -> None:
    edit = ready.chat.composer.edit
    QApplication.sendEvent(edit, QInputMethodEvent("にほん", []))
    press = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(edit, press)
    assert texts(ready) == []
    commit = QInputMethodEvent("", [])
    commit.setCommitString("日本")
    QApplication.sendEvent(edit, commit)
    assert texts(ready) == []
    assert edit.toPlainText() == "日本"
    QTest.keyClick(edit, key)
    qtbot.waitUntil(lambda: texts(ready)[:1] == ["日本"])
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)


def test_arabic_and_hebrew_begin_at_the_right(shell: Shell, qtbot: QtBot) -> None:
    text = written(
        qtbot,
        500,
        "مرحبا بالعالم، هذا نص.\n\nEnglish again.\n\nשלום עולם.\n\n- عنصر أول\n- عنصر ثان",
    )
    document = text.edits()[0].document()
    rights: list[bool] = []
    block = document.begin()
    while block.isValid():
        line = block.layout().lineAt(0)
        rights.append(line.naturalTextRect().left() > 250)
        block = block.next()
    assert rights == [True, False, True, True, True]


def test_japanese_lines_break_between_letters_but_not_before_a_full_stop(
    shell: Shell, qtbot: QtBot
) -> None:
    text = written(qtbot, 300, "これは日本語の長い文章です。改行は文字の間で起こります。" * 6)
    block = text.edits()[0].document().begin()
    layout, words = block.layout(), block.text()
    starts = [words[layout.lineAt(i).textStart()] for i in range(layout.lineCount())]
    assert len(starts) > 5
    assert "。" not in starts, "no line begins with a full stop"


def test_a_screen_reader_hears_message_by_message(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot, "What is a **fox**?")
    question, answer = ready.chat.transcript.rows()
    assert question.accessibleName() == "Question"
    assert question.accessibleDescription() == "What is a **fox**?"
    assert answer.accessibleName() == "Answer"
    assert answer.accessibleDescription() == "Hello. This is an answer."


def test_figures_of_tables_stand_below_each_other(shell: Shell, qtbot: QtBot) -> None:
    text = written(qtbot, 400, "| a |\n| -: |\n| 1111 |\n| 9999 |")
    block, widths = text.edits()[0].document().begin(), {}
    while block.isValid():
        if block.text() in ("1111", "9999"):
            widths[block.text()] = block.layout().lineAt(0).naturalTextWidth()
        block = block.next()
    assert widths["1111"] == pytest.approx(widths["9999"], abs=0.5)


def test_what_is_written_goes_on_in_its_row_while_questions_wait(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    ready.chat.talk.send("One")
    qtbot.waitUntil(lambda: bool(texts(ready)[-1]))
    row = ready.chat.transcript.last_answer()
    assert row is not None
    write_while_busy(ready, "Two")
    assert ready.chat.transcript.last_answer() is row
    assert not row.note.isVisible(), "nobody has broken it off"
    assert not row.tools.isVisible()
    engine.script.reason = "cancelled"
    ready.chat.talk.stop()
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert row.tools.isVisible()


def test_settings_say_whether_speed_is_shown(ready: MainWindow, qtbot: QtBot) -> None:
    ask(ready, qtbot, "One")
    ready.show_view("settings")
    settings = ready.view("settings")
    settings.figures.click()  # type: ignore[union-attr]
    ready.show_view("chats")
    last = ready.chat.transcript.last_answer()
    assert last is not None
    assert last.tools.figures.text() == ""
    ready.show_view("settings")
    settings.figures.click()  # type: ignore[union-attr]
    ready.show_view("chats")
    assert last.tools.figures.text() == "31 tok/s"


def test_a_long_line_is_seen_from_its_beginning_and_coloured_to_its_end(
    shell: Shell, qtbot: QtBot
) -> None:
    text = written(qtbot, 300)
    code = "let n = 1; // a comment that is the last of all, and longer than there is room for"
    for part in ("```rust\n", code[:30], code[30:], "\n```"):
        text.append(part)
        text.grab()
    block = text.parts()[0]
    assert isinstance(block, CodeBlock)
    bar = block.text.horizontalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == 0
    assert spans(code, "rust")[-1] == (code.index("//"), len(code) - code.index("//"), "muted")


# Heard


def test_screen_readers_are_told_what_a_row_is_and_what_was_answered(
    ready: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_to: list[tuple[str, QAccessible.AnnouncementPoliteness]] = []

    def hear(event: QAccessibleAnnouncementEvent) -> None:
        told_to.append((event.message(), event.politeness()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    ask(ready, qtbot, "One")
    rows = ready.chat.transcript.rows()
    there = [QAccessible.queryAccessibleInterface(row) for row in rows]
    assert [row.role() for row in there] == [QAccessible.Role.Grouping] * 2
    assert [row.text(QAccessible.Text.Name) for row in there] == ["Question", "Answer"]
    assert there[0].text(QAccessible.Text.Description) == "One"
    polite = QAccessible.AnnouncementPoliteness.Polite
    assert told_to == [(rows[1].text.heard(), polite)]
    assert there[1].text(QAccessible.Text.Description) == rows[1].text.heard() != ""
    edges = [row.contentsMargins() for row in rows]
    assert all((e.left(), e.top(), e.right(), e.bottom()) == (0, 0, 0, 0) for e in edges)


# Where things stand


def test_the_icons_under_an_answer_begin_where_its_words_do(
    ready: MainWindow, qtbot: QtBot
) -> None:
    ask(ready, qtbot, "One")
    question, answer = ready.chat.transcript.rows()
    assert isinstance(answer, Answer)
    button, spot = answer.tools.copy, QPoint(0, 0)
    inside = (button.width() - button.iconSize().width()) // 2
    words = answer.text.mapToGlobal(spot).x()
    assert button.mapToGlobal(spot).x() + inside == words == question.mapToGlobal(spot).x()


def test_a_selection_dragged_past_the_edge_scrolls_the_view(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    words = "\n\n".join(f"Paragraph {i} of the walk." for i in range(60))
    engine.script.text = words
    ask(ready, qtbot, "One")
    view = ready.chat.transcript
    bar, port = view.verticalScrollBar(), view.viewport()
    bar.setValue(bar.maximum() // 2)
    edit = view.rows()[-1].text.edits()[0]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = port.mapToGlobal(QPoint(port.width() // 2, port.height() // 2))
    QTest.mousePress(edit.viewport(), left, none, edit.viewport().mapFromGlobal(middle))

    def drag(y: int) -> None:
        to = port.mapToGlobal(QPoint(port.width() // 2, y))
        local = QPointF(edit.viewport().mapFromGlobal(to))
        kind, no = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        event = QMouseEvent(kind, local, QPointF(to), no, left, none)
        QApplication.sendEvent(edit.viewport(), event)

    drag(port.height() + 40)
    before, chosen = bar.value(), len(view.rows()[-1].text.selecting.selected())
    qtbot.waitUntil(lambda: bar.value() > before + 60)
    assert len(view.rows()[-1].text.selecting.selected()) > chosen
    drag(port.height() // 2)
    rests = bar.value()
    qtbot.wait(80)
    assert bar.value() == rests
    drag(-40)
    qtbot.waitUntil(lambda: bar.value() < rests - 60)
    QTest.mouseRelease(edit.viewport(), left, none, edit.viewport().mapFromGlobal(middle))
    rests = bar.value()
    qtbot.wait(80)
    assert bar.value() == rests
