"""Encoding: equal to gguf.quants where it encodes, as good as llama.cpp for the K types."""

import gguf
import numpy as np
import pytest
from helpers.data import shared_data

from engine.base.errors import FormatError, UnsupportedError, UsageError
from engine.weights.formats.gguf import open_gguf
from engine.weights.quants import can_quantize, dequantize, quantize
from engine.weights.types import TensorType

EXACT = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "TQ1_0", "TQ2_0", "MXFP4")
# Relative rms error on random normal numbers; the K types near what llama.cpp reaches.
LIMITS = {"Q6_K": 0.018, "Q5_K": 0.037, "Q4_K": 0.073, "Q3_K": 0.151, "Q2_K": 0.29}


def random_rows(seed: int = 0) -> np.ndarray:
    """Normal numbers of very different loudness, with some zeros."""
    random = np.random.default_rng(seed)
    x = random.standard_normal((64, 512)) * random.lognormal(0, 2, (64, 1))
    x[3] = 0
    x[4, :100] = 0
    return x.astype(np.float32)


def relative_error(kind: TensorType, x: np.ndarray, raw: np.ndarray) -> float:
    return float(np.linalg.norm(dequantize(kind, raw, x.shape[1]) - x) / np.linalg.norm(x))


@pytest.mark.parametrize("name", EXACT)
def test_equals_gguf(name: str):
    kind, x = TensorType[name], random_rows()
    theirs = gguf.quants.quantize(x, gguf.GGMLQuantizationType[name]).view(np.uint8)
    assert np.array_equal(quantize(kind, x), theirs.reshape(64, -1))


def test_bf16_keeps_nan_and_infinity():
    x = np.array([[np.nan, np.inf, -np.inf, 1.00390625, 1.01171875]], np.float32)
    back = dequantize(TensorType.BF16, quantize(TensorType.BF16, x), 5)[0]
    assert np.isnan(back[0])
    # The last two lie half-way between neighbours: to even.
    assert back[1:].tolist() == [np.inf, -np.inf, 1.0, 1.015625]


@pytest.mark.parametrize("name", LIMITS)
def test_k_types_are_good(name: str):
    x = np.random.default_rng(1).standard_normal((64, 512)).astype(np.float32)
    raw = quantize(TensorType[name], x)
    assert relative_error(TensorType[name], x, raw) < LIMITS[name]


@pytest.mark.parametrize("name", LIMITS)
def test_k_types_on_awkward_rows(name: str):
    """Zeros, one sign only, constants, one loud value, tiny and large numbers: no NaN, no noise."""
    kind = TensorType[name]
    x = np.zeros((8, 256), np.float32)
    x[1] = 1
    x[2] = -3
    x[3, 17] = 100
    x[4] = np.linspace(5, 6, 256)
    x[5] = np.linspace(-6, -5, 256)
    x[6] = 1e-30
    x[7] = np.random.default_rng(2).standard_normal(256) * 1000
    back = dequantize(kind, quantize(kind, x), 256)
    assert np.isfinite(back).all()
    assert not back[0].any()
    for row in (1, 2, 3, 4, 5, 7):
        assert np.linalg.norm(back[row] - x[row]) < 0.35 * np.linalg.norm(x[row]), row


@pytest.mark.parametrize(("file", "name"), [("Q4_K_M", "Q4_K"), ("Q4_K_M", "Q6_K")])
def test_as_close_to_the_weights_as_llama_cpp(file: str, name: str):
    exact = open_gguf(shared_data("stories260K-x256", "stories260K-x256-F32.gguf"))
    theirs = open_gguf(shared_data("stories260K-x256", f"stories260K-x256-{file}.gguf"))
    kind = TensorType[name]
    error = np.zeros(2)
    for tensor in [t.name for t in theirs.tensors.values() if t.type is kind][:8]:
        x = exact.raw(tensor).view("<f4")
        for i, raw in enumerate((theirs.raw(tensor), quantize(kind, x))):
            error[i] += np.square(dequantize(kind, raw, x.shape[1]) - x).sum()
    assert error[1] < 1.01 * error[0]


def test_what_cannot_be_made():
    assert not can_quantize(TensorType.Q8_K)
    with pytest.raises(UnsupportedError, match="Q8_K cannot be made"):
        quantize(TensorType.Q8_K, random_rows())
    with pytest.raises(FormatError, match="multiple of 32"):
        quantize(TensorType.Q4_0, np.zeros((1, 33), np.float32))
    with pytest.raises(UsageError, match="rows and columns"):
        quantize(TensorType.Q4_0, np.zeros(32, np.float32))
