"""Floats of eight bits, which checkpoints have and GGUF has not; bfloat16 holds them exactly.

E4M3 and E5M2 have 4 and 5 bits of exponent, E8M0 is a power of two.
"""

import numpy as np
from numpy.typing import NDArray

from engine.weights.formats.lazy import LazyTensor, of_blocks
from engine.weights.formats.open_file import Span
from engine.weights.types import TensorType

Table = NDArray[np.uint16]
CODES = np.arange(256, dtype=np.uint32)
NAN = np.uint16(0x7FC0)


def _floats(exponent_bits: int, bias: int, special: int) -> Table:
    """All 256 values as bfloat16; codes from `special` on (sign aside) are no numbers."""
    mantissa_bits = 7 - exponent_bits
    exponent = ((CODES & 0x7F) >> mantissa_bits).astype(np.int32)
    mantissa = (CODES & ((1 << mantissa_bits) - 1)).astype(np.float32) / (1 << mantissa_bits)
    small = np.ldexp(mantissa, 1 - bias)
    value = np.where(exponent == 0, small, np.ldexp(1 + mantissa, exponent - bias))
    value = np.where(CODES >= 128, -value, value).astype(np.float32)
    found = (value.view(np.uint32) >> 16).astype(np.uint16)
    return np.where(special <= (CODES & 0x7F), NAN, found)


def _e5m2() -> Table:
    """As half of a float16."""
    half = (CODES.astype(np.uint16) << 8).view(np.float16).astype(np.float32)
    found = (half.view(np.uint32) >> 16).astype(np.uint16)
    return np.where(np.isnan(half), NAN, found)


def _powers() -> Table:
    """2 ** (code - 127)."""
    value = np.ldexp(np.float32(1), CODES.clip(0, 254).astype(np.int32) - 127)
    return np.where(CODES == 255, NAN, (value.view(np.uint32) >> 16).astype(np.uint16))


# By the name that safetensors has for it.
SMALL: dict[str, Table] = {
    "F8_E4M3": _floats(4, 7, 0x7F),
    "F8_E5M2": _e5m2(),
    "F8_E8M0": _powers(),
}


def of_small(raw: Span, shape: tuple[int, ...], name: str) -> LazyTensor:
    """A tensor of one of these types, a byte for each value."""
    table = SMALL[name]
    single = of_blocks(raw, shape, TensorType.I8)

    def read(start: int, stop: int) -> NDArray[np.uint8]:
        codes = single.read(start, stop)
        return table[codes].view(np.uint8).reshape(len(codes), 2 * codes.shape[1])

    return LazyTensor(single.shape, TensorType.BF16, read)
