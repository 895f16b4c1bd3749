"""How values become blocks of GGUF rows: runs of blocks, shared among all threads.

A type adds only what it does with a few blocks: the functions under `encodes_each` and
`encodes`. Their slow twins are the encoders in engine/weights/blocks.
"""

from collections.abc import Callable
from typing import Any

from engine.compute.kernels.encode_rows import TARGET, EncodeOperands, claim, scratch_of
from engine.compute.kernels.jit import Kernel, from_template, inline, template
from engine.compute.simd.memory import Address, load_i64
from engine.weights.types import TensorType


@template("ONE", "VALUES", "BLOCK_BYTES")
def _each(row: Address, batch: Address, thread: int) -> None:
    """What is free here is filled in by `makes_each`."""
    scratch = scratch_of(row, thread)
    while True:
        start, end = claim(row, thread, VALUES)  # noqa: F821
        if start == end:
            return
        for b in range(start, end):
            ONE(row, scratch, b, load_i64(row + TARGET) + BLOCK_BYTES * b)  # noqa: F821


@template("FIT", "STORE", "VALUES", "BLOCK_BYTES", "AT_ONCE")
def _together(row: Address, batch: Address, thread: int) -> None:
    """The same for `encodes`."""
    scratch = scratch_of(row, thread)
    while True:
        start, end = claim(row, thread, VALUES)  # noqa: F821
        if start == end:
            return
        for b in range(start, end, AT_ONCE):  # noqa: F821
            count = min(AT_ONCE, end - b)  # noqa: F821
            FIT(row, scratch, b, count)  # noqa: F821
            for k in range(count):
                STORE(scratch, k, load_i64(row + TARGET) + BLOCK_BYTES * (b + k))  # noqa: F821


def makes_each(
    values: int, n_bytes: int, operands: type[EncodeOperands] = EncodeOperands
) -> Callable[[Callable[..., None]], Kernel]:
    """Decorator: (row, scratch, b, at), which makes block b of `values` numbers, as a Kernel.

    at: the address of its result, `n_bytes` from that of the block before.
    """

    def make(function: Callable[..., None]) -> Kernel:
        names = {"ONE": inline(function), "VALUES": values, "BLOCK_BYTES": n_bytes}
        return from_template(_each, function.__name__, function.__module__, operands, **names)

    return make


def encodes_each(kind: TensorType, *, at_once: int = 1) -> Callable[[Callable[..., None]], Kernel]:
    """The same for blocks of a type, or so many of them."""
    return makes_each(kind.block * at_once, kind.block_bytes * at_once)


def encodes(kind: TensorType, fit: Any, at_once: int) -> Callable[[Callable[..., None]], Kernel]:
    """Decorator: (scratch, k, at), which stores the k-th of some fitted blocks, as a Kernel.

    fit: (row, scratch, b, count), an inline function that finds the numbers and scales of `count`
    blocks from b on, `at_once` at most.
    """

    def make(function: Callable[..., None]) -> Kernel:
        return from_template(
            _together,
            function.__name__,
            function.__module__,
            EncodeOperands,
            FIT=fit,
            STORE=inline(function),
            VALUES=kind.block,
            BLOCK_BYTES=kind.block_bytes,
            AT_ONCE=at_once,
        )

    return make
