"""An engine that only pretends: the front door's surface, answered from a real thread.

For the window's tests and pictures. `script` says what the next reply does.
"""

import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.api import ChatSettings, Kept, Message, ModelInfo, ModelMemory, Paths, Taken, discover
from engine.base.attachments import Attachment
from engine.base.errors import CancelledError, ChaskiError
from engine.base.events import (
    Done,
    Event,
    Failed,
    Finished,
    HardwareReport,
    Listener,
    Progress,
    PromptPiece,
    PromptProgress,
    PromptShown,
    SimdFeature,
    Stage,
    Statistics,
    TextDelta,
    Timings,
)
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.base.wishes import ModelDefaults
from engine.host import Lanes, Ticket
from engine.jobs import JobList, Wish
from engine.library.records import LibraryModel
from engine.measure.live import Live

GUIDE = LibraryModel(
    "starter",
    Path("/resources/starter/Chaski Guide.gguf"),
    7_084_352,
    "llama",
    "Q8_0",
    6_524_160,
    2048,
    "Chaski Guide",
)


@dataclass
class Script:
    """How the fake behaves: what it says, how fast, and what goes wrong."""

    text: str = "Hello. This is an **answer**."
    thinking: str = ""
    pause: float = 0.001  # seconds between deltas
    error: Exception | None = None  # after half of the text
    load_error: Exception | None = None
    load_pause: float = 0.0
    endless: bool = False
    reason: str = "eos"
    left_out: int = 0  # messages, where the chat rolls
    wait_at_end: bool = False  # all is said, but the reply does not end


def model_info(
    name: str = "Qwen3 4B", ident: str = "m1", path: str = "/models/a.gguf"
) -> ModelInfo:
    return ModelInfo(
        id=ident,
        path=Path(path),
        name=name,
        architecture="qwen3",
        type_name="Q4_K_M",
        parameters=4_022_000_000,
        file_bytes=2_497_000_000,
        n_ctx=8192,
        n_ctx_train=40960,
        memory=ModelMemory(2_497_000_000, 1_208_000_000, 110_000_000),
        template_source="file",
        thinks=True,
        thinks_in_tags=True,
    )


REPORT = HardwareReport(
    cpu_name="AMD Ryzen 7 7840U",
    physical_cores=8,
    logical_cores=16,
    best_threads=8,
    cache_bytes=16 << 20,
    simd=(
        SimdFeature("SSE4.2", True, False),
        SimdFeature("AVX2", True, True),
        SimdFeature("FMA", True, True),
        SimdFeature("F16C", True, True),
        SimdFeature("AVX-512", True, True),
        SimdFeature("AVX-512 VNNI", True, True),
        SimdFeature("AVX-512 BF16", True, False),
        SimdFeature("AMX", False, False),
    ),
    ram_total=32 << 30,
    ram_available=int(21.4 * (1 << 30)),
    disk_free=214 << 30,
    gpus=("Radeon 780M, shared memory",),
    system="Ubuntu 24.04 (x86_64)",
    bandwidth=52.6e9,
    bandwidth_by_threads=((1, 18e9), (2, 31.4e9), (4, 48.2e9), (6, 52e9), (8, 52.6e9), (12, 50e9)),
)


@dataclass
class FakeLibrary:
    """Holds a list of whatever the test puts in."""

    models: list[object] = field(default_factory=list)
    guide: LibraryModel | None = None  # the model that comes with the program
    notice: str = ""
    folders: list[Path] = field(default_factory=list)  # that are watched

    def list(self) -> Sequence[object]:
        return self.models

    def discover(self, *, look: bool = True) -> Sequence[object]:
        return ()

    def known(self) -> Sequence[object]:
        return ()

    def has_changed(self) -> bool:
        return False

    def starter(self) -> LibraryModel | None:
        return self.guide

    def look_at(self, path: Path) -> LibraryModel | None:
        return None

    def add(self, path: str, name: str = "", *, sha256: str = "") -> object:
        return path

    def remove(self, name: str) -> object:
        return name

    def watched(self) -> Sequence[Path]:
        return list(self.folders)

    def watch(self, folder: str) -> Path:
        self.folders.append(Path(folder))
        return Path(folder)

    def unwatch(self, folder: str) -> Path:
        self.folders.remove(Path(folder))
        return Path(folder)


@dataclass
class FakeDownloads:
    """Keeps what was wished for."""

    jobs: JobList
    wishes: list[Wish] = field(default_factory=list)
    notice: str = ""
    discarded: list[int] = field(default_factory=list)

    def get(self, wish: Wish, listener: Listener | None = None, *, keep: bool = True) -> None:
        self.wishes.append(wish)

    def restore(self) -> tuple[int, ...]:
        return ()

    def discard(self, number: int, listener: Listener) -> None:
        self.discarded.append(number)
        self.jobs.forget(number)
        listener(Done())


class FakeEngine:
    """Every job is a thread of its own; `shutdown` joins them all."""

    def __init__(self, paths: Paths, script: Script | None = None) -> None:
        self.paths = paths
        self.script = script or Script()
        self.library = FakeLibrary()
        self.lanes = Lanes()  # the real ones: what is listed as a job really runs
        self.jobs = JobList(self.lanes)
        self.downloads = FakeDownloads(self.jobs)
        self.hub = discover.hub_of(paths)  # the real settings, and nobody is asked
        self.chats_made: list[FakeChat] = []
        self.n_ctx = 8192
        self.keeps = Kept()
        self.live = Live()  # the real one: figures of this process
        self.is_busy, self.quiet_reason = False, ""
        self.quiet_mode, self.unload_after_minutes = "off", 0.0
        self.hold = threading.Event()  # set: replies and loads go on
        self.hold.set()
        self._models: list[ModelInfo] = []
        self._threads: list[threading.Thread] = []
        self._tickets: list[Ticket] = []
        self._numbers = itertools.count(1)

    def is_unloaded(self, model_id: str) -> bool:
        return False

    def listen_to_models(self, listener: Listener | None) -> None:
        self.model_listener = listener

    def starter_path(self) -> Path | None:
        guide = self.library.guide
        return guide.path if guide is not None else None

    def use_models_folder(self, folder: str) -> None:
        self.paths = self.paths.with_models(folder)

    def start(self, work: "object", listener: Listener | None) -> Ticket:
        ticket = Ticket(listener)

        def body() -> None:
            try:
                ticket.finish(work(ticket))  # type: ignore[operator]
            except Exception as error:
                ticket.tell(Failed(error))
                ticket.finish(error=error)

        thread = threading.Thread(target=body, daemon=True)
        self._threads.append(thread)
        self._tickets.append(ticket)
        thread.start()
        return ticket

    def open_model(
        self,
        path_or_name: str,
        options: LoadOptions | None = None,
        listener: Listener | None = None,
        *,
        usual: LoadOptions | None = None,
        wishes: ModelDefaults | None = None,
    ) -> Ticket:
        def work(ticket: Ticket) -> ModelInfo:
            ticket.tell(Progress(Stage.OPENING, 0, 0))
            for done in range(5):
                ticket.tell(Progress(Stage.LOADING, done, 8))
                time.sleep(self.script.load_pause)
                self.hold.wait()
                if ticket.cancelled:
                    raise CancelledError("stopped")
            if self.script.load_error is not None:
                raise self.script.load_error
            info = self._info(path_or_name)
            self._models.append(info)
            ticket.tell(Done(info))
            return info

        return self.start(work, listener)

    def _info(self, path: str) -> ModelInfo:
        info, guide = (
            model_info(Path(path).stem, f"m{next(self._numbers)}", path),
            self.library.guide,
        )
        if guide is None or str(guide.path) != path:
            return info
        return replace(
            info,
            name=guide.title,
            type_name=guide.type_name,
            file_bytes=guide.file_bytes,
            n_ctx=guide.n_ctx_train,
            n_ctx_train=guide.n_ctx_train,
        )

    def close_model(self, model_id: str, listener: Listener | None = None) -> Ticket:
        self._models = [m for m in self._models if m.id != model_id]
        return self.start(lambda ticket: None, None)

    def new_chat(
        self,
        model_id: str,
        system: str | None = None,
        messages: Sequence[Message] = (),
        sampling: SamplingParams | None = None,
        generation: GenerationParams | None = None,
    ) -> "FakeChat":
        chat = FakeChat(self, list(messages))
        self.chats_made.append(chat)
        return chat

    def hardware(
        self, listener: Listener | None = None, measure: bool = False, predict: bool = False
    ) -> Ticket:
        def work(ticket: Ticket) -> HardwareReport:
            ticket.tell(Done(REPORT))
            return REPORT

        return self.start(work, listener)

    def describe_models(self, listener: Listener | None = None) -> Ticket:
        """All is known already."""
        return self.start(lambda ticket: ticket.tell(Done(0)), listener)

    def use_network(self, settings: discover.NetworkSettings) -> None:
        discover.keep_network(self.paths, settings)
        self.hub = discover.hub_of(self.paths)

    def try_network(self, listener: Listener | None = None) -> Ticket:
        def work(ticket: Ticket) -> discover.Answered:
            answered = discover.Answered(self.hub.settings.host, 0.3)
            ticket.tell(Done(answered))
            return answered

        return self.start(work, listener)

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
        """Nobody has anything."""

        def work(ticket: Ticket) -> tuple[()]:
            ticket.tell(Done(()))
            return ()

        return self.start(work, listener)

    def taken(self) -> Taken:
        return Taken(sum(model.memory.total for model in self._models))

    def kept(self) -> Kept:
        return self.keeps

    def forget_kept(self, listener: Listener | None = None) -> Ticket:
        def work(ticket: Ticket) -> Kept:
            kept, self.keeps = self.keeps, Kept()
            ticket.tell(Done(kept))
            return kept

        return self.start(work, listener)

    def attach(self, path: str | Path, listener: Listener | None = None) -> Ticket:
        """Text only."""

        def work(ticket: Ticket) -> None:
            found = Path(path)
            ticket.tell(Done(Attachment(found.name, found.read_text("utf-8"), "text", 0, 1)))

        return self.start(work, listener)

    def report_now(self, report: HardwareReport) -> HardwareReport:
        return report

    def shutdown(self) -> None:
        self.hold.set()
        for ticket in self._tickets:
            ticket.cancel()
        for thread in self._threads:
            thread.join(10)
        self.lanes.shutdown()


class FakeChat:
    """A conversation that answers with the engine's script."""

    def __init__(self, engine: FakeEngine, messages: list[Message]) -> None:
        self.id = 1
        self.messages = messages
        self.settings = ChatSettings()
        self.closed = False
        self.continued = 0
        self._engine = engine
        self._ticket: Ticket | None = None

    def reply(
        self,
        messages: Sequence[Message],
        settings: ChatSettings | None = None,
        listener: Listener | None = None,
    ) -> Ticket:
        self.messages[:] = messages
        self.settings = settings or self.settings
        begun = ""
        if self.messages[-1].role == "assistant":
            self.continued += 1
            begun = self.messages.pop().content
        self._ticket = self._engine.start(lambda ticket: self._write(ticket, begun), listener)
        return self._ticket

    def measure(
        self,
        messages: Sequence[Message],
        settings: ChatSettings | None = None,
        listener: Listener | None = None,
    ) -> Ticket:
        n = 40 * len(messages)

        def work(ticket: Ticket) -> None:
            ticket.tell(Statistics(Timings(), n, self._engine.n_ctx))
            ticket.tell(Done())

        return self._engine.start(work, listener)

    def show_prompt(
        self,
        messages: Sequence[Message],
        settings: ChatSettings | None = None,
        listener: Listener | None = None,
    ) -> Ticket:
        """Every word is a token."""
        pieces = [PromptPiece("<|im_start|>", (1,), True), PromptPiece("user", (2,))]
        pieces.append(PromptPiece("\n", (3,)))
        for message in messages:
            words = message.content.split(" ")
            pieces += [PromptPiece(f" {word}", (10 + i,)) for i, word in enumerate(words)]
        shown = PromptShown(tuple(pieces), len(pieces), self._engine.n_ctx)
        return self._engine.start(lambda ticket: ticket.tell(Done(shown)), listener)

    def count(self, texts: Sequence[str], listener: Listener | None = None) -> Ticket:
        """Four letters are a token."""
        return self._engine.start(
            lambda ticket: ticket.tell(Done(tuple(len(text) // 4 for text in texts))), listener
        )

    def close(self) -> None:
        self.closed = True
        if self._ticket is not None:
            self._ticket.cancel()

    def _write(self, ticket: Ticket, begun: str) -> Message:
        script = self._engine.script
        ticket.tell(PromptProgress(412, 431, 412))
        for i, word in enumerate(_words(script.thinking)):
            self._pause(ticket, i)
            ticket.tell(TextDelta("thinking", word, (1,)))
        said = begun
        words = _words(script.text)
        if script.error is not None and not words:
            raise script.error
        for i, word in enumerate(itertools.cycle(words) if script.endless else words):
            self._engine.hold.wait()
            if ticket.cancelled:
                return self._finish(ticket, "cancelled", said)
            if script.error is not None and i >= len(words) // 2:
                raise script.error
            said += word
            ticket.tell(TextDelta("answer", word, (1,)))
            time.sleep(script.pause)
        while script.wait_at_end and not ticket.cancelled:
            time.sleep(0.01)
        return self._finish(ticket, script.reason, said)

    def _pause(self, ticket: Ticket, i: int) -> None:
        self._engine.hold.wait()
        time.sleep(self._engine.script.pause)

    def _finish(self, ticket: Ticket, reason: str, said: str) -> Message:
        timings = Timings(19, 0.21, 186, 5.92, 412)
        message = Message("assistant", said, self._engine.script.thinking)
        self.messages.append(message)
        ticket.tell(Statistics(timings, 2187, self._engine.n_ctx))
        left_out = (
            self._engine.script.left_out if self.settings.generation.when_full == "roll" else 0
        )
        used, size = 2187, self._engine.n_ctx
        ticket.tell(Finished(reason, timings, said, message.thinking, used, size, left_out))  # type: ignore[arg-type]
        return message


def _words(text: str) -> list[str]:
    """Pieces about as long as tokens."""
    return [text[i : i + 4] for i in range(0, len(text), 4)]


def collect(events: list[Event]) -> Listener:
    return events.append


class OddError(ChaskiError):
    """An error with a sentence, for tests."""
