"""The first ggml types: 32 values with one scale (_0) or a scale and a minimum (_1).

Value i of the first 16 sits in the low half of byte i, value i + 16 in the high half; a fifth bit
of all 32 values sits in qh.
"""

import numpy as np

from engine.weights.quants import legacy_encode
from engine.weights.quants.block import Bytes, Codec, Floats, bits, f32, records
from engine.weights.quants.legacy_layout import Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q8_1
from engine.weights.types import TensorType


def _low(qs: Bytes) -> Bytes:
    """The 32 four-bit numbers of [n, 16] bytes."""
    return bits(qs[:, None], 0, 4, mask=15).reshape(len(qs), 32)


def _high(qh: Bytes) -> Bytes:
    """The fifth bits of [n, 4] bytes, each 0 or 16."""
    return np.unpackbits(qh, axis=1, bitorder="little") << np.uint8(4)


def decode_q4_0(blocks: Bytes) -> Floats:
    b = records(blocks, Q4_0)
    return f32(b["d"]) * (_low(b["qs"]).astype(np.float32) - 8)


def decode_q4_1(blocks: Bytes) -> Floats:
    b = records(blocks, Q4_1)
    return f32(b["d"]) * _low(b["qs"]).astype(np.float32) + f32(b["m"])


def decode_q5_0(blocks: Bytes) -> Floats:
    b = records(blocks, Q5_0)
    return f32(b["d"]) * ((_low(b["qs"]) | _high(b["qh"])).astype(np.float32) - 16)


def decode_q5_1(blocks: Bytes) -> Floats:
    b = records(blocks, Q5_1)
    return f32(b["d"]) * (_low(b["qs"]) | _high(b["qh"])).astype(np.float32) + f32(b["m"])


def decode_q8_0(blocks: Bytes) -> Floats:
    b = records(blocks, Q8_0)
    return f32(b["d"]) * b["qs"].astype(np.float32)


def decode_q8_1(blocks: Bytes) -> Floats:
    b = records(blocks, Q8_1)
    return f32(b["d"]) * b["qs"].astype(np.float32)


CODECS = {
    TensorType.Q4_0: Codec(decode_q4_0, legacy_encode.encode_q4_0, legacy_encode.encode_q4_0),
    TensorType.Q4_1: Codec(decode_q4_1, legacy_encode.encode_q4_1, legacy_encode.encode_q4_1),
    TensorType.Q5_0: Codec(decode_q5_0, legacy_encode.encode_q5_0, legacy_encode.encode_q5_0),
    TensorType.Q5_1: Codec(decode_q5_1, legacy_encode.encode_q5_1, legacy_encode.encode_q5_1),
    TensorType.Q8_0: Codec(decode_q8_0, legacy_encode.encode_q8_0),
    TensorType.Q8_1: Codec(decode_q8_1),
}
