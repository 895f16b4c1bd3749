"""Every view and sheet, with something in it, as a screen reader and the keyboard find it. The
scenes are those of the pictures; `tests/access/walk.py` reads all of them through AT-SPI."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.access import backwards, faults, unreached, walk
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

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
