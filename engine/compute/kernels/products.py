"""The matrix products as kernels: for each layout one for each way of taking activations.

`matmul` has 8-bit activations, `fine` a scale for each 16 of them, `wide` 16 bits (as two bytes
where the CPU sums products of bytes) or floats as they are; see matmul.py. Nothing is listed here:
layouts come from packed.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from engine.compute.kernels.float_tiles import BF16_EXACT, BF16_PAIRS
from engine.compute.kernels.jit import Address, Kernel, from_template
from engine.compute.kernels.matmul import packed, pairs, plain, wide
from engine.compute.kernels.packed import PACKED
from engine.compute.kernels.panels import FloatLayout, Layout
from engine.compute.kernels.tiles import Q8, Q8F, Q8X2
from engine.compute.simd.isa import isa

WIDE = "q16" if isa().pairs else "q8x2"  # the form of activations that `wide` takes


@dataclass(frozen=True)
class Ways:
    """The products of one layout."""

    matmul: Kernel
    wide: Kernel | None = None
    fine: Kernel | None = None


def _packed(row: Address, batch: Address, thread: int) -> None:
    packed(KIND, FORM, row, batch, thread)  # noqa: F821


def _wide(row: Address, batch: Address, thread: int) -> None:
    wide(KIND, row, batch, thread)  # noqa: F821


def _pairs(row: Address, batch: Address, thread: int) -> None:
    pairs(KIND, row, batch, thread)  # noqa: F821


def _plain(row: Address, batch: Address, thread: int) -> None:
    plain(KIND, row, batch, thread)  # noqa: F821


def _made(template: Callable[..., None], name: str, **names: int) -> Kernel:
    return from_template(template, name, __name__, **names)


@cache
def ways_of(layout: Layout | FloatLayout) -> Ways:
    """Panels that several types share have their products once, by the name of one."""
    name, kind = layout.type.name.lower(), int(layout.type)
    match layout.activations:
        case "f32":
            return Ways(_made(_plain, f"matmul_{name}", KIND=kind))
        case "bf16":
            exact = _made(_plain, f"matmul_{name}_exact", KIND=BF16_EXACT)
            return Ways(_made(_plain, f"matmul_{name}_pairs", KIND=BF16_PAIRS), wide=exact)
        case "q16":
            return Ways(_made(_pairs, f"matmul_{name}_pairs", KIND=kind))
    if isa().pairs:
        with_16_bits = _made(_wide, f"wide_{name}", KIND=kind)
    else:
        with_16_bits = _made(_packed, f"wide_{name}", KIND=kind, FORM=Q8X2)
    return Ways(
        _made(_packed, f"matmul_{name}", KIND=kind, FORM=Q8),
        with_16_bits,
        _made(_packed, f"fine_{name}", KIND=kind, FORM=Q8F),
    )


# All are made when this is imported: another process finds them by name (jit.kernel_of).
WAYS = {
    layout: ways_of(layout)
    for row in PACKED.values()
    for layout in (row.layout, *([row.pairs.layout] if row.pairs else []))
}
