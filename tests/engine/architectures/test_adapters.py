"""LoRA at run time against the same change merged into the weights."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from helpers.expert_models import write_tiny_experts
from helpers.loaded import make_backend
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph
from engine.architectures.shared.adapters import with_adapters
from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.compute.backends import BatchEntry
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter

EXACT = 1e-4  # of the logits' spread: sums in another order
RANK = 6
TARGETS = ("blk.0.attn_q.weight", "blk.0.ffn_down.weight", "blk.1.attn_output.weight")
IDS = np.random.default_rng(3).integers(3, 300, 30).astype(np.int32)


def write_adapter(path: Path, model: Path, *, targets=TARGETS, alpha=12.0, seed=0, **metadata):
    random, changes = np.random.default_rng(seed), {}
    with open_gguf(model) as file, GGUFWriter(path) as writer:
        head = {"general.type": "adapter", "adapter.type": "lora"}
        head |= {} if alpha is None else {"adapter.lora.alpha": alpha}
        writer.set_all(head | {"general.architecture": "llama"} | metadata)
        halves = {}
        for name in targets:
            rows, columns = file.tensors[name].shape
            a, b = (random.standard_normal(s) / 8 for s in ((RANK, columns), (rows, RANK)))
            changes[name] = b @ a * (1.0 if alpha is None else alpha / RANK)
            halves |= {f"{name}.lora_a": a, f"{name}.lora_b": b}
        for name, values in halves.items():
            writer.declare(name, values.shape)
        for name, values in halves.items():
            writer.write(name, values.astype(np.float32))
    return changes


def merged(model: Path, out: Path, changes: dict[str, np.ndarray], scale: float) -> Path:
    """The F32 model with the change in its weights."""
    shutil.copy(model, out)
    with open_gguf(model) as file:
        for name, change in changes.items():
            info = file.tensors[name]
            there = np.memmap(out, np.float32, "r+", info.offset, info.shape)
            there += (scale * change).astype(np.float32)
            there.flush()
    return out


def logits(model: Path, backend: str, adapters=()) -> np.ndarray:
    file = open_gguf(model)
    _, graph = build_graph(file)
    graph = with_adapters(graph, file, adapters)
    made = make_backend(backend, graph, file, n_ctx=64, cache_type="f32", threads=2)
    rows = made.run([BatchEntry(made.new_sequence(), IDS, "all")]).copy()
    made.close()
    return rows


@pytest.mark.parametrize("backend", ["cpu", "reference"])
@pytest.mark.parametrize("alpha", [12.0, 0.0, None])
def test_an_adapter_is_what_merging_would_make(tmp_path, backend, alpha):
    model = write_tiny_llama(tmp_path / "m.gguf")
    one, two = tmp_path / "one.gguf", tmp_path / "two.gguf"
    first = write_adapter(one, model, alpha=alpha)
    second = write_adapter(two, model, seed=1, targets=TARGETS[:2])
    whole = merged(model, tmp_path / "merged.gguf", first, 0.5)
    whole = merged(whole, tmp_path / "both.gguf", second, 1.5)
    truth = logits(whole, "reference")
    found = logits(model, backend, [(one, 0.5), (two, 1.5)])
    assert np.abs(logits(model, "reference") - truth).max() > 0.1
    assert np.abs(found - truth).max() < EXACT * truth.std()


def test_what_does_not_fit_is_refused(tmp_path):
    model = write_tiny_llama(tmp_path / "m.gguf")
    other = write_tiny_llama(tmp_path / "other.gguf", n_ff=128)
    path = tmp_path / "a.gguf"

    def refused(error: type[ChaskiError], words: str) -> None:
        with pytest.raises(error, match=words):
            logits(model, "reference", [(path, 1.0)])

    write_adapter(path, other)
    refused(FormatError, "does not fit this model")
    write_adapter(path, model, **{"general.architecture": "gemma"})
    refused(FormatError, "made for gemma")
    write_adapter(path, model, **{"general.type": "model"})
    refused(FormatError, "no LoRA adapter")
    write_adapter(path, model, targets=("output.weight",))
    refused(UnsupportedError, "merge the adapter")
    write_adapter(path, model, targets=())
    refused(FormatError, "holds no LoRA")


def test_beside_experts_only_matrices_alone_can_be_changed(tmp_path):
    """A router is one; what each expert has of its own is refused, not computed wrongly."""
    model, path = write_tiny_experts(tmp_path / "m.gguf"), tmp_path / "a.gguf"
    changes = write_adapter(path, model, targets=("blk.0.ffn_gate_inp.weight",))
    found = logits(model, "reference", [(path, 0.5)])
    truth = logits(merged(model, tmp_path / "merged.gguf", changes, 0.5), "reference")
    np.testing.assert_allclose(found, truth, rtol=0, atol=1e-4)
    name = "blk.0.ffn_up_exps.weight.lora_"
    with GGUFWriter(path) as writer:
        kind = {"general.type": "adapter", "adapter.type": "lora"}
        writer.set_all(kind | {"general.architecture": "llama"})
        shapes = {f"{name}a": (4, RANK, 64), f"{name}b": (4, 96, RANK)}
        for half, shape in shapes.items():
            writer.declare(half, shape)
        for half, shape in shapes.items():
            writer.write(half, np.ones(shape, np.float32))
    with pytest.raises(UnsupportedError, match="for each expert or head"):
        logits(model, "reference", [(path, 1.0)])
