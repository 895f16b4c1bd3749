"""A language that nobody speaks: every word that people see or hear goes through a catalogue, and
has room where other languages are longer by two fifths."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers import pseudo
from helpers.fake_engine import REPORT, FakeEngine
from helpers.seen import painted, plain_letters, seen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Paths
from engine.base.conversation import Tree
from gui.app import Shell
from gui.chat.book import Book, ChatRecord
from gui.language import speak, speaking
from gui.main_window import VIEWS, MainWindow
from gui.preferences import Preferences, save

# What is somebody's or the machine's, and no word of ours.
DATA = ("Qwen", "Gemma", "Llama", "Mistral", "SmolLM", "Phi", "DeepSeek", "Guide", "stories")
DATA += (
    "AMD",
    "NVIDIA",
    "Radeon",
    "GeForce",
    "Ryzen",
    "Linux",
    "Debian",
    "Ubuntu",
    "amdgpu",
    "xfs",
)
DATA += ("bartowski", "unsloth", "ggml-org", "AVX", "FMA", "AMX", "SSE", "F16C")
DATA += ("Comment obtenir", "How do I get", "hf_", "Xx")
OPEN: dict[str, Callable[[MainWindow], object]] = {
    "parameters": lambda window: window.chat.header.parameters.setChecked(True),
    "palette": lambda window: window.show_palette(),
    "menu of the chat": lambda window: window.chat.header.more.click(),
    "models": lambda window: window.chat.header.pill.click(),
    "prompts": lambda window: window.chat.panels.show_library(),
    "system prompt": lambda window: window.chat.composer.system_wanted.emit(),
    "opening": lambda window: window.chat.show_opening(),
    "deleted chats": lambda window: window.chat.show_trash(),
    "temporary": lambda window: window.chat.new_chat(temporary=True),
    "context": lambda window: window.chat.gauge.show_menu(),
    "compare": lambda window: window.chat.comparing.begin(),
    "find": lambda window: window.chat.find_bar.begin(),
    "closing": lambda window: window.close_when_done(),
}


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spoken")
    pseudo.make(folder, "xx")
    return folder


@pytest.fixture
def foreign(qapp: QApplication, spoken: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window that speaks it, with a chat and a model."""
    engine = FakeEngine(Paths.under(tmp_path))
    save(engine.paths.window_file, Preferences(language="xx", auto_titles=False))
    with pseudo.offered(spoken):
        shell = Shell(qapp, engine, Book())  # type: ignore[arg-type]
        shell.desk.set_hardware(REPORT)
        window = shell.open_window()
        window.resize(1280, 800)
        window.open_path("/models/Qwen3 4B.gguf")
        qtbot.waitUntil(lambda: window.chat.talk.model is not None)
        tree = Tree()
        tree.add("user", "1 + 1?", tree.leaf)
        tree.add("assistant", "2", tree.leaf)
        record = ChatRecord(title="1 + 1", model="Qwen3 4B", tree=tree)
        shell.book.save(record)
        window.chat.open_chat(record.id)
        yield window
        for each in QApplication.topLevelWidgets():
            each.close()
        shell.close()
        speak(qapp, "en")


def unmarked() -> list[str]:
    """What is written in the letters of English and is no data."""
    QApplication.processEvents()
    there = [f"{where}: {text!r}" for where, text in seen() if plain_letters(text)]
    return sorted({each for each in there if not any(name in each for name in DATA)})


@pytest.mark.parametrize("name", [kind.name for kind in VIEWS])
def test_views(foreign: MainWindow, name: str) -> None:
    assert speaking() == "xx"
    told: list[str] = []
    with painted(told.append):
        foreign.show_view(name)
        found = unmarked()
        foreign.grab()
    assert "\n".join(found) == ""
    words = {each for each in told if plain_letters(each)}
    words = {each for each in words if not any(name in each for name in DATA)}
    assert "\n".join(sorted(words)) == ""
    assert sum("⟦" in text for _, text in seen()) > 20, "it does speak"


# The offscreen platform says of windows of a fixed size that it has none of its own.
@pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", "grabbing the keyboard")
@pytest.mark.parametrize("name", OPEN)
def test_what_opens_in_the_chat(foreign: MainWindow, name: str, qtbot: QtBot) -> None:
    OPEN[name](foreign)
    qtbot.wait(30)
    assert "\n".join(unmarked()) == ""
