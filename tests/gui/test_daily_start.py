"""The hundredth start: one can write at once, and stands where one stood."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from helpers.fake_engine import GUIDE, FakeEngine
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths
from engine.base.conversation import Tree
from engine.base.errors import FormatError
from gui.app import Shell
from gui.chat.book import UNSEEN, WRITING, Book, ChatRecord
from gui.chat.book_disk import DiskBook
from gui.chat.chat_list_paint import MARK
from gui.chat.daily import AtHand, Day, greeting
from gui.chat.daily_cards import Past
from gui.chat.words import when_words
from gui.closing import Closing
from gui.desk import KnownModel
from gui.main_window import MainWindow
from gui.preferences import load
from gui.workers import Background

PATH = "/models/Qwen3 4B.gguf"
OTHER = "/models/Gemma 3.gguf"

Restart = Callable[[], MainWindow]


def known(path: str, problem: str = "") -> KnownModel:
    name = path.rpartition("/")[2].removesuffix(".gguf")
    return KnownModel(path, name, "Q4_K_M · 2.5 GB", problem=problem)


@pytest.fixture(autouse=True)
def library(engine: FakeEngine) -> None:
    """Two models are known."""
    engine.library.models = [
        replace(GUIDE, name=Path(path).stem, path=Path(path), title="") for path in (PATH, OTHER)
    ]


@pytest.fixture
def restart(ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot) -> Restart:
    """The program anew, in the same home; a model was used in its first run."""

    def start() -> MainWindow:
        shell.desk.opened.all = []
        shell.desk.expect()
        window = shell.open_window()
        window.chat.show_record(ChatRecord(), None)
        return window

    ready.close()
    return start


def texts(window: MainWindow) -> list[str]:
    return [turn.text for turn in window.chat.talk.record.tree.path()]


def test_the_last_model_is_kept(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ready.open_path(OTHER)
    qtbot.waitUntil(lambda: ready.chat.talk.model.name == "Gemma 3")
    file = shell.desk.engine.paths.window_file
    qtbot.waitUntil(lambda: load(file).model == OTHER)
    ready.open_path(PATH)  # open already: it is used again
    qtbot.waitUntil(lambda: load(file).model == PATH)


def test_one_writes_at_once_and_the_model_opens_with_the_message(
    restart: Restart, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = restart()
    chat = window.chat
    assert chat.composer.isVisible()
    assert chat.header.isVisible()
    assert chat.middle.currentWidget() is chat.empty
    assert chat.header.pill._state.name == "Qwen3 4B"
    assert chat.composer.edit.placeholderText() == "Message Qwen3 4B"
    engine.hold.clear()
    chat.composer.edit.setPlainText("Hello?")
    chat.composer._act_send()
    assert chat.composer._waits.full() == "Sent as soon as Qwen3 4B is ready"
    engine.hold.set()
    qtbot.waitUntil(lambda: len(texts(window)) == 2 and not chat.talk.busy)
    assert chat.talk.model.name == "Qwen3 4B"


def test_a_last_model_that_is_gone_leaves_the_cards(
    restart: Restart, shell: Shell, qtbot: QtBot
) -> None:
    window = restart()
    shell.desk.listed._show_first(
        [known(PATH, "Qwen3 4B.gguf is not there any more."), known(OTHER)]
    )
    assert window.chat.middle.currentWidget() is window.chat.welcome
    assert not window.chat.composer.isVisible()


def test_one_that_does_not_open_says_so_and_keeps_the_words(
    restart: Restart, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = restart()
    engine.script.load_error = FormatError("it is cut off; get it again.")
    window.chat.composer.edit.setPlainText("Hello?")
    window.chat.composer._act_send()
    qtbot.waitUntil(lambda: not window.chat.error.isHidden())
    assert window.chat.composer.edit.toPlainText() == "Hello?"
    qtbot.waitUntil(window.chat.composer.isVisible)


def keep(book: Book, path: str) -> ChatRecord:
    tree = Tree()
    tree.add("user", "Question", None)
    tree.add("assistant", "The answer.", tree.leaf)
    record = ChatRecord(title="Old", model=known(path).name, model_path=path, tree=tree)
    book.save(record)
    return record


def test_a_chat_reopens_with_its_own_model_though_another_is_open(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    old = keep(shell.book, OTHER)
    ready.chat.open_chat(old.id)
    assert ready.chat.talk.model is None
    assert ready.chat.header.pill._state.name == "Gemma 3"
    ready.chat.composer.edit.setPlainText("And?")
    ready.chat.composer._act_send()
    qtbot.waitUntil(lambda: len(texts(ready)) == 4 and not ready.chat.talk.busy)
    assert ready.chat.talk.model.name == "Gemma 3"
    assert old.model_path == OTHER


def test_a_chat_whose_model_is_gone_goes_on_with_the_one_that_is_open(
    ready: MainWindow, shell: Shell
) -> None:
    shell.desk.listed._show_first([known(PATH)])
    old = keep(shell.book, OTHER)
    ready.chat.open_chat(old.id)
    assert ready.chat.talk.model is not None
    assert ready.chat.talk.model.name == "Qwen3 4B"


def test_the_first_second_of_the_first_day_does_not_jump(
    shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.library.guide, engine.library.models = GUIDE, []
    shell.desk.expect()
    window = shell.open_window()
    window.resize(1280, 800)
    QApplication.processEvents()
    chat = window.chat

    def places() -> list[object]:
        parts = (*chat.welcome.cards, chat.header, chat.composer, chat.welcome.questions)
        return [(part.isVisible(), part.geometry()) for part in parts]

    first = places()
    assert len(chat.welcome.cards) == 3
    assert all(seen for seen, _ in first)
    engine.hold.clear()
    shell.desk.greet()
    shell.desk.ask_hardware()
    qtbot.waitUntil(lambda: shell.desk.hardware is not None)
    qtbot.waitUntil(lambda: shell.desk.opening_guide)
    QApplication.processEvents()
    assert places() == first
    engine.hold.set()
    qtbot.waitUntil(lambda: chat.talk.model is not None)
    QApplication.processEvents()
    assert places() == first


def test_what_is_asked_in_the_first_second_is_answered(
    shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.library.guide, engine.library.models = GUIDE, []
    shell.desk.expect()
    window = shell.open_window()
    window.chat.welcome.questions.buttons[0].click()
    shell.desk.greet()
    qtbot.waitUntil(lambda: len(texts(window)) == 2 and not window.chat.talk.busy)


def test_the_chat_that_was_open_is_open_again(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    old = keep(shell.book, PATH)
    ready.chat.open_chat(old.id)
    ready.close()
    again = shell.open_window()
    again.restore()
    assert again.chat.talk.record is old
    assert again.focusWidget() is again.chat.composer.edit
    again.close()
    shell.book.delete(old.id)
    third = shell.open_window()
    third.restore()
    assert third.chat.talk.record.id == 0
    shell.book.changed.emit()
    assert third.chat.middle.currentWidget() is not third.chat.transcript


def test_a_chat_of_this_run_is_found_by_the_next(tmp_path: Path, qtbot: QtBot) -> None:
    real, background = Engine(Paths.under(tmp_path / "home")), Background()
    try:
        book = DiskBook(real, background)
        record = keep(book, PATH)
        qtbot.waitUntil(lambda: len(real.chats.list()) == 1)
        assert real.chats.get(record.id).title == "Old"
    finally:
        background.close()
        real.shutdown()


def test_a_click_on_a_chat_and_one_writes(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    old = keep(shell.book, PATH)
    view = ready.chat.list._view
    view.setFocus()
    view.clicked.emit(ready.chat.list._model.index_of(old.id))
    assert ready.chat.talk.record is old
    assert ready.focusWidget() is ready.chat.composer.edit


def test_undo_of_a_deletion_shows_the_chat(ready: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    old, other = keep(shell.book, PATH), keep(shell.book, PATH)
    ready.chat.open_chat(old.id)
    ready.chat.list.deleted.emit(old.id)
    assert ready.chat.talk.record is not old
    ready.toast.undo()
    assert ready.chat.talk.record is old
    ready.chat.list.deleted.emit(other.id)
    ready.toast.undo()
    assert ready.chat.talk.record is old, "the other was not shown before"


def test_chats_that_answer_unseen_are_marked(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold.clear()
    ready.chat.talk.send("Question")
    first = ready.chat.talk.record.id
    ready.chat.new_chat()
    model = ready.chat.list._model
    assert model.index_of(first).data(MARK) == WRITING
    assert "being answered" in model.index_of(first).data(Qt.ItemDataRole.AccessibleTextRole)
    engine.hold.set()
    qtbot.waitUntil(lambda: model.index_of(first).data(MARK) == UNSEEN)
    ready.chat.open_chat(first)
    assert model.index_of(first).data(MARK) == ""
    ready.chat.talk.send("Another")
    assert model.index_of(first).data(MARK) == WRITING
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    assert model.index_of(first).data(MARK) == "", "seen as it was written"


def test_windows_are_called_after_their_chats(
    ready: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    assert ready.windowTitle() == "Chaski"
    ready.chat.talk.send("Where are foxes?")
    assert ready.windowTitle() == "Where are foxes? – Chaski"
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    ready.chat.list.renamed.emit(ready.chat.talk.record.id, "Foxes")
    assert ready.windowTitle() == "Foxes – Chaski"
    assert ready.chat.header._title.full() == "Foxes"
    ready.show_view("models")
    assert ready.windowTitle() == "Models – Chaski"
    ready.show_view("chats")
    ready.chat.new_chat()
    assert ready.windowTitle() == "Chaski"


@pytest.fixture
def writing(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> MainWindow:
    engine.script.endless = True
    ready.chat.talk.send("Go on")
    qtbot.waitUntil(lambda: len(texts(ready)[-1]) > 20)
    return ready


def close_key(window: MainWindow, key: Qt.Key) -> Closing | None:
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    return window.findChild(Closing)


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("key", [Qt.Key.Key_W, Qt.Key.Key_Q])
def test_closing_while_it_answers_asks_once(
    writing: MainWindow, shell: Shell, qtbot: QtBot, key: Qt.Key
) -> None:
    sheet = close_key(writing, key)
    assert sheet is not None
    assert sheet.isVisible()
    assert shell.windows == [writing]
    sheet.back.click()
    assert writing.chat.talk.busy
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    sheet = close_key(writing, key)
    assert sheet is not None
    record = writing.chat.talk.record
    sheet.stop.click()
    assert shell.windows == []
    assert len(record.tree.path()[-1].text) > 20


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_it_may_close_when_the_answer_is_done(
    writing: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    other = shell.open_window()
    other.quit_wanted.emit()
    sheet = other.findChild(Closing)
    assert sheet is not None, "asked where one is"
    sheet.wait.click()
    assert shell.windows == [writing]
    assert writing.isMinimized()
    writing.chat.talk.stop()
    qtbot.waitUntil(lambda: shell.windows == [])


def test_closing_asks_nothing_when_nothing_is_written(ready: MainWindow, shell: Shell) -> None:
    assert close_key(ready, Qt.Key.Key_W) is None
    assert shell.windows == []


def test_a_long_name_is_shortened_everywhere(ready: MainWindow, qtbot: QtBot) -> None:
    ready.resize(900, 600)
    name = "stories260K (function-equivalent, widened to 256, for tests of long names)"
    ready.open_path(f"/models/{name}.gguf")
    qtbot.waitUntil(lambda: ready.chat.talk.model.name == name)
    QApplication.processEvents()
    edit = ready.chat.composer.edit
    hint = edit.placeholderText()
    assert hint.startswith("Message stories260K")
    assert hint.endswith("…")
    assert edit.fontMetrics().horizontalAdvance(hint) < edit.viewport().width()
    (chip,) = [c for c in ready.chat.at_hand.chips if c.choice.name == name]
    assert chip.width() <= 280
    assert chip.toolTip().startswith(name)
    ready.resize(1280, 800)
    QApplication.processEvents()
    assert edit.placeholderText() == f"Message {name}"


# The page of the daily start


def test_the_last_models_and_the_last_chats_are_at_hand(
    restart: Restart, shell: Shell, engine: FakeEngine
) -> None:
    for title in ("First", "Second", "Third", "Fourth"):
        record = keep(shell.book, PATH)
        shell.book.rename(record.id, title)
    window = restart()
    measured = replace(known(OTHER), tokens_per_second=24.0, last_used=2.0)
    shell.desk.listed._show_first([measured, known(PATH)])
    hand = window.chat.at_hand
    assert hand.isVisible()
    assert [(c.choice.name, c.choice.speed) for c in hand.chips] == [
        ("Qwen3 4B", ""),
        ("Gemma 3", "24.0 tok/s"),
    ]
    assert [c.choice.chosen for c in hand.chips] == [True, False], "the last one is chosen"
    assert [card.past.title for card in hand.cards] == ["Fourth", "Third", "Second"]
    assert hand.cards[0].past.words == "The answer."
    assert "just now" in hand.cards[0].past.when
    box = window.chat.composer
    assert box.mapTo(window, box.rect().center()).y() < window.height() * 0.6, "in the middle"


def test_a_model_is_chosen_and_opens_with_the_message(
    restart: Restart, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = restart()
    shell.desk.listed._show_first([known(PATH), known(OTHER)])
    window.chat.at_hand.chips[1].click()
    assert not shell.desk.opening, "choosing costs no time"
    assert window.chat.header.pill._state.name == "Gemma 3"
    assert [c.choice.chosen for c in window.chat.at_hand.chips] == [False, True]
    assert window.focusWidget() is window.chat.composer.edit
    engine.hold.clear()
    window.chat.composer.edit.setPlainText("Hello?")
    window.chat.composer._act_send()
    assert window.chat.middle.currentWidget() is window.chat.empty, "nothing takes its place"
    assert window.chat.header.pill._state.detail.startswith("opening")
    assert window.chat.header.cancel.isVisible()
    engine.hold.set()
    qtbot.waitUntil(lambda: len(texts(window)) == 2 and not window.chat.talk.busy)
    assert window.chat.talk.model.name == "Gemma 3"
    assert not window.chat.at_hand.isVisible()


def test_opening_is_stopped_in_the_pill_and_the_words_stay(
    restart: Restart, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = restart()
    engine.hold.clear()
    window.chat.composer.edit.setPlainText("Hello?")
    window.chat.composer._act_send()
    window.chat.header.cancel.click()
    engine.hold.set()
    qtbot.waitUntil(lambda: not window.chat.models.awaited)
    assert window.chat.composer.edit.toPlainText() == "Hello?"
    assert window.chat.middle.currentWidget() is window.chat.empty


def test_a_card_goes_on_with_its_chat_and_its_model(
    restart: Restart, shell: Shell, qtbot: QtBot
) -> None:
    old = keep(shell.book, OTHER)
    window = restart()
    card = window.chat.at_hand.cards[0]
    QTest.keyClick(card, Qt.Key.Key_Space)
    assert window.chat.talk.record is old
    assert window.chat.header.pill._state.name == "Gemma 3"
    assert window.focusWidget() is window.chat.composer.edit


def test_a_chat_that_answers_now_says_so_on_its_card(
    ready: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.script.endless = True
    ready.chat.talk.send("Question")
    first = ready.chat.talk.record.id
    ready.chat.new_chat()
    card = ready.chat.at_hand.cards[0]
    assert (card.past.chat_id, card.past.mark) == (first, WRITING)
    assert "answering now" in card.accessibleName()
    qtbot.waitUntil(lambda: card.past.progress.startswith("answering now, "))
    before = card.past.progress
    qtbot.waitUntil(lambda: card.past.progress != before)
    ready.chat.chats._live[first].stop()
    qtbot.waitUntil(lambda: card.past.mark == UNSEEN)
    assert card.past.progress == ""
    ready.chat.open_chat(first)
    ready.chat.new_chat()
    assert ready.chat.at_hand.cards[0].past.mark == ""


def test_nothing_of_the_daily_start_moves_when_the_disk_has_been_read(
    restart: Restart, shell: Shell, qtbot: QtBot
) -> None:
    for _ in range(3):
        keep(shell.book, PATH)
    window = restart()
    window.resize(1280, 800)
    QApplication.processEvents()
    hand, chat = window.chat.at_hand, window.chat

    def places() -> list[object]:
        parts = (chat.composer, chat.empty._title, hand.chips[0], *hand.cards)
        return [part.mapTo(window, part.rect().topLeft()) for part in parts]

    before = places()
    shell.desk.greet()
    shell.desk.ask_hardware()
    qtbot.waitUntil(lambda: shell.desk.hardware is not None)
    shell.desk.listed._show_first([known(PATH), known(OTHER)])
    QTest.qWait(100)
    assert places() == before


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=3), "Saturday"),
        (timedelta(days=40), "20 August"),
        (timedelta(days=400), "25 August 2025"),
    ],
)
def test_when_in_words(before: timedelta, words: str) -> None:
    now = datetime(2026, 9, 29, 15, 0)
    assert when_words(now - before, now) == words


@pytest.mark.parametrize(
    ("hour", "words"), [(6, "Good morning"), (13, "Good afternoon"), (23, "Good evening")]
)
def test_a_greeting_for_the_hour(hour: int, words: str) -> None:
    assert greeting(hour) == words


def test_a_card_shows_words_and_no_markup(ready: MainWindow, shell: Shell) -> None:
    old = keep(shell.book, PATH)
    old.tree.path()[-1].text = "## Three ways\n\n- **By key**: `sort` it\n> so"
    shell.book.save(old)
    ready.chat.new_chat()
    assert ready.chat.at_hand.cards[0].past.words == "Three ways By key: sort it so"


def test_where_cards_have_no_room_nothing_announces_them(qtbot: QtBot) -> None:
    """Also when another model is chosen, or another chat was the last, while there is none."""
    past = [Past(1, "Walks", "Qwen3", "just now"), Past(2, "Rivers", "Qwen3", "yesterday")]
    at_hand = AtHand()
    qtbot.addWidget(at_hand)
    at_hand.show_day(Day(past=past))
    at_hand.show_room(200)
    for day in (Day(past=past, guide=True), Day(past=past[:1])):
        at_hand.show_day(day)
        assert at_hand._go_on.isHidden()
        assert all(card.isHidden() for card in at_hand.cards)
    at_hand.show_room(900)
    assert not at_hand._go_on.isHidden()
    assert [card.isHidden() for card in at_hand.cards] == [False]
