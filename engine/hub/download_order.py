"""The job behind an order: its files side by side, as one bar with an honest end.

Invariant: nothing of an order has its name unless it is whole and right; what is missing of a
stopped one is all that a later run fetches.
"""

import shutil
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

from engine.base.errors import ChaskiError, FormatError
from engine.base.events import Event, Notice, Progress, Stage, Transfer
from engine.base.jobs import Rest
from engine.base.pace import Pace
from engine.base.words import quoted
from engine.hub.download_file import FileDownload, Means
from engine.hub.download_journal import BusyError
from engine.hub.download_part import DownloadPart
from engine.hub.download_records import DownloadOrder, Fetched
from engine.hub.names import sound

SIDE_BY_SIDE = 3  # files of one order
SPARE = 64 << 20  # bytes that stay free on the disk
TOLD_EVERY = 0.2  # seconds
SPACE_EVERY = 5.0


def fetching(order: DownloadOrder, means: Means) -> Generator[Event | None, None, Fetched]:
    """Fetches all files. Tells Transfer and Notice. Raises ChaskiError."""
    check_names(order)
    files = [
        FileDownload(order, f, order.folder.joinpath(*f.path.split("/")), means)
        for f in order.files
    ]
    told = _Told(order, files)
    check_space(order, files)
    yield told.transfer(Stage.CONNECTING)
    yield from _together(files, told)
    paths = tuple(file.out for file in files)
    return Fetched(paths, order.bytes, sum(file.fetched for file in files))


def remove_parts(order: DownloadOrder) -> None:
    """What is there of files that are not whole goes; only what has a journal of ours, and nobody
    fetches just now. Raises OSError."""
    check_names(order)
    for file in order.files:
        out = order.folder.joinpath(*file.path.split("/"))
        if out.with_name(f"{out.name}.part.journal").is_file():
            with suppress(BusyError):
                DownloadPart(out, file, order.identity(file)).discard()


def check_names(order: DownloadOrder) -> None:
    """A hub's words are untrusted: all files lie below the order's folder, each by itself. Raises
    FormatError."""
    for path, why in sound(file.path for file in order.files)[1].items():
        raise FormatError(
            "{repo} names a file {file}, which is not kept: {why}; choose other files",
            repo=order.repo,
            file=quoted(path, 120),
            why=why,
        )


def check_space(order: DownloadOrder, files: list[FileDownload]) -> None:
    """Is there room for what is missing? Raises ChaskiError."""
    missing = sum(_missing(file) for file in files)
    free = _free(order.folder)
    if free is not None and missing + SPARE > free:
        raise ChaskiError(
            "{title} needs {missing:file} more on the disk of {folder}, where {free:file} are "
            "free; make room or choose another folder",
            title=order.title,
            missing=missing,
            folder=order.folder,
            free=max(0, free - SPARE),
        )


def _missing(file: FileDownload) -> int:
    for path in (file.out, file.out.with_name(f"{file.out.name}.part")):
        with suppress(OSError):
            return max(0, file.file.size - path.stat().st_size)
    return file.file.size


def _free(folder: Path) -> int | None:
    """Bytes on the disk where a folder is or will be; None where nobody knows."""
    for place in (folder, *folder.parents):
        with suppress(OSError):
            return shutil.disk_usage(place).free
    return None


def _together(files: list[FileDownload], told: "_Told") -> Generator[Event | None, None, None]:
    """A step of each in turn, a few at a time; rests only when all of them do."""
    waiting = list(reversed(files))
    running = list[Generator[Event | None, None, None]]()
    rests = 0
    try:
        while waiting or running:
            while waiting and len(running) < SIDE_BY_SIDE:
                running.append(waiting.pop().run())
            job = running.pop(0)
            try:
                event = next(job)
            except StopIteration:
                rests = 0
                continue
            running.append(job)
            if isinstance(event, Rest):
                rests += 1
                if rests >= len(running):
                    rests = 0
                    yield from told.now()
                    yield event
                continue
            rests = 0
            yield from told.heard(event)
    finally:
        for job in running:
            job.close()


class _Told:
    """What all files of an order come to: one bar, one speed, one time left."""

    def __init__(self, order: DownloadOrder, files: list[FileDownload]) -> None:
        self._order, self._files = order, files
        self._pace = Pace()
        self._last = 0.0
        self._space_seen = time.monotonic()

    def heard(self, event: Event | None) -> Generator[Event | None, None, None]:
        if isinstance(event, Notice):
            yield event
        elif isinstance(event, Progress):
            yield from self.now(event)
        else:
            yield event

    def now(self, event: Progress | None = None) -> Generator[Event | None, None, None]:
        """A word now and then; a step of the lane all the same."""
        at = time.monotonic()
        if at - self._last < TOLD_EVERY:
            yield None
            return
        self._last = at
        self._check_space(at)
        busy = [f for f in self._files if f.done < f.file.size]
        stages = {f.stage for f in busy}
        moving = Stage.DOWNLOADING in stages
        stage = Stage.DOWNLOADING if moving else event.stage if event else self._stage(busy)
        what = event.what if event is not None and not moving else ""
        yield self.transfer(stage, what)

    def transfer(self, stage: Stage, what: str = "") -> Transfer:
        fetched = sum(file.fetched for file in self._files)
        done = sum(file.done for file in self._files)
        self._pace.note(fetched)
        rate = self._pace.rate
        missing = self._order.bytes - done
        left = None if stage is not Stage.DOWNLOADING else self._pace.seconds_left(missing)
        waits = [f.wait_until for f in self._files if f.wait_until]
        waiting = stage in (Stage.WAITING_HUB, Stage.WAITING_NETWORK) and waits
        wait = max(0.0, min(waits) - time.monotonic()) if waiting else 0.0
        what = what or self._order.title
        return Transfer(
            stage, done, self._order.bytes, what=what, rate=rate, seconds_left=left, wait=wait
        )

    def _stage(self, busy: list[FileDownload]) -> Stage:
        return busy[0].stage if busy else Stage.CHECKING

    def _check_space(self, now: float) -> None:
        if now - self._space_seen > SPACE_EVERY:
            self._space_seen = now
            check_space(self._order, self._files)
