"""Encode kernels against their slow twins: the same bytes nearly everywhere, the same error.

They differ where a sum in another order tips a rounding, or where tries end in a tie.
"""

import numpy as np
import pytest
from helpers.quant_rows import importance, random_rows, rms

from engine.compute.kernels.encoders import ENCODERS
from engine.weights.quants import dequantize, quantize
from engine.weights.types import TensorType
from engine.workshop.quantize_encode import SOURCES, FastEncoder

# Q4_0: where the largest and the least value are equally far from 0, either may be the extreme.
SAME_BYTES = {"F32": 1.0, "F16": 1.0, "Q8_0": 1.0, "Q4_0": 0.998}
MADE = [*ENCODERS]
ERROR = 1.002  # times the slow twin's


@pytest.fixture(scope="module")
def fast():
    encoder = FastEncoder(2)
    yield encoder
    encoder.close()


def both(fast: FastEncoder, kind: TensorType, source: TensorType, x: np.ndarray, weights=None):
    """x as the source holds it, the kernel's rows and the slow twin's."""
    raw = quantize(source, x)
    x = dequantize(source, raw, x.shape[1])
    made, most = fast.encode(source, kind, raw, x.shape[1], weights)
    assert most == np.abs(x).max()
    return x, made.copy(), quantize(kind, x, weights)


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.name)
@pytest.mark.parametrize("source", SOURCES, ids=lambda kind: kind.name)
def test_kernel_and_slow_twin(fast: FastEncoder, source: TensorType, kind: TensorType):
    x, _ = random_rows()
    weights = importance(512)
    for given in (None, weights):
        x, made, slow = both(fast, kind, source, x, given)
        same = SAME_BYTES.get(kind.name, 0.95) if given is None else 0.95
        assert np.mean(made == slow) >= same
        errors = [
            rms(dequantize(kind, raw, 512), x, 1.0 if given is None else given)
            for raw in (made, slow)
        ]
        assert errors[0] <= ERROR * errors[1]


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.name)
def test_awkward_rows(fast: FastEncoder, kind: TensorType):
    """An odd number of blocks; zeros, one sign only, one loud value, tiny and large numbers."""
    x = np.zeros((7, 256), np.float32)
    x[1] = 1
    x[2] = -3
    x[3, 17] = 10
    x[4] = 1e-30
    x[5] = np.random.default_rng(2).standard_normal(256) * 1000
    x, made, slow = both(fast, kind, TensorType.F32, x)
    back, back_slow = (dequantize(kind, raw, 256) for raw in (made, slow))
    assert np.isfinite(back).all()
    assert not back[0].any()
    for row in range(1, 7):
        assert rms(back[row], x[row]) <= 1.01 * rms(back_slow[row], x[row]) + 1e-9, row


def test_values_that_are_no_numbers_are_seen(fast: FastEncoder):
    for bad in (np.nan, np.inf, -np.inf):
        x = np.ones((300, 256), np.float32)
        x[299, 255] = bad
        assert fast.encode(TensorType.F32, TensorType.Q8_0, quantize(TensorType.F32, x), 256, None)[
            1
        ] == float("inf")


def test_threads_change_nothing():
    x, _ = random_rows()
    raw = quantize(TensorType.F16, np.tile(x, (20, 1)))
    results = []
    for threads in (1, 2, 3):
        encoder = FastEncoder(threads)
        made, _ = encoder.encode(TensorType.F16, TensorType.Q4_K, raw, 512, None)
        results.append(made.copy())
        encoder.close()
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


@pytest.mark.parametrize("threads", [1, 2])
def test_a_task_is_done_beside_the_encoding(threads: int):
    """Rows hold until the call after the next, so they can be written during the next."""
    x, _ = random_rows()
    first, second = quantize(TensorType.F16, x), quantize(TensorType.F16, -x)
    encoder, written = FastEncoder(threads), []
    for raw in (first, second):
        made, _ = encoder.encode(TensorType.F16, TensorType.Q8_0, raw, 512, None)
        encoder.meanwhile(lambda rows=made: written.append(rows.copy()))
    assert len(written) == 1
    encoder.settle()
    encoder.settle()
    assert [each.tolist() for each in written] == [
        quantize(TensorType.Q8_0, dequantize(TensorType.F16, raw, 512)).tolist()
        for raw in (first, second)
    ]
    encoder.close()


def test_a_task_that_fails_leaves_the_encoder_sound():
    def fails() -> None:
        raise OSError("the disk is full")

    raw = quantize(TensorType.F16, random_rows()[0])
    encoder = FastEncoder(2)
    encoder.meanwhile(fails)
    with pytest.raises(OSError, match="full"):
        encoder.encode(TensorType.F16, TensorType.Q8_0, raw, 512, None)
    made, _ = encoder.encode(TensorType.F16, TensorType.Q8_0, raw, 512, None)
    assert made.any()
    encoder.close()
