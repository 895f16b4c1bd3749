"""Long work gives its turns away: counted, not timed (tests/pauses/pauses.py has the seconds)."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine import model as opening
from engine.base import turns
from engine.base.events import Progress, Stage
from engine.base.settings import LoadOptions
from engine.compute.backends import cpu_packing, reference
from engine.compute.kernels import warm
from engine.compute.kernels.jit import Kernel
from engine.measure.importance import Calibration, make_importance
from engine.measure.perplexity import perplexity
from engine.model import open_model
from engine.tape import Tape
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType
from engine.workshop import convert as converting
from engine.workshop.convert import run as convert_run
from engine.workshop.quantize import quantize_model
from engine.workshop.quantize_plan import QuantizeOptions

OPTIONS = LoadOptions(n_ctx=64, threads=2)


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "m.gguf", n_embd=256, n_ff=512, type=TensorType.F16)


def turns_of(job: Any) -> list[Any]:
    """What a job yields, to its end; a model is closed."""
    found = []
    while True:
        try:
            found.append(next(job))
        except StopIteration as end:
            if hasattr(end.value, "close"):
                end.value.close()
            return found


def watched(monkeypatch: pytest.MonkeyPatch, room: Any, name: str) -> list[str]:
    """Names of the threads in which a function is called."""
    real: Callable[..., Any] = getattr(room, name)
    heard: list[str] = []

    def call(*args: Any, **options: Any) -> Any:
        heard.append(threading.current_thread().name)
        return real(*args, **options)

    monkeypatch.setattr(room, name, call)
    return heard


def test_header_and_tokenizer_are_read_beside_the_compute_thread(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = watched(monkeypatch, opening, "open_gguf")
    tokenizer = watched(monkeypatch, opening, "make_tokenizer")
    turns_of(open_model(path, OPTIONS, "m"))
    assert header == tokenizer == ["chaski-aside"]


def test_kernels_are_compiled_beside_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    class Slow(Kernel):
        """Compiled by a compiler that only says where it ran."""

        def compile(self) -> None:
            heard.append(threading.current_thread().name)

    monkeypatch.setattr(warm, "is_cached", lambda kernel: False)
    monkeypatch.setattr(warm, "_processes", lambda missing: [])
    kernels: list[Kernel] = [Slow(lambda row, batch, thread: None) for _ in range(5)]
    found = turns_of(warm.compile_all(kernels))
    assert heard == ["chaski-aside"] * 5
    assert all(turn is None or turn.stage is Stage.COMPILING for turn in found)


def test_each_piece_that_is_packed_may_end_a_turn(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = turns_of(open_model(path, OPTIONS, "m"))
    monkeypatch.setattr(turns, "SLICE_S", 0.0)
    monkeypatch.setattr(cpu_packing, "PIECE", 1)
    monkeypatch.setattr(cpu_packing, "LEAST", 1)
    found = turns_of(open_model(path, OPTIONS, "m"))
    loading = [i for i, t in enumerate(found) if isinstance(t, Progress) and t.stage == "loading"]
    between = [b - a - 1 for a, b in zip(loading, loading[1:], strict=False)]
    # Of 2 layers with 7 matrices each, and the logits: two threads take 2 of their panels a piece.
    assert len(between) == 15
    assert max(between) == 512 // 16 // 2
    assert len(found) > len(usual) + 100


def test_the_reference_reads_piece_by_piece(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SLICE_S", 0.0)
    monkeypatch.setattr(reference, "PIECE", 256 * 16)
    found = turns_of(open_model(path, REFERENCE, "m"))
    assert sum(turn is None for turn in found) > 2 * 7 * 16


def test_quantizing_takes_as_small_steps_as_the_clock_asks_for(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = QuantizeOptions("Q4_0", threads=1)
    usual = turns_of(quantize_model(path, tmp_path / "a.gguf", options))
    monkeypatch.setattr(turns, "STEP_S", 1e-9)  # nothing is ever fast enough: row by row
    complete = watched(monkeypatch, GGUFWriter, "complete")
    found = turns_of(quantize_model(path, tmp_path / "b.gguf", options))
    assert complete == ["chaski-aside"], "the disk may take long"
    steps = sum(isinstance(t, Progress) and t.stage == "encoding" for t in found)
    assert steps > 2 * (3 * 512 + 4 * 256) * 0.9
    assert len(usual) < steps
    assert (tmp_path / "a.gguf").read_bytes() == (tmp_path / "b.gguf").read_bytes()


def test_converting_reads_its_source_beside_and_writes_in_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "source", "llama")
    source = watched(monkeypatch, convert_run, "open_source")
    first = drive(converting.convert(folder, tmp_path / "a.gguf"))
    monkeypatch.setattr(turns, "STEP_S", 1e-9)
    found = turns_of(converting.convert(folder, tmp_path / "b.gguf"))
    assert source == ["chaski-aside"] * 2
    assert sum(isinstance(t, Progress) and t.stage == "writing" for t in found) > 4 * first.tensors
    assert (tmp_path / "a.gguf").read_bytes() == (tmp_path / "b.gguf").read_bytes()


@pytest.mark.parametrize("output", [False, True], ids=["layers", "and logits"])
def test_weighing_gives_turns_within_a_pass_and_weighs_the_same(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: bool
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("once upon a time there was a little girl " * 30, "utf-8")
    found = []
    for slice_s in (1e9, 0.0):
        monkeypatch.setattr(turns, "SLICE_S", slice_s)
        out = tmp_path / f"{slice_s}.gguf"
        job = make_importance(path, Calibration(text, out, window=64, output=output), OPTIONS)
        told = turns_of(job)
        texts = [i for i, t in enumerate(told) if isinstance(t, Progress) and t.stage == "text"]
        found.append(texts[-1] - texts[0])
    assert found[0] == len(texts) - 1 > 2, "whole passes"
    assert found[1] > 20 * found[0], "a turn for each row of the program"
    assert (tmp_path / "1000000000.0.gguf").read_bytes() == (tmp_path / "0.0.gguf").read_bytes()


def test_a_pass_in_turns_gives_the_same_and_given_up_leaves_no_trace(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "SLICE_S", 0.0)
    model = drive(open_model(path, OPTIONS, "m"))
    tape, other = Tape(model.backend), Tape(model.backend)
    expected = tape.run([1, 2, 3, 4, 5], "all").copy()
    given_up = other.run_in_turns([9, 8, 7], "last")
    next(given_up)
    given_up.close()
    assert len(other) == other.sequence.length == 0
    assert (drive(other.run_in_turns([1, 2, 3, 4, 5], "all")) == expected).all()
    assert other.tokens == [1, 2, 3, 4, 5]
    model.close()


def test_measuring_gives_turns_and_measures_the_same(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("once upon a time there was a little girl " * 30, "utf-8")
    model = drive(open_model(path, OPTIONS, "m"))
    other = drive(open_model(path, OPTIONS, "other"))
    usual = drive(perplexity(model, text, 32, other))
    monkeypatch.setattr(turns, "SLICE_S", 0.0)
    assert drive(perplexity(model, text, 32, other)) == usual
    assert None in turns_of(perplexity(model, text, 32, other))
    for each in (model, other):
        each.close()
