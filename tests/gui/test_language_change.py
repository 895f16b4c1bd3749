"""Another language is spoken at once: every window is made anew with what is shown and written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import pseudo
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.app import Shell
from gui.chat.inline_edit import InlineEdit
from gui.language import languages, speak, speaking, tr
from gui.main_window import MainWindow
from gui.theme import fonts


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spoken")
    for language in pseudo.LETTERS:
        pseudo.make(folder, language)
    return folder


@pytest.fixture(autouse=True)
def there(spoken: Path, qapp: QApplication) -> Iterator[None]:
    with pseudo.offered(spoken):
        yield
        speak(qapp, "en")


def choose(window: MainWindow, language: str) -> None:
    window.show_view("settings")
    choice = window.view("settings").language  # type: ignore[attr-defined]
    choice.setCurrentIndex(choice.findData(language))


def only_window(shell: Shell, before: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(lambda: len(shell.windows) == 1 and shell.windows[0] is not before)
    return shell.windows[0]


def test_what_is_there_is_offered(spoken: Path) -> None:
    assert [code for code, _ in languages()] == ["en", "ar", "xx"]


def test_chat_draft_and_view_are_there_in_the_other_language(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    window.open_path("/models/Qwen3 4B.gguf")
    qtbot.waitUntil(lambda: bool(shell.desk.models()) and window.chat.talk.model is not None)
    window.chat.composer.edit.setPlainText("Hello")
    window.chat.composer._act_send()
    qtbot.waitUntil(lambda: bool(window.chat.talk.record.id) and not window.chat.talk.busy)
    record = window.chat.talk.record
    window.chat.composer.edit.setPlainText("And then?")
    window.chat.attaching.add_text("a text that was pasted")
    place = window.geometry()
    choose(window, "xx")
    new = only_window(shell, window, qtbot)
    assert speaking() == "xx"
    assert new.rail.names()
    assert new.view("settings").isVisibleTo(new)
    assert new.windowTitle().startswith("⟦")
    new.show_view("chats")
    chat = new.chat
    assert [turn.text for turn in chat.talk.record.tree.path()] == [
        turn.text for turn in record.tree.path()
    ]
    assert chat.talk.model is not None, "it is still open"
    assert chat.composer.edit.toPlainText() == "And then?"
    qtbot.waitUntil(
        lambda: [each.text for each in chat.attaching.ready] == ["a text that was pasted"]
    )
    assert new.geometry().size() == place.size()
    choose(new, "en")
    again = only_window(shell, new, qtbot)
    assert speaking() == "en"
    assert again.windowTitle() == "Settings – Chaski"
    assert QLocale().language() == QLocale.Language.English


def test_its_letters_come_from_its_own_fonts(
    window: MainWindow, shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "SCRIPTS", {"xx": ("JetBrains Mono",)})
    choose(window, "xx")
    new = only_window(shell, window, qtbot)
    assert new.font().families() == [fonts.interface_family(), "JetBrains Mono"]
    choose(new, "en")
    again = only_window(shell, new, qtbot)
    assert again.font().families() == [fonts.interface_family()]


def test_a_temporary_chat_is_not_lost(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    window.open_path("/models/Qwen3 4B.gguf")
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    window.chat.new_chat(temporary=True)
    window.chat.composer.edit.setPlainText("Hello")
    window.chat.composer._act_send()
    qtbot.waitUntil(lambda: bool(window.chat.talk.record.tree.turns) and not window.chat.talk.busy)
    window.chat.attaching.add_text("pasted")
    choose(window, "xx")
    new = only_window(shell, window, qtbot)
    assert new.chat.talk.record.temporary
    assert new.chat.talk.record.tree.path()[0].text == "Hello"
    assert [each.text for each in new.chat.attaching.ready] == ["pasted"]


def test_words_of_an_edited_message_are_saved_or_given_up_first(
    window: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    window.open_path("/models/Qwen3 4B.gguf")
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    window.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not window.chat.talk.busy)
    window.chat.transcript.edit(window.chat.talk.record.tree.path()[0])
    (box,) = window.chat.transcript.findChildren(InlineEdit)
    box.edit.setPlainText("Words that nobody has kept")
    choose(window, "xx")
    qtbot.wait(900)
    assert shell.windows == [window]
    assert box.edit.toPlainText() == "Words that nobody has kept"
    box._cancel.click()
    only_window(shell, window, qtbot)
    assert speaking() == "xx"


def test_an_answer_is_written_to_its_end_first(
    window: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    window.open_path("/models/Qwen3 4B.gguf")
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    engine.script.wait_at_end = True
    window.chat.composer.edit.setPlainText("Hello")
    window.chat.composer._act_send()
    qtbot.waitUntil(lambda: window.chat.n_writing == 1)
    told: list[str] = []
    shell.desk.notice.connect(told.append)
    choose(window, "xx")
    assert told == ["The language changes as soon as what goes on here has ended"]
    qtbot.wait(900)
    assert speaking() == "en"
    assert shell.windows == [window]
    engine.script.wait_at_end = False
    only_window(shell, window, qtbot)
    assert speaking() == "xx"


def test_a_language_from_right_to_left_turns_the_window(
    window: MainWindow, shell: Shell, qapp: QApplication, qtbot: QtBot
) -> None:
    choose(window, "ar")
    new = only_window(shell, window, qtbot)
    assert new.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert new.rail.x() > new.width() / 2, "the rail stands on the right"
    told = tr("{n} of {size}", n="2k", size="8k")
    assert "\u20682k\u2069" in told, "a value keeps its own order among such words"
    assert "\u2068" not in tr("{n:day|days}", n=2)
    choose(new, "system")
    only_window(shell, new, qtbot)
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight


def test_two_windows_speak_alike(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    second = shell.open_window()
    choose(second, "xx")
    qtbot.waitUntil(lambda: len(shell.windows) == 2 and not {window, second} & set(shell.windows))
    assert all(each.rail.isVisible() for each in shell.windows)
