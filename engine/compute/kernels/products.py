"""The matrix products as kernels: one for each type of weights and way of taking activations.

`matmul_*` has 8-bit activations, `fine_*` a scale for each 16 of them, `wide_*` 16 bits (as two
bytes where the CPU sums products of bytes); see matmul.py. A type is a line here.
"""

from collections.abc import Callable

from engine.compute.kernels.float_tiles import BF16_EXACT, BF16_PAIRS
from engine.compute.kernels.jit import Kernel, from_template
from engine.compute.kernels.matmul import packed, pairs, plain, wide
from engine.compute.kernels.tiles import Q8, Q8F, Q8X2, Q16, ROWS
from engine.compute.simd.isa import isa
from engine.weights.types import TensorType


def _packed(row, batch, thread):
    packed(KIND, FORM, row, batch, thread)  # noqa: F821


def _wide(row, batch, thread):
    wide(KIND, Q16, row, batch, thread)  # noqa: F821


def _pairs(row, batch, thread):
    pairs(KIND, Q16, row, batch, thread)  # noqa: F821


def _plain(row, batch, thread):
    plain(KIND, ROWS, row, batch, thread)  # noqa: F821


def _one_way(name: str, kind: int, template: Callable[..., None] = _plain) -> Kernel:
    """Floats, or quants in pairs; found as matmul_`name`."""
    return from_template(template, f"matmul_{name}", __name__, KIND=int(kind))


WIDE = "q16" if isa().pairs else "q8x2"  # the form of activations that the `wide_*` take


def _three_ways(name: str, kind: TensorType) -> tuple[Kernel, Kernel, Kernel]:
    """Found as matmul_`name`, fine_`name` and wide_`name`."""
    number = int(kind)
    wide = {"template": _wide} if isa().pairs else {"template": _packed, "FORM": Q8X2}
    return (
        from_template(_packed, f"matmul_{name}", __name__, KIND=number, FORM=Q8),
        from_template(_packed, f"fine_{name}", __name__, KIND=number, FORM=Q8F),
        from_template(name=f"wide_{name}", module=__name__, KIND=number, **wide),
    )


matmul_f32 = _one_way("f32", TensorType.F32)
matmul_f16 = _one_way("f16", TensorType.F16)
matmul_bf16 = _one_way("bf16", TensorType.BF16)
matmul_bf16_pairs = _one_way("bf16_pairs", BF16_PAIRS)
matmul_bf16_exact = _one_way("bf16_exact", BF16_EXACT)
matmul_q8_0_pairs = _one_way("q8_0_pairs", TensorType.Q8_0, _pairs)
matmul_iq4_nl_pairs = _one_way("iq4_nl_pairs", TensorType.IQ4_NL, _pairs)
matmul_iq4_xs_pairs = _one_way("iq4_xs_pairs", TensorType.IQ4_XS, _pairs)
matmul_q4_0, fine_q4_0, wide_q4_0 = _three_ways("q4_0", TensorType.Q4_0)
matmul_q4_1, fine_q4_1, wide_q4_1 = _three_ways("q4_1", TensorType.Q4_1)
matmul_q5_0, fine_q5_0, wide_q5_0 = _three_ways("q5_0", TensorType.Q5_0)
matmul_q5_1, fine_q5_1, wide_q5_1 = _three_ways("q5_1", TensorType.Q5_1)
matmul_q8_0, fine_q8_0, wide_q8_0 = _three_ways("q8_0", TensorType.Q8_0)
matmul_q2_k, fine_q2_k, wide_q2_k = _three_ways("q2_k", TensorType.Q2_K)
matmul_q3_k, fine_q3_k, wide_q3_k = _three_ways("q3_k", TensorType.Q3_K)
matmul_q4_k, fine_q4_k, wide_q4_k = _three_ways("q4_k", TensorType.Q4_K)
matmul_q5_k, fine_q5_k, wide_q5_k = _three_ways("q5_k", TensorType.Q5_K)
matmul_q6_k, fine_q6_k, wide_q6_k = _three_ways("q6_k", TensorType.Q6_K)
matmul_iq4_nl, fine_iq4_nl, wide_iq4_nl = _three_ways("iq4_nl", TensorType.IQ4_NL)
matmul_iq4_xs, fine_iq4_xs, wide_iq4_xs = _three_ways("iq4_xs", TensorType.IQ4_XS)
# Panels that several types share go by the name of one.
matmul_tq2_0, fine_tq2_0, wide_tq2_0 = _three_ways("tq2_0", TensorType.TQ2_0)
matmul_q2_0, fine_q2_0, wide_q2_0 = _three_ways("q2_0", TensorType.Q2_0)
matmul_iq1, fine_iq1, wide_iq1 = _three_ways("iq1", TensorType.IQ1_S)
matmul_iq2, fine_iq2, wide_iq2 = _three_ways("iq2", TensorType.IQ2_XXS)
matmul_iq3_xxs, fine_iq3_xxs, wide_iq3_xxs = _three_ways("iq3_xxs", TensorType.IQ3_XXS)
matmul_iq3_s, fine_iq3_s, wide_iq3_s = _three_ways("iq3_s", TensorType.IQ3_S)
matmul_mxfp4, fine_mxfp4, wide_mxfp4 = _three_ways("mxfp4", TensorType.MXFP4)
matmul_nvfp4, fine_nvfp4, wide_nvfp4 = _three_ways("nvfp4", TensorType.NVFP4)
