"""Files that somebody shortens, replaces or deletes while they are open: a sentence or no harm at
all, never the end of the program (a mapped file would end it: SIGBUS)."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder, write_safetensors
from helpers.tiny_models import write_tiny_llama
from helpers.torch_files import write_torch

from engine.base.errors import FormatError
from engine.base.events import Progress, Stage
from engine.base.settings import LoadOptions
from engine.model import open_model
from engine.tape import Tape
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_header import read_header
from engine.weights.formats.open_file import OpenFile, Window
from engine.weights.formats.pytorch import open_pytorch
from engine.weights.formats.safetensors import open_safetensors
from engine.weights.types import TensorType
from engine.workshop.convert import convert
from engine.workshop.quantize import quantize_model
from engine.workshop.quantize_plan import QuantizeOptions

SHORTER = "has become shorter while it was open"
ARRAYS = {"a": np.arange(64, dtype=np.float32).reshape(8, 8), "b": np.ones(32, np.float32)}
OPTIONS = LoadOptions(n_ctx=64, threads=2)


def play(job: Any, heard: Callable[[Any], None]) -> None:
    """All steps of a job; each event is told before the next step."""
    for event in job:
        heard(event)


@pytest.mark.parametrize(
    ("write", "opener"),
    [(write_safetensors, open_safetensors), (write_torch, open_pytorch)],
    ids=["safetensors", "pytorch"],
)
def test_checkpoints(
    tmp_path: Path, write: Callable[..., Path], opener: Callable[[Path], Any]
) -> None:
    path = write(tmp_path / "m.bin", ARRAYS)
    found = opener(path)
    assert np.array_equal(found.tensors["a"].whole(), ARRAYS["a"])
    os.truncate(path, 40)
    for name in ARRAYS:
        with pytest.raises(FormatError, match=SHORTER):
            found.tensors[name].whole()
    found.close()


def test_a_model_that_is_answering(tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf")
    model = drive(open_model(path, OPTIONS, "tiny"))
    tape = Tape(model.backend)
    tape.run([5, 6, 7], "last")
    os.truncate(path, model.file.tensors["token_embd.weight"].offset + 64)
    with pytest.raises(FormatError, match=rf"^m\.gguf {SHORTER}.*open it anew$"):
        tape.run([8], "last")
    assert len(tape) == 3
    assert tape.sequence.length == 3
    model.close()


def test_a_model_that_is_deleted_or_replaced_while_it_answers(tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf")
    model = drive(open_model(path, OPTIONS, "tiny"))
    tape = Tape(model.backend)
    before = tape.run([5, 6, 7], "last").copy()
    write_tiny_llama(tmp_path / "other.gguf", seed=9).replace(path)
    tape.back_to(0)
    assert np.array_equal(tape.run([5, 6, 7], "last"), before)
    path.unlink()
    tape.back_to(0)
    assert np.array_equal(tape.run([5, 6, 7], "last"), before)
    model.close()


@pytest.mark.parametrize("where", [Stage.LOADING, Stage.TOKENIZER])
def test_a_model_that_is_being_loaded(tmp_path: Path, where: Stage) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf", type=TensorType.Q8_0)
    before = threading.active_count()

    def shorten(event: Any) -> None:
        if isinstance(event, Progress) and event.stage == where:
            os.truncate(path, 20_000)

    with pytest.raises(FormatError, match=SHORTER):
        play(open_model(path, OPTIONS, "tiny"), shorten)
    assert threading.active_count() == before


def test_a_header_that_is_being_read(tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf")
    file = OpenFile(path)
    os.truncate(path, 3000)
    with pytest.raises(FormatError, match=SHORTER):
        read_header(Window(file), path.name)
    file.close()


def test_a_source_that_is_quantized(tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf", n_embd=256, n_ff=256)
    events: list[Any] = []

    def shorten(event: Any) -> None:
        events.append(event)
        if len(events) == 2:
            os.truncate(path, 30_000)

    job = quantize_model(path, tmp_path / "out.gguf", QuantizeOptions("Q8_0"))
    with pytest.raises(FormatError, match=SHORTER):
        play(job, shorten)
    assert not (tmp_path / "out.gguf").exists()


def test_a_source_that_is_converted(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "source", "llama")
    weights = next(folder.glob("*.safetensors"))

    def shorten(event: Any) -> None:
        if isinstance(event, Progress) and event.total:
            os.truncate(weights, 20_000)

    with pytest.raises(FormatError, match=SHORTER):
        play(convert(folder, tmp_path / "out.gguf"), shorten)
    assert not (tmp_path / "out.gguf").exists()


def test_a_closed_file_says_so(tmp_path: Path) -> None:
    file = open_gguf(write_tiny_llama(tmp_path / "m.gguf"))
    rows = file.rows("output.weight")
    file.close()
    with pytest.raises(FormatError, match=r"m\.gguf is closed"):
        rows[:1]


def test_descriptors_are_given_back(tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf")
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        open_gguf(path)  # nobody closes it
    assert len(os.listdir("/proc/self/fd")) <= before + 1


# --- the pieces themselves -------------------------------------------------------------------
def test_windows_are_the_bytes_of_the_file(tmp_path: Path) -> None:
    raw = np.random.default_rng(1).integers(0, 256, 300_000, np.uint8).tobytes()
    (tmp_path / "f").write_bytes(raw)
    file = OpenFile(tmp_path / "f")
    window, chance = Window(file), np.random.default_rng(2)
    for start, size in chance.integers(0, 300_100, (300, 2)).tolist():
        for part in (slice(start, start + size), slice(start, start + size % 90)):
            assert window[part] == raw[part]
    assert window[:4] == raw[:4]
    for start, size in chance.integers(0, 300_000, (50, 2)).tolist():
        assert window.find(b"\n", start, start + size) == raw.find(b"\n", start, start + size)
    file.close()


@pytest.mark.parametrize("shape", [(6, 4), (2, 3, 4), (24,), ()])
def test_tensors_with_strides_are_gathered(
    tmp_path: Path, shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.weights.formats import pytorch_objects as po
    from engine.weights.formats.open_file import Span

    values = np.arange(2500, dtype="<f4")
    (tmp_path / "f").write_bytes(values.tobytes())
    file = OpenFile(tmp_path / "f")
    storage = po.Storage("FloatStorage", "0", 2500)
    for piece in (4 << 20, 16, 1):
        monkeypatch.setattr(po, "PIECE", piece)
        for strides in ((40, 9, 2), (1, 7, 50), (0, 3, 1), (100, 1, 30)):
            own = strides[len(strides) - len(shape) :] if shape else ()
            tensor = po.StoredTensor(storage, 5, shape, own)
            meant = np.lib.stride_tricks.as_strided(
                values[5:], shape, tuple(4 * s for s in own)
            ).copy()
            found = po._lazy(tensor, "t", "f", lambda _: Span(file, 0, 10_000))
            assert np.array_equal(found.whole().reshape(shape), meant)
            rows = [found.floats(a, a + 1) for a in range(found.n_rows)]
            assert np.array_equal(np.concatenate(rows).reshape(shape), meant)
    file.close()


def test_threads_read_one_file_where_going_there_and_reading_are_two_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows has no preadv; threads that share a file must not read at each other's places."""
    monkeypatch.delattr(os, "preadv", raising=False)
    numbers = np.arange(1 << 16, dtype=np.uint32)
    path = tmp_path / "numbers"
    numbers.tofile(path)
    file, wrong = OpenFile(path), []

    def read(first: int) -> None:
        for at in range(first, len(numbers), 16):
            if file.bytes(4 * at, 4, "a number") != numbers[at : at + 1].tobytes():
                wrong.append(at)

    threads = [threading.Thread(target=read, args=(first,)) for first in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file.close()
    assert wrong == []
