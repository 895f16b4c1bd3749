"""All downloads of one program: a queue that survives its end, whatever ended it.

    downloads = Downloads(jobs, lanes, paths, library)
    ticket = downloads.get(wish_of("Qwen/Qwen3-4B-GGUF:Q4_K_M"))

They stand in the list of jobs, which pauses, stops and resumes them. Invariant: nothing is asked of
a hub before a person wished for a download here, in this run of the program or an earlier one.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.base.catalogue import again, keepable
from engine.base.errors import ChaskiError, UsageError
from engine.base.events import Done, Event, Listener, Progress, Stage
from engine.base.jobs import Job, Lane, Rest
from engine.base.paths import Paths
from engine.host import Lanes, Ticket
from engine.hub.apart import HubQuestion
from engine.hub.client import Hub
from engine.hub.connect import hub_of
from engine.hub.download_file import Means
from engine.hub.download_limits import Limits
from engine.hub.download_order import remove_parts
from engine.hub.download_records import DownloadOrder
from engine.hub.download_stream import Stream
from engine.hub.settings import limits_of, load
from engine.jobs.getting import Getter
from engine.jobs.kept_orders import Kept, KeptOrders
from engine.jobs.list import JobList
from engine.jobs.records import About, JobKind, JobRecord, JobState
from engine.jobs.wishes import Wish

if TYPE_CHECKING:
    from engine.library import Library

LEAVE_S = 1.0  # that the end of the program waits for connections
AT_ONCE = 2  # orders; each fetches a few files side by side


class Downloads:
    """`limits` may be changed at any time; they hold for all downloads together."""

    def __init__(
        self,
        jobs: JobList,
        lanes: Lanes,
        paths: Callable[[], Paths],
        library: "Callable[[], Library]",
    ) -> None:
        self.limits = Limits()
        self._knows_limits = False  # those of the settings are read when a download begins
        self._jobs, self._lanes, self._paths, self._library = jobs, lanes, paths, library
        self._left: list[Hub] = []
        self._threads: list[Stream | HubQuestion[Any]] = []
        self.kept = KeptOrders(paths().downloads_file)
        self._ours: dict[int, _Download] = {}  # by their numbers in the list of jobs
        self._turns: dict[int, None] = {}  # job numbers, in the order in which they go on

    @property
    def notice(self) -> str:
        """What a person should know of the queue: that it was damaged and set aside; else empty."""
        return self.kept.notice

    def get(self, wish: Wish, listener: Listener | None = None, *, keep: bool = True) -> Ticket:
        """Queue a wish; returns at once. Tells Transfer, Notice, Done(Got). `keep`: it goes on by
        itself when the program is started again; else only when that is asked for."""
        for number, one in list(self._ours.items()):
            there = self._record_of(number) if one.wish == wish else None
            if there is not None and not there.state.is_over:
                raise UsageError("{title} is being downloaded already", title=wish.title)
            if there is not None and there.can_resume:
                return self._jobs.resume(number, listener)
        one = _Download(Kept(wish, state=JobState.RUNNING if keep else JobState.PAUSED), self)
        one.write()
        ticket = self._jobs.submit(one.work, one.about, listener, Lane.NETWORK, one.heed)
        self._ours[ticket.job_id] = one
        return ticket

    def restore(self) -> tuple[int, ...]:
        """Take up what earlier runs left: what was paused or has failed waits to be resumed, the
        rest goes on. Answers their numbers in the list of jobs. Reads the disk."""
        numbers = list[int]()
        for kept in self.kept.all():
            if any(kept.wish == other.wish for other in self._ours.values()):
                continue
            one, is_failed = _Download(kept, self), kept.state is JobState.FAILED
            number = self._jobs.keep(
                one.work,
                one.about,
                lane=Lane.NETWORK,
                state=JobState.FAILED if is_failed else JobState.PAUSED,
                error=ChaskiError(again(kept.failure)) if is_failed else None,
                heed=one.heed,
            )
            numbers.append(number)
            self._ours[number] = one
            if kept.state is JobState.RUNNING:
                self._jobs.resume(number)
        return tuple(numbers)

    def discard(self, number: int, listener: Listener | None = None) -> Ticket:
        """Give a download up: it stops, its parts go, and it leaves the list. Files that
        are whole stay. Tells Done. It is kept until its parts are gone: where the program ends
        before, it is there again, paused."""
        if (leaving := self._ours.get(number)) is not None:
            leaving.has_parts = True
        self._jobs.stop(number)

        def job() -> Job:
            while (there := self._record_of(number)) is not None and not there.state.is_over:
                yield Rest(0.05)
            one = self._ours.pop(number, None)
            if one is not None:
                if one.order is not None:
                    remove_parts(one.order)
                one.drop()
            self._jobs.forget(number)
            yield Done()
            return None

        return self._lanes.submit(job(), Ticket(listener), Lane.DISK)

    def _record_of(self, number: int) -> JobRecord | None:
        return next((r for r in self._jobs.records() if r.id == number), None)

    def heed_settings(self) -> None:
        """Speed limit and hours as they are kept now; also for what runs. Reads the disk."""
        self.limits.max_rate, self.limits.hours = limits_of(load(self._paths().network_file))
        self._knows_limits = True

    def close(self) -> None:
        """After the lanes have ended; connections that wait for the other side are left to it."""
        self._close_left(LEAVE_S)
        self.kept.close()

    # For each of them

    def getter(
        self, hub: Hub, ticket: Ticket, settled: Callable[[DownloadOrder], None], *, endless: bool
    ) -> Getter:
        paths = self._paths()
        means = Means(hub, self.limits, ticket.wake, threads=self._threads)
        usual = means.patience
        means.patience = lambda: replace(usual(), endless=endless)
        return Getter(
            means,
            self._library,
            paths.models,
            settled,
            lambda: self.end_turn(ticket),
        )

    def turn(self, ticket: Ticket) -> Generator[Event | None, None, None]:
        """A few at once, first come, first served."""
        self._turns[ticket.job_id] = None
        while ticket.job_id not in list(self._turns)[:AT_ONCE]:
            yield Progress(Stage.WAITING_TURN, 0, 0)
            yield Rest(0.25)

    def end_turn(self, ticket: Ticket) -> None:
        self._turns.pop(ticket.job_id, None)

    def on_disk(self, work: Callable[[], object]) -> None:
        """In the disk's lane, one after the other; in the last moments of the program here."""
        try:
            self._lanes.submit(_once(work), Ticket(), Lane.DISK)
        except ChaskiError:
            work()

    def hub(self) -> Hub:
        """As settings and tokens are now; whoever has it gives it back with `give_back`."""
        self._close_left()
        if not self._knows_limits:
            self.heed_settings()
        return hub_of(self._paths())

    def give_back(self, hub: Hub) -> None:
        """It is closed once its last connection has ended."""
        self._left.append(hub)

    def _close_left(self, seconds: float = 0.0) -> None:
        until = time.monotonic() + seconds
        for hub in list(self._left):
            mine = [thread for thread in self._threads if thread.hub is hub]
            if all(thread.gone(max(0.0, until - time.monotonic())) for thread in mine):
                self._left.remove(hub)
                hub.close()


class _Download:
    """One order: what is kept of it, and its job. Each run takes up the files as the hub named them
    the first time."""

    def __init__(self, kept: Kept, house: Downloads) -> None:
        self.about = About(JobKind.DOWNLOAD, kept.wish.title, can_pause=True, can_resume=True)
        self._kept, self._number, self._house = kept, kept.number, house
        self._is_dropped = False  # it is over: what its job still tells is not kept
        self.has_parts = False  # it is given up, but they still lie there

    @property
    def wish(self) -> Wish:
        return self._kept.wish

    @property
    def order(self) -> DownloadOrder | None:
        """Its files, once the hub has named them."""
        return self._kept.order

    def work(self, ticket: Ticket) -> Job:
        house, hub = self._house, None
        try:
            yield from house.turn(ticket)
            hub = house.hub()
            endless = self._kept.state is JobState.RUNNING  # and not asked for at a terminal
            getter = house.getter(hub, ticket, self._settled, endless=endless)
            return (yield from getter.getting(self._kept.wish, self._kept.order))
        finally:
            house.end_turn(ticket)
            if hub is not None:
                house.give_back(hub)

    def heed(self, state: JobState, failure: str) -> None:
        """What is decided about it is written down; a row's number is the disk lane's alone."""
        if state is JobState.STOPPED and self.has_parts:
            state = JobState.PAUSED
        self._is_dropped = state in (JobState.DONE, JobState.STOPPED)
        if self._is_dropped:
            self._house.on_disk(self.drop)
        else:
            self._kept = replace(self._kept, state=state, failure=keepable(failure))
            self.write()

    def write(self) -> None:
        self._house.on_disk(self._write)

    def _settled(self, order: DownloadOrder) -> None:
        self._kept = replace(self._kept, order=order)
        self.write()

    def _write(self) -> None:
        if self._is_dropped:  # meanwhile
            return
        self._number = self._house.kept.put(replace(self._kept, number=self._number)).number

    def drop(self) -> None:
        """In the disk's lane."""
        self._is_dropped = True
        self._house.kept.drop(self._number)
        self._number = 0  # asked for again, it is kept anew


def _once(work: Callable[[], object]) -> Job:
    work()
    yield None
    return None
