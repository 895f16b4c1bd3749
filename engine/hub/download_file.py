"""The job behind one file: what is there is looked through, what is missing fetched, the whole held
against the hub's checksum, and only then it has its name.

Invariant: a byte that is on the disk and is not doubted is never fetched again.
"""

import re
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from engine.base.errors import ChaskiError, HubError, UsageError
from engine.base.events import Event, Notice, Progress, Stage, Transfer
from engine.base.jobs import Rest
from engine.base.places import check_replaceable
from engine.base.reading import reason
from engine.hub.apart import HubQuestion
from engine.hub.client import Hub
from engine.hub.download_limits import Limits
from engine.hub.download_part import STEP, DownloadPart, Span, digest_for
from engine.hub.download_patience import Patience, Trouble, trouble_of
from engine.hub.download_records import ChangedError, DownloadOrder
from engine.hub.download_stream import LOAD, Reply, Stream
from engine.hub.records import HubFile

T = TypeVar("T")
Steps = Generator[Event | None, None, None]
SETTLE_S = 5.0  # seconds of a download that a loss of power may cost
SAID_AFTER = 3  # failures in a row; then it is said what they are
LONGEST_REST = 0.25  # until a job looks up from its rest; `ring` ends it at once
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass
class Means:
    """What all files of all downloads share. `ring`: wakes the lane, from any thread; `threads`:
    those that may not have ended yet."""

    hub: Hub
    limits: Limits = field(default_factory=Limits)
    ring: Callable[[], None] = lambda: None
    patience: Callable[[], Patience] = Patience
    threads: list[Stream | HubQuestion[Any]] = field(default_factory=list)

    def stream(self, url: str, start: int, stop: int | None) -> Stream:
        made = Stream(self.hub, url, start, stop, self.ring)
        self._add(made)
        return made

    def ask(self, ask: Callable[[Hub], T]) -> Generator[Event | None, None, T]:
        return self.begin(ask).answer()

    def begin(self, work: Callable[[Hub], T]) -> HubQuestion[T]:
        """Something slow, in a thread of its own."""
        question = HubQuestion(self.hub, work, self.ring)
        self._add(question)
        return question

    def _add(self, thread: Stream | HubQuestion[Any]) -> None:
        self.threads[:] = [*(t for t in self.threads if not t.gone()), thread]


class FileDownload:
    """One file of an order. `done`: bytes of it that are there; `fetched`: that came just now."""

    def __init__(self, order: DownloadOrder, file: HubFile, out: Path, means: Means) -> None:
        self.order, self.file, self.out = order, file, out
        self.done = self.fetched = 0
        self.stage = Stage.CONNECTING
        self.wait_until = 0.0  # while nothing comes, by time.monotonic
        self._means = means
        self._patience = means.patience()
        self._settled = time.monotonic()
        self._syncing: HubQuestion[None] | None = None

    def run(self) -> Steps:
        """Tells Progress (of what is read on the disk), Transfer and Notice; rests while there is
        nothing to do. Raises ChaskiError; ChangedError where the hub has another file by now."""
        check_replaceable(self.out)
        if self.out.exists():
            yield from self._there_already()
            return
        part = self._part()
        try:
            if part.notice:
                yield Notice(part.notice)
            yield from self._fetched(part)
            yield from self._sync(part).answer()
            part.finish()
        except OSError as error:
            raise ChaskiError(
                "{part} cannot be kept: {reason}", part=part.path, reason=reason(error)
            ) from None
        finally:
            if self._syncing is not None:
                self._syncing.gone(None)
            part.close()

    # What is there

    def _part(self) -> DownloadPart:
        try:
            self.out.parent.mkdir(parents=True, exist_ok=True)
            key = self.order.identity(self.file)
            return DownloadPart(self.out, self.file, key)
        except OSError as error:
            raise ChaskiError(
                "{parent} cannot be written: {reason}; choose another folder",
                parent=self.out.parent,
                reason=reason(error),
            ) from None

    def _there_already(self) -> Steps:
        """The file has its name: nothing is fetched if it is the right one, nothing replaced."""
        digest, wanted = digest_for(self.file)
        at = 0
        if self.out.stat().st_size == self.file.size:
            with self.out.open("rb") as file:
                while data := file.read(STEP):
                    digest.update(data)
                    at += len(data)
                    yield Progress(Stage.CHECKING, at, self.file.size, what=self.out.name)
        if at != self.file.size or (wanted and digest.hexdigest() != wanted):
            raise UsageError(
                "{file} exists already and is another file than the hub's; move it away, or "
                "choose another folder",
                file=self.out,
            )
        self.done = self.file.size

    # What is missing

    def _fetched(self, part: DownloadPart) -> Steps:
        """Until all is there and right."""
        yield from self._looked(part)
        self._patience.has_moved = part.length > 0  # an earlier run reached the hub
        yield from self._mended(part, part.damaged)
        yield from self._brought(part)
        if not part.is_right and (doubted := part.doubted()):
            yield Notice(
                "{file} has another checksum than the hub's; what is doubtful of it is fetched "
                "again",
                file=self.out.name,
            )
            yield from self._mended(part, doubted)
        if not part.is_right:
            yield Notice(
                "{file} has another checksum than the hub's; it is fetched anew", file=self.out.name
            )
            part.begin_anew()
            yield from self._brought(part)
        if not part.is_right:
            part.discard()
            raise ChaskiError(
                "what came as {file} has twice had another checksum than the hub's record; "
                "nothing of it is kept. Try again later, or over another network",
                file=self.out.name,
            )

    def _looked(self, part: DownloadPart) -> Steps:
        for told in part.look():
            self.stage, self.done = Stage.CHECKING_PART, told.done
            yield told
        self.done = part.length

    def _mended(self, part: DownloadPart, spans: list[Span]) -> Steps:
        """Fetches pieces anew that are not what they should be."""
        for span in list(spans):
            at = span[0]
            while at < span[1]:
                piece = bytearray()
                stop = part.span_end(at)
                yield from self._over_the_net(at, stop, piece.extend)
                part.rewrite((at, stop), [bytes(piece)])
                at = stop
        if spans:
            yield from self._looked(part)

    def _brought(self, part: DownloadPart) -> Steps:
        """All bytes behind what is there."""

        def keep(data: bytes) -> None:
            part.append(data)
            self.done = part.length
            if time.monotonic() - self._settled > SETTLE_S:
                self._sync(part)

        yield from self._over_the_net(part.length, self.file.size, keep)

    def _sync(self, part: DownloadPart) -> HubQuestion[None]:
        """Begins to put on the disk what came: connections go on meanwhile, so that little waits in
        memory, which a kill would cost."""
        if self._syncing is not None:
            self._syncing.check()
        self._settled = time.monotonic()
        self._syncing = self._means.begin(lambda hub: part.sync())
        return self._syncing

    # The connection

    def _over_the_net(self, start: int, stop: int, keep: Callable[[bytes], object]) -> Steps:
        """Bytes start to stop, in as many tries as it takes."""
        came = _Came(start, stop, keep)
        while came.at < stop:
            yield from self._until_open_hours()
            try:
                yield from self._one_try(came)
            except (Trouble, HubError) as error:
                moved = self._patience.has_moved
                yield from self._waited(trouble_of(error, has_moved=moved))
        self.stage = Stage.DOWNLOADING

    def _one_try(self, came: "_Came") -> Steps:
        hub = self._means.hub
        url = hub.address(self.order.repo, self.file.path, self.order.commit)
        stop = None if came.stop == self.file.size else came.stop
        self.stage = Stage.CONNECTING
        stream = self._means.stream(url, came.at, stop)
        try:
            yield from self._answered(stream)
            assert stream.reply is not None
            came.skip = self._checked(stream.reply, came)
            yield from self._taken(stream, came)
        finally:
            stream.close()

    def _answered(self, stream: Stream) -> Steps:
        """Until there is an answer. Raises Trouble."""
        until = time.monotonic() + self._patience.stall
        while stream.reply is None:
            if stream.over:
                stream.take()
                if stream.reply is None:
                    raise self._broken(stream)
                return
            if time.monotonic() > until:
                raise self._stalled()
            yield Rest(LONGEST_REST)

    def _taken(self, stream: Stream, came: "_Came") -> Steps:
        """Everything that comes, as fast as it may."""
        until = time.monotonic() + self._patience.stall
        self.stage = Stage.DOWNLOADING
        while came.at < came.stop:
            if self._means.limits.closed_for():
                return
            if pause := self._means.limits.wait():
                until = time.monotonic() + self._patience.stall
                yield Rest(min(pause, LONGEST_REST))
                continue
            if pieces := stream.take(1 if self._means.limits.max_rate else LOAD):
                until = time.monotonic() + self._patience.stall
                for piece in pieces:
                    self._took(piece, came)
                yield self._told()
            elif stream.over:
                raise self._broken(stream)
            elif time.monotonic() > until:
                raise self._stalled()
            else:
                yield Rest(LONGEST_REST)

    def _took(self, piece: bytes, came: "_Came") -> None:
        self._means.limits.took(len(piece))
        self.fetched += len(piece)
        if came.take(piece):
            self._patience.moved()

    def _checked(self, reply: Reply, came: "_Came") -> int:
        """Bytes to pass over before the wanted ones come. Raises Trouble and ChangedError where the
        answer is not the file's."""
        self._check_etag(reply)
        if reply.status == 200:
            self._check_length(reply, 0, self.file.size)
            return came.at
        found = RANGE.fullmatch(reply.headers.get("content-range", ""))
        if found is None or int(found[1]) != came.at:
            raise Trouble(
                "{host} sends another part of the file than asked", again=True, host=self._host
            )
        if found[3] != "*" and int(found[3]) != self.file.size:
            raise self._other_size(int(found[3]))
        return 0

    def _check_etag(self, reply: Reply) -> None:
        """The same file still? Only names of the same kind as the record's can be compared."""
        told = reply.headers.get("x-linked-etag") or reply.headers.get("etag", "")
        told = told.removeprefix("W/").strip('"').lower()
        known = self.file.sha256 or self.file.blob
        if known and len(told) == len(known) and told != known.lower():
            raise ChangedError("{file} has changed on the hub", file=self.file.path)

    def _check_length(self, reply: Reply, start: int, stop: int) -> None:
        told = reply.headers.get("content-length", "")
        if told.isdecimal() and int(told) != stop - start:
            raise self._other_size(int(told))

    def _other_size(self, told: int) -> ChangedError:
        return ChangedError(
            "the hub says that {file} has {size:,} bytes, and sends {told:,}",
            file=self.file.path,
            size=self.file.size,
            told=told,
        )

    # Waiting

    @property
    def _host(self) -> str:
        return self._means.hub.settings.host

    def _broken(self, stream: Stream) -> BaseException:
        """Why nothing more comes."""
        error = stream.error or Trouble(
            "{host} ended the connection early", again=True, host=self._host
        )
        if isinstance(error, HubError) and error.status == 416:
            return ChangedError("{file} is shorter on the hub than it was", file=self.file.path)
        return error

    def _waited(self, trouble: Trouble) -> Steps:
        seconds = self._patience.wait_after(trouble)
        if self._patience.failures == SAID_AFTER:
            yield Notice("{file} waits: {trouble}", file=self.out.name, trouble=trouble)
        self.stage, self.wait_until = trouble.stage, time.monotonic() + seconds
        while (left := self.wait_until - time.monotonic()) > 0:
            yield self._told(left)
            yield Rest(min(left, LONGEST_REST))
        self.wait_until = 0.0

    def _until_open_hours(self) -> Steps:
        limits = self._means.limits
        while left := limits.closed_for():
            self.stage = Stage.WAITING_HOURS
            yield Transfer(self.stage, self.done, self.file.size, what=limits.opens)
            yield Rest(min(left, LONGEST_REST))

    def _stalled(self) -> Trouble:
        return Trouble(
            "nothing came for {stall:.0f} seconds; check the connection",
            again=True,
            stall=self._patience.stall,
        )

    def _told(self, wait: float = 0.0) -> Transfer:
        return Transfer(self.stage, self.done, self.file.size, what=self.out.name, wait=wait)


class _Came:
    """How far a span has come; bytes before and behind it are passed over."""

    def __init__(self, start: int, stop: int, keep: Callable[[bytes], object]) -> None:
        self.at, self.stop, self.skip = start, stop, 0
        self._keep = keep

    def take(self, piece: bytes) -> bool:
        """Whether something of it was wanted."""
        passed = min(self.skip, len(piece))
        self.skip -= passed
        wanted = piece[passed : passed + self.stop - self.at]
        if wanted:
            self._keep(wanted)
            self.at += len(wanted)
        return bool(wanted)
