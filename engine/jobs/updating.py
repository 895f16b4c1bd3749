"""Looking for a newer release, and fetching its installer: only when a person asks for it, or has
allowed a look once a week. Nothing is ever installed or started from here.
"""

import json
import platform
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.events import Done, Progress, Stage
from engine.base.jobs import Job
from engine.base.paths import Paths, portable_home
from engine.base.reading import read_file
from engine.base.small_files import replaced
from engine.host import Ticket
from engine.hub.apart import HubQuestion
from engine.hub.settings import load
from engine.hub.updates import Fetch, Place, Release, ReleaseFile, ask

WEEK = 7 * 24 * 3600.0
MOST = 4096  # bytes of the file that remembers the last look
MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}
DEBIAN = "/usr/lib/chaski"  # where the Debian package puts the program
Work = Callable[[Ticket], Job]


def looking_for_update(paths: Paths, place: Place = Place()) -> Work:  # noqa: B008 (frozen)
    """Asks which release is the newest: tells Done(Release). Raises HubError, UsageError."""

    def work(ticket: Ticket) -> Job:
        with place.hub(load(paths.network_file)) as hub:
            found = yield from HubQuestion(hub, lambda hub: ask(hub, place), ticket.wake).answer()
        _remember(paths)
        yield Done(found)
        return found

    return work


def fetching_update(
    paths: Paths,
    file: ReleaseFile,
    folder: Path,
    place: Place = Place(),  # noqa: B008 (frozen)
) -> Work:
    """Puts one file of a release into a folder: tells Progress and Done(Path) once it is whole and
    its checksum the announced one. Raises ChaskiError; what failed leaves nothing."""

    def work(ticket: Ticket) -> Job:
        fetch = Fetch(file, folder, place)
        with place.hub(load(paths.network_file)) as hub:
            question = HubQuestion(hub, fetch.run, ticket.wake)
            try:
                waiting = question.answer()
                while True:
                    try:
                        rest = next(waiting)
                    except StopIteration as end:
                        yield Done(end.value)
                        return end.value
                    yield Progress(Stage.DOWNLOADING, fetch.done, file.size, what=file.name)
                    yield rest
            finally:
                fetch.stop()

    return work


def update_is_due(paths: Paths, now: float | None = None) -> bool:
    """Whether nobody has looked for a week; a clock that went back counts as such."""
    since = (time.time() if now is None else now) - _looked(paths)
    return not 0 <= since < WEEK


def _looked(paths: Paths) -> float:
    """Seconds since 1970; 0 where that is not known."""
    with suppress(ChaskiError, ValueError, RecursionError, TypeError):
        told = json.loads(read_file(paths.updates_file, MOST))
        return float(told["looked"])
    return 0.0


def _remember(paths: Paths) -> None:
    replaced(paths.updates_file, json.dumps({"looked": time.time()}))


def file_for_here(release: Release) -> ReleaseFile | None:
    """The form of it that this copy was installed as; None where it was in none that there is."""
    machine = platform.machine().lower()
    return release.file_for(sys.platform, MACHINES.get(machine, machine), form_here())


def form_here() -> str:
    """How this copy came here; "" where something else renews it (a folder of sources, a store)."""
    if not getattr(sys, "frozen", False):
        return ""
    if sys.platform == "win32":
        return "portable" if portable_home() else "installer"
    if sys.platform == "darwin":
        return "dmg"
    if Path("/.flatpak-info").exists():
        return ""
    return "deb" if Path(sys.executable).resolve().is_relative_to(DEBIAN) else "run"
