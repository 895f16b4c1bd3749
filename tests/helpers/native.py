"""Calls single kernels on NumPy arrays: the row table, the counter and the batch by hand."""

import ctypes

import numpy as np
from numpy.typing import NDArray

from engine.compute.kernels import abi
from engine.compute.kernels.activations import buffer_bytes, row_floats, step_bytes
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.team import make_counters

_CALL = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)


def aligned(size: int) -> NDArray[np.uint8]:
    """Zeroed bytes that begin at a multiple of 64."""
    store = np.zeros(size + 64, np.uint8)
    shift = -store.ctypes.data % 64
    return store[shift : shift + size]


def call(kernel: Kernel, operands: list[int], n_tokens: int = 0) -> None:
    """Run one kernel on one thread."""
    row, batch = np.zeros(abi.ROW_WORDS, np.int64), np.zeros(abi.BATCH_WORDS, np.int64)
    counters = make_counters(1)
    row[abi.COUNTER // 8], row[abi.COUNT // 8] = counters.ctypes.data, abi.N_TOKENS
    row[abi.OPERANDS : abi.OPERANDS + len(operands)] = operands
    batch[abi.N_TOKENS // 8] = n_tokens
    _CALL(kernel.address)(row.ctypes.data, batch.ctypes.data, 0)


def float_rows(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """[n, width] as an f32 activation buffer, rows rounded up to whole groups of tokens."""
    n, width = x.shape
    out = aligned(buffer_bytes("f32", width, n)).view(np.float32).reshape(-1, row_floats(width))
    out[:n, :width] = x
    return out


def form_buffer(form: str, width: int, n: int) -> tuple[NDArray[np.uint8], int]:
    """An empty buffer of a form and its bytes per group or row."""
    return aligned(buffer_bytes(form, width, n)), step_bytes(form, width)
