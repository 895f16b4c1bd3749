"""Tokens: in the system's keyring, or in a file for the user alone; in nothing else."""

import logging
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from engine.base.errors import UsageError
from engine.hub.tokens import SERVICE, TokenStore

HOST, TOKEN = "huggingface.co", "hf_abcdefghijklmnop"


class Memory(KeyringBackend):
    """A keyring as a system has it, in memory."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept = dict[tuple[str, str], str]()
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]

    def _check(self) -> None:
        if self.locked:
            raise KeyringLocked


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_the_keyring_keeps_it(tmp_path: Path) -> None:
    ring, tokens = Memory(), TokenStore(tmp_path / "tokens.json")
    keyring.set_keyring(ring)
    assert (tokens.get(HOST), tokens.where(HOST)) == (None, "")
    assert tokens.set(HOST, f" {TOKEN}\n") == "keyring"
    assert ring.kept == {(SERVICE, HOST): TOKEN}
    assert (tokens.get(HOST), tokens.where(HOST)) == (TOKEN, "keyring")
    assert tokens.get("another.host") is None
    assert not (tmp_path / "tokens.json").exists()
    tokens.forget(HOST)
    tokens.forget(HOST)
    assert not ring.kept
    assert tokens.get(HOST) is None


def test_a_file_where_there_is_no_keyring(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    keyring.set_keyring(NoKeyring())
    tokens = TokenStore(tmp_path / "deep" / "tokens.json")
    assert tokens.set(HOST, TOKEN) == "file"
    tokens.set("mirror", "hf_another")
    file = tmp_path / "deep" / "tokens.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o077 == 0
    assert (tokens.get(HOST), tokens.where(HOST)) == (TOKEN, "file")
    tokens.forget(HOST)
    assert (tokens.get(HOST), tokens.get("mirror")) == (None, "hf_another")
    assert TOKEN not in file.read_text()
    assert TOKEN not in caplog.text


def test_a_locked_keyring_and_one_that_comes_later(tmp_path: Path) -> None:
    ring, tokens = Memory(), TokenStore(tmp_path / "tokens.json")
    ring.locked = True
    keyring.set_keyring(ring)
    assert tokens.set(HOST, TOKEN) == "file"
    ring.locked = False
    assert tokens.get(HOST) == TOKEN
    assert tokens.set(HOST, "hf_new_one") == "keyring"
    assert TOKEN not in (tmp_path / "tokens.json").read_text()


def test_a_variable_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(NoKeyring())
    tokens = TokenStore(tmp_path / "tokens.json")
    tokens.set(HOST, TOKEN)
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_shell")
    assert (tokens.get(HOST), tokens.where(HOST)) == ("hf_of_the_shell", "variable")


@pytest.mark.parametrize("odd", ["", "a b", "hf_\n\nX: y", "hf_ü", "x" * 900, "abc"])
def test_what_is_no_token(tmp_path: Path, odd: str) -> None:
    keyring.set_keyring(NoKeyring())
    with pytest.raises(UsageError, match="no token") as refused:
        TokenStore(tmp_path / "tokens.json").set(HOST, odd)
    assert odd.strip() == "" or odd not in str(refused.value) or len(odd) < 5


def test_a_file_that_is_none_of_ours(tmp_path: Path) -> None:
    keyring.set_keyring(NoKeyring())
    file = tmp_path / "tokens.json"
    for odd in ("", "[]", '{"huggingface.co": 7}', "no json", '{"huggingface.co": "a b"}'):
        file.write_text(odd)
        assert TokenStore(file).get(HOST) is None
