"""Calls single kernels on NumPy arrays."""

import numpy as np
from numpy.typing import NDArray

from engine.compute.kernels.abi import Batch, Operands
from engine.compute.kernels.activations import buffer_bytes, row_floats, step_bytes
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.team import Call


def aligned(size: int) -> NDArray[np.uint8]:
    """Zeroed bytes that begin at a multiple of 64."""
    store = np.zeros(size + 64, np.uint8)
    shift = -store.ctypes.data % 64
    return store[shift : shift + size]


def call(kernel: Kernel, operands: Operands, n_tokens: int = 0) -> None:
    """Run one kernel on one thread."""
    Call(kernel, operands, Batch(n_tokens=n_tokens)).run_here()


def float_rows(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """[n, width] as an f32 activation buffer, rows rounded up to whole groups of tokens."""
    n, width = x.shape
    out = aligned(buffer_bytes("f32", width, n)).view(np.float32).reshape(-1, row_floats(width))
    out[:n, :width] = x
    return out


def form_buffer(form: str, width: int, n: int) -> tuple[NDArray[np.uint8], int]:
    """An empty buffer of a form and its bytes per group or row."""
    return aligned(buffer_bytes(form, width, n)), step_bytes(form, width)
