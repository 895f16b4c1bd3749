"""Settings: folders, language, threads and rest; the network's certificate and trial."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import REPORT
from helpers.local_hub import server
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.tiny_models import write_tiny_llama
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from engine.api import discover
from gui import language
from gui.app import Shell
from gui.main_window import MainWindow
from gui.preferences import Preferences, load, save
from gui.settings.settings_view import SettingsView

AUTHORITY = Path(server.__file__).parent / "certificates" / "authority.pem"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def view(window: MainWindow) -> SettingsView:
    return settings(window)


@pytest.fixture
def real(real_shell: Shell) -> SettingsView:
    return settings(real_shell.open_window())


def settings(window: MainWindow) -> SettingsView:
    window.show_view("settings")
    made = window.view("settings")
    assert isinstance(made, SettingsView)
    return made


def answer_with(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """What a person would choose in the system's dialogs."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (path, ""))


# Folders


def test_folders_are_watched_and_no_more(
    real: SettingsView, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, shelf = real._desk, tmp_path / "shelf"
    shelf.mkdir()
    write_tiny_llama(shelf / "tiny.gguf")
    answer_with(monkeypatch, str(shelf))
    real.folders._add()
    qtbot.waitUntil(lambda: real.folders.watched.paths == [str(shelf)])
    own = lambda: [m.path for m in desk.known if not (m.built_in or m.source)]  # noqa: E731
    qtbot.waitUntil(lambda: own() == [str(shelf / "tiny.gguf")])
    assert list(desk.engine.library.watched()) == [shelf]
    real.folders.watched.removed.emit(str(shelf))
    qtbot.waitUntil(lambda: real.folders.watched.paths == [])
    qtbot.waitUntil(lambda: own() == [])
    assert (shelf / "tiny.gguf").exists()


def test_a_folder_that_cannot_be_watched_is_told(
    real: SettingsView, tmp_path: Path, qtbot: QtBot
) -> None:
    told: list[str] = []
    real._desk.notice.connect(told.append)
    real.folders.watch(str(tmp_path / "none"))
    qtbot.waitUntil(lambda: bool(told))
    assert "there is no folder" in told[0].lower()
    assert real.folders.watched.paths == []


def test_the_models_folder_with_what_is_free(
    real: SettingsView, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = real.folders
    qtbot.waitUntil(lambda: folders.free.text().endswith(" free there"))
    answer_with(monkeypatch, str(tmp_path))
    folders._choose()
    assert folders.models.full() == str(tmp_path)
    assert real._desk.engine.paths.models == tmp_path
    assert real._desk.preferences.models_folder == str(tmp_path)
    answer_with(monkeypatch, "")  # nothing was chosen after all
    folders._choose()
    folders._add()
    assert folders.models.full() == str(tmp_path)


# Language


def test_the_language_is_kept_and_read_at_the_next_start(
    view: SettingsView, shell: Shell, qtbot: QtBot
) -> None:
    offered = [view.language.itemText(i) for i in range(view.language.count())]
    assert offered == ["As the system", *(name for _, name in language.languages())]
    assert offered[1] == "English"
    assert view.language.currentData() == "system"
    view.language.setCurrentIndex(1)
    path = shell.desk.engine.paths.window_file
    qtbot.waitUntil(lambda: path.exists() and load(path).language == "en")


def test_a_start_speaks_the_language_that_was_kept(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpers.fake_engine import FakeEngine

    from engine.api import Paths
    from gui import app as app_module
    from gui.chat.book import Book

    engine, asked = FakeEngine(Paths.under(tmp_path)), list[str]()
    monkeypatch.setattr(app_module, "speak", lambda app, choice: asked.append(choice))
    save(engine.paths.window_file, replace(Preferences(), language="de"))
    made = Shell(qapp, engine, Book())  # type: ignore[arg-type]
    try:
        assert asked == ["de"]
        assert settings(made.open_window()).language.currentText() == "As the system"
    finally:
        made.close()


@pytest.mark.parametrize(
    ("choice", "system", "spoken"),
    [
        ("system", ["de-CH", "fr-FR"], "fr"),
        ("system", ["pt-BR", "pt"], "pt_BR"),
        ("system", ["ja"], "en"),
        ("system", [], "en"),
        ("system", ["en-GB", "fr"], "en"),
        ("fr", ["de"], "fr"),
        ("xx", ["fr"], "en"),
    ],
)
def test_which_language_is_spoken(choice: str, system: list[str], spoken: str) -> None:
    assert language.spoken(choice, system, ["en", "fr", "pt_BR"]) == spoken


def test_catalogues_are_found_and_a_broken_one_is_english(
    tmp_path: Path, qapp: QApplication
) -> None:
    (tmp_path / "chaski_fr.qm").write_bytes(b"no catalogue")
    (tmp_path / "other_fr.qm").write_bytes(b"")
    assert language.languages(tmp_path) == [("en", "English"), ("fr", "Français")]
    assert language.speak(qapp, "fr", tmp_path) == "en"
    assert language.languages(tmp_path / "none") == [("en", "English")]


def test_what_is_offered_is_never_half_translated() -> None:
    offered = [code for code, _ in language.languages()]
    assert "fr" in offered
    for code in offered[1:]:
        told = (language.folder() / f"chaski_{code}.ts").read_text(encoding="utf-8")
        assert 'type="unfinished"' not in told, code


# Certificates and the trial


def test_a_certificate_is_chosen_and_forgotten(
    view: SettingsView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = view.network
    assert card.certificates.file.full() == "The system's own are enough"
    assert not card.certificates.forget.isVisibleTo(card)
    odd = tmp_path / "words.pem"
    odd.write_text("no certificate")
    answer_with(monkeypatch, str(odd))
    card.certificates.choose.click()
    assert card._error.text() == (
        "words.pem holds no certificate in text form (PEM); choose the one that your company or "
        "proxy calls its CA certificate."
    )
    assert card.certificates.file.full() == "The system's own are enough"
    answer_with(monkeypatch, str(AUTHORITY))
    card.certificates.choose.click()
    assert card._error.isHidden()
    assert card.certificates.file.full() == str(AUTHORITY)
    assert view._desk.engine.hub.settings.ca_file == str(AUTHORITY)
    card.certificates.forget.click()
    assert view._desk.engine.hub.settings.ca_file == ""
    assert not card.certificates.forget.isVisibleTo(card)


@pytest.fixture
def local() -> Iterator[LocalHub]:
    with LocalHub((AUTHORITY.with_name("hub.pem"), AUTHORITY.with_name("hub.key"))) as local:
        local.add(Repository("someone/model-GGUF")).put("a.gguf", b"GGUF")
        yield local


def test_the_connection_is_tried(real: SettingsView, local: LocalHub, qtbot: QtBot) -> None:
    """A hub whose certificate is a company's own: refused at first, then trusted."""
    card = real.network
    card._set(endpoint=local.url, proxy="none")
    assert not local.log.requests, "nobody is asked before somebody wants it"

    def tried() -> str:
        card.trial.button.click()
        qtbot.waitUntil(lambda: card.trial.button.isEnabled())
        return str(card.trial.told.text())

    assert "its certificate is not trusted here" in tried()
    assert card.trial.told.property("role") == "error"
    card._set(ca_file=str(AUTHORITY))
    assert card.trial.told.isHidden(), "that was another way"
    words = tried()
    assert words.startswith(f"{card.settings.host} answers, in ")
    assert card.trial.told.property("role") == "small"
    card.allowed.setCurrentIndex(1)
    assert "connections are switched off" in tried()


def test_privacy_tells_what_the_engine_tells(view: SettingsView) -> None:
    words = view.privacy.words()
    for connection in discover.connections(view.network.settings):
        assert f"When {connection.when}" in words
        assert f"{connection.to} learns {connection.told}" in words
    assert "Nothing is sent of how you use Chaski" in words
    view.network.allowed.setCurrentIndex(1)
    assert "no connections at all" in view.privacy.words()


def test_every_row_explains_itself(view: SettingsView) -> None:
    told = {label.text() for label in view.findChildren(QLabel)}
    for name in (
        "Threads",
        "Fewer threads",
        "Idle models rest",
        "Models folder",
        "Watched folders",
    ):
        assert name in told
    assert any("nothing of it starts with the system" in text for text in told)
    assert view.threads.count() > 1


def test_the_best_number_of_threads_is_named(view: SettingsView) -> None:
    view._desk.set_hardware(replace(REPORT, best_threads=6))
    assert view.threads.currentText() == "Best for this machine (6)"
    assert view.threads.currentData() == 0


def test_settings_show_what_was_chosen_by_key(window: MainWindow, shell: Shell) -> None:
    window.show_view("settings")
    view = window.view("settings")
    window.show_view("chats")
    window.zoom(3)
    assert shell.desk.preferences.font_pixels == 17, "kept for the next start"
    window.choose_theme("dark")
    window.show_view("settings")
    assert (view.theme.currentData(), view.font_size.currentData()) == ("dark", 17)
    window.usual_zoom()
    window.choose_theme("light")
