"""How blocks of GGUF rows become panels (see panels.py): a panel at a time, by all threads.

A type adds only what it does with one block: the functions under `packs`. Rows past the matrix's
last one stay zero: scale 0 makes any quant count as nothing.

    source    row 0    block 0 | block 1 | …      rows 0 to 15 become panel 0, the next panel 1
              row 1    block 0 | block 1 | …      row_bytes from row to row
              …
    target    chunks of blocks 0 of all 16 rows | of blocks 1 | …      panel_bytes to the next panel

Block b of row r fills row r's places in the chunks of blocks b: some bytes in each vector.
"""

from collections.abc import Callable

from engine.compute.kernels.abi import COUNTER, Operands, declared
from engine.compute.kernels.jit import Inlined, Kernel, from_template, inline, template
from engine.compute.kernels.panels import BLOCK, FloatLayout, Layout
from engine.compute.simd.memory import Address, atomic_add, load_i64
from engine.weights.types import TensorType


@declared
class PackOperands(Operands):
    """Of all packing kernels."""

    source: int  # address of the rows as they lie in the file
    row_bytes: int
    n_rows: int
    n_blocks: int  # in a row; of float types: steps
    target: int  # address of the first panel
    panel_bytes: int
    table: int = 0  # address of points, for types that have them


AT = PackOperands.offsets()


@inline
def claim(row: Address) -> tuple[int, int, int]:
    """(panel number, its address in the source, in the target), or -1 when all are taken."""
    panel = atomic_add(load_i64(row + COUNTER), 1)
    if panel * 16 >= load_i64(row + AT.n_rows):
        return -1, 0, 0
    source = load_i64(row + AT.source) + panel * 16 * load_i64(row + AT.row_bytes)
    return panel, source, load_i64(row + AT.target) + panel * load_i64(row + AT.panel_bytes)


@inline
def rows_of(row: Address, panel: int) -> int:
    return min(16, load_i64(row + AT.n_rows) - panel * 16)


@template("BLOCKS", "BLOCK_BYTES", "CHUNK_BYTES", "ONE")
def _pack(row: Address, batch: Address, thread: int) -> None:
    """What is free here is filled in by `packs`."""
    n, row_bytes = load_i64(row + AT.n_blocks) // BLOCKS, load_i64(row + AT.row_bytes)  # noqa: F821
    table = load_i64(row + AT.table)
    while True:
        panel, source, target = claim(row)
        if panel < 0:
            return
        for b in range(n):
            for r in range(rows_of(row, panel)):
                block = source + r * row_bytes + BLOCK_BYTES * b  # noqa: F821
                ONE(block, target + CHUNK_BYTES * b, r, table)  # noqa: F821


def packs(
    kind: TensorType, layout: Layout | FloatLayout, *, points: bool = False
) -> Callable[[Callable[..., None]], Kernel]:
    """Decorator: (block, chunk, r), which packs one block of row r of a panel, as a Kernel.

    block: address in the file; chunk: of what it becomes, one chunk of `layout` or several. With
    `points` it also gets the address of the table of points that comes with the call.
    """

    def make(function: Callable[..., None]) -> Kernel:
        one = inline(function)
        return from_template(
            _pack,
            function.__name__,
            function.__module__,
            PackOperands,
            ONE=one if points else _without_points(one, function.__name__),
            BLOCKS=max(1, kind.block // BLOCK),  # floats: N_BLOCKS counts steps, one block each
            BLOCK_BYTES=kind.block_bytes,
            CHUNK_BYTES=layout.chunk_bytes * (kind.block // layout.unit),
        )

    return make


def _without_points(one: Inlined, name: str) -> Inlined:
    def called(block: Address, chunk: Address, r: int, table: Address) -> None:
        one(block, chunk, r)

    # Symbols are made of it: two kernels from different processes must not share one.
    called.__qualname__ = f"{name}_without_points"
    return inline(called)
