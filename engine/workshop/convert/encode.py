"""Rows of a source in the type they are written in; with threads where a kernel can.

The bytes do not depend on the number of threads, nor on whether there is a kernel.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.turns import Portion
from engine.weights.formats.lazy import LazyTensor
from engine.weights.quants import quantize
from engine.weights.types import TensorType
from engine.workshop.quantize_encode import WIDE, check_held
from engine.workshop.quantize_fast import FastEncoder

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
    if kind in WIDE or not x.size:
        return x
    made = quantize(kind, x)
    most = max(float(x.max()), -float(x.min()))
    if kind is TensorType.F16 and not np.isfinite(most):
        return made  # as odd as the source is
    check_held(what, kind, most, made, n_cols, Words("convert it with --type bf16"))
    return made
