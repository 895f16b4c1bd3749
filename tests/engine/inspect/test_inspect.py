"""Looking at sources, and making models of them; test_resumable.py has what is interrupted."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine import inspect
from engine.base.errors import FormatError, UsageError
from engine.base.events import Event
from engine.base.settings import LoadOptions
from engine.jobs import Made, Make, MakeProgress
from engine.jobs.making import making
from engine.model import open_model
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "tiny-f16.gguf", type=TensorType.F16, n_embd=256, n_ff=256)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "hf", "llama")


def test_looking_tells_what_it_is_and_what_it_can_become(tiny: Path) -> None:
    found = inspect.look(tiny)
    names = [target.name for target in found.targets]
    assert (found.is_gguf, found.architecture, found.is_quantized) == (True, "llama", False)
    assert {"Q4_K_M", "Q8_0", "IQ4_XS"} <= set(names)
    assert "F16" not in names, "what it is already is no choice"
    assert [t.name for t in found.targets if t.needs_importance][-1].startswith("IQ1")
    assert found.forecast is not None
    assert found.forecast.memory.cache > 0
    assert found.forecast.n_ctx == 512


def test_sizes_are_those_of_the_files_that_are_made(tiny: Path, tmp_path: Path) -> None:
    sizes = {target.name: target.bytes for target in inspect.look(tiny).targets}
    made = drive(making(Make(tiny, tmp_path / "out.gguf", "Q8_0", threads=1)))
    assert isinstance(made, Made)
    assert abs(made.bytes - sizes["Q8_0"]) < 4096
    assert made.bytes == (tmp_path / "out.gguf").stat().st_size


@pytest.mark.parametrize("target", ["Q8_0", "IQ4_XS", "MXFP4_MOE", "Q3_K_M", "TQ2_0"])
def test_memory_is_foretold_as_the_weights_lie_in_it(
    tiny: Path, tmp_path: Path, target: str
) -> None:
    """Some types are unpacked to twice their file and more; what opening takes counts."""
    foretold = next(t for t in inspect.look(tiny).targets if t.name == target)
    made = drive(making(Make(tiny, tmp_path / "out.gguf", target, threads=1))).path
    model = drive(open_model(made, LoadOptions(threads=1), "made"))
    taken = model.info.memory.weights
    model.close()
    with open_gguf(made) as file:  # the embeddings stay in the file
        taken += file.tensors["token_embd.weight"].nbytes
    assert foretold.forecast is not None
    assert foretold.forecast.memory.weights == taken


def test_an_unpacked_type_needs_more_memory_than_disk(tiny: Path) -> None:
    """IQ1_S: 1.56 bits a weight in the file, 4.56 in memory."""
    targets = inspect.look(tiny).targets
    needs = {t.name: (t.forecast.memory.weights, t.bytes) for t in targets if t.forecast}
    assert needs["IQ1_S"][0] > 1.8 * needs["IQ1_S"][1]
    assert needs["Q4_K_M"][0] < 1.2 * needs["Q4_K_M"][1]


def test_a_folder_is_seen_as_the_file_it_becomes(folder: Path, tmp_path: Path) -> None:
    found = inspect.look(folder)
    assert not found.is_gguf
    assert found.architecture == "llama"
    assert {"F32", "F16", "Q8_0"} <= {target.name for target in found.targets}
    assert found.forecast is not None, "the graph is known before the conversion"
    for target in ("F16", "Q4_0"):
        events: list[object] = []
        out = tmp_path / f"{target}.gguf"
        drive(making(Make(folder, out, target, threads=1)), events)  # type: ignore[arg-type]
        phases = {event.phase for event in events if isinstance(event, MakeProgress)}
        assert phases == ({"convert"} if target == "F16" else {"convert", "quantize"})
        with open_gguf(out) as file:
            assert file.tensors["blk.0.attn_q.weight"].type is TensorType[target]
    assert sorted(p.suffix for p in tmp_path.iterdir()) == ["", ".gguf", ".gguf"]


def test_a_folder_with_one_gguf_model_stands_for_it(tiny: Path) -> None:
    assert inspect.look(tiny.parent).path == tiny
    write_tiny_llama(tiny.with_name("other.gguf"))
    with pytest.raises(UsageError, match="choose one of the files"):
        inspect.look(tiny.parent)


@pytest.mark.parametrize("is_gguf", [True, False])
def test_a_text_tells_what_matters(tiny: Path, folder: Path, tmp_path: Path, is_gguf: bool) -> None:
    text = tmp_path / "story.txt"
    text.write_text("once upon a time there was a little girl named " * 200)
    out = tmp_path / "out.gguf"
    events: list[Event] = []
    source = tiny if is_gguf else folder
    target = "IQ2_XS" if is_gguf else "Q4_0"
    order = Make(source, out, target, text=text, threads=1)
    drive(making(order), events)
    phases = [event.phase for event in events if isinstance(event, MakeProgress)]
    assert {"importance", "quantize"} <= set(phases)
    with open_gguf(out) as file:
        assert file.get_str("quantize.imatrix.file", "") == str(text)
    assert not list(tmp_path.glob("*.part"))


Wrong = tuple[Callable[[Path, Path], Make], str]
WRONG: dict[str, Wrong] = {
    "no such folder": (lambda t, f: Make(t, f / "no" / "x.gguf", "Q8_0"), "does not exist"),
    "output exists": (lambda t, f: Make(t, t, "Q8_0"), "exists already"),
    "no gguf": (lambda t, f: Make(t, f / "x.bin", "Q8_0"), "must end in .gguf"),
    "no text": (
        lambda t, f: Make(t, f / "x.gguf", "IQ1_S", text=f / "no.txt"),
        "no text",
    ),
    "no source": (lambda t, f: Make(f / "gone", f / "x.gguf", "Q8_0"), "does not exist"),
    "importance": (lambda t, f: Make(t, f / "x.gguf", "IQ1_S"), "importance matrix"),
    "target": (lambda t, f: Make(t, f / "x.gguf", "Q9_9"), "no type to quantize to"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_order_is_one_sentence(tiny: Path, tmp_path: Path, name: str) -> None:
    order, words = WRONG[name]
    with pytest.raises(UsageError, match=words):
        drive(making(order(tiny, tmp_path)))
    assert not list(tmp_path.glob("x*"))


def test_quantizing_twice_must_be_wished(tmp_path: Path) -> None:
    small = write_tiny_llama(tmp_path / "q.gguf", type=TensorType.Q8_0)
    assert inspect.look(small).is_quantized
    with pytest.raises(UsageError, match="already"):
        drive(making(Make(small, tmp_path / "a.gguf", "Q4_0", threads=1)))
    drive(making(Make(small, tmp_path / "a.gguf", "Q4_0", requantize=True, threads=1)))


def test_contents_show_every_key_and_tensor(tiny: Path) -> None:
    found = inspect.contents(tiny)
    keys = {entry.key: entry for entry in found.entries}
    assert keys["general.architecture"].text == "llama"
    assert keys["tokenizer.ggml.tokens"].kind.endswith("items")
    assert keys["tokenizer.ggml.tokens"].text.endswith("…")
    assert len(found.tensors) == 21
    assert found.tensors[0].name == "token_embd.weight"
    assert found.unlisted == ()
    with pytest.raises(FormatError):
        inspect.contents(tiny.parent)


def test_a_histogram_counts_every_value(tiny: Path) -> None:
    with open_gguf(tiny) as file:
        raw = file.raw("blk.0.attn_q.weight").view(np.float16).astype(np.float32)
    found = inspect.histogram(tiny, "blk.0.attn_q.weight")
    assert sum(found.counts) == found.of == raw.size
    assert found.odd == 0
    assert (found.low, found.high) == (raw.min(), raw.max())
    assert found.mean == pytest.approx(float(raw.mean()), abs=1e-5)
    assert found.deviation == pytest.approx(float(raw.std()), rel=1e-4)
    flat = inspect.histogram(tiny, "output_norm.weight")
    assert sum(flat.counts) == 256


def test_a_histogram_of_broken_values_says_so(tmp_path: Path) -> None:
    with GGUFWriter(tmp_path / "odd.gguf") as writer:
        writer.set_all({"general.architecture": "llama"})
        writer.declare("a.weight", (2, 2), TensorType.F32)
        writer.write_rows("a.weight", np.full((2, 2), np.nan, np.float32))
    found = inspect.histogram(tmp_path / "odd.gguf", "a.weight")
    assert (found.odd, found.counts) == (4, ())
    with pytest.raises(FormatError, match="no tensor"):
        inspect.histogram(tmp_path / "odd.gguf", "b.weight")


def test_importing_it_costs_nothing() -> None:
    code = "import sys, engine.inspect, engine.jobs; print({'numpy', 'numba'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_values_that_are_all_but_equal_have_a_histogram(tmp_path: Path) -> None:
    """Between neighbours of float32 there is no room for bins; nor at its largest numbers."""
    for no, value in enumerate((0.0, 1.0, -3.4e38, 1e-45)):
        values = np.full((4, 32), value, np.float32)
        values[0, 0] = np.nextafter(np.float32(value), np.float32(1))
        path = write_tiny_llama(tmp_path / f"{no}.gguf", extra_tensors={"x": values})
        found = inspect.histogram(path, "x")
        assert sum(found.counts) == values.size
