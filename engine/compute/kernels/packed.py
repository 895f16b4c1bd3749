"""What the kernels know of each tensor type, a row for each: how its panels are laid out and
packed. Its products follow from the layout (products.py); what makes its blocks stands in
encoders.py, which a model that is opened has no need of.

Types of sixteen levels that are data alone (weights/blocks/levels.py) need no row.
"""

from dataclasses import dataclass

from engine.compute.kernels import pack, pack_codes, pack_grid, pack_k
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.panels import FloatLayout, Layout
from engine.weights.blocks.levels import LevelBlocks
from engine.weights.types import TensorType as T


@dataclass(frozen=True)
class Pairs:
    """The same weights with columns in pairs, for CPUs whose products want them so."""

    layout: Layout | FloatLayout
    pack: Kernel


@dataclass(frozen=True)
class Packed:
    """A tensor type in memory. None: there is none, or none is needed."""

    layout: Layout | FloatLayout
    pack: Kernel
    pairs: Pairs | None = None
    fine_is_wide: bool = False  # activations with outliers get 16 bits, not a scale for each 16


PACKED: dict[T, Packed] = {
    T.F32: Packed(pack.F32, pack.pack_4_bytes),
    T.F16: Packed(pack.F16, pack.pack_2_bytes),
    T.BF16: Packed(pack.BF16, pack.pack_2_bytes, pairs=Pairs(pack.BF16_PAIRS, pack.pack_4_bytes)),
    T.Q4_0: Packed(pack.Q4_0, pack.pack_q4_0),
    T.Q4_1: Packed(pack.Q4_1, pack.pack_q4_1),
    T.Q5_0: Packed(pack.Q5_0, pack.pack_q5_0),
    T.Q5_1: Packed(pack.Q5_1, pack.pack_q5_1),
    T.Q8_0: Packed(
        pack.Q8_0,
        pack.pack_q8_0,
        pairs=Pairs(pack.Q8_0_PAIRS, pack.pack_q8_0_pairs),
        # Eight bits are chosen for their small error, half of which would arise behind gates.
        fine_is_wide=True,
    ),
    T.Q2_K: Packed(pack_k.Q2_K, pack_k.pack_q2_k),
    T.Q3_K: Packed(pack_k.Q3_K, pack_k.pack_q3_k),
    T.Q4_K: Packed(pack_k.Q4_K, pack_k.pack_q4_k),
    T.Q5_K: Packed(pack_k.Q5_K, pack_k.pack_q5_k),
    T.Q6_K: Packed(pack_k.Q6_K, pack_k.pack_q6_k),
    T.IQ4_XS: Packed(
        pack_codes.IQ4_XS,
        pack_codes.pack_iq4_xs,
        pairs=Pairs(pack_codes.IQ4_XS_PAIRS, pack_codes.pack_iq4_xs_pairs),
    ),
    # Some share their panels and differ in packing alone.
    T.TQ1_0: Packed(pack_codes.TQ2_0, pack_codes.pack_tq1_0),
    T.TQ2_0: Packed(pack_codes.TQ2_0, pack_codes.pack_tq2_0),
    T.Q1_0: Packed(pack_codes.Q2_0, pack_codes.pack_q1_0),
    T.Q2_0: Packed(pack_codes.Q2_0, pack_codes.pack_q2_0),
    T.MXFP4: Packed(pack_codes.MXFP4, pack_codes.pack_mxfp4),
    T.NVFP4: Packed(pack_codes.NVFP4, pack_codes.pack_nvfp4),
    T.IQ1_S: Packed(pack_grid.IQ1, pack_grid.pack_iq1_s),
    T.IQ1_M: Packed(pack_grid.IQ1, pack_grid.pack_iq1_m),
    T.IQ2_XXS: Packed(pack_grid.IQ2, pack_grid.pack_iq2_xxs),
    T.IQ2_XS: Packed(pack_grid.IQ2, pack_grid.pack_iq2_xs),
    T.IQ2_S: Packed(pack_grid.IQ2, pack_grid.pack_iq2_s),
    T.IQ3_XXS: Packed(pack_grid.IQ3_XXS, pack_grid.pack_iq3_xxs),
    T.IQ3_S: Packed(pack_grid.IQ3_S, pack_grid.pack_iq3_s),
}


def _of_levels(kind: T, blocks: LevelBlocks) -> Packed:
    """All of it from the table of levels."""
    layout = pack_codes.level_layout(kind, blocks)
    quads, pairs = pack_codes.LEVEL_PACKERS[kind]
    return Packed(
        layout,
        quads,
        pairs=Pairs(pack_codes.in_pairs(layout), pairs) if layout.overflows else None,
    )


PACKED |= {
    kind: _of_levels(kind, kind.blocks) for kind in T if isinstance(kind.blocks, LevelBlocks)
}
# What the tiles unpack, by the number that their code is made for: types with the same panels share
# that of one. Layouts in pairs have the parts of those in quads.
LAYOUTS = {
    int(packed.layout.type): packed.layout
    for packed in PACKED.values()
    if isinstance(packed.layout, Layout)
}
