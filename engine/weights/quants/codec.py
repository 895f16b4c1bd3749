"""The one door to all tensor types: raw rows to float32 and back, by a table of families.

Invariant: rows are worked on in groups, so that memory stays small however large a tensor is.
"""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError, UsageError
from engine.weights.quants.block import Bytes, Codec, Floats
from engine.weights.types import TensorType

GROUP = 1 << 19  # values worked on at a time

# Module of each family and the types it knows; a family is imported when first used.
FAMILIES = {
    "floats": ("F32", "F16", "BF16", "F64", "I8", "I16", "I32", "I64"),
    "legacy": ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q8_1"),
    "k": ("Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K"),
    "iq1": ("IQ1_S", "IQ1_M"),
    "iq2": ("IQ2_XXS", "IQ2_XS", "IQ2_S"),
    "iq3": ("IQ3_XXS", "IQ3_S"),
    "iq4": ("IQ4_NL", "IQ4_XS"),
    "ternary": ("TQ1_0", "TQ2_0", "Q1_0", "Q2_0"),
    "fp4": ("MXFP4", "NVFP4"),
}


def _codec(kind: TensorType) -> Codec | None:
    for family, names in FAMILIES.items():
        if kind.name in names:
            table: dict[TensorType, Codec] = import_module(f"engine.weights.quants.{family}").CODECS
            return table[kind]
    return None


def can_decode(kind: TensorType) -> bool:
    return _codec(kind) is not None


def can_quantize(kind: TensorType) -> bool:
    codec = _codec(kind)
    return codec is not None and codec.encode is not None


def dequantize(kind: TensorType, raw: Bytes, n_cols: int) -> Floats:
    """uint8 [rows, row_bytes] -> float32 [rows, n_cols], exactly what the blocks say."""
    codec = _codec(kind)
    if codec is None:
        raise UnsupportedError(f"tensors of type {kind.name} cannot be decoded by this version")
    if raw.ndim != 2 or raw.shape[1] != kind.row_bytes(n_cols):
        raise UsageError(f"{n_cols} columns of {kind.name} are not bytes of shape {raw.shape}")
    out = np.empty((len(raw), n_cols), np.float32)
    for rows in _groups(len(raw), n_cols):
        blocks = raw[rows].reshape(-1, kind.block_bytes)
        # A broken file may hold infinite scales; the numbers are then not finite, no warning.
        with np.errstate(invalid="ignore", over="ignore"):
            out[rows] = codec.decode(blocks).reshape(-1, n_cols)
    return out


def quantize(kind: TensorType, x: NDArray[Any]) -> Bytes:
    """float32 [rows, cols] -> uint8 [rows, row_bytes]."""
    codec = _codec(kind)
    if codec is None or codec.encode is None:
        raise UnsupportedError(f"tensors of type {kind.name} cannot be made by this version")
    if x.ndim != 2:
        raise UsageError(f"values to quantize must be rows and columns, not {x.ndim} dimensions")
    n_cols = x.shape[1]
    out = np.empty((len(x), kind.row_bytes(n_cols)), np.uint8)
    for rows in _groups(len(x), n_cols):
        blocks = np.ascontiguousarray(x[rows], np.float32).reshape(-1, kind.block)
        out[rows] = codec.encode(blocks).reshape(-1, out.shape[1])
    return out


def _groups(n_rows: int, n_cols: int) -> list[slice]:
    step = max(1, GROUP // max(1, n_cols))
    return [slice(i, i + step) for i in range(0, n_rows, step)]
