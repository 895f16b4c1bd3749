"""Which release of Chaski is the newest: one small file, read when somebody asks, and the files of
a release, fetched when somebody wants one.

What comes is looked at value by value: it can name a version, tell what is new, and lead to pages
and files below the project's own address, and can do nothing else. Nothing is ever installed.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.base.errors import CancelledError, HubError, HubFault, UsageError
from engine.base.places import writing
from engine.base.version import VERSION, rank, released_from
from engine.base.words import shown
from engine.hub.client import Hub
from engine.hub.connections import RELEASE_DOMAINS
from engine.hub.names import objection
from engine.hub.settings import NetworkSettings

MOST_BYTES = 256 << 10  # of the small file
LONGEST_S = 30.0  # that it may take to come
MOST_OF_FILE = 2 << 30  # bytes of an installer
MOST_FILES, MOST_POINTS, MOST_LETTERS = 50, 40, 500


@dataclass(frozen=True)
class Place:
    """Where releases are: the project's address, and what belongs to it beside its host. Without an
    address nobody is asked."""

    repository: str = field(default_factory=released_from)
    domains: tuple[str, ...] = RELEASE_DOMAINS

    @property
    def newest(self) -> str:
        """The address of the small file."""
        return f"{self.repository}/releases/latest/download/release.json"

    @property
    def page(self) -> str:
        """For people."""
        return f"{self.repository}/releases"

    @property
    def host(self) -> str:
        return urlsplit(self.repository).netloc

    def hub(self, settings: NetworkSettings) -> Hub:
        """Asked as the hub is: the same proxy, the same certificates, and nobody where connections
        are switched off; but without a token."""
        parts = urlsplit(self.repository)
        own = settings
        if self.repository:
            own = replace(settings, endpoint=f"{parts.scheme}://{parts.netloc}")
        return Hub(own, domains=self.domains)


@dataclass(frozen=True)
class ReleaseFile:
    """One form of a release, such as the installer for one system. Size in bytes."""

    form: str
    system: str  # as sys.platform has it
    machine: str  # x86_64 or arm64
    url: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]


@dataclass(frozen=True)
class Release:
    """`notes`: what is new, point by point, for each language there is, always in English."""

    version: str
    date: str
    page: str
    notes: Mapping[str, tuple[str, ...]]
    files: tuple[ReleaseFile, ...]

    @property
    def is_newer(self) -> bool:
        """Than what runs here."""
        return (rank(self.version) or ()) > (rank(VERSION) or ())

    def notes_in(self, language: str) -> tuple[str, ...]:
        return self.notes.get(language) or self.notes["en"]

    def file_for(self, system: str, machine: str, form: str) -> ReleaseFile | None:
        """That for this system and way of installing; None where there is none."""
        wanted = (system, machine, form)
        fitting = (f for f in self.files if (f.system, f.machine, f.form) == wanted)
        return next(fitting, None)


def ask(hub: Hub, place: Place) -> Release:
    """The newest release. Raises HubError, UsageError."""
    if not place.repository:
        raise UsageError(
            "this copy of Chaski was not built as a release and knows of no place that has newer "
            "ones; renew it where you got it"
        )
    try:
        data = b"".join(_bounded(hub, place))
    except HubError as no:
        if no.why == HubFault.MISSING:
            raise HubError(
                "{host} has no release of Chaski yet; look at {page} in a browser",
                HubFault.MISSING,
                page=place.page,
                host=place.host,
            ) from None
        raise _nonsense(place) if no.why == HubFault.LIE else no from None
    return read(data, place)


def _bounded(hub: Hub, place: Place) -> Iterator[bytes]:
    begun, size = time.monotonic(), 0
    with hub.stream(place.newest) as answer:
        for piece in answer.iter_raw():
            size += len(piece)
            if size > MOST_BYTES:
                raise _nonsense(place)
            if time.monotonic() - begun > LONGEST_S:
                raise HubError(
                    "{host} answers too slowly; try again later", HubFault.TIMEOUT, host=place.host
                )
            yield piece


def read(data: bytes, place: Place) -> Release:
    """The release that the small file tells of. Raises HubError for what makes no sense; what a
    later version tells beside it is passed over."""
    try:
        found = json.loads(data)
        files = [_file(each, place) for each in found["files"][:MOST_FILES]]
        made = Release(
            version=found["version"],
            date=_text(found["date"], 10),
            page=_address(found["page"], f"{place.repository}/"),
            notes={str(lang): _points(points) for lang, points in found["notes"].items()},
            files=tuple(files),
        )
        if not isinstance(made.version, str) or rank(made.version) is None or not made.notes["en"]:
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _nonsense(place) from None
    return made


def _file(told: dict[str, Any], place: Place) -> ReleaseFile:
    size, sha256 = told["size"], _text(told["sha256"], 64).lower()
    url = _address(told["url"], f"{place.repository}/releases/download/")
    sound = type(size) is int and 0 < size <= MOST_OF_FILE
    if not sound or len(bytes.fromhex(sha256)) != 32 or objection(url.rpartition("/")[2]):
        raise ValueError
    form, system, machine = (_text(told[name], 40) for name in ("form", "system", "machine"))
    return ReleaseFile(form, system, machine, url, size, sha256)


def _text(told: object, most: int = MOST_LETTERS) -> str:
    if not isinstance(told, str) or not 0 < len(told) <= most:
        raise ValueError
    return shown(told, most)


def _points(told: list[object]) -> tuple[str, ...]:
    return tuple(_text(point) for point in list(told)[:MOST_POINTS])


def _address(told: object, beginning: str) -> str:
    """One below the project's own, in plain letters."""
    text = _text(told)
    rest = text.removeprefix(beginning)
    plain = rest.isascii() and not set(rest) & set("\\ %?#@\"'<>") and ".." not in rest
    if rest == text or not plain:
        raise ValueError
    return text


def _nonsense(place: Place) -> HubError:
    return HubError(
        "what {host} says of the newest release makes no sense; look at {page} in a browser",
        HubFault.LIE,
        page=place.page,
        host=place.host,
    )


class Fetch:
    """One file of a release on its way into a folder; `done`: bytes that have come. Runs in a
    thread of its own; `stop` may be called from any."""

    def __init__(self, file: ReleaseFile, folder: Path, place: Place) -> None:
        self.file, self.done = file, 0
        self._folder, self._place = folder, place
        self._stopped = False

    def stop(self) -> None:
        self._stopped = True

    def run(self, hub: Hub) -> Path:
        """The whole file, held against its checksum. One that is there already is not fetched
        again; another of its name stays. Raises ChaskiError."""
        out = self._free_name()
        if out.exists():
            return out
        digest = hashlib.sha256()
        with writing(out) as part:
            with hub.stream(self.file.url) as answer:
                for piece in answer.iter_raw():
                    self.done += len(piece)
                    if self._stopped:
                        raise CancelledError("stopped")
                    if self.done > self.file.size:
                        break
                    digest.update(piece)
                    part.write(piece)
            if (self.done, digest.hexdigest()) != (self.file.size, self.file.sha256):
                raise HubError(
                    "what came is not the file that {host} announced, so it was thrown away; try "
                    "again, or get it at {page}",
                    HubFault.LIE,
                    page=self._place.page,
                    host=self._place.host,
                )
        return out

    def _free_name(self) -> Path:
        """Its own name, or one beside it where another file has that."""
        plain = Path(self.file.name)
        for n in range(1, 100):
            name = plain.name if n == 1 else f"{plain.stem} ({n}){plain.suffix}"
            out = self._folder / name
            if not out.exists() or self._is_it(out):
                return out
        return self._folder / plain.name

    def _is_it(self, path: Path) -> bool:
        if not path.is_file() or path.stat().st_size != self.file.size:
            return False
        with path.open("rb") as there:
            return hashlib.file_digest(there, "sha256").hexdigest() == self.file.sha256
