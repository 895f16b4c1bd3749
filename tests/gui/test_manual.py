"""The manual: opened by a key or a question mark, at the right page, read by keyboard."""

from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextBrowser
from pytestqt.qtbot import QtBot

from gui.main_window import VIEWS, MainWindow
from gui.manual import manual as manual_of
from gui.manual import pages as pages_of
from gui.manual.manual import Manual
from gui.manual.pages import KEYS, ORDER, pages
from gui.shortcuts import CHAT, LAST, WINDOW, native
from gui.widgets.help_button import want_help

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
SCREEN = 800 - 40  # of the smaller of usual screens, without what frames a window
VIEW_KEYS = [(kind.key, kind.title) for kind in VIEWS]


@pytest.fixture
def manual(ready: MainWindow, qtbot: QtBot) -> Manual:
    QTest.keyClick(ready.windowHandle(), Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: bool(ready.findChildren(Manual)))
    (made,) = ready.findChildren(Manual)
    return made


def link_to(manual: Manual, page: str) -> tuple[QTextBrowser, object]:
    for part in manual.text.findChildren(QTextBrowser):
        block = part.document().begin()
        while block.isValid():
            for span in block:
                url = span.fragment().charFormat().anchorHref()
                if url == f"{page}.md":
                    return part, url
            block = block.next()
    raise AssertionError(f"no link to {page}")


def test_one_key_opens_the_page_of_what_is_shown(ready: MainWindow, manual: Manual) -> None:
    assert manual.isVisible()
    assert manual.shown == "chat"
    for view, page in (("workshop", "workshop"), ("hardware", "speed"), ("settings", "places")):
        ready.show_view(view)
        ready.show_manual()
        assert manual.shown == page
    ready.show_keys()
    assert manual.shown == KEYS
    assert not manual.isModal(), "one reads it while one does what it says"


def test_before_there_is_a_model_it_begins_at_the_beginning(window: MainWindow) -> None:
    window.show_manual()
    (made,) = window.findChildren(Manual)
    assert made.shown == ORDER[0]


@pytest.mark.parametrize("language", ["en", "fr", "ja"])
def test_every_page_is_drawn_and_fits_two_screens(
    ready: MainWindow, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manual_of, "speaking", lambda: language)
    manual = Manual(ready, VIEW_KEYS)
    manual.resize(1000, SCREEN)
    manual.show()
    names = [manual.contents.item(i).data(256) for i in range(manual.contents.count())]
    assert names == [*ORDER, KEYS]
    for name in ORDER:
        manual.show_page(name)
        QApplication.processEvents()
        assert manual.text.height() <= 2 * SCREEN, name
        assert len(manual.text.plain()) > 500, name
        assert "**" not in manual.text.plain(), name
        assert not manual.grab().isNull()


def test_all_keys_stand_on_their_page(manual: Manual) -> None:
    manual.show_page(KEYS)
    shown = manual.text.plain()
    for key, words in (*CHAT, *WINDOW, *LAST, *VIEW_KEYS):
        assert native(key) in shown
        assert words in shown


def test_links_lead_on_and_back(manual: Manual) -> None:
    manual.show_page("trouble")
    part, _ = link_to(manual, "speed")
    part.anchorClicked.emit("speed.md")
    assert manual.shown == "speed"
    assert manual.contents.currentItem().text() == "Speed and memory"
    QTest.keyClick(manual, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    QTest.qWait(150)
    assert manual.shown == "trouble"
    assert not manual.back.isEnabled()


def test_pages_are_found_by_their_words(manual: Manual) -> None:
    QTest.keyClicks(manual.search, "importance imatrix zzz")
    assert manual.contents.count() == 0
    assert manual._nothing.isVisible()
    manual.search.clear()
    QTest.keyClicks(manual.search, "safetensors PyTorch")
    found = [manual.contents.item(i).data(256) for i in range(manual.contents.count())]
    assert found == ["workshop", "trouble"]
    assert manual.shown == "workshop"
    QTest.keyClick(manual.search, Qt.Key.Key_Return)
    assert manual.shown == "trouble"
    manual.show_page("chat")
    assert manual.shown == "chat", "whatever is sought"
    assert manual.search.text() == ""


def test_links_are_reached_by_keyboard(manual: Manual, qtbot: QtBot) -> None:
    manual.show_page("models")
    part, _ = link_to(manual, "quantization")
    manual.activateWindow()
    qtbot.waitUntil(manual.isActiveWindow)
    manual.view.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if part.hasFocus() and part.textCursor().charFormat().anchorHref() == "quantization.md":
            break
    QTest.keyClick(part, Qt.Key.Key_Return)
    assert manual.shown == "quantization"


def test_a_question_mark_opens_its_page(ready: MainWindow, engine: FakeEngine) -> None:
    want_help(ready.chat.composer, "context")
    (made,) = ready.findChildren(Manual)
    assert made.shown == "context"
    for view, page in (
        ("discover", "quantization"),
        ("workshop", "workshop"),
        ("hardware", "speed"),
    ):
        ready.show_view(view)
        marks = [
            b
            for b in ready.view(view).findChildren(type(ready.chat.header.more))
            if b.glyph == "circle-question-mark"
        ]
        assert len(marks) == 1
        marks[0].click()
        assert made.shown == page


def test_what_a_language_does_not_have_is_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "help" / "fr").mkdir(parents=True)
    (tmp_path / "help" / "fr" / "chat.md").write_text("# Discuter\n\nUne ligne\ncoupée.\n", "utf-8")
    there = pages_of.resource

    def resource(*names: str) -> object:
        return tmp_path.joinpath(*names) if "fr" in names else there(*names)

    monkeypatch.setattr(pages_of, "resource", resource)
    titles = {page.name: page.title for page in pages("fr", VIEW_KEYS)}
    assert titles["chat"] == "Discuter"
    assert titles["models"] == "Get a model"
    (told,) = [page.text for page in pages("fr", VIEW_KEYS) if page.name == "chat"]
    assert "Une ligne coupée." in told
    assert [page.name for page in pages("zz", VIEW_KEYS)] == [*ORDER, KEYS]
