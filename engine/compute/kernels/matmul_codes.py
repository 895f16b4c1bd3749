"""Products of the types whose quants are codes of two or four bits; see matmul.py."""

from engine.compute.kernels.jit import kernel
from engine.compute.kernels.matmul import packed, pairs, wide
from engine.compute.kernels.tiles import Q8, Q8F


@kernel
def matmul_tq2_0(row, batch, thread):
    packed(35, Q8, row, batch, thread)


@kernel
def fine_tq2_0(row, batch, thread):
    packed(35, Q8F, row, batch, thread)


@kernel
def wide_tq2_0(row, batch, thread):
    wide(35, row, batch, thread)


@kernel
def matmul_q2_0(row, batch, thread):
    packed(42, Q8, row, batch, thread)


@kernel
def fine_q2_0(row, batch, thread):
    packed(42, Q8F, row, batch, thread)


@kernel
def wide_q2_0(row, batch, thread):
    wide(42, row, batch, thread)


@kernel
def matmul_iq1(row, batch, thread):
    packed(19, Q8, row, batch, thread)


@kernel
def fine_iq1(row, batch, thread):
    packed(19, Q8F, row, batch, thread)


@kernel
def wide_iq1(row, batch, thread):
    wide(19, row, batch, thread)


@kernel
def matmul_iq2(row, batch, thread):
    packed(16, Q8, row, batch, thread)


@kernel
def fine_iq2(row, batch, thread):
    packed(16, Q8F, row, batch, thread)


@kernel
def wide_iq2(row, batch, thread):
    wide(16, row, batch, thread)


@kernel
def matmul_iq3_xxs(row, batch, thread):
    packed(18, Q8, row, batch, thread)


@kernel
def fine_iq3_xxs(row, batch, thread):
    packed(18, Q8F, row, batch, thread)


@kernel
def wide_iq3_xxs(row, batch, thread):
    wide(18, row, batch, thread)


@kernel
def matmul_iq3_s(row, batch, thread):
    packed(21, Q8, row, batch, thread)


@kernel
def fine_iq3_s(row, batch, thread):
    packed(21, Q8F, row, batch, thread)


@kernel
def wide_iq3_s(row, batch, thread):
    wide(21, row, batch, thread)


@kernel
def matmul_mxfp4(row, batch, thread):
    packed(39, Q8, row, batch, thread)


@kernel
def fine_mxfp4(row, batch, thread):
    packed(39, Q8F, row, batch, thread)


@kernel
def wide_mxfp4(row, batch, thread):
    wide(39, row, batch, thread)


@kernel
def matmul_nvfp4(row, batch, thread):
    packed(40, Q8, row, batch, thread)


@kernel
def fine_nvfp4(row, batch, thread):
    packed(40, Q8F, row, batch, thread)


@kernel
def wide_nvfp4(row, batch, thread):
    wide(40, row, batch, thread)


@kernel
def matmul_iq4_nl(row, batch, thread):
    packed(20, Q8, row, batch, thread)


@kernel
def fine_iq4_nl(row, batch, thread):
    packed(20, Q8F, row, batch, thread)


@kernel
def wide_iq4_nl(row, batch, thread):
    wide(20, row, batch, thread)


@kernel
def matmul_iq4_nl_pairs(row, batch, thread):
    pairs(20, row, batch, thread)


@kernel
def matmul_iq4_xs(row, batch, thread):
    packed(23, Q8, row, batch, thread)


@kernel
def fine_iq4_xs(row, batch, thread):
    packed(23, Q8F, row, batch, thread)


@kernel
def wide_iq4_xs(row, batch, thread):
    wide(23, row, batch, thread)


@kernel
def matmul_iq4_xs_pairs(row, batch, thread):
    pairs(23, row, batch, thread)
