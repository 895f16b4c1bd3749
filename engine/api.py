"""The front door: everything a window or a server may ask of the engine.

Importing it costs nothing: NumPy, numba and the compute rooms are imported by the compute thread
when a job first needs them. Listeners are called in the thread of the job's lane and must return at
once.
"""

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING, Protocol

from engine import discover, inspect, jobs
from engine.attachments.kinds import KINDS as ATTACHABLE
from engine.base import sizes
from engine.base.errors import CancelledError, ChaskiError, UsageError
from engine.base.events import Done, Event, Finished, HardwareReport, Listener
from engine.base.jobs import Job, Lane
from engine.base.models import Forecast, Message, ModelInfo, ModelMemory
from engine.base.paths import Paths, user_path
from engine.base.rates import Rates
from engine.base.runs import Prediction, Run
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams, WhenFull
from engine.base.starter_file import starter_file
from engine.base.wishes import NO_WISHES, ModelDefaults
from engine.chat import Chat, ChatSettings, Means
from engine.compute.place import keep_kernels_in
from engine.hardware.fits import Fit, Kept, Taken, Verdict, headline, judge, typical_fits
from engine.hardware.limits import MemoryLimits, system_memory
from engine.hardware.quiet import Mode, Quiet
from engine.hardware.rates_kept import BUSY
from engine.hardware.report import disk_free
from engine.hardware.report_words import (
    caches_words,
    disk_words,
    graphics_words,
    report_json,
    report_text,
    roof_share,
)
from engine.hardware.runs_kept import keep_run, run_of
from engine.hardware.speeds import reading_s
from engine.host import Lanes, Ticket
from engine.jobs import About, Asked, JobKind, JobList
from engine.jobs.helping import serve_as_helper
from engine.jobs.orders import telling
from engine.measure.live import Live, LiveFigures, Others
from engine.open_models import OpenModels

if TYPE_CHECKING:
    from engine.hub.client import Hub
    from engine.jobs.downloads import Downloads
    from engine.library import ChatStore, Library
    from engine.library.chats_keeping import Change as Change
    from engine.library.chats_keeping import ChatKeeper as ChatKeeper
    from engine.library.chats_records import ChatHead as ChatHead
    from engine.library.chats_shown import ShownAnswer as ShownAnswer
    from engine.library.records import Keeper as Keeper
    from engine.library.records import LibraryModel as LibraryModel
    from engine.library.records import TrashedModel as TrashedModel
    from engine.library.records import Twins as Twins
    from engine.library.records import UnfinishedMove as UnfinishedMove
    from engine.library.records import Verification as Verification
    from engine.model import Model

__all__ = [
    "ATTACHABLE",
    "BUSY",
    "Chat",
    "ChatSettings",
    "Engine",
    "Fit",
    "Forecast",
    "GenerationParams",
    "HardwareReport",
    "Kept",
    "Lane",
    "LiveFigures",
    "NO_WISHES",
    "LoadOptions",
    "Message",
    "ModelDefaults",
    "ModelInfo",
    "ModelMemory",
    "Paths",
    "Prediction",
    "Rates",
    "SamplingParams",
    "Taken",
    "Ticket",
    "caches_words",
    "discover",
    "disk_free",
    "disk_words",
    "graphics_words",
    "inspect",
    "jobs",
    "reading_s",
    "report_json",
    "report_text",
    "roof_share",
    "Verdict",
    "WhenFull",
    "headline",
    "judge",
    "serve_as_helper",
    "sizes",
    "typical_fits",
]

MEMORY_GOOD_S = 1.0  # how long a reading of the free memory counts


class Room(Protocol):
    """A part of the house that is made when it is first needed."""

    def close(self) -> None: ...


class Engine:
    """Models, conversations, the library and the hardware report of one program."""

    def __init__(self, paths: Paths | None = None) -> None:
        self.paths = paths or Paths.default()
        keep_kernels_in(self.paths.kernels)
        self._lanes = Lanes()
        self._host = self._lanes[Lane.COMPUTE]
        self.jobs = JobList(self._lanes)
        self.quiet = Quiet()
        # How the process is doing, for a timer of the window's.
        self.live = Live(kept=lambda: self.kept().nbytes)
        self._chats: dict[int, Chat] = {}
        self._models = OpenModels(
            self.paths, self.quiet, self._chats_of, lambda job: self._host.submit(job, Ticket())
        )
        self._numbers = itertools.count(1)
        self._memory: tuple[float, MemoryLimits] | None = None  # when it was read

    # Models

    def open_model(
        self,
        path_or_name: str | Path,
        options: LoadOptions = LoadOptions(),  # noqa: B008 (frozen)
        listener: Listener | None = None,
        *,
        usual: LoadOptions = LoadOptions(),  # noqa: B008 (frozen)
        wishes: ModelDefaults | None = None,
    ) -> Ticket:
        """Open a file or a model of the library: with these options, else as the user wants this
        model opened (the library knows, or `wishes` tells), else as is `usual` for all. Tells
        Progress, Notice, Done(ModelInfo)."""
        name = str(path_or_name)
        about = About(JobKind.OPEN, Path(name).stem or name)
        return self.run(self._opening(name, options, usual, wishes), listener, about=about)

    def _opening(
        self, name: str, options: LoadOptions, usual: LoadOptions, wishes: ModelDefaults | None
    ) -> Job:
        path = self.resolve(name)
        wishes = self.wishes_of(path) if wishes is None else wishes
        ident = f"{path.stem}-{next(self._numbers)}"
        options = wishes.opened(options, usual=usual)
        model = yield from self._models.opening(path, options, ident, wishes.told_in)
        with suppress(ChaskiError):  # the program ends just now
            self.run(self._noting(path), lane=Lane.DISK)
        with suppress(CancelledError):  # told already
            yield Done(model.info)
        return model.info

    def resolve(self, path_or_name: str) -> Path:
        """The file that a path or a name in the library means; a folder only where no model has
        its name."""
        try:
            path = user_path(path_or_name)
        except UsageError as odd:  # no path, but it may be a name
            try:
                return self.library.resolve(path_or_name)
            except UsageError:
                raise odd from None
        if path_or_name and path.is_file():
            return path
        try:
            return self.library.resolve(path_or_name)
        except UsageError:
            if path_or_name and path.exists():
                return path
            raise

    def wishes_of(self, path: Path) -> ModelDefaults:
        """How the user wants the model in this file opened and asked where nothing else is chosen;
        a library that cannot be read wishes nothing."""
        if self._has_library:
            with suppress(ChaskiError):
                return self.library.defaults_of(path)
        return NO_WISHES

    def note_use(self, path: Path, tokens_per_second: float = 0.0) -> None:
        """The model in this file is used now, and was so fast, where that is known."""
        if self._has_library:
            with suppress(ChaskiError):
                self.library.note_use(path, tokens_per_second)

    def _noting(self, path: Path) -> Job:
        """Not in the compute thread: another program may be writing the list just now."""
        self.note_use(path)
        yield None
        return None

    @property
    def _has_library(self) -> bool:
        """No file is made just for opening a model."""
        return "library" in self.__dict__ or self.paths.library_file.exists()

    def close_model(self, model_id: str, listener: Listener | None = None) -> Ticket:
        """Free a model and the caches of its chats; running replies are stopped."""
        for chat in self._chats_of(model_id):
            chat.stop()
        return self._host.submit(self._closing(model_id), Ticket(listener))

    def _closing(self, model_id: str) -> Job:
        while any(chat.busy for chat in self._chats_of(model_id)):
            yield None
        for chat in self._chats_of(model_id):
            chat.session_closed()
        self._models.close(model_id)
        yield Done()
        return None

    def is_unloaded(self, model_id: str) -> bool:
        """Whether it was idle for so long that it opens again with the next question."""
        return self._models.is_asleep(model_id)

    def model(self, model_id: str) -> "Model":
        """The open model; for the compute thread and the storeys above this one."""
        return self._models.named(model_id)

    # A good guest

    @property
    def is_busy(self) -> bool:
        """Whether a reply is being written or a job of the list runs: live figures move then."""
        return any(chat.busy for chat in list(self._chats.values())) or any(
            record.state is jobs.JobState.RUNNING for record in self.jobs.records()
        )

    @property
    def unload_after_minutes(self) -> float:
        """Idle minutes after which a model's memory is given back; 0: never."""
        return self._models.unload_after_minutes

    @unload_after_minutes.setter
    def unload_after_minutes(self, minutes: float) -> None:
        self._models.unload_after_minutes = minutes

    def listen_to_models(self, listener: Listener | None) -> None:
        """Tell Unloaded and Reloaded, in the compute thread."""
        self._models.listener = listener

    @property
    def quiet_reason(self) -> str:
        """Why fewer threads compute just now: "asked", "battery", "heat"; "" where all do."""
        return self.quiet.reason

    @property
    def quiet_mode(self) -> str:
        """When passes take fewer threads: "off", "auto" (on battery and in heat) or "on"."""
        return self.quiet.mode

    @quiet_mode.setter
    def quiet_mode(self, mode: str) -> None:
        try:
            self.quiet.mode = Mode(mode)
        except ValueError:
            raise UsageError(
                "{mode!r} is no quiet mode; choose off, auto or on", mode=mode
            ) from None

    # Conversations

    def new_chat(
        self,
        model_id: str,
        system: str | None = None,
        messages: Sequence[Message] = (),
        sampling: SamplingParams | None = None,
        generation: GenerationParams | None = None,
    ) -> Chat:
        """A conversation with an open model; its cache is taken with the first reply. Without a
        system prompt, not even an empty one, it has the model's own."""
        from engine.session import Session

        model = self.model(model_id)
        own = model.info.default_system if system is None else system
        session = Session(model, own, messages)
        session.sampling = sampling or session.sampling
        session.generation = generation or session.generation
        number = next(self._numbers)
        means = Means(self._host, self._models, self._listening, lambda n: self._chats.pop(n, None))
        chat = self._chats[number] = Chat(number, session, means)
        return chat

    def attach(self, path: str | Path, listener: Listener | None = None) -> Ticket:
        """Read a file as text that a message can have with it. Tells Done(Attachment), or fails
        with a sentence for what is no text, is locked, empty or too large."""

        from engine.text.attaching import attaching

        job = attaching(user_path(str(path)))
        return self.run(lambda _: telling(job), listener, Lane.DISK)

    def _chats_of(self, model_id: str) -> list[Chat]:
        return [c for c in list(self._chats.values()) if c.model_id == model_id]

    def _listening(self, model_id: str, listener: Listener | None) -> Listener:
        """The listener of a reply; what it tells of speed is counted and kept."""
        counted, others = self.live.listening(listener), Others()

        def tell(event: Event) -> None:
            counted(event)
            if isinstance(event, Finished):
                self._keep_run(model_id, event, others.share())

        return tell

    def _keep_run(self, model_id: str, event: Finished, others: float) -> None:
        info = next((m for m in self._models.infos() if m.id == model_id), None)
        if info is None or self.quiet.reason:
            return
        run = run_of(event.timings, event.context_used, info.threads, time(), others)
        if run is not None:
            with suppress(ChaskiError):  # the lane has ended: this one is not kept
                self.run(self._keeping(info.path, run), lane=Lane.DISK)

    def _keeping(self, model: Path, run: Run) -> Job:
        keep_run(self.paths.runs_file, model, run)
        self.note_use(model, run.speed)
        yield None
        return None

    # The rest of the house

    def hardware(
        self, listener: Listener | None = None, measure: bool = False, predict: bool = False
    ) -> Ticket:
        """What this machine has. `measure`: also how fast it is, in half a minute; `predict`: also
        how fast each model of the library should be. Tells HardwareReport, maybe several times,
        and Done."""
        asked = jobs.hardware(jobs.Hardware(measure, predict), self.paths)
        return self.ask(asked, listener) if measure else self.run(asked.work, listener)

    def search_hub(
        self,
        words: str,
        report: HardwareReport,
        listener: Listener | None = None,
        *,
        sort: str = "downloads",
        limit: int = 20,
        filters: discover.Filters = discover.Filters(),  # noqa: B008 (frozen)
        only_fitting: bool = False,
    ) -> Ticket:
        """Models of the hub, judged for this machine: tells discover.Found for each, then Done."""

        def searching(hub: "Hub", ticket: Ticket) -> Job:
            job = discover.search(
                hub,
                words,
                self._here(report),
                sort=sort,
                limit=limit,
                filters=filters,
                only_fitting=only_fitting,
            )
            return discover.stepwise(job, hub, ticket.wake)

        return self._ask_hub(searching, listener)

    def look_into(
        self,
        repo: str,
        report: HardwareReport,
        listener: Listener | None = None,
        *,
        n_ctx: int = 0,
        file: str = "",
    ) -> Ticket:
        """One repository of the hub: tells discover.Found with what sizes say, then
        Done(discover.Looked) with what the head of a file says, of this one if it is there."""

        def looking(hub: "Hub", ticket: Ticket) -> Job:
            job = discover.look(
                hub,
                repo,
                self._here(report),
                file=file,
                options=LoadOptions(n_ctx=n_ctx),
                checkpoint=ticket.checkpoint,
            )
            return discover.stepwise(job, hub, ticket.wake)

        return self._ask_hub(looking, listener)

    def card_pictures(
        self,
        repo: str,
        commit: str,
        references: Sequence[str],
        listener: Listener | None = None,
    ) -> Ticket:
        """Pictures that a model card names, those that the hub keeps: tells discover.PictureCame
        for each, then Done(discover.PicturesCame)."""

        def fetching(hub: "Hub", ticket: Ticket) -> Job:
            return discover.pictures(hub, repo, commit, references, ticket.checkpoint)

        return self._ask_hub(fetching, listener)

    def _here(self, report: HardwareReport) -> discover.Here:
        """This machine as it is now. Reads a small file: for the lanes."""
        from engine.measure.known_losses import KnownLosses

        losses = KnownLosses.kept_in(self.paths.losses_file)
        return discover.Here(self.report_now(report), self.taken(), losses)

    def report_now(self, report: HardwareReport) -> HardwareReport:
        """The same with the memory that another model could have now: models have been opened
        since, and what is only kept for conversations that may come back is given up for it. One of
        another machine stays as it is."""
        from engine.hardware.machine import Machine

        now = monotonic()
        if self._memory is None or now - self._memory[0] > MEMORY_GOOD_S:
            found = system_memory(Machine())
            free = min(found.total, found.available + self.kept().nbytes)
            self._memory = now, replace(found, available=free)
        memory = self._memory[1]
        if memory.total != report.ram_total:
            return report
        return replace(report, ram_available=memory.available)

    def taken(self) -> Taken:
        """What open models have of the memory, for `judge`."""
        return self._models.taken()

    def kept(self) -> Kept:
        """What is kept of conversations that nobody has open, for when one comes back."""
        return self._models.kept()

    def forget_kept(self, listener: Listener | None = None) -> Ticket:
        """Give that memory back: a chat that comes back is read again. Tells Done(Kept)."""
        return self.run(self._models.forgetting_kept(), listener)

    @cached_property
    def hub(self) -> "Hub":
        """Hugging Face, or a mirror, as the kept settings say; nothing is asked yet."""
        return discover.hub_of(self.paths)

    def use_network(self, settings: discover.NetworkSettings) -> None:
        """Reach the hub this way from now on, and keep that. Raises UsageError."""
        discover.keep_network(self.paths, settings)
        if "hub" in self.__dict__:
            self.__dict__.pop("hub").close()
        if "downloads" in self.__dict__:
            self.downloads.heed_settings()

    def try_network(self, listener: Listener | None = None) -> Ticket:
        """Ask the hub one cheap question, as the kept settings say: tells Done(discover.Answered),
        or fails with the sentence that a download would fail with."""

        def trying(hub: "Hub", ticket: Ticket) -> Job:
            answered = yield from discover.trying(hub, lambda: ticket.wake())
            yield Done(answered)
            return answered

        return self._ask_hub(trying, listener)

    def _ask_hub(self, asking: "Callable[[Hub, Ticket], Job]", listener: Listener | None) -> Ticket:
        """In the network lane, with a hub as the settings are then."""

        def work(ticket: Ticket) -> Job:
            with discover.hub_of(self.paths) as hub:
                return (yield from asking(hub, ticket))

        return self.run(work, listener, Lane.NETWORK)

    @cached_property
    def downloads(self) -> "Downloads":
        """The queue of downloads; nothing is contacted before one is asked for or restored."""
        from engine.jobs.downloads import Downloads

        return Downloads(self.jobs, self._lanes, lambda: self.paths, lambda: self.library)

    @cached_property
    def library(self) -> "Library":
        from engine.library import Library

        return Library(self.paths)

    def describe_models(self, listener: Listener | None = None) -> Ticket:
        """Read the headers of models that have none yet. Tells Progress and Done(how many)."""
        return self.run(lambda _: telling(self.library.describing()), listener, Lane.DISK)

    def verify_model(self, name: str | Path, listener: Listener | None = None) -> Ticket:
        """Tells Progress and Done(Verification)."""
        return self.ask(jobs.verify(name, self.library), listener)

    def move_model(
        self,
        name: str | Path,
        folder: str | Path,
        listener: Listener | None = None,
        *,
        confirmed: bool = False,
    ) -> Ticket:
        """Move a model's files to another folder or disk. Tells Progress and Done(LibraryModel)."""
        return self.ask(jobs.move(jobs.Move(name, folder, confirmed), self.library), listener)

    def find_duplicates(self, listener: Listener | None = None) -> Ticket:
        """Tells Progress and Done(a list of Twins)."""
        return self.ask(jobs.duplicates(self.library), listener)

    def use_models_folder(self, folder: str | Path) -> None:
        """Look for models in this folder from now on. Raises UsageError where it cannot be one."""
        self.paths = self.paths.with_models(folder)
        if "library" in self.__dict__:
            self.library.look_into(self.paths.models)

    def starter_path(self) -> Path | None:
        """The model that comes with the program, where it has one; its file is not opened."""
        return starter_file()

    @property
    def library_mended(self) -> str:
        """A sentence where the list of models was damaged and has been taken over just now."""
        return self.library.mended if "library" in self.__dict__ else ""

    @cached_property
    def chats(self) -> "ChatStore":
        from engine.library import ChatStore

        return ChatStore(self.paths)

    def ask(self, asked: Asked, listener: Listener | None = None) -> Ticket:
        """Do one of the things that can be asked (engine/jobs/), under a record in `jobs`."""
        return self.jobs.submit(asked.work, asked.about, listener, asked.lane)

    def run(
        self,
        job: jobs.Work,
        listener: Listener | None = None,
        lane: Lane = Lane.COMPUTE,
        about: About | None = None,
    ) -> Ticket:
        """Run a job of another storey in a lane; a function gets the ticket first.

        about: what a person would wait for stands in `jobs`, the list of all that runs.
        """
        if about is not None:
            return self.jobs.submit(job, about, listener, lane)
        ticket = Ticket(listener)
        return self._lanes.submit(job(ticket) if callable(job) else job, ticket, lane)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()

    def shutdown(self) -> None:
        """Stop every job, join the lanes' threads, free the models."""
        if not self._lanes.shutdown():
            return  # a pass still runs: what it uses must stay until the process ends
        for chat in list(self._chats.values()):
            chat.session_closed()
        self._models.close_all()
        for name in ("chats", "library", "downloads", "hub"):
            room: Room | None = self.__dict__.get(name)
            if room is not None:
                room.close()
