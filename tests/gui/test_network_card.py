"""How the network is used, in Settings: kept at once, and what cannot be is said."""

import pytest
from pytestqt.qtbot import QtBot

from engine.base.errors import UsageError
from gui.app import Shell
from gui.settings.network_card import NetworkCard, PrivacyCard, TokenCard


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE"):
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
    assert "huggingface.co learns the words of the search" in privacy._words.text()
    card.allowed.setCurrentIndex(1)
    assert "no connections at all" in privacy._words.text()


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
