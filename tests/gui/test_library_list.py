"""The list of models: sections, search, orders, keys, accessible words, ten thousand of them."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from helpers.fake_engine import REPORT, model_info
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from engine.api import inspect, sizes
from engine.discover.offers import rough
from gui.app import Shell
from gui.desk import KnownModel
from gui.library.library_view import LibraryView
from gui.library.menus import menu_of
from gui.library.model_paint import COLUMNS, GAP, LEAST, MARGIN, action_at, action_rects, spans, tip
from gui.library.shown import Heading, Wish, items, wanted
from gui.library.words import ago, type_sentence
from gui.main_window import MainWindow
from gui.widgets.frames import Card
from gui.widgets.lists import ROW

DAY = 86400.0
NOW = 1_800_000_000.0
GB = 1_000_000_000


def model(name: str, source: str = "", **values: object) -> KnownModel:
    path = f"/{source or 'own'}/{name}.gguf"
    made = KnownModel(path, name, "", key=name, source=source, **values)  # type: ignore[arg-type]
    return replace(made, size=sizes.file(made.file_bytes) if made.file_bytes else "")


OWN = [
    model(
        "Élan-7B-Q4_K_M", type_name="Q4_K_M", architecture="llama", file_bytes=4 * GB, size="4 GB"
    ),
    model("Qwen3-4B-Q8_0", type_name="Q8_0", architecture="qwen3", file_bytes=5 * GB, size="5 GB"),
]
OWN[0] = replace(OWN[0], tags=("coding",), last_used=NOW - DAY, tokens_per_second=4.0, added=NOW)
OWN[1] = replace(OWN[1], tokens_per_second=9.0, added=NOW - 200 * DAY)
OTHERS = [model("Phi-4", "LM Studio", file_bytes=GB), model("llama3:3b", "Ollama")]
GUIDE = replace(model("starter"), name="Chaski Guide", built_in=True)
ALL = [*OWN, *OTHERS, GUIDE]


@pytest.fixture
def view(window: MainWindow, shell: Shell, qtbot: QtBot) -> LibraryView:
    window.show_view("models")
    made = window.view("models")
    assert isinstance(made, LibraryView)
    show(shell, ALL)
    return made


def show(shell: Shell, models: Sequence[KnownModel]) -> None:
    shell.desk.known = models
    shell.desk.known_changed.emit()


def titles(found: Sequence[object]) -> list[str]:
    return [item.title if isinstance(item, Heading) else item.name for item in found]  # type: ignore[attr-defined]


def shown(view: LibraryView) -> list[str]:
    return titles([view.rows.item(i) for i in range(view.rows.rowCount())])


# What is shown


def test_sections_by_who_keeps_the_files() -> None:
    found = items(ALL, Wish(), NOW)
    assert titles(found) == [
        *("Your models", "Élan-7B-Q4_K_M", "Qwen3-4B-Q8_0"),
        *("Found in LM Studio", "Phi-4", "Found in Ollama", "llama3:3b"),
        *("Built in", "Chaski Guide"),
    ]
    headings = [item.words for item in found if isinstance(item, Heading)]
    assert headings == ["2 models · 9 GB", "1 model · 1 GB", "1 model", ""]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("qwen", ["Qwen3-4B-Q8_0"]),
        ("ÉLAN", ["Élan-7B-Q4_K_M"]),
        ("q8_0", ["Qwen3-4B-Q8_0"]),
        ("#coding", ["Élan-7B-Q4_K_M"]),
        ("llama", ["Élan-7B-Q4_K_M", "llama3:3b"]),
        ("studio phi", ["Phi-4"]),
        ("phi qwen", []),
        ("  ", titles(ALL)),
    ],
)
def test_a_search_finds_name_tag_type_and_family(words: str, found: list[str]) -> None:
    assert titles(wanted(ALL, Wish(words), NOW)) == found


def test_orders() -> None:
    def own(sort: str) -> list[str]:
        return titles(items(OWN, Wish(sort=sort), NOW))[1:]

    elan, qwen = "Élan-7B-Q4_K_M", "Qwen3-4B-Q8_0"
    assert own("name") == [elan, qwen]
    assert own("size") == [qwen, elan]
    assert own("used") == [elan, qwen]
    assert own("speed") == [qwen, elan]


def test_what_nobody_used_for_months() -> None:
    """A new one may still be used; the guide takes no room worth a word."""
    assert titles(wanted(OWN, Wish(unused=True), NOW)) == ["Qwen3-4B-Q8_0"]
    assert wanted([GUIDE], Wish(unused=True), NOW) == []


def test_how_long_ago() -> None:
    told = [ago(NOW - days * DAY, NOW) for days in (0, 1, 5, 100, 800)]
    assert told == ["today", "yesterday", "5 days ago", "3 months ago", "2 years ago"]
    assert ago(0, NOW) == "never"
    assert ago(NOW + DAY, NOW) == "today", "a clock may have been set back"


def test_columns_step_aside_for_the_name() -> None:
    wide = spans(1200)
    assert list(wide) == ["name", *COLUMNS]
    for width in range(400, 1400, 7):
        there = spans(width)
        assert there["name"].width >= min(LEAST, width - 2 * MARGIN - 116 - 108 - 2 * GAP)
        ends = [span.left + span.width for span in there.values()]
        assert ends == sorted(ends)
        assert ends[-1] <= width - MARGIN
        assert {"state", "actions"} <= there.keys()
    assert "used" not in spans(900)
    assert "used" in spans(900, sort="used"), "what it is sorted by stays"


# The window's list


def test_the_row_is_told_to_who_cannot_see_it(view: LibraryView, shell: Shell) -> None:
    shell.desk.hardware = REPORT
    forecast = rough(2_497_000_000, 4_022_000_000)
    one = replace(
        OWN[0],
        parameters=7_000_000_000,
        forecast=forecast,
        tags=("coding", "fr"),
        tokens_per_second=0.0,
    )
    show(shell, [one, replace(OWN[1], problem="its file is gone: /own/x.gguf")])
    role = Qt.ItemDataRole.AccessibleTextRole
    told = [str(view.rows.index(i).data(role)) for i in range(3)]
    assert told[0] == "Your models, 2 models · 9 GB"
    assert told[1].startswith("Élan-7B-Q4_K_M, Runs well, 7.0B parameters, Q4_K_M, 4 GB, ≈ ")
    assert told[1].endswith("tok/s, #coding #fr, /own/Élan-7B-Q4_K_M.gguf")
    assert "Cannot be read" in told[2]
    assert told[2].endswith("Its file is gone: /own/x.gguf")


def test_typing_narrows_the_list_and_return_goes_into_it(view: LibraryView, qtbot: QtBot) -> None:
    view._was_read = True  # all heads
    view.search.setFocus()
    QTest.keyClicks(view.search, "studio")
    QTest.keyClick(view.search, Qt.Key.Key_Return)
    assert shown(view) == ["Found in LM Studio", "Phi-4"]
    assert view._side.told.text() == "1 model · 1 GB found"
    assert view.list.current() is not None
    assert view.list.current().name == "Phi-4"  # type: ignore[union-attr]
    view.search.setText("no such thing")
    qtbot.waitUntil(lambda: "no such thing" in view._side.told.text())
    assert shown(view) == []
    QTest.keyClick(view.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(shown(view)) == 9)
    assert view._side.told.isHidden()


def test_keys_of_the_list(view: LibraryView, window: MainWindow) -> None:
    chats, thrown, details = [], [], []
    view.chat_wanted.connect(chats.append)
    view.list.trash_wanted.connect(lambda m: thrown.append(m.name))
    view.list.details_wanted.connect(lambda m: details.append(m.name))
    view.list.trash_wanted.disconnect(view._trash)
    view.list.step_in()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Delete):
        QTest.keyClick(view.list, key)
    QTest.keyClick(view.list, Qt.Key.Key_Space)
    assert chats == ["/LM Studio/Phi-4.gguf"], "headings are stepped over"
    assert thrown == details == ["Phi-4"]
    window.show_view("models")  # Return went to the chat
    assert view.detail.isVisible()
    assert view.detail.name.text() == "Phi-4"
    QTest.keyClick(view.list, Qt.Key.Key_Escape)
    assert not view.detail.isVisible()
    assert view.list.hasFocus() or not view.isActiveWindow()


def test_f2_renames_in_place(view: LibraryView, shell: Shell, qtbot: QtBot) -> None:
    renamed: list[tuple[str, str]] = []
    view.list.renamed.disconnect(view._rename)
    view.list.renamed.connect(lambda *told: renamed.append(told))
    view.list.choose(OWN[0].path)
    QTest.keyClick(view.list, Qt.Key.Key_F2)
    field = view.list.viewport().findChild(QLineEdit)
    assert field is not None
    assert field.text() == OWN[0].key
    field.setText("Élan")
    show(shell, [*ALL, model("zzz", "Ollama")])
    assert field.text() == "Élan", "new lines do not take away what is being typed"
    assert len(shown(view)) == 9
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(renamed))
    assert renamed == [(OWN[0].path, "Élan")]
    qtbot.waitUntil(lambda: len(shown(view)) == 10)
    view.list.choose(GUIDE.path)
    QTest.keyClick(view.list, Qt.Key.Key_F2)
    assert view.list.state() != view.list.State.EditingState, "the guide keeps its name"


def test_new_lines_do_not_take_the_choice_nor_the_place(view: LibraryView, shell: Shell) -> None:
    many = [model(f"M{n:04d}", "LM Studio") for n in range(500)]
    show(shell, many)
    view.list.choose(many[250].path)
    spot = view.list.verticalScrollBar().value()
    assert spot > 0
    show(shell, [*many, model("zzz", "Ollama")])
    assert view.list.current() is many[250]
    assert view.list.verticalScrollBar().value() == spot
    show(shell, many[:100])
    assert view.list.current() is None


def test_the_menu_of_a_row(view: LibraryView, shell: Shell) -> None:
    words = [entry[0] for entry in view.menus.entries_of(OWN[0]) if entry is not None]
    assert words == [
        *("Chat", "Details", "Look inside", "Rename", "Verify", "Show in folder"),
        *("Move to another folder…", "Take off the list", "Move to trash"),
    ]
    shell.desk.opened.all = [model_info(path=OWN[0].path)]
    words = [entry[0] for entry in view.menus.entries_of(OWN[0]) if entry is not None]
    assert "Close and free its memory" in words
    assert view.rows.pill(OWN[0])[:2] == ("Open", "good")
    view.list.choose(OWN[0].path)
    reason = QContextMenuEvent.Reason.Keyboard
    asked: list[tuple[KnownModel, QPoint]] = []
    view.list.menu_wanted.disconnect(view._show_menu)
    view.list.menu_wanted.connect(lambda *told: asked.append(told))
    event = QContextMenuEvent(reason, QPoint(), view.mapToGlobal(QPoint()))
    QApplication.sendEvent(view.list.viewport(), event)
    line = view.list.visualRect(view.list.currentIndex())
    assert asked == [(OWN[0], view.list.viewport().mapToGlobal(line.center()))]
    actions = menu_of(view, view.menus.entries_of(OWN[0])).actions()
    shortcuts = {action.text(): action.shortcut().toString() for action in actions}
    assert shortcuts["Rename"] == "F2"
    assert shortcuts["Move to trash"] == QKeySequence(Qt.Key.Key_Delete).toString()
    shell.desk.opened.all = []


def test_actions_of_the_line_under_the_pointer(view: LibraryView, window: MainWindow) -> None:
    chats: list[str] = []
    view.chat_wanted.connect(chats.append)
    index = view.rows.index_of(OWN[1].path)
    rect = view.list.visualRect(index)
    rects = action_rects(rect)
    assert list(rects) == ["chat", "details", "more"]
    assert all(action_at(rect, r.center().x()) == name for name, r in rects.items())
    for name, spot in rects.items():
        said = {"chat": "Chat with", "details": "Details of", "more": "More about"}[name]
        assert tip(OWN[1], index, rect, spot.center().x()) == f"{said} Qwen3-4B-Q8_0"
    button = Qt.MouseButton.LeftButton
    QTest.mouseClick(view.list.viewport(), button, pos=rects["chat"].center())
    assert chats == [OWN[1].path]
    window.show_view("models")
    QTest.mouseClick(view.list.viewport(), button, pos=rects["details"].center())
    assert view.detail.isVisible()
    assert view.detail.model is OWN[1]


def test_columns_explain_themselves(view: LibraryView, shell: Shell) -> None:
    shell.desk.hardware = REPORT
    one = replace(OWN[0], forecast=rough(4 * GB, 7 * GB), tokens_per_second=0.0)
    show(shell, [one, OWN[1]])
    index = view.rows.index_of(one.path)
    rect = view.list.visualRect(index)
    there = spans(rect.width())

    def at(name: str, model: KnownModel = one) -> str:
        place = view.rows.index_of(model.path)
        return tip(model, place, rect, rect.left() + there[name].left + 3)

    assert at("type") == type_sentence("Q4_K_M")
    assert at("name") == one.path
    assert "GB" in at("state")
    assert "Foretold" in at("speed")
    assert "Measured" in at("speed", OWN[1])


def test_only_what_is_seen_is_asked_about(
    view: LibraryView, shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(inspect, "foretell", lambda path: asked.append(str(path)))
    many = [model(f"M{n:05d}", "LM Studio", type_name="Q4_0") for n in range(10_000)]
    begun = time.thread_time()
    show(shell, many)
    QApplication.processEvents()
    assert time.thread_time() - begun < 0.5
    qtbot.waitUntil(lambda: bool(asked))
    view.list.choose(many[7000].path)
    qtbot.waitUntil(lambda: many[7000].path in asked)
    QTest.qWait(100)
    assert len(asked) < 200
    assert many[3000].path not in asked
    assert view.rows.rowCount() == 10_001
    last = view.rows.index(10_000)
    view.list.scrollTo(last)
    assert view.list.visualRect(last).bottom() <= view.list.viewport().height()
    assert last.data(ROW) is many[9999]


def test_in_a_narrow_window_details_take_the_place_of_the_list(
    view: LibraryView, window: MainWindow, qtbot: QtBot
) -> None:
    view.show_details(OWN[0])
    assert view.detail.isVisible()
    assert view.list.isVisible()
    window.resize(800, 600)
    qtbot.waitUntil(lambda: not view.list.isVisible())
    view.detail.closed.emit()
    assert view.list.isVisible()
    assert not view.detail.isVisible()


def test_heads_stand_over_their_columns(
    view: LibraryView, window: MainWindow, qtbot: QtBot
) -> None:
    for width in (900, 1280):
        window.resize(width, 500)
        qtbot.waitUntil(lambda: view._side.heads.room == view.list.viewport().width())
        assert view._side.heads.mapToGlobal(QPoint()).x() == view.list.mapToGlobal(QPoint()).x()


def test_without_any_model_one_is_offered(view: LibraryView, shell: Shell, qtbot: QtBot) -> None:
    wanted_: list[str] = []
    view.view_wanted.connect(lambda name, _what: wanted_.append(name))
    show(shell, [GUIDE])
    assert view._side.empty.isVisible()
    assert shown(view) == ["Built in", "Chaski Guide"]
    show(shell, [])
    assert view._side.empty.isVisible()
    assert shown(view) == []
    card = view._side.empty.findChild(Card)
    assert card is not None
    left = card.mapTo(view._side, QPoint()).x()
    qtbot.waitUntil(lambda: view._side.width() - left - card.width() == left)
    show(shell, OWN)
    assert not view._side.empty.isVisible()
    assert view._top.count.text() == "2 models"
