"""The matrix products as kernels: for each layout one for each way of taking activations.

`matmul` has 8-bit activations, `fine` a scale for each 16 of them, `wide` 16 bits (as two bytes
where the CPU sums products of bytes) or floats as they are; see matmul.py. Nothing is listed here:
layouts come from packed.py.
"""

from dataclasses import dataclass
from functools import cache

from engine.compute.kernels.experts import ExpertOperands, panels_by_expert
from engine.compute.kernels.float_tiles import BF16_EXACT, BF16_PAIRS
from engine.compute.kernels.jit import Inlined, Kernel, from_template, template
from engine.compute.kernels.matmul import (
    ProductOperands,
    packed,
    packed_panel,
    pairs,
    pairs_panel,
    plain,
    plain_panel,
    wide,
    wide_panel,
)
from engine.compute.kernels.packed import PACKED
from engine.compute.kernels.panels import FloatLayout, Layout
from engine.compute.kernels.tiles import Q8, Q8F, Q8X2, Q16, ROWS
from engine.compute.simd.isa import isa
from engine.compute.simd.memory import Address

WIDE = "q16" if isa().pairs else "q8x2"  # the form of activations that `wide` takes


@dataclass(frozen=True)
class Ways:
    """The products of one layout."""

    matmul: Kernel
    wide: Kernel | None = None
    fine: Kernel | None = None


@template("PANELS", "KIND", "FORM")
def _product(row: Address, batch: Address, thread: int) -> None:
    """All panels that this thread can get, by one of the loops of matmul.py."""
    PANELS(KIND, FORM, row, batch, thread)  # noqa: F821


_BY_EXPERT = {
    id(loop): panels_by_expert(one)
    for loop, one in (
        (packed, packed_panel),
        (wide, wide_panel),
        (pairs, pairs_panel),
        (plain, plain_panel),
    )
}
_EXPERTS: dict[int, Kernel] = {}  # by the product's identity


def _made(name: str, panels: Inlined, kind: int, form: int) -> Kernel:
    """A product, and its like with the matrices of experts."""
    words = {"KIND": kind, "FORM": form}
    made = from_template(_product, name, __name__, ProductOperands, PANELS=panels, **words)
    loop = _BY_EXPERT[id(panels)]
    _EXPERTS[id(made)] = from_template(
        _product, f"{name}_by_expert", __name__, ExpertOperands, PANELS=loop, **words
    )
    return made


def by_expert(product: Kernel) -> Kernel:
    """The product that multiplies in the same way, with one of many matrices for each row."""
    return _EXPERTS[id(product)]


@cache
def ways_of(layout: Layout | FloatLayout) -> Ways:
    """Panels that several types share have their products once, by the name of one."""
    name, kind = layout.type.name.lower(), int(layout.type)
    match layout.activations:
        case "f32":
            return Ways(_made(f"matmul_{name}", plain, kind, ROWS))
        case "bf16":
            exact = _made(f"matmul_{name}_exact", plain, BF16_EXACT, ROWS)
            return Ways(_made(f"matmul_{name}_pairs", plain, BF16_PAIRS, ROWS), wide=exact)
        case "q16":
            return Ways(_made(f"matmul_{name}_pairs", pairs, kind, Q16))
    loop, form = (wide, Q16) if isa().pairs else (packed, Q8X2)
    return Ways(
        _made(f"matmul_{name}", packed, kind, Q8),
        _made(f"wide_{name}", loop, kind, form),
        _made(f"fine_{name}", packed, kind, Q8F),
    )


# All are made when this is imported: another process finds them by name (jit.kernel_of).
WAYS = {
    layout: ways_of(layout)
    for row in PACKED.values()
    for layout in (row.layout, *([row.pairs.layout] if row.pairs else []))
}
