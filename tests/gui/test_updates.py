"""Settings, Updates: asked only when the person asks or allows it; what is new; the installer."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.releases_server import NEWEST, Answer, ReleasesServer
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from engine.api import discover, jobs
from engine.base.version import installed_version
from gui import updates as gui_updates
from gui.app import Shell
from gui.settings.settings_view import SettingsView
from gui.settings.updates_card import UpdatesCard

APP = b"installer" * 1000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleasesServer]:
    for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with ReleasesServer() as server:
        server.put("Chaski-9.0.0-linux-x86_64.run", APP)
        server.tell()
        yield server


@pytest.fixture
def card(real_shell: Shell, server: ReleasesServer, qtbot: QtBot) -> UpdatesCard:
    """In a window, asking the local server."""
    real_shell.desk.engine.use_network(discover.NetworkSettings(proxy="none", timeout=5))
    real_shell.desk.updates.place = server.place
    window = real_shell.open_window()
    window.show_view("settings")
    view = window.view("settings")
    assert isinstance(view, SettingsView)
    return view.updates


def looked(card: UpdatesCard, qtbot: QtBot) -> None:
    card.look.click()
    assert not card.look.isEnabled(), "while it is asked"
    qtbot.waitUntil(lambda: card.look.isEnabled())


def test_nobody_is_asked_before_the_button_is_pressed(
    card: UpdatesCard, server: ReleasesServer, qtbot: QtBot
) -> None:
    qtbot.wait(50)
    assert not server.asked
    assert card.newer.isHidden()
    assert not card.weekly.isChecked()


def test_a_newer_one_is_shown_with_its_notes(
    card: UpdatesCard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, server: ReleasesServer
) -> None:
    looked(card, qtbot)
    assert card.told.text() == "There is a newer one."
    assert card.newer.name.text() == "Chaski 9.0.0, 31 January 2030"
    assert card.newer.notes.text() == "•  Faster.\n•  Calmer."
    assert card.newer.get.isHidden(), "a folder of sources is renewed by whoever got it"
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    card.newer.page.click()
    assert opened == [f"{server.place.repository}/releases/tag/v9"]


def test_the_same_version_is_the_newest(
    card: UpdatesCard, server: ReleasesServer, qtbot: QtBot
) -> None:
    server.tell(version=installed_version())
    looked(card, qtbot)
    assert card.told.text() == "This is the newest version."
    assert card.newer.isHidden()


def test_what_went_wrong_is_one_sentence(
    card: UpdatesCard, server: ReleasesServer, qtbot: QtBot
) -> None:
    server.answers[NEWEST] = Answer(b"{}")
    looked(card, qtbot)
    assert "makes no sense" in card.told.text()
    assert card.told.property("role") == "error"
    server.tell()
    looked(card, qtbot)
    assert card.told.property("role") == "small"
    assert not card.newer.isHidden()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """This copy came with an installer, whose newer form is the first file of the release."""
    monkeypatch.setattr(jobs, "file_for_here", lambda release: release.files[0])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """For downloads."""
    made = tmp_path / "Downloads"
    made.mkdir()
    monkeypatch.setattr(gui_updates, "downloads", lambda: made)
    return made


def test_the_installer_is_fetched_on_request_and_checked(
    card: UpdatesCard,
    installed: None,
    qtbot: QtBot,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked(card, qtbot)
    assert card.newer.get.text().strip().startswith("Download (9")
    assert not list(folder.iterdir())
    card.newer.get.click()
    qtbot.waitUntil(lambda: not card.newer.show_it.isHidden())
    assert (folder / "Chaski-9.0.0-linux-x86_64.run").read_bytes() == APP
    assert str(folder) in card.newer.state.text()
    assert card.newer.get.isHidden()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    card.newer.show_it.click()
    assert opened == [str(folder)], "it is shown, and never started"


def test_what_is_not_the_announced_file_is_thrown_away(
    card: UpdatesCard,
    installed: None,
    server: ReleasesServer,
    qtbot: QtBot,
    folder: Path,
) -> None:
    looked(card, qtbot)
    for path in [path for path in server.answers if path.endswith(".run")]:
        server.answers[path] = Answer(b"something else" * 700)
    card.newer.get.click()
    qtbot.waitUntil(lambda: card.told.property("role") == "error")
    assert "thrown away" in card.told.text()
    assert not list(folder.iterdir())
    assert not card.newer.get.isHidden(), "it can be tried again"


def test_a_download_can_be_stopped(
    card: UpdatesCard,
    installed: None,
    server: ReleasesServer,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gui_updates, "downloads", lambda: tmp_path)
    looked(card, qtbot)
    for path in [path for path in server.answers if path.endswith(".run")]:
        server.answers[path].slow = 0.01
    card.newer.get.click()
    qtbot.waitUntil(lambda: not card.newer.bar.isHidden() and " of " in card.newer.state.text())
    card.newer.stop.click()
    qtbot.waitUntil(lambda: not card.newer.get.isHidden())
    assert card.newer.bar.isHidden()
    assert card.told.property("role") == "small", "that was no failure"


# Once a week, where that is allowed


def test_a_weekly_look_is_off_until_it_is_allowed(card: UpdatesCard, real_shell: Shell) -> None:
    assert not real_shell.desk.preferences.weekly_updates
    card.weekly.click()
    assert real_shell.desk.preferences.weekly_updates
    real_shell.desk.keeper.close()
    kept = json.loads(real_shell.desk.engine.paths.window_file.read_text())
    assert kept["weekly_updates"] is True


@pytest.mark.parametrize("allowed", [False, True])
def test_at_a_start_it_looks_where_it_may_and_is_due(
    card: UpdatesCard,
    real_shell: Shell,
    server: ReleasesServer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    allowed: bool,
) -> None:
    monkeypatch.setattr(gui_updates, "PATIENCE_MS", 0)
    desk = real_shell.desk
    desk.preferences = replace(desk.preferences, weekly_updates=allowed)
    told: list[str] = []
    desk.notice.connect(told.append)
    real_shell.read()
    if not allowed:
        qtbot.wait(100)
        assert not server.asked
        return
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["Chaski 9.0.0 is there. Settings tell what is new."]
    assert not card.newer.isHidden()
    real_shell.read()
    qtbot.wait(100)
    assert len(server.asked) == 1, "that was this week's"


def test_a_weekly_look_that_fails_says_nothing(
    card: UpdatesCard, real_shell: Shell, server: ReleasesServer, qtbot: QtBot
) -> None:
    server.answers[NEWEST] = Answer(b"{}")
    told: list[str] = []
    real_shell.desk.notice.connect(told.append)
    updates = real_shell.desk.updates
    with qtbot.waitSignal(updates._looks.ended):
        updates.look(quietly=True)
    assert not told
    assert card.told.property("role") == "small"
