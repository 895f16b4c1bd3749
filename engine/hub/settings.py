"""How the network is reached: one frozen record, kept in a small file, overruled by variables.

Invariant: a record that passed `checked` names addresses that can be used as they stand.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.base.catalogue import Words
from engine.base.environment import variable
from engine.base.errors import ChaskiError, UsageError
from engine.base.paths import user_path
from engine.base.reading import read_file
from engine.hub.download_limits import Hours, Limits

HUGGING_FACE = "https://huggingface.co"
SYSTEM, NONE = "system", "none"
HIDDEN = "•••"  # in the place of a password
PROXIES = ("http", "https", "socks5", "socks5h")
MOST = 1 << 16  # bytes of the file
MOST_RATE = 1e15  # a number of more than that is none of ours
LONGEST = 2000  # letters of an address


@dataclass(frozen=True)
class NetworkSettings:
    """`proxy`: "system" (what the system and its variables say), "none", or an address of its own;
    `ca_file`: certificates to trust beside the system's; `timeout`: seconds of silence that are
    borne; `allowed`: whether there may be any connection at all; `max_rate`: bytes/s of all
    downloads together, 0 for none; `hours_from` and `hours_until`: when downloads may run, such as
    23:00 and 07:00, both empty for always."""

    endpoint: str = HUGGING_FACE
    proxy: str = SYSTEM
    ca_file: str = ""
    timeout: float = 20.0
    allowed: bool = True
    max_rate: float = 0.0
    hours_from: str = ""
    hours_until: str = ""

    @property
    def host(self) -> str:
        """The hub's name for people."""
        return urlsplit(self.endpoint).netloc

    @property
    def is_mirror(self) -> bool:
        return self.endpoint != HUGGING_FACE


def checked(settings: NetworkSettings) -> NetworkSettings:
    """The same in its plainest form. Raises UsageError for what cannot be an address."""
    endpoint = _address(settings.endpoint, ("http", "https"), Words("the hub's address"))
    proxy = settings.proxy.strip() or SYSTEM
    if proxy not in (SYSTEM, NONE):
        proxy = _address(proxy, PROXIES, Words("the proxy"), credentials=True)
    if settings.ca_file and not user_path(settings.ca_file).is_file():
        raise UsageError(
            "there is no file {ca_file} with certificates; choose another", ca_file=settings.ca_file
        )
    if not 0.05 <= settings.timeout <= 3600:
        raise UsageError("the network's timeout must be between a moment and an hour (in seconds)")
    limits_of(settings)
    return replace(settings, endpoint=endpoint, proxy=proxy)


def limits_of(settings: NetworkSettings) -> tuple[float, Hours | None]:
    """The speed limit and the hours for downloads. Raises UsageError."""
    Limits(settings.max_rate)
    if not (settings.hours_from or settings.hours_until):
        return settings.max_rate, None
    return settings.max_rate, Hours.parsed(settings.hours_from, settings.hours_until)


def _address(text: str, schemes: tuple[str, ...], what: str, credentials: bool = False) -> str:
    text = text.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        sound = parts.scheme in schemes and parts.hostname and (parts.port or 1) > 0
        plain = not (parts.query or parts.fragment) and text.isprintable() and " " not in text
        named = credentials or not (parts.username or parts.password)
    except ValueError:
        sound = plain = named = False
    if not (sound and plain and named) or len(text) > LONGEST:
        raise UsageError(
            "{text!r} cannot be {what}; write it as {scheme}://host or {scheme_2}://host:port",
            text=without_credentials(text),
            what=what,
            scheme=schemes[0],
            scheme_2=schemes[-1],
        )
    return text


def without_credentials(address: str) -> str:
    """An address for people: a name and password in it stay secret."""
    scheme, found, rest = address[:300].rpartition("://")
    return scheme + found + rest.rpartition("@")[2]


def hidden(address: str) -> str:
    """An address to be shown and changed: HIDDEN stands for the password in it."""
    scheme, found, rest = address.rpartition("://")
    user, at, host = rest.rpartition("@")
    name, colon, _ = user.partition(":")
    return f"{scheme}{found}{name}{colon}{HIDDEN if colon else ''}{at}{host}"


def revealed(shown: str, kept: str) -> str:
    """What was shown by `hidden`, changed perhaps, with the password of `kept` in its place."""
    user = kept.rpartition("://")[2].rpartition("@")[0]
    return shown.replace(HIDDEN, user.partition(":")[2])


def load(file: Path) -> NetworkSettings:
    """What was kept, with what variables say on top (HF_ENDPOINT, HF_HUB_OFFLINE, SSL_CERT_FILE).

    Raises UsageError where what is kept cannot be read: it may have said that nothing is to be
    reached, or only through a proxy.
    """
    settings, complaint = _kept(file)
    if complaint:
        raise UsageError(
            "the network is not used: {complaint} in {file}; choose in Settings, under Network, "
            "how it may be used, or remove this file",
            complaint=complaint,
            file=file,
        )
    return with_variables(settings)


def kept(file: Path) -> NetworkSettings:
    """What the user chose, without the variables, and whether or not it can still be used: a file
    of certificates may be gone by now. What cannot be read is as it usually is."""
    return _kept(file)[0]


def _kept(file: Path) -> tuple[NetworkSettings, str]:
    """And what is wrong with it, for a sentence; "" for nothing."""
    if not file.exists():
        return NetworkSettings(), ""
    found = _told(file)
    if found is None:
        return NetworkSettings(), Words("the settings cannot be read")
    usual = {each.name: each.default for each in fields(NetworkSettings) if each.name in found}
    sound = {name: found[name] for name, value in usual.items() if _is(found[name], type(value))}
    odd = next((name for name in usual if name not in sound), "")
    return NetworkSettings(**sound), Words("{odd} makes no sense", odd=odd) if odd else ""


def _told(file: Path) -> dict[str, Any] | None:
    """What the file says; None where it is none of ours."""
    with suppress(ChaskiError, ValueError, RecursionError):
        found = json.loads(read_file(file, MOST))
        return found if isinstance(found, dict) else None
    return None


def with_variables(settings: NetworkSettings) -> NetworkSettings:
    """With what variables say on top. Raises UsageError for what makes no sense."""
    settings = replace(
        settings,
        endpoint=variable("HF_ENDPOINT") or settings.endpoint,
        ca_file=settings.ca_file or _certificate_file(),
        allowed=settings.allowed
        and variable("HF_HUB_OFFLINE").upper() not in ("1", "ON", "YES", "TRUE"),
    )
    return checked(settings)


def _certificate_file() -> str:
    """What other programs are told to trust; some bear a folder there, which is passed over."""
    named = variable("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    return "" if named and user_path(named).is_dir() else named


def save(settings: NetworkSettings, file: Path) -> None:
    """Keeps them, readable by the user alone: a proxy's address may hold a password. Raises
    UsageError also for a file of certificates that holds none."""
    from engine.hub.certificates import check_certificates
    from engine.hub.tokens import write_secret

    if settings.ca_file:
        check_certificates(settings.ca_file)
    found, new = _told(file), asdict(checked(settings))
    if found is None and file.exists():  # perhaps a comma too many of somebody's own
        with suppress(ChaskiError):
            text = read_file(file, MOST).decode("utf-8", "replace")
            write_secret(file.with_name(f"{file.stem}.damaged{file.suffix}"), text)
    # What a later version keeps there is not ours to forget.
    write_secret(file, json.dumps({**(found or {}), **new}, indent=1))


def _is(value: object, kind: type) -> bool:
    """Whether this can be kept in a field of that kind."""
    if kind is not float:
        return isinstance(value, kind)
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < MOST_RATE
