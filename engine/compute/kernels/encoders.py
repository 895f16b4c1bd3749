"""What makes the blocks of each tensor type, a row for each that has a kernel for it; the others
are made by NumPy (weights/blocks). Types of levels that are data alone need no row.

Apart from packed.py, as reading all these kernels would cost each model's opening a tenth of its
time.
"""

from dataclasses import dataclass

from engine.compute.kernels import (
    encode_grid,
    encode_k4,
    encode_k16,
    encode_legacy,
    encode_levels,
    encode_plain,
)
from engine.compute.kernels.jit import Kernel
from engine.weights.types import TensorType as T


@dataclass(frozen=True)
class Encoders:
    """`weighted`: where there is importance to heed, if `encode` does not."""

    encode: Kernel
    weighted: Kernel | None = None


ENCODERS: dict[T, Encoders] = {
    T.F32: Encoders(encode_plain.encode_f32),
    T.F16: Encoders(encode_plain.encode_f16),
    T.Q4_0: Encoders(encode_plain.encode_q4_0, encode_legacy.weighted_q4_0),
    T.Q4_1: Encoders(encode_plain.encode_q4_1, encode_legacy.weighted_q4_1),
    T.Q5_0: Encoders(encode_plain.encode_q5_0, encode_legacy.weighted_q5_0),
    T.Q5_1: Encoders(encode_plain.encode_q5_1, encode_legacy.weighted_q5_1),
    T.Q8_0: Encoders(encode_plain.encode_q8_0),
    T.Q2_K: Encoders(encode_k16.encode_q2_k),
    T.Q3_K: Encoders(encode_k16.encode_q3_k),
    T.Q4_K: Encoders(encode_k4.encode_q4_k),
    T.Q5_K: Encoders(encode_k4.encode_q5_k),
    T.Q6_K: Encoders(encode_k16.encode_q6_k),
    T.IQ4_XS: Encoders(encode_levels.encode_iq4_xs),
    T.IQ1_S: Encoders(encode_grid.search_grid),
    T.IQ1_M: Encoders(encode_grid.search_grid),
    T.IQ2_XXS: Encoders(encode_grid.search_grid),
    T.IQ2_XS: Encoders(encode_grid.search_grid),
    T.IQ2_S: Encoders(encode_grid.search_grid),
    T.IQ3_XXS: Encoders(encode_grid.search_grid),
    T.IQ3_S: Encoders(encode_grid.search_grid),
}
ENCODERS |= {kind: Encoders(made) for kind, made in encode_levels.LEVEL_ENCODERS.items()}
