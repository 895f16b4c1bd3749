"""The user's token for a hub: in the system's keyring, or in a file that the user alone may read.

It is what opens gated and private repositories, and is sent to the hub itself and nowhere else.
Invariant: no sentence, record or log of ours holds a token.
"""

import json
import logging
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.base.environment import variable
from engine.base.errors import ChaskiError, UsageError
from engine.base.paths import private
from engine.base.reading import read_file, reason

SERVICE = "Chaski"
KEYRING, FILE, VARIABLE, NOWHERE = "keyring", "file", "variable", ""
SHAPE = re.compile(r"[\x21-\x7e]{4,500}")
MOST = 1 << 16
log = logging.getLogger(__name__)


class TokenStore:
    """Tokens by the name of their hub."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, host: str) -> str | None:
        """The token for this hub; a variable HF_TOKEN goes first."""
        return self._found(host)[1]

    def where(self, host: str) -> str:
        """Where it is kept: "variable", "keyring", "file", or "" if there is none."""
        return self._found(host)[0]

    def set(self, host: str, token: str) -> str:
        """Keeps a token; answers where. Raises UsageError for what cannot be one."""
        token = token.strip()
        if not SHAPE.fullmatch(token):
            raise UsageError(
                "this is no token; copy it whole from {page}, it begins with hf_",
                page=page_of(host),
            )
        self._forget_file(host)
        ring = _keyring()
        if ring is not None:
            try:
                ring.set_password(SERVICE, host, token)
                return KEYRING
            except Exception as error:  # locked, refused, or too small for it
                log.debug("the keyring takes nothing: %s", type(error).__name__)
        self._write({**self._read(), host: token})
        return FILE

    def forget(self, host: str) -> None:
        """No trace of it stays here; on the hub it is valid until it is revoked there."""
        ring = _keyring()
        if ring is not None:
            with suppress(Exception):  # there was none
                ring.delete_password(SERVICE, host)
        self._forget_file(host)

    def _found(self, host: str) -> tuple[str, str | None]:
        for where, find in (
            (VARIABLE, _of_variable),
            (KEYRING, _of_keyring),
            (FILE, self._of_file),
        ):
            token = find(host)
            if token is not None and SHAPE.fullmatch(token):
                return where, token
        return NOWHERE, None

    def _of_file(self, host: str) -> str | None:
        return self._read().get(host)

    def _forget_file(self, host: str) -> None:
        kept = self._read()
        if host in kept:
            self._write({name: token for name, token in kept.items() if name != host})

    def _read(self) -> dict[str, str]:
        with suppress(ChaskiError, ValueError, RecursionError):
            found = json.loads(read_file(self._file, MOST))
            if isinstance(found, dict):
                return {str(k): v for k, v in found.items() if isinstance(v, str)}
        return {}

    def _write(self, tokens: dict[str, str]) -> None:
        write_secret(self._file, json.dumps(tokens))


def page_of(host: str) -> str:
    """Where a person makes a token."""
    return f"https://{host}/settings/tokens"


def _of_variable(host: str) -> str | None:
    return variable("HF_TOKEN") or None


def _of_keyring(host: str) -> str | None:
    ring = _keyring()
    with suppress(Exception):
        return None if ring is None else ring.get_password(SERVICE, host)
    return None


def _keyring() -> Any:
    """The system's keyring, or None where it has none that keeps anything."""
    try:
        import keyring
        from keyring.backends import fail, null

        ring = keyring.get_keyring()
        return None if isinstance(ring, fail.Keyring | null.Keyring) else ring
    except Exception as error:  # whatever a system's own parts raise
        log.debug("no keyring: %s", type(error).__name__)
        return None


def write_secret(file: Path, text: str) -> None:
    """Raises UsageError where it cannot be written; what was there before then stays."""
    part = file.with_name(f".{file.name}.{os.urandom(4).hex()}")
    try:
        private(file.parent)
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, file)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise UsageError(
            "{file} cannot be written: {reason}", file=file, reason=reason(error)
        ) from None
