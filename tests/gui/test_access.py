"""Every view and sheet, with something in it, as a screen reader and the keyboard find it. The
scenes are those of the pictures; `tests/access/walk.py` reads all of them through AT-SPI."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.access import backwards, faults, unreached, walk, without_ring
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
LOOKS = ("-dark", "-contrast", "-narrow", "-150", "-900x600", "-mirrored")
SCENES = (
    "first-start",
    "empty-chat",
    "chat-light",
    "parameters",
    "rich-text",
    "edit-long-answer",
    "context-full",
    "question-waits",
    "error",
    "models",
    "workshop-empty",
    "workshop",
    "workshop-job",
    "workshop-done",
    "workshop-loss",
    "workshop-loss-table",
    "inspector",
    "attached",
    "gauge",
    "opening",
    "prompts",
    "prompt",
    "find",
    "deleted",
    "titles",
    "palette",
    "keys",
    "chat-menu",
    "closing",
    "discover",
    "discover-filters",
    "activity",
    "hardware",
    "settings",
    "library-detail",
    "library-duplicates",
    "microscope",
    "compare",
)
pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "grabbing the keyboard"
)


class Found:
    """What was found wrong, once each, with the scene in which it was found first."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self.windows = 0
        self.looks: set[tuple[object, ...]] = set()

    def look_at(self, window: QWidget, scene: str) -> None:
        self.windows += 1
        for fault in faults(window):
            self.told.setdefault(fault, scene)
        if isinstance(window, QMenu):
            return
        window.activateWindow()
        QApplication.processEvents()
        stops = walk(window)
        for fault in unreached(window, stops):
            self.told.setdefault(f"Tab does not come to {fault}", scene)
        for fault in without_ring(stops, self.looks):
            self.told.setdefault(fault, scene)
        back = backwards([*stops, *stops[:1]])
        if len(back) > 1:  # once it begins anew
            self.told.setdefault(f"against the order of reading: {back}", scene)


@pytest.fixture
def found(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Found]:
    monkeypatch.syspath_prepend(str(SCREENSHOTS))
    from make import Studio

    told = Found()

    class Looked(Studio):
        """Where a picture would be taken, it is looked at what there is."""

        def open_app(self) -> QApplication:
            return qapp

        def shoot(self, name: str) -> None:
            QTest.qWait(30)
            if not name.endswith(LOOKS):
                told.look_at(self.window, name)

        def shoot_part(self, part: QWidget, name: str) -> None:
            if name.endswith(LOOKS):
                return
            QTest.qWait(30)
            told.look_at(part, name)

    studio = Looked(Path())
    pictures = studio.pictures()
    for name in SCENES:
        pictures[name](name)
    yield told
    studio.close()
    qapp.setProperty("chaskiTheme", None)  # who asks next makes one
    for part in (studio.shell.book, studio.shell.desk, studio.shell.theme):
        part.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for module in [name for name in sys.modules if name.endswith("_scenes") or name == "make"]:
        del sys.modules[module]


def test_every_view_and_sheet_is_told_reached_and_hit(found: Found) -> None:
    assert found.windows > len(SCENES)
    assert not found.told, "\n".join(f"{scene}: {fault}" for fault, scene in found.told.items())


WRITTEN = """Two ways, see [the page](https://pandas.pydata.org):

| Way | Time |
| --- | --- |
| `sort` | 12 ms |

```python
dates.sort()
```

That is $O(n)$.
"""


@pytest.fixture
def answered(ready: MainWindow, engine: FakeEngine, qtbot: QtBot) -> MainWindow:
    engine.script.text = WRITTEN
    ready.chat.talk.send("How do I sort?")
    qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    QApplication.processEvents()
    return ready


def test_code_tables_and_formulas_are_named_before_they_are_heard(answered: MainWindow) -> None:
    answer = answered.chat.transcript.last_answer()
    assert answer is not None
    assert answer.accessibleDescription() == (
        "Two ways, see the page: Table: Way, Time. sort, 12 ms. Code, python: dates.sort()\n "
        "That is formula O(n)."
    )


def test_links_of_an_answer_are_reached_through_its_menu(answered: MainWindow) -> None:
    answer = answered.chat.transcript.last_answer()
    assert answer is not None
    assert answer.text.links() == ["https://pandas.pydata.org"]
    answer.tools.more.click()
    (menu,) = [m for m in answered.findChildren(QMenu) if m.accessibleName() == "Message"]
    (links,) = [action.menu() for action in menu.actions() if action.text() == "Links"]
    assert [action.text() for action in links.actions()] == ["https://pandas.pydata.org"]
    menu.close()


def test_lists_tell_their_rows_and_which_is_chosen(ready: MainWindow, qtbot: QtBot) -> None:
    for words in ("One", "Two"):
        ready.chat.new_chat()
        ready.chat.talk.send(words)
        qtbot.waitUntil(lambda: not ready.chat.talk.busy)
    view = ready.chat.list._view
    told = QAccessible.queryAccessibleInterface(view)
    rows = [told.child(i) for i in range(told.childCount())]
    assert [row.text(QAccessible.Text.Name) for row in rows] == ["Today", "Two", "One"]
    assert [bool(row.state().selected) for row in rows] == [False, True, False]
    assert all(row.role() == QAccessible.Role.ListItem for row in rows)
    assert told.indexOfChild(rows[2]) == 2


def test_what_moves_by_itself_heeds_the_wish_for_less_motion() -> None:
    """An animation, or a timer that only draws anew, asks the theme first."""
    moving = ("QPropertyAnimation(", "QVariantAnimation(", "timeout.connect(self.update)")
    paths = (Path(__file__).parents[2] / "gui").rglob("*.py")
    there = {p.name: p.read_text("utf-8") for p in paths}
    moves = [name for name, text in there.items() if any(word in text for word in moving)]
    assert moves
    assert [name for name in moves if "is_still" not in there[name]] == []


def test_a_page_of_words_is_read_to_its_end_by_keyboard(window: MainWindow) -> None:
    window.resize(900, 600)
    window.show_view("settings")
    QApplication.processEvents()
    view = window.view("settings")
    (area,) = [a for a in view.findChildren(QScrollArea) if a.verticalScrollBar().maximum() > 300]
    bar = area.verticalScrollBar()
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert bar.value() > 300, "most of a page"
    QTest.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
