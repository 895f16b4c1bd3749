"""Big-endian files: blocks come out of raw() as if the file were little-endian."""

from pathlib import Path

import numpy as np
import pytest
from helpers.tiny_models import write_tiny_llama

from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_endian import FIELDS, swap_blocks
from engine.weights.types import TensorType

HOUSE_TYPES = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q6_K")


def test_every_type_is_described():
    assert set(FIELDS) == set(TensorType)
    for kind, fields in FIELDS.items():
        assert all(at + width * count <= kind.block_bytes for at, width, count in fields)


def test_swapping_twice_changes_nothing():
    random = np.random.default_rng(0)
    for kind in TensorType:
        raw = random.integers(0, 256, (3, 2 * kind.block_bytes), np.uint8)
        assert np.array_equal(swap_blocks(kind, swap_blocks(kind, raw)), raw)


@pytest.mark.parametrize("name", HOUSE_TYPES)
def test_same_model_in_both_orders(tmp_path: Path, name: str):
    shape = {"type": TensorType[name], "n_embd": 256, "n_ff": 256, "n_layer": 1, "n_vocab": 259}
    little = write_tiny_llama(tmp_path / "little.gguf", **shape)
    big = write_tiny_llama(tmp_path / "big.gguf", **shape, byte_order="big")
    assert little.read_bytes() != big.read_bytes()
    with open_gguf(little) as a, open_gguf(big) as b:
        assert (a.byte_order, b.byte_order) == ("little", "big")
        assert a.tensors.keys() == b.tensors.keys()
        assert all(np.array_equal(a.raw(name), b.raw(name)) for name in a.tensors)
        assert a.need_strs("tokenizer.ggml.tokens") == b.need_strs("tokenizer.ggml.tokens")
