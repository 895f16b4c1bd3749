"""Rows of a source in the type they are written in; with threads where a kernel can.

The bytes do not depend on the number of threads, nor on whether there is a kernel.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.weights.formats.lazy import LazyTensor
from engine.weights.types import TensorType
from engine.workshop.quantize_fast import FastEncoder

MOST_F16 = 65504.0  # what is larger is left to NumPy, which says what becomes of it


class Encoder:
    """Threads are taken when they are first needed; close() ends them."""

    def __init__(self, threads: int) -> None:
        """threads: 0 means NumPy alone."""
        self._fast = FastEncoder(threads) if threads else None

    def rows_as(self, tensor: LazyTensor, start: int, stop: int, kind: TensorType) -> NDArray[Any]:
        """Rows as blocks of the wanted type, untouched where they are that already; where no
        kernel makes them, as numbers that the writer encodes."""
        if tensor.kind == kind:
            return np.ascontiguousarray(tensor.read(start, stop))
        if self._fast is not None and self._fast.can(tensor.kind, kind, tensor.n_cols):
            raw = np.ascontiguousarray(tensor.read(start, stop))
            made, most = self._fast.encode(tensor.kind, kind, raw, tensor.n_cols, None)
            if most <= MOST_F16:
                return made
        return tensor.floats(start, stop)

    def close(self) -> None:
        if self._fast is not None:
            self._fast.close()
