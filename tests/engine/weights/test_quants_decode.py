"""Decoding is bit for bit what gguf.quants gives, for any bytes at all."""

import gguf
import numpy as np
import pytest
from helpers.data import shared_data

from engine.base.errors import UsageError
from engine.weights.formats.gguf import open_gguf
from engine.weights.quants import dequantize
from engine.weights.types import TensorType

COLS = 512
ONE = b"\x00\x3c"  # float16
# No twin in the package: a block as it lies in the file, and what its first values are.
WITHOUT_TWIN: dict[str, tuple[bytes, list[float]]] = {
    "I8": (b"\xfd", [-3]),
    "I16": (b"\xfd\xff", [-3]),
    "I32": (b"\xfd\xff\xff\xff", [-3]),
    "I64": (b"\xfd" + 7 * b"\xff", [-3]),
    "F64": (np.float64(-3).tobytes(), [-3]),
    "Q8_1": (ONE + bytes(2) + b"\xfd\x05" + bytes(30), [-3, 5, 0]),
    "Q8_K": (np.float32(2).tobytes() + b"\xfd\x05" + bytes(286), [-6, 10, 0]),
    "Q1_0": (ONE + bytes([0b0000_0101]) + bytes(15), [1, -1, 1, -1]),
    "Q2_0": (ONE + bytes([0b11_10_01_00]) + bytes(15), [-1, 0, 1, 2, -1]),
}
WITH_TWIN = [kind for kind in TensorType if kind.name not in WITHOUT_TWIN]


def random_raw(kind: TensorType, rows: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (rows, kind.row_bytes(COLS)), np.uint8)


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal to the last bit, signs of zeros too; which NaN it is does not matter."""
    nan = np.isnan(b)
    bits = a.view(np.uint32)[~nan] == b.view(np.uint32)[~nan]
    return bool(np.array_equal(np.isnan(a), nan) and bits.all())


@pytest.mark.parametrize("kind", WITH_TWIN, ids=lambda kind: kind.name)
def test_equals_gguf(kind: TensorType):
    raw = random_raw(kind, 97)
    with np.errstate(all="ignore"):
        theirs = gguf.quants.dequantize(raw, gguf.GGMLQuantizationType(kind.value))
    assert same_bits(dequantize(kind, raw, COLS), theirs.reshape(97, COLS))


def test_every_type_is_decoded():
    for kind in TensorType:
        assert dequantize(kind, random_raw(kind, 2), COLS).shape == (2, COLS)


@pytest.mark.parametrize("name", WITHOUT_TWIN)
def test_types_without_twin(name: str):
    raw, values = WITHOUT_TWIN[name]
    found = dequantize(TensorType[name], np.frombuffer(raw, np.uint8)[None], TensorType[name].block)
    assert found[0, : len(values)].tolist() == values


def test_large_tensor_in_groups():
    """Rows beyond one working group come out the same."""
    raw = np.tile(random_raw(TensorType.Q4_0, 16), (128, 1))
    out = dequantize(TensorType.Q4_0, raw, COLS)
    with np.errstate(all="ignore"):
        assert same_bits(out, np.tile(dequantize(TensorType.Q4_0, raw[:16], COLS), (128, 1)))


def test_wrong_shape():
    with pytest.raises(UsageError, match="512 columns of Q4_0"):
        dequantize(TensorType.Q4_0, np.zeros((2, 17), np.uint8), COLS)


@pytest.mark.parametrize("name", ["Q4_0", "Q8_0", "Q6_K", "Q4_K_M"])
def test_real_file_is_near_its_original(name: str):
    """Relative error of a whole model, as llama.cpp quantized it."""
    limits = {"Q4_0": 0.1, "Q8_0": 0.006, "Q6_K": 0.02, "Q4_K_M": 0.08}
    exact = open_gguf(shared_data("stories260K-x256", "stories260K-x256-F32.gguf"))
    small = open_gguf(shared_data("stories260K-x256", f"stories260K-x256-{name}.gguf"))
    for tensor, info in small.tensors.items():
        x = exact.raw(tensor).view("<f4")
        off = dequantize(info.type, small.raw(tensor), info.n_cols) - x
        assert np.linalg.norm(off) <= limits[name] * np.linalg.norm(x)
