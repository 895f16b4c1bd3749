"""NaN among weights or activations reaches the logits: figures are never made up where there are
none. The sampler then says so in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from helpers.loaded import make_backend
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph
from engine.compute.backends import BatchEntry
from engine.weights.formats.gguf import open_gguf
from engine.weights.types import TensorType

TYPES = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K")
PLACES = ("blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "output_norm.weight")


def logits(path: Path, backend: str, ids: np.ndarray, cache_type: str) -> np.ndarray:
    file = open_gguf(path)
    _, graph = build_graph(file)
    made = make_backend(
        backend, graph, file, n_ctx=64, max_batch=32, cache_type=cache_type, threads=2
    )
    with np.errstate(all="ignore"):
        rows = made.run([BatchEntry(made.new_sequence(), ids, "all")]).copy()
    made.close()
    file.close()
    return rows


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", TYPES)
def test_one_nan_in_a_norm_leaves_no_logit(tmp_path: Path, name: str, place: str) -> None:
    path = write_tiny_llama(
        tmp_path / "m.gguf", type=TensorType[name], n_embd=256, n_ff=256, n_head=4, n_ctx=64
    )
    with open_gguf(path) as file:
        at = file.tensors[place].offset
    raw = bytearray(path.read_bytes())
    raw[at + 4 * 37 : at + 4 * 38] = np.float32(np.nan).tobytes()
    path.write_bytes(raw)
    ids = np.arange(5, 20, dtype=np.int32)
    assert np.isnan(logits(path, "reference", ids, "f32")).all()
    for cache_type in ("f32", "q8_0"):
        assert np.isnan(logits(path, "cpu", ids, cache_type)).all()


@pytest.mark.parametrize("name", ["F32", "Q8_0"])
def test_nan_of_one_token_touches_what_comes_after_it(tmp_path: Path, name: str) -> None:
    """An embedding row without numbers."""
    kinds = {"token_embd.weight": TensorType.F32}
    path = write_tiny_llama(tmp_path / "m.gguf", type=kinds | _all_others(name), n_ctx=64)
    with open_gguf(path) as file:
        info = file.tensors["token_embd.weight"]
        at = info.offset + 4 * info.n_cols * 40
    raw = bytearray(path.read_bytes())
    raw[at : at + 4] = np.float32(np.nan).tobytes()
    path.write_bytes(raw)
    ids = np.array([5, 6, 7, 40, 8, 9], np.int32)
    for backend, cache_type in (("reference", "f32"), ("cpu", "f32"), ("cpu", "q8_0")):
        broken = np.isnan(logits(path, backend, ids, cache_type)).all(axis=1)
        assert broken[3:].all()
        alone = np.isnan(logits(path, backend, ids[:3], cache_type))
        assert not alone.any()


@pytest.mark.parametrize("name", ["F32", "Q8_0"])
def test_squares_beyond_float32_are_no_zeros(tmp_path: Path, name: str) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf", type=_all_others(name), n_ctx=64)
    with open_gguf(path) as file:
        info = file.tensors["token_embd.weight"]
        at, size = info.offset, 4 * info.n_cols
    raw = bytearray(path.read_bytes())
    raw[at + 40 * size : at + 41 * size] = np.full(size // 4, 1e30, np.float32).tobytes()
    path.write_bytes(raw)
    rows = logits(path, "cpu", np.array([40], np.int32), "f32")
    assert np.isnan(rows).all()


@pytest.mark.parametrize("cache_type", ["f32", "f16", "q8_0"])
def test_scores_beyond_float32_give_no_figures(tmp_path: Path, cache_type: str) -> None:
    """Where all a token sees scores minus infinity, nothing that it may not see stands in."""
    path = write_tiny_llama(tmp_path / "m.gguf", n_ctx=64, biases=True)
    with open_gguf(path) as file:
        places = {n: (i.offset, i.nbytes) for n, i in file.tensors.items() if n.endswith(".bias")}
    raw = bytearray(path.read_bytes())
    for name, value in (("blk.0.attn_k.bias", 1e25), ("blk.0.attn_q.bias", -1e25)):
        at, size = places[name]
        raw[at : at + size] = np.full(size // 4, value, np.float32).tobytes()
    path.write_bytes(raw)
    first = logits(path, "cpu", np.arange(5, 12, dtype=np.int32), cache_type)[0]
    assert np.isnan(first).all(), "it sees itself alone, with a score of minus infinity"


def _all_others(name: str) -> dict[str, TensorType]:
    parts = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
    return {f"blk.{i}.{part}.weight": TensorType[name] for i in range(2) for part in parts}
