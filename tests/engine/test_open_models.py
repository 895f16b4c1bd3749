"""Models that nobody asks for give their memory back, and open again with the next question."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.api import (
    Chat,
    Engine,
    GenerationParams,
    Kept,
    LoadOptions,
    ModelInfo,
    Paths,
    SamplingParams,
)
from engine.base.errors import ChaskiError, UsageError
from engine.base.events import (
    Done,
    Event,
    Failed,
    Finished,
    HardwareReport,
    Progress,
    Reloaded,
    Statistics,
    Unloaded,
)
from engine.hardware.limits import MemoryLimits
from engine.hardware.runs_kept import kept_runs
from engine.library.records import ModelDefaults

REFERENCE = LoadOptions(backend="reference", threads=1)
SHORT = GenerationParams(max_tokens=5, ignore_eos=True)
SOON = 0.05 / 60  # minutes


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(Paths.under(tmp_path / "home"))
    yield engine
    engine.shutdown()
    assert not [t for t in threading.enumerate() if t.name == "chaski-compute"]


@pytest.fixture
def heard(engine: Engine) -> list[Event]:
    events: list[Event] = []
    engine.listen_to_models(events.append)
    return events


@pytest.fixture
def info(engine: Engine, tmp_path: Path) -> ModelInfo:
    return opened(engine, tmp_path / "tiny.gguf")


def opened(engine: Engine, path: Path) -> ModelInfo:
    write_tiny_llama(path, n_ctx=512)
    info = engine.open_model(path, REFERENCE).wait(WAIT)
    assert isinstance(info, ModelInfo)
    return info


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def asked(chat: Chat) -> str:
    chat.settings = replace(chat.settings, sampling=SamplingParams(temperature=0.0))
    chat.send("hello").wait(WAIT)
    return chat.messages[-1].content


def test_an_idle_model_is_unloaded_and_answers_as_before(
    engine: Engine, info: ModelInfo, heard: list[Event]
) -> None:
    chats = [engine.new_chat(info.id, generation=SHORT) for _ in range(2)]
    before = asked(chats[0])
    engine.unload_after_minutes = SOON
    until(lambda: bool(heard))  # told once its memory is back, a moment after it is unloaded
    assert heard == [Unloaded(info.id, info.name, SOON)]
    assert engine.is_unloaded(info.id)
    assert engine._models.infos() == [info]  # its name stays
    engine.unload_after_minutes = 0
    events: list[Event] = []
    answer = chats[1]
    answer.settings = chats[0].settings
    answer.send("hello", events.append).wait(WAIT)
    assert answer.messages[-1].content == before
    assert any(isinstance(event, Progress) for event in events)
    assert isinstance(events[-1], Finished)
    assert not engine.is_unloaded(info.id)
    assert heard[1:] == [Reloaded(info.id, info.name)]
    assert engine._models.infos()[0].id == info.id
    chats[0].reply(chats[0].messages[:-1]).wait(WAIT)  # the other conversation has the new one, too
    assert chats[0].messages[-1].content == before


def test_the_weights_are_gone_while_it_is_asleep(engine: Engine, info: ModelInfo) -> None:
    model = engine.model(info.id)
    closed: list[bool] = []
    close = model.backend.close
    model.backend.close = lambda: (closed.append(True), close())  # type: ignore[method-assign]
    engine.unload_after_minutes = SOON
    until(lambda: engine.is_unloaded(info.id))
    until(lambda: bool(closed))
    chat = engine.new_chat(info.id, generation=SHORT)
    told: list[Event] = []
    chat.measure([], None, told.append).wait(WAIT)  # counting tokens needs no weights
    assert isinstance(told[0], Statistics)
    assert engine.is_unloaded(info.id)


def test_a_model_that_is_used_stays(engine: Engine, info: ModelInfo, heard: list[Event]) -> None:
    chat = engine.new_chat(info.id, generation=GenerationParams(ignore_eos=True))
    ticket = chat.send("hello")
    engine.unload_after_minutes = SOON
    looks = 0
    end = time.monotonic() + 0.2
    while chat.busy and time.monotonic() < end:
        assert not engine.is_unloaded(info.id)
        looks += 1
    assert looks > 10
    chat.stop()
    ticket.wait(WAIT)
    until(lambda: engine.is_unloaded(info.id))


def test_never_is_the_usual(engine: Engine, info: ModelInfo, heard: list[Event]) -> None:
    assert engine.unload_after_minutes == 0
    time.sleep(0.1)
    assert not engine.is_unloaded(info.id)
    assert heard == []


def test_a_model_that_was_opened_later_is_watched_too(engine: Engine, tmp_path: Path) -> None:
    engine.unload_after_minutes = SOON
    for name in ("a.gguf", "b.gguf"):
        info = opened(engine, tmp_path / name)
        until(lambda info=info: engine.is_unloaded(info.id))  # type: ignore[misc]
    assert len(engine._models.infos()) == 2


def test_a_file_that_went_is_one_sentence_and_may_come_back(
    engine: Engine, info: ModelInfo
) -> None:
    chat = engine.new_chat(info.id, generation=SHORT)
    engine.unload_after_minutes = SOON
    until(lambda: engine.is_unloaded(info.id))
    engine.unload_after_minutes = 0
    aside = info.path.rename(info.path.with_name("aside"))
    events: list[Event] = []
    with pytest.raises(ChaskiError, match=r"tiny\.gguf"):
        chat.send("hello", events.append).wait(WAIT)
    assert isinstance(events[-1], Failed)
    assert not chat.busy
    aside.rename(info.path)
    chat.reply(chat.messages).wait(WAIT)
    assert chat.messages[-1].role == "assistant"


def test_stopped_while_it_opens_again(engine: Engine, info: ModelInfo) -> None:
    chat = engine.new_chat(info.id, generation=SHORT)
    engine.unload_after_minutes = SOON
    until(lambda: engine.is_unloaded(info.id))
    engine.unload_after_minutes = 0
    events: list[Event] = []

    def tell(event: Event) -> None:
        events.append(event)
        chat.stop()  # at the first step of opening

    chat.send("hello", tell).wait(WAIT)
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "cancelled"
    assert engine.is_unloaded(info.id)
    chat.reply(chat.messages).wait(WAIT)
    assert chat.messages[-1].role == "assistant"


def test_two_conversations_wake_it_at_once(
    engine: Engine, info: ModelInfo, heard: list[Event]
) -> None:
    chats = [engine.new_chat(info.id, generation=SHORT) for _ in range(3)]
    engine.unload_after_minutes = SOON
    until(lambda: engine.is_unloaded(info.id))
    engine.unload_after_minutes = 0
    for ticket in [chat.send("hello") for chat in chats]:
        ticket.wait(WAIT)
    assert [type(event) for event in heard] == [Unloaded, Reloaded]


def test_what_the_user_wants_of_a_model_is_as_before(engine: Engine, tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "wishes.gguf", n_ctx=512)
    name = engine.library.add(path).name
    engine.library.set_defaults(name, ModelDefaults(system="be brief", n_ctx=256))
    info = engine.open_model(path, REFERENCE).wait(WAIT)
    assert isinstance(info, ModelInfo)
    assert (info.default_system, info.n_ctx) == ("be brief", 256)
    engine.unload_after_minutes = SOON
    until(lambda: engine.is_unloaded(info.id))
    engine.unload_after_minutes = 0
    engine.new_chat(info.id, generation=SHORT).send("hello").wait(WAIT)
    (again,) = engine._models.infos()
    assert (again.id, again.default_system, again.n_ctx) == (info.id, "be brief", 256)


def test_closed_while_it_sleeps(engine: Engine, info: ModelInfo) -> None:
    chat = engine.new_chat(info.id, generation=SHORT)
    engine.unload_after_minutes = SOON
    until(lambda: engine.is_unloaded(info.id))
    engine.close_model(info.id).wait(WAIT)
    assert engine._models.infos() == []
    with pytest.raises(UsageError, match="closed"):
        chat.send("hello")


@pytest.mark.parametrize("minutes", [-1, float("nan"), float("inf")])
def test_minutes_that_make_no_sense(engine: Engine, minutes: float) -> None:
    with pytest.raises(UsageError):
        engine.unload_after_minutes = minutes


def test_quiet_modes(engine: Engine) -> None:
    assert engine.quiet_mode == "off"
    engine.quiet_mode = "auto"
    assert engine.quiet_mode == "auto"
    with pytest.raises(UsageError, match="quiet mode"):
        engine.quiet_mode = "loud"


def test_half_of_the_threads_in_quiet_mode(engine: Engine, tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "cpu.gguf", n_ctx=512)
    info = engine.open_model(path, LoadOptions(threads=4)).wait(WAIT)
    assert isinstance(info, ModelInfo)
    team = engine.model(info.id).backend._team  # type: ignore[attr-defined]
    chat = engine.new_chat(info.id, generation=SHORT)
    loud = asked(chat)
    assert team.active == 4
    engine.quiet_mode = "on"
    chat.reply(chat.messages[:-1]).wait(WAIT)
    assert team.active == 2
    assert chat.messages[-1].content == loud


def test_how_fast_replies_came_is_kept(engine: Engine, info: ModelInfo) -> None:
    chat = engine.new_chat(info.id, generation=GenerationParams(max_tokens=40, ignore_eos=True))
    chat.settings = replace(chat.settings, sampling=SamplingParams(temperature=2.0, top_k=0))
    chat.send("hello").wait(WAIT)
    until(lambda: engine.paths.runs_file.exists())
    (run,) = kept_runs(engine.paths.runs_file)[str(info.path)]
    assert run.tokens == 40
    assert run.speed > 0
    assert engine.library.add(info.path).tokens_per_second == 0
    chat.reply(chat.messages[:-1]).wait(WAIT)
    until(lambda: engine.library.find(info.name).tokens_per_second > 0)
    assert engine.live.sample().memory > 1 << 20


def test_what_is_kept_for_later_counts_as_free(
    engine: Engine, info: ModelInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up as soon as another model is opened, so that model may have it."""
    monkeypatch.setattr("engine.api.MEMORY_GOOD_S", -1.0)
    monkeypatch.setattr("engine.api.system_memory", lambda machine: MemoryLimits(10**10, 10**9))
    report = HardwareReport("cpu", 8, 8, 8, 0, (), 10**10, 0, 0, (), "Linux")
    chat = engine.new_chat(info.id, generation=SHORT)
    asked(chat)
    assert engine.report_now(report).ram_available == 10**9
    assert engine.taken().loaded == info.memory.total
    chat.close()
    until(lambda: engine.kept().nbytes > 0)
    kept = engine.kept().nbytes
    assert engine.report_now(report).ram_available == 10**9 + kept
    assert engine.taken().loaded == info.memory.total - kept, "it is not given back twice"
    monkeypatch.setattr("engine.api.system_memory", lambda machine: MemoryLimits(10**10, 10**10))
    assert engine.report_now(report).ram_available == 10**10, "no more than there is"
    opened(engine, tmp_path / "other.gguf")
    assert engine.kept() == Kept()


def test_what_is_kept_for_later_is_told_and_can_be_forgotten(
    engine: Engine, info: ModelInfo
) -> None:
    assert engine.kept() == Kept()
    chat = engine.new_chat(info.id, generation=SHORT)
    asked(chat)
    assert engine.kept() == Kept(), "somebody has it open"
    chat.close()
    until(lambda: engine.kept().conversations == 1)
    kept = engine.kept()
    assert kept.nbytes > 0
    assert engine.live.sample().kept == kept.nbytes
    events: list[Event] = []
    assert engine.forget_kept(events.append).wait(WAIT) == kept
    assert events == [Done(kept)]
    assert engine.kept() == Kept()
    assert engine.live.sample().kept == 0
    heard: list[Event] = []
    chat = engine.new_chat(info.id, generation=SHORT)
    chat.send("hello", heard.append).wait(WAIT)
    assert isinstance(heard[-1], Finished)
    assert heard[-1].timings.cached_n == 0, "it is read again"
