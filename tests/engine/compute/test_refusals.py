"""What is refused late leaves nothing behind; what would not fit is refused in time."""

import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from helpers.loaded import make_backend
from helpers.open_tiny import drive
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine import fit as fitting
from engine.api import Engine, GenerationParams, LoadOptions
from engine.architectures import build_graph
from engine.base.errors import CancelledError, FormatError, MemoryTooSmallError, UsageError
from engine.base.events import Done, Notice
from engine.base.models import Message
from engine.base.paths import Paths
from engine.compute.backends import BatchEntry, cpu
from engine.compute.backends.foretell import looked_up_bytes
from engine.compute.cache import full
from engine.compute.cache.memory import Memory
from engine.compute.kernels import team
from engine.hardware.report import MOST_PER_CORE, chosen_threads
from engine.model import open_model
from engine.session import Session
from engine.weights.formats.gguf import open_gguf
from engine.weights.types import TensorType

pytestmark = pytest.mark.anywhere

GIB = 1 << 30


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "m.gguf")


# --- nothing is left behind ------------------------------------------------------------------
def opening(path: Path, **options: Any) -> Any:
    return open_model(path, LoadOptions(n_ctx=64, threads=4, **options), "tiny")


def refused(path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        drive(opening(path))


WHERE = ["check_weights", "planned", "place", "compile_all", "pack", "make_counters", "_Lookup"]


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("error", [CancelledError, MemoryError, KeyboardInterrupt])
def test_no_thread_stays_behind_whatever_fails(
    path: Path, monkeypatch: pytest.MonkeyPatch, where: str, error: type[BaseException]
) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise error("now")

    monkeypatch.setattr(cpu, where, fail)
    before = threading.active_count()
    for _ in range(3):
        refused(path, error)
    assert threading.active_count() == before


def test_fifty_refused_openings_leave_no_thread(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = open_gguf(path)
    _, graph = build_graph(file)
    name = "blk.0.ffn_up.weight"
    file.tensors[name] = replace(file.tensors[name], type=TensorType.I8)
    before = threading.active_count()
    for _ in range(50):
        with pytest.raises(Exception, match="I8"):
            make_backend("cpu", graph, file, n_ctx=32, threads=4)
    assert threading.active_count() == before
    monkeypatch.setattr("engine.model._measured", lambda *_: 1 / 0)
    for _ in range(5):
        refused(path, ZeroDivisionError)
    assert threading.active_count() == before


def test_an_opening_that_is_given_up_leaves_no_thread(path: Path) -> None:
    before = threading.active_count()
    for steps in range(1, 4):
        job = opening(path)
        for _ in range(steps):
            try:
                next(job)
            except StopIteration as end:
                end.value.close()
                break
        job.close()
    assert threading.active_count() == before


def test_an_opening_that_is_stopped_in_its_last_step(path: Path, tmp_path: Path) -> None:
    before = threading.active_count()
    with Engine(Paths.under(tmp_path / "home")) as engine:
        options = LoadOptions(n_ctx=64, threads=3)
        job = engine._opening(str(path), options, options, None)
        while not isinstance(event := next(job), Notice) or "template" not in event.text:
            pass
        with pytest.raises(CancelledError):
            job.throw(CancelledError("stopped"))
        assert engine._models.infos() == []
        assert threading.active_count() == before
        job = engine._opening(str(path), options, options, None)
        while not isinstance(next(job), Done):
            pass
        with pytest.raises(StopIteration):
            job.throw(CancelledError("stopped"))
        assert len(engine._models.infos()) == 1
    assert threading.active_count() == before


# --- threads ---------------------------------------------------------------------------------
@pytest.mark.parametrize("asked", [-1, -99999, 99999, 1 << 70])
def test_a_number_of_threads_that_is_a_slip(path: Path, asked: int) -> None:
    with pytest.raises(UsageError, match=f"{asked} threads were asked for; choose 1 to"):
        drive(open_model(path, LoadOptions(threads=asked), "tiny"))


def test_numbers_of_threads_that_are_none() -> None:
    assert chosen_threads(0) >= 1
    assert chosen_threads(1) == 1
    assert chosen_threads(MOST_PER_CORE) == MOST_PER_CORE


def test_a_system_that_starts_no_more_threads(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start, begun = threading.Thread.start, []

    def limited(self: threading.Thread) -> None:
        if not self.name.startswith("kernel"):
            start(self)
            return
        if len(begun) % 3 == 2:
            begun.append(self)
            raise RuntimeError("can't start new thread")
        begun.append(self)
        start(self)

    before = threading.active_count()
    monkeypatch.setattr(team.threading.Thread, "start", limited)
    for _ in range(2):
        with pytest.raises(UsageError, match="the system starts no more than 3 of 4 threads"):
            drive(opening(path))
    assert threading.active_count() == before


# --- memory ----------------------------------------------------------------------------------
SHAPES: dict[str, dict[str, Any]] = {
    "usual": {},
    "heads wider than the embedding": {"n_head": 8, "n_head_kv": 8, "head_dim": 256},
    "one row more than a panel": {"n_ff": 97, "n_embd": 72, "n_head": 6, "n_head_kv": 3},
    "small types": {"type": TensorType.IQ2_XXS, "n_embd": 256, "n_ff": 256},
    "wide": {"n_embd": 32, "n_ff": 4096, "n_head": 2, "n_head_kv": 1},
    "tied": {"tied": True},
    "rings": {
        "extra_metadata": {
            "llama.attention.sliding_window": 9,
            "llama.attention.sliding_window_pattern": 2,
        }
    },
}
N_CTX = {"rings": 512}  # beyond the ring


@pytest.mark.parametrize("cache_type", ["f16", "f32", "q8_0"])
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_foretold_is_what_is_taken(
    tmp_path: Path, shape: str, cache_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full, "BACK", 64)
    n_ctx = N_CTX.get(shape, 128)
    file = open_gguf(write_tiny_llama(tmp_path / "m.gguf", **SHAPES[shape]))
    _, graph = build_graph(file)
    room = {"n_ctx": n_ctx, "max_batch": 32, "cache_type": cache_type, "threads": 3}
    options = LoadOptions(batch=32, cache_type=cache_type, threads=3)
    told = cpu.CpuBackend.foretell(graph, file.tensors, n_ctx, options)
    backend = make_backend("cpu", graph, file, **room)  # type: ignore[arg-type]
    taken = backend.memory()
    assert told.weights - looked_up_bytes(graph, file.tensors) == taken["weights"]
    heads = sum(2 * a.n_head_kv for a in graph.attentions)
    assert told.cache == taken["cache"] - 64 * heads
    if shape == "rings":
        sequence, ids = backend.new_sequence(), np.arange(32, dtype=np.int32)
        for _ in range(n_ctx // 32):
            backend.run([BatchEntry(sequence, ids, "none")])
        assert sequence.nbytes == told.cache
        assert sequence.promised == taken["cache"] - told.cache
    assert taken["workspace"] <= told.workspace <= taken["workspace"] + (1 << 20)
    backend.close()
    file.close()


def free(monkeypatch: pytest.MonkeyPatch, amount: int) -> None:
    found = SimpleNamespace(available=amount, total=amount)
    monkeypatch.setattr(fitting, "system_memory", lambda machine: found)


def test_wide_heads_are_refused_before_anything_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file whose heads make a workspace of gigabytes."""
    heads = {
        "n_embd": 32,
        "n_head": 128,
        "n_head_kv": 1,
        "head_dim": 4096,
        "n_layer": 1,
        "n_ff": 32,
    }
    path = write_tiny_llama(tmp_path / "m.gguf", **heads)
    free(monkeypatch, 2 * GIB)
    monkeypatch.setattr(cpu, "Memory", lambda *_: pytest.fail("memory was taken"))
    with pytest.raises(MemoryTooSmallError, match=r"workspace [0-9.]+ GB"):
        drive(open_model(path, LoadOptions(n_ctx=512), "wide"))


def test_workspaces_are_never_larger_than_foretold_by_the_sentence(path: Path) -> None:
    model = drive(opening(path))
    told = fitting.estimate(model.file, model.backend.graph, 64, LoadOptions(threads=4))
    assert model.info.memory.total <= told.total
    model.close()


def test_a_second_chat_that_does_not_fit_is_a_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = drive(opening(path))
    cache = model.info.memory.cache

    def answer() -> Session:
        session = Session(model, messages=[Message("user", "once")])
        session.generation = replace(session.generation, max_tokens=2)
        drive(session.reply())
        return session

    free(monkeypatch, fitting.MARGIN // 2 + cache)
    first = answer()
    with pytest.raises(MemoryTooSmallError, match="a conversation with this model needs"):
        answer()
    first.close()
    assert model.backend.promised == 0
    answer().close()
    model.close()


def test_other_models_count_what_conversations_may_still_fill(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths.under(tmp_path / "home")
    with Engine(paths) as engine:
        options = LoadOptions(n_ctx=512)
        first = engine.open_model(path, options).wait(WAIT)
        chat = engine.new_chat(first.id)  # type: ignore[attr-defined]
        chat.settings = replace(chat.settings, generation=GenerationParams(max_tokens=2))
        chat.send("once").wait(WAIT)
        promised = engine.model(first.id).backend.promised  # type: ignore[attr-defined]
        assert 0 < promised < first.memory.cache  # type: ignore[attr-defined]
        total = first.memory.total  # type: ignore[attr-defined]
        free(monkeypatch, fitting.MARGIN + total + promised // 2)
        with pytest.raises(MemoryTooSmallError):
            engine.open_model(path, options).wait(WAIT)
        free(monkeypatch, fitting.MARGIN + 2 * total + promised)
        engine.open_model(path, options).wait(WAIT)


# --- epsilon ---------------------------------------------------------------------------------
@pytest.mark.parametrize("value", [0.0, -1e-5, 1e-42])
def test_a_norm_that_could_divide_by_zero_is_refused(tmp_path: Path, value: float) -> None:
    key = "llama.attention.layer_norm_rms_epsilon"
    path = write_tiny_llama(tmp_path / "m.gguf", extra_metadata={key: value})
    with pytest.raises(FormatError, match=f"key {key} is .*, not above 0"):
        build_graph(open_gguf(path))


def test_memory_that_the_system_does_not_give(path: Path) -> None:
    with pytest.raises(MemoryError):
        Memory(1 << 62)
    with pytest.raises(MemoryError):
        Memory(1 << 70)
