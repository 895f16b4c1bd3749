"""Which type each tensor is written in, how large the file becomes, and its rows in that type.

With threads where a kernel can; the bytes depend neither on their number, nor on whether there is a
kernel.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.settings import CONVERT_TYPES
from engine.base.turns import Portion
from engine.weights.formats.lazy import LazyTensor
from engine.weights.quants import quantize
from engine.weights.types import FILE_TYPES, TensorType
from engine.workshop.quantize_encode import check_held
from engine.workshop.quantize_fast import FastEncoder

# Small and delicate tensors stay float32, as every reader expects.
ALWAYS_F32 = re.compile(r"norm\.weight$|^position_embd\.|^token_types\.|^rope_f|\.bias$")
PLAIN = (TensorType.F32, TensorType.F16, TensorType.BF16)


def target_kinds(tensors: Mapping[str, LazyTensor], out_type: str) -> dict[str, TensorType]:
    """The type of every tensor for one of CONVERT_TYPES; "auto" keeps what the source has."""
    if out_type not in CONVERT_TYPES:
        raise UsageError(
            "unknown type {type!r}: use one of {out_types}",
            type=out_type,
            out_types=", ".join(CONVERT_TYPES),
        )
    return {name: _kind(name, tensor, out_type) for name, tensor in tensors.items()}


def _kind(name: str, tensor: LazyTensor, out_type: str) -> TensorType:
    if len(tensor.shape) < 2 or ALWAYS_F32.search(name):
        return TensorType.F32
    if out_type == "auto":
        small = tensor.kind in PLAIN or tensor.kind.block > 1
        return tensor.kind if small else TensorType.F32
    wanted = TensorType[out_type.upper()]
    # A row that is no whole number of blocks keeps 16 bits.
    return TensorType.F16 if tensor.n_cols % wanted.block else wanted


def file_type(kinds: Mapping[str, TensorType], tensors: Mapping[str, LazyTensor]) -> int:
    """general.file_type: the number for what most weights are."""
    sizes: dict[TensorType, int] = {}
    for name, kind in kinds.items():
        if len(tensors[name].shape) > 1:
            sizes[kind] = sizes.get(kind, 0) + tensors[name].n_elements
    most = max(sizes, key=lambda kind: sizes[kind], default=TensorType.F32)
    numbers = {name: number for number, name in FILE_TYPES.items()}
    return numbers.get(most.name, numbers.get(f"{most.name}_S", 0))


def data_bytes(tensors: Mapping[str, LazyTensor], kinds: Mapping[str, TensorType]) -> int:
    """Bytes of the tensors, each padded as in the file."""
    total = 0
    for name, tensor in tensors.items():
        rows = math.prod(tensor.shape[:-1])
        total += -(-rows * kinds[name].row_bytes(tensor.n_cols) // 32) * 32
    return total


FIRST = 1 << 17  # values of the first step
MOST_F16 = 65504.0  # what is larger is left to NumPy, which says what becomes of it


class Encoder:
    """Threads are taken when they are first needed; close() ends them."""

    def __init__(self, threads: int) -> None:
        """threads: 0 means NumPy alone."""
        self._fast = FastEncoder(threads) if threads else None
        self._portions: dict[tuple[TensorType, TensorType], Portion] = {}

    def portion(self, source: TensorType, kind: TensorType) -> Portion:
        """How many values make a step from one type to the other."""
        return self._portions.setdefault((source, kind), Portion(FIRST))

    def rows_as(
        self, tensor: LazyTensor, start: int, stop: int, kind: TensorType, what: str = "a tensor"
    ) -> NDArray[Any]:
        """Rows as blocks of the wanted type, untouched where they are that already; of the plain
        types as numbers that the writer encodes. `what` names them in a refusal: they must be held.
        """
        if tensor.kind == kind:
            return np.ascontiguousarray(tensor.read(start, stop))
        if self._fast is not None and self._fast.can(tensor.kind, kind, tensor.n_cols):
            raw = np.ascontiguousarray(tensor.read(start, stop))
            made, most = self._fast.encode(tensor.kind, kind, raw, tensor.n_cols, None)
            if most <= MOST_F16:
                return made
        return _encoded(tensor.floats(start, stop), kind, tensor.n_cols, what)

    def close(self) -> None:
        if self._fast is not None:
            self._fast.close()


def _encoded(x: NDArray[np.float32], kind: TensorType, n_cols: int, what: str) -> NDArray[Any]:
    """Blocks by NumPy. Raises UsageError if the type does not hold a value."""
    if kind.blocks.holds == np.inf or not x.size:
        return x
    made = quantize(kind, x)
    most = max(float(x.max()), -float(x.min()))
    if kind is TensorType.F16 and not np.isfinite(most):
        return made  # as odd as the source is
    check_held(what, kind, most, made, n_cols, Words("convert it with --type bf16"))
    return made
