"""The front door, with real threads: open, chat, take turns, stop, close."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.packed_starter import pack_none
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.api import (
    Engine,
    GenerationParams,
    Lane,
    LoadOptions,
    Message,
    ModelInfo,
    Paths,
    jobs,
)
from engine.base.errors import ChaskiError, FormatError, UsageError
from engine.base.events import (
    Done,
    Event,
    Failed,
    Finished,
    HardwareReport,
    Listener,
    Statistics,
    TextDelta,
)
from engine.base.jobs import Job
from engine.jobs import JobKind, JobState
from engine.jobs.orders import telling
from engine.library.records import ModelDefaults, Verification

REFERENCE = LoadOptions(backend="reference", threads=1)
ENDLESS = GenerationParams(ignore_eos=True)
SHORT = GenerationParams(max_tokens=5, ignore_eos=True)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(Paths.under(tmp_path / "home"))
    yield engine
    engine.shutdown()
    assert not [t for t in threading.enumerate() if t.name == "chaski-compute"]


@pytest.fixture
def info(engine: Engine, tmp_path: Path) -> ModelInfo:
    path = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512)
    info = engine.open_model(path, REFERENCE).wait(WAIT)
    assert isinstance(info, ModelInfo)
    return info


def test_opening_tells_progress_and_what_was_opened(engine: Engine, tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "my model ü.gguf", n_ctx=512)
    heard: list[Event] = []
    info = engine.open_model(path, REFERENCE, heard.append).wait(WAIT)
    assert isinstance(info, ModelInfo)
    assert heard[-1] == Done(info)
    assert (info.path, info.architecture, info.n_ctx, info.type_name) == (path, "llama", 512, "F32")
    assert info.memory.total > info.memory.weights > 0
    assert engine._models.infos() == [info]


def test_an_answer_goes_on_and_a_conversation_is_measured(engine: Engine, info: ModelInfo) -> None:
    chat = engine.new_chat(info.id, "be brief", generation=SHORT)
    heard: list[Event] = []
    chat.measure([], None, heard.append).wait(WAIT)
    empty = heard[0]
    assert isinstance(empty, Statistics)
    chat.send("hello").wait(WAIT)
    first = chat.messages[-1].content
    chat.reply(chat.messages).wait(WAIT)
    assert chat.messages[-1].content.startswith(first.rstrip())
    assert len(chat.messages) == 2
    heard.clear()
    chat.measure(chat.messages, None, heard.append).wait(WAIT)
    full, end = heard
    assert isinstance(full, Statistics)
    assert empty.context_used < full.context_used < full.context_size == info.n_ctx
    assert isinstance(end, Done)


def test_a_bad_file_is_one_sentence_and_leaves_nothing_open(engine: Engine, tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"not a model")
    heard: list[Event] = []
    with pytest.raises(FormatError):
        engine.open_model(bad, REFERENCE, heard.append).wait(WAIT)
    assert isinstance(heard[-1], Failed)
    assert engine._models.infos() == []


def test_a_conversation(engine: Engine, info: ModelInfo) -> None:
    chat = engine.new_chat(info.id, "be brief", generation=SHORT)
    heard: list[Event] = []
    chat.send("hello", heard.append).wait(WAIT)
    assert isinstance(heard[-1], Finished)
    assert chat.messages == [Message("user", "hello"), Message("assistant", heard[-1].text)]
    assert not chat.busy
    chat.send("more").wait(WAIT)
    chat.reply([*chat.messages[:2], Message("user", "other")]).wait(WAIT)
    assert [m.role for m in chat.messages] == ["user", "assistant"] * 2
    assert chat.messages[2].content == "other"


def test_another_version_of_the_conversation_keeps_the_shared_cache(
    engine: Engine, info: ModelInfo
) -> None:
    chat = engine.new_chat(info.id, "be brief and kind to everybody", generation=SHORT)
    chat.send("hello").wait(WAIT)
    heard: list[Event] = []
    other = [Message("user", "hello"), Message("assistant", "no"), Message("user", "more")]
    chat.reply(other, listener=heard.append).wait(WAIT)
    end = heard[-1]
    assert isinstance(end, Finished)
    assert end.timings.cached_n > 20


def test_stop_keeps_the_text_so_far(engine: Engine, info: ModelInfo) -> None:
    chat = engine.new_chat(info.id, generation=ENDLESS)
    begun, asked = threading.Event(), threading.Event()
    heard: list[Event] = []

    def listen(event: Event) -> None:
        heard.append(event)
        if isinstance(event, TextDelta):
            begun.set()
            asked.wait(WAIT)

    ticket = chat.send("hello", listen)
    assert begun.wait(WAIT)
    with pytest.raises(UsageError, match="still answering"):
        chat.send("again")
    ticket.cancel()
    asked.set()
    ticket.wait(WAIT)
    end = heard[-1]
    assert isinstance(end, Finished)
    assert end.reason == "cancelled"
    assert chat.messages[-1].content == end.text != ""


def test_two_chats_take_turns(engine: Engine, info: ModelInfo) -> None:
    order: list[str] = []
    both = threading.Event()
    params = GenerationParams(max_tokens=40, ignore_eos=True)
    chats = {name: engine.new_chat(info.id, generation=params) for name in "ab"}

    def listener(name: str) -> Listener:
        def listen(event: Event) -> None:
            both.wait(WAIT)
            if isinstance(event, TextDelta):
                order.append(name)

        return listen

    tickets = [chat.send("hello", listener(name)) for name, chat in chats.items()]
    both.set()
    for ticket in tickets:
        ticket.wait(WAIT)
    changes = sum(a != b for a, b in zip(order, order[1:], strict=False))
    assert changes > len(order) / 2


def test_closing_a_model_ends_its_chats(engine: Engine, info: ModelInfo) -> None:
    chat = engine.new_chat(info.id, generation=ENDLESS)
    ticket = chat.send("hello")
    engine.close_model(info.id).wait(WAIT)
    assert ticket.ended
    assert engine._models.infos() == []
    with pytest.raises(UsageError, match="closed"):
        chat.send("again")
    with pytest.raises(UsageError, match="not open"):
        engine.new_chat(info.id)


def test_closing_a_chat_while_it_writes(engine: Engine, info: ModelInfo) -> None:
    chat = engine.new_chat(info.id, generation=ENDLESS)
    ticket = chat.send("hello")
    chat.close()
    chat.close()
    ticket.wait(WAIT)
    engine.new_chat(info.id, generation=SHORT).send("hello").wait(WAIT)


def test_shutdown_while_generating(tmp_path: Path) -> None:
    engine = Engine(Paths.under(tmp_path / "home"))
    path = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512)
    info = engine.open_model(path, REFERENCE).wait(WAIT)
    assert isinstance(info, ModelInfo)
    ticket = engine.new_chat(info.id, generation=ENDLESS).send("hello")
    engine.shutdown()
    assert ticket.ended
    with pytest.raises(ChaskiError, match="shut down"):
        engine.open_model(path)


def test_a_cancelled_opening_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512)
    gate = threading.Event()
    ticket = engine.open_model(path, REFERENCE, lambda event: gate.wait(WAIT) and None)
    ticket.cancel()
    gate.set()
    with pytest.raises(ChaskiError, match="stopped"):
        ticket.wait(WAIT)
    assert engine._models.infos() == []


def test_the_hardware_report(engine: Engine) -> None:
    heard: list[Event] = []
    report = engine.hardware(heard.append).wait(WAIT)
    assert isinstance(report, HardwareReport)
    assert heard == [report, Done(report)]


def test_the_starter_and_unknown_names_are_clear_errors(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack_none(monkeypatch)
    for name in ("starter", "no-such-model"):
        with pytest.raises(ChaskiError, match=name):
            engine.open_model(name).wait(WAIT)


def test_what_takes_long_stands_in_the_list_of_jobs(engine: Engine, info: ModelInfo) -> None:
    name = engine.library.add(info.path).name
    found = engine.verify_model(name).wait(WAIT)
    assert isinstance(found, Verification)
    assert found.ok
    told = [(r.kind, r.state) for r in engine.jobs.records()]
    assert told == [(JobKind.OPEN, JobState.DONE), (JobKind.VERIFY, JobState.DONE)]


def test_a_model_is_opened_as_its_user_wants_it(engine: Engine, tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512)
    engine.library.add(path)
    wishes = ModelDefaults("Be brief", {"temperature": 0.1}, n_ctx=64)
    engine.library.set_defaults("tiny", wishes)
    info = engine.open_model("tiny", REFERENCE).wait(WAIT)
    assert isinstance(info, ModelInfo)
    assert (info.n_ctx, info.default_sampling.temperature) == (64, 0.1)
    chat = engine.new_chat(info.id)
    assert (chat.settings.system, chat.settings.sampling.temperature) == ("Be brief", 0.1)
    assert engine.new_chat(info.id, "").settings.system == "", "none is a choice, too"
    chosen = engine.open_model(path, replace(REFERENCE, n_ctx=128)).wait(WAIT)
    assert isinstance(chosen, ModelInfo)
    assert chosen.n_ctx == 128
    engine.run(_nothing(), lane=Lane.DISK).wait(WAIT)
    assert engine.library.find("tiny").last_used > 0


def test_opening_a_file_makes_no_library(engine: Engine, info: ModelInfo) -> None:
    assert not engine.paths.library_file.exists()


def test_the_library_works_in_the_disk_lane(engine: Engine, tmp_path: Path) -> None:
    models = engine.paths.models
    models.mkdir(parents=True)
    for name in "ab":
        write_tiny_llama(models / f"{name}.gguf")
    heard: list[Event] = []
    found = engine.run(telling(engine.library.refreshing()), heard.append, Lane.DISK).wait(WAIT)
    assert heard[-1] == Done(found)
    assert engine.describe_models().wait(WAIT) == 2
    assert [m.architecture for m in engine.library.known()] == ["llama", "llama"]
    assert getattr(engine.verify_model("a").wait(WAIT), "ok", False)
    (tmp_path / "disk").mkdir()
    engine.move_model("a", tmp_path / "disk").wait(WAIT)
    assert (tmp_path / "disk/a.gguf").exists()
    assert engine.find_duplicates().wait(WAIT) == []
    kinds = [record.kind for record in engine.jobs.records()]
    assert jobs.JobKind.VERIFY in kinds
    assert jobs.JobKind.MOVE in kinds
    with pytest.raises(UsageError, match="no model"):
        engine.verify_model("absent").wait(WAIT)


def _nothing() -> Job:
    yield None
    return None
