"""How the network is used, in Settings: kept at once, and what cannot be is said."""

import shutil
from pathlib import Path

import pytest
from helpers.local_hub import server
from pytestqt.qtbot import QtBot

from engine.api import discover
from engine.base.errors import UsageError
from engine.hub.settings import load
from gui.app import Shell
from gui.settings.network_card import NetworkCard
from gui.settings.privacy_card import PrivacyCard
from gui.settings.token_card import TokenCard

AUTHORITY = Path(server.__file__).parent / "certificates" / "authority.pem"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "HF_ENDPOINT",
        "HF_TOKEN",
        "HF_HUB_OFFLINE",
        "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def card(shell: Shell, qtbot: QtBot) -> NetworkCard:
    made = NetworkCard(shell.desk)
    qtbot.addWidget(made)
    return made


def test_every_change_is_kept(card: NetworkCard, shell: Shell) -> None:
    card.rate.setCurrentIndex(2)
    card.hours.setCurrentIndex(1)
    card.proxy.setText("socks5://localhost:9050")
    card.proxy.editingFinished.emit()
    kept = NetworkCard(shell.desk)
    assert kept.settings.max_rate == 2e6
    assert (kept.settings.hours_from, kept.settings.hours_until) == ("23:00", "07:00")
    assert kept.proxy.text() == "socks5://localhost:9050"
    assert kept.rate.currentText() == "2 MB/s at most"
    kept.proxy.clear()
    kept.proxy.editingFinished.emit()
    assert kept.settings.proxy == "system"
    kept.deleteLater()


def test_a_password_of_a_proxy_is_kept_and_not_shown(card: NetworkCard, shell: Shell) -> None:
    card.proxy.setText("http://ana:se:c@ret@proxy:8080")
    card.proxy.editingFinished.emit()
    assert card.proxy.text() == "http://ana:•••@proxy:8080"
    card.proxy.editingFinished.emit()  # nothing was typed
    assert discover.kept_network(shell.desk.engine.paths).proxy == "http://ana:se:c@ret@proxy:8080"
    again = NetworkCard(shell.desk)
    assert again.proxy.text() == "http://ana:•••@proxy:8080"
    again.proxy.setText("http://ana:•••@other:3128")
    again.proxy.editingFinished.emit()
    assert discover.kept_network(shell.desk.engine.paths).proxy == "http://ana:se:c@ret@other:3128"
    again.proxy.setText("http://ana@other:3128")
    again.proxy.editingFinished.emit()
    assert (again.proxy.text(), again.settings.proxy) == ("http://ana@other:3128",) * 2
    again.deleteLater()


def test_what_cannot_be_an_address_is_said_and_not_kept(card: NetworkCard, shell: Shell) -> None:
    card.hub.setText("not an address")
    card.hub.editingFinished.emit()
    assert "cannot be the hub's address" in card._error.text()
    assert not card._error.isHidden()
    assert shell.desk.engine.hub.settings.endpoint == "https://huggingface.co"
    card.hub.setText("https://mirror.example")
    card.hub.editingFinished.emit()
    assert card._error.isHidden()
    assert card.settings.endpoint == "https://mirror.example"


def test_privacy_names_every_connection(card: NetworkCard, shell: Shell, qtbot: QtBot) -> None:
    privacy = PrivacyCard(shell.desk)
    qtbot.addWidget(privacy)
    card.changed.connect(privacy.show_for)
    assert "huggingface.co learns the words of the search" in privacy.words()
    card.allowed.setCurrentIndex(1)
    assert "no connections at all" in privacy.words()


def test_a_token_is_kept_and_forgotten_and_never_shown(shell: Shell, qtbot: QtBot) -> None:
    card = TokenCard(shell.desk)
    qtbot.addWidget(card)
    card.edit.setText("hf_abcdefghij")
    card.keep.click()
    qtbot.waitUntil(lambda: "only you can read" in card.told.text())
    assert card.edit.text() == ""
    card.forget.click()
    qtbot.waitUntil(lambda: card.told.text() == "No token is kept")
    card.edit.setText("x")
    card.keep.click()
    qtbot.waitUntil(lambda: "this is no token" in card.told.text().lower())
    assert card.told.text() != "x"


def test_a_variable_that_makes_no_sense_is_said(
    shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Odd:
        @property
        def settings(self) -> object:
            raise UsageError("'x' cannot be the hub's address")

    monkeypatch.setattr(shell.desk.engine, "hub", Odd())
    card = NetworkCard(shell.desk)
    qtbot.addWidget(card)
    assert "cannot be the hub's address" in card._error.text()


def test_variables_count_and_are_not_kept(
    shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example")
    shell.desk.engine.hub = discover.hub_of(shell.desk.engine.paths)
    card, privacy = NetworkCard(shell.desk), PrivacyCard(shell.desk)
    card.changed.connect(privacy.show_for)
    for each in (card, privacy):
        qtbot.addWidget(each)
    assert card.hub.text() == "https://huggingface.co"
    assert card.overruled.text() == "The variable HF_ENDPOINT names another hub, which counts."
    assert not card.overruled.isHidden()
    card.rate.setCurrentIndex(2)
    assert "mirror.example learns the words" in privacy.words()
    kept = discover.kept_network(shell.desk.engine.paths)
    assert (kept.endpoint, kept.max_rate) == ("https://huggingface.co", 2e6)
    monkeypatch.setenv("HF_ENDPOINT", "no address")
    card.rate.setCurrentIndex(0)
    assert "cannot be the hub's address" in card._error.text()


def test_a_certificate_that_is_gone_costs_nothing_else(
    shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "company.pem"
    shutil.copy(AUTHORITY, file)
    engine = shell.desk.engine
    engine.use_network(discover.NetworkSettings(proxy="http://proxy:8080", ca_file=str(file)))
    file.unlink()

    class Odd:
        @property
        def settings(self) -> object:
            return load(engine.paths.network_file)

    engine.hub = Odd()
    card = NetworkCard(shell.desk)
    qtbot.addWidget(card)
    assert "there is no file" in card._error.text().lower()
    assert card.proxy.text() == "http://proxy:8080"
    card.certificates.forget.click()
    assert card._error.isHidden()
    kept = discover.kept_network(engine.paths)
    assert (kept.proxy, kept.ca_file) == ("http://proxy:8080", "")
