"""The front door: everything a window or a server may ask of the engine.

Importing it costs nothing: NumPy, numba and the compute rooms are imported by the compute thread
when a job first needs them. Listeners are called in the thread of the job's lane and must return at
once.
"""

import itertools
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine import discover, jobs, workbench
from engine.base import sizes
from engine.base.environment import HELPER
from engine.base.errors import CancelledError, ChaskiError, UsageError
from engine.base.events import Done, Event, HardwareReport, Listener, Notice, Statistics, Timings
from engine.base.jobs import Job, Lane
from engine.base.models import Message, ModelInfo, ModelMemory
from engine.base.paths import Paths, user_path
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.hardware.fits import Fit, Verdict, fit, headline, typical_fits
from engine.host import Host, Lanes, Ticket
from engine.jobs import About, JobList, Kind

if TYPE_CHECKING:
    from engine.hub.client import Hub
    from engine.jobs.downloads import Downloads
    from engine.library import ChatStore, Library
    from engine.library.records import ModelDefaults
    from engine.model import Model
    from engine.session import Session

__all__ = [
    "Chat",
    "Engine",
    "Fit",
    "GenerationParams",
    "HardwareReport",
    "Lane",
    "LoadOptions",
    "Message",
    "ModelInfo",
    "ModelMemory",
    "Paths",
    "SamplingParams",
    "Ticket",
    "discover",
    "fit",
    "headline",
    "jobs",
    "Verdict",
    "serve_as_helper",
    "sizes",
    "typical_fits",
    "workbench",
]


def serve_as_helper(arguments: Sequence[str]) -> bool:
    """Whether this process was started to be the program's helper; it has then done its work."""
    if list(arguments) != [HELPER]:
        return False
    from engine.text.apart_child import serve

    serve()
    return True


class Engine:
    """Models, conversations, the library and the hardware report of one program."""

    def __init__(self, paths: Paths | None = None) -> None:
        self.paths = paths or Paths.default()
        self._lanes = Lanes()
        self._host = self._lanes[Lane.COMPUTE]
        self.jobs = JobList(self._lanes)
        self._models: dict[str, Model] = {}
        self._chats: dict[int, Chat] = {}
        self._numbers = itertools.count(1)

    # Models

    def open_model(
        self,
        path_or_name: str | Path,
        options: LoadOptions = LoadOptions(),  # noqa: B008 (frozen)
        listener: Listener | None = None,
    ) -> Ticket:
        """Open a file or a model of the library. Tells Progress, Notice, Done(ModelInfo)."""
        name = str(path_or_name)
        about = About(Kind.OPEN, Path(name).stem or name)
        return self.run(lambda ticket: self._opening(name, options, ticket), listener, about=about)

    def _opening(self, name: str, options: LoadOptions, ticket: Ticket) -> Job:
        from engine.model import open_model

        path = self.resolve(name)
        wishes = self.wishes_of(path)
        ident = f"{path.stem}-{next(self._numbers)}"
        model = yield from open_model(
            path,
            wishes.opened(options),
            ident,
            ticket.checkpoint,
            kernels=self.paths.kernels,
            promised=self._promised(),
        )
        model.info = wishes.told_in(model.info)
        model.others = lambda: self._promised(ident)
        try:
            if model.template.notice:
                yield Notice(model.template.notice)
        except BaseException:  # stopped in the last step: nobody would know the model
            model.close()
            raise
        self._models[ident] = model
        with suppress(ChaskiError):  # the program ends just now
            self.run(self._noting(path), lane=Lane.DISK)
        with suppress(CancelledError):  # told already
            yield Done(model.info)
        return model.info

    def _promised(self, but: str = "") -> int:
        """Bytes that conversations with all open models, but one, may still fill."""
        return sum(m.backend.promised for ident, m in self._models.items() if ident != but)

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

    def wishes_of(self, path: Path) -> "ModelDefaults":
        """How the user wants the model in this file opened and asked where nothing else is chosen;
        a library that cannot be read wishes nothing."""
        from engine.library.records import ModelDefaults

        if self._has_library:
            with suppress(ChaskiError):
                return self.library.defaults_of(path)
        return ModelDefaults()

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
        model = self._models.pop(model_id, None)
        if model is not None:
            model.close()
        yield Done()
        return None

    def models_open(self) -> list[ModelInfo]:
        return [model.info for model in list(self._models.values())]

    def model(self, model_id: str) -> "Model":
        """The open model; for the compute thread and the storeys above this one."""
        try:
            return self._models[model_id]
        except KeyError:
            raise UsageError(f"model {model_id} is not open (any more); open it again") from None

    # Conversations

    def new_chat(
        self,
        model_id: str,
        system: str | None = None,
        messages: Sequence[Message] = (),
        sampling: SamplingParams | None = None,
        generation: GenerationParams | None = None,
    ) -> "Chat":
        """A conversation with an open model; its cache is taken with the first reply. Without a
        system prompt, not even an empty one, it has the model's own."""
        from engine.session import Session

        model = self.model(model_id)
        own = model.info.default_system if system is None else system
        session = Session(model, own, messages)
        session.sampling = sampling or session.sampling
        session.generation = generation or session.generation
        number = next(self._numbers)
        chat = Chat(number, session, self._host, lambda: self._chats.pop(number, None))
        self._chats[number] = chat
        return chat

    def _chats_of(self, model_id: str) -> "list[Chat]":
        return [c for c in list(self._chats.values()) if c.model_id == model_id]

    # The rest of the house

    def hardware(self, listener: Listener | None = None, measure: bool = False) -> Ticket:
        """What this machine has; `measure` also times its memory. Tells HardwareReport and Done."""
        about = About(Kind.HARDWARE, "hardware") if measure else None
        return self.run(_reporting(measure, self.paths), listener, about=about)

    def search_hub(
        self,
        words: str,
        report: HardwareReport,
        listener: Listener | None = None,
        *,
        sort: str = "downloads",
        filters: discover.Filters = discover.Filters(),  # noqa: B008 (frozen)
        only_fitting: bool = False,
    ) -> Ticket:
        """Models of the hub, judged for this machine: tells discover.Found for each, then Done."""

        def searching() -> Job:
            with discover.hub_of(self.paths) as hub:
                return (
                    yield from discover.search(
                        hub, words, report, sort=sort, filters=filters, only_fitting=only_fitting
                    )
                )

        return self.run(searching(), listener, Lane.NETWORK)

    def look_into(
        self,
        repo: str,
        report: HardwareReport,
        listener: Listener | None = None,
        *,
        n_ctx: int = 0,
    ) -> Ticket:
        """One repository of the hub: tells discover.Found with what sizes say, then
        Done(discover.Looked) with what the head of a file says."""

        def looking(ticket: Ticket) -> Job:
            with discover.hub_of(self.paths) as hub:
                options = LoadOptions(n_ctx=n_ctx)
                return (
                    yield from discover.look(
                        hub, repo, report, options=options, checkpoint=ticket.checkpoint
                    )
                )

        return self.run(looking, listener, Lane.NETWORK)

    @cached_property
    def downloads(self) -> "Downloads":
        """The queue of downloads; nothing is contacted before one is asked for or restored."""
        from engine.jobs.downloads import Downloads

        return Downloads(self.jobs, self._lanes, lambda: self.paths, lambda: self.library)

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

    @cached_property
    def library(self) -> "Library":
        from engine.library import Library

        return Library(self.paths)

    def refresh_library(self, listener: Listener | None = None) -> Ticket:
        """Look through all folders of models, in pieces; what is found is listed as it is found.
        Tells Progress and Done(Refreshed)."""
        return self.run(lambda _: _telling(self.library.refreshing()), listener, Lane.DISK)

    def describe_models(self, listener: Listener | None = None) -> Ticket:
        """Read the headers of models that have none yet. Tells Progress and Done(how many)."""
        return self.run(lambda _: _telling(self.library.describing()), listener, Lane.DISK)

    def verify_model(self, name: str, listener: Listener | None = None) -> Ticket:
        """Tells Progress and Done(Verification)."""
        about = About(Kind.VERIFY, name)
        return self.run(
            lambda _: _telling(self.library.verifying(name)), listener, Lane.DISK, about
        )

    def move_model(
        self,
        name: str,
        folder: str | Path,
        listener: Listener | None = None,
        *,
        confirmed: bool = False,
    ) -> Ticket:
        """Move a model's files to another folder or disk. Tells Progress and Done(LibraryModel)."""
        about = About(Kind.MOVE, name, can_resume=True)
        return self.run(
            lambda _: _telling(self.library.moving(name, folder, confirmed=confirmed)),
            listener,
            Lane.DISK,
            about,
        )

    def find_duplicates(self, listener: Listener | None = None) -> Ticket:
        """Tells Progress and Done(a list of Twins)."""
        return self.run(lambda _: _telling(self.library.duplicates()), listener, Lane.DISK)

    def use_models_folder(self, folder: str | Path) -> None:
        """Look for models in this folder from now on. Raises UsageError where it cannot be one."""
        self.paths = self.paths.with_models(folder)
        if "library" in self.__dict__:
            self.library.look_into(self.paths.models)

    def starter_path(self) -> Path | None:
        """The model that comes with the program, where it has one; its file is not opened."""
        from engine.library.starter import starter_file

        return starter_file()

    @property
    def library_mended(self) -> str:
        """A sentence where the list of models was damaged and has been taken over just now."""
        return self.library.mended if "library" in self.__dict__ else ""

    @cached_property
    def chats(self) -> "ChatStore":
        from engine.library import ChatStore

        return ChatStore(self.paths)

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
        for ident in list(self._models):
            self._models.pop(ident).close()
        for room in ("chats", "library", "downloads", "hub"):
            if room in self.__dict__:
                getattr(self, room).close()


class Chat:
    """One conversation. Its settings may be changed between replies, not during one."""

    def __init__(
        self, number: int, session: "Session", host: Host, forget: Callable[[], object]
    ) -> None:
        self.id = number
        self.model_id = session.model.info.id
        self._session = session
        self._host = host
        self._forget = forget
        self._ticket: Ticket | None = None
        self._closed = False

    @property
    def messages(self) -> list[Message]:
        return list(self._session.messages)

    @messages.setter
    def messages(self, messages: Sequence[Message]) -> None:
        """Go on from another version of the conversation; the cache keeps what both share."""
        self._need_idle()
        self._session.messages[:] = messages

    @property
    def system(self) -> str:
        return self._session.system

    @system.setter
    def system(self, text: str) -> None:
        self._session.system = text

    @property
    def sampling(self) -> SamplingParams:
        return self._session.sampling

    @sampling.setter
    def sampling(self, params: SamplingParams) -> None:
        self._session.sampling = params

    @property
    def generation(self) -> GenerationParams:
        return self._session.generation

    @generation.setter
    def generation(self, params: GenerationParams) -> None:
        self._session.generation = params

    @property
    def busy(self) -> bool:
        """Whether a reply is queued or being written."""
        return self._ticket is not None and not self._ticket.ended and self._session.replying

    def send(self, text: str, listener: Listener | None = None) -> Ticket:
        """Say something; the reply comes as PromptProgress, TextDelta, Statistics, Finished."""
        self._need_idle()
        self._session.messages.append(Message("user", text))
        return self._reply(listener)

    def regenerate(self, listener: Listener | None = None) -> Ticket:
        """Answer the last user message again; an answer that is there is dropped first."""
        self._need_idle()
        self._session.drop_answer()
        return self._reply(listener)

    def continue_answer(self, listener: Listener | None = None) -> Ticket:
        """Go on with the last message, an answer that was stopped or cut; TextDelta tells what is
        new, Finished the whole."""
        self._need_idle()
        return self._reply(listener, self._session.continue_answer())

    def measure(self, listener: Listener | None = None) -> Ticket:
        """How full the context would be if the conversation were read as it stands: Statistics
        without timings, then Done."""
        self._need_idle()
        session = self._session
        probe = type(session)(session.model, session.system, session.messages)
        probe.generation, probe.left_out = session.generation, session.left_out
        return self._host.submit(self._measuring(probe), Ticket(listener))

    def _measuring(self, probe: "Session") -> Job:
        if not self._closed:
            n = yield from probe.measuring()
            yield Statistics(Timings(), n, probe.model.info.n_ctx)
        yield Done()
        return None

    def edit(self, index: int, text: str) -> None:
        """Change a message and drop what followed it; regenerate() then answers anew."""
        self._need_idle()
        self._session.edit(index, text)

    def stop(self) -> None:
        """Ask a running reply to end; it keeps its text and tells Finished("cancelled")."""
        if self._ticket is not None:
            self._ticket.cancel()

    def close(self) -> None:
        """Stop, and give the cache back; returns at once."""
        self.stop()
        self._forget()
        if not self._closed:
            self._closed = True
            self._host.submit(self._closing(), Ticket())

    def session_closed(self) -> None:
        """The model goes: free the cache now (compute thread, or after it has ended)."""
        self._closed = True
        self._session.close()
        self._forget()

    def _closing(self) -> Job:
        while self.busy:
            yield None
        self._session.close()
        return None

    def _reply(self, listener: Listener | None, job: Job | None = None) -> Ticket:
        self._session.replying = True
        self._ticket = Ticket(listener)
        return self._host.submit(job or self._session.reply(), self._ticket)

    def _need_idle(self) -> None:
        if self._closed:
            raise UsageError("this chat is closed because its model is; open the model again")
        if self.busy:
            raise UsageError("the model is still answering; stop it first, or wait")


def _telling(steps: Generator[Event | None, None, object]) -> Job:
    """A job that tells its result at the end."""
    result = yield from steps
    yield Done(result)
    return result


def _reporting(measure: bool, paths: Paths) -> Job:
    from engine.measure.machine import reporting

    return (yield from reporting(measure, paths))
