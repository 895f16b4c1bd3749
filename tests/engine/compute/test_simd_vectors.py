"""Vector functions against NumPy."""

import numpy as np
import pytest

from engine.compute.kernels.jit import native
from engine.compute.simd.memory import load_f32, store_f16, store_f32
from engine.compute.simd.vectors import (
    vexp,
    vfma,
    vload,
    vload_bfloat,
    vload_half,
    vmask_below,
    vmax,
    vround,
    vsplat,
    vsteps,
    vstore,
    vstore_bfloat,
    vstore_half,
    vstore_i8,
    vstore_i16,
    vsum,
    vtop,
)

EXP_TOLERANCE = 3e-7  # relative; about 2 ulp


@native
def each_exp(x, out, n):
    for i in range(0, n, 16):
        vstore(vexp(vload(x + 4 * i)), out + 4 * i)


@native
def halves_there_and_back(x, half, back):
    vstore_half(vload(x), half)
    vstore(vload_half(half), back)


@native
def bfloat_to_float(x, out):
    vstore(vload_bfloat(x), out)


@native
def float_to_bfloat(x, out):
    vstore_bfloat(vload(x), out)


@native
def one_half(address, value):
    store_f16(address, load_f32(value))


@native
def folds(x, y, out):
    a, b = vload(x), vload(y)
    store_f32(out, vsum(a))
    store_f32(out + 4, vtop(vmax(a, b)))
    store_f32(out + 8, vsum(vfma(a, b, a)))
    store_f32(out + 12, vsum(a / b - a * b + a))


@native
def whole(x, i8, i16, masked):
    rounded = vround(vload(x))
    vstore_i8(rounded, i8)
    vstore_i16(rounded, i16)
    vstore(vmask_below(vload(x), 5, vsplat(np.float32(-7))), masked)


@native
def numbered(out):
    vstore(vsteps() - vsplat(np.float32(3)), out)


def test_lanes_are_numbered():
    out = np.empty(16, np.float32)
    numbered(out.ctypes.data)
    assert np.array_equal(out, np.arange(16) - 3)


def test_exp_over_its_whole_range():
    x = np.linspace(-86.5, 87.9, 1600, dtype=np.float32)
    out = np.empty_like(x)
    each_exp(x.ctypes.data, out.ctypes.data, len(x))
    truth = np.exp(x.astype(np.float64))
    assert np.max(np.abs(out - truth) / truth) < EXP_TOLERANCE


def test_exp_of_very_small_values_is_nothing_and_of_zero_is_one():
    x = np.array([-1e30, -200, -88, -np.inf, 0, 0, 0, 0] * 2, np.float32)
    out = np.empty_like(x)
    each_exp(x.ctypes.data, out.ctypes.data, 16)
    assert np.array_equal(out, np.array([0, 0, 0, 0, 1, 1, 1, 1] * 2, np.float32))


@pytest.mark.parametrize("scale", [1.0, 1e-4, 1e-6, 6e4])
def test_halves_round_as_numpy_rounds(scale):
    x = (np.random.default_rng(1).uniform(-1, 1, 16) * scale).astype(np.float32)
    half, back = np.empty(16, np.float16), np.empty(16, np.float32)
    halves_there_and_back(x.ctypes.data, half.ctypes.data, back.ctypes.data)
    assert np.array_equal(half, x.astype(np.float16))
    assert np.array_equal(back, x.astype(np.float16).astype(np.float32))


def test_a_single_half():
    out = np.zeros(1, np.float16)
    value = np.array([-3.14159], np.float32)
    one_half(out.ctypes.data, value.ctypes.data)
    assert out[0] == np.float16(-3.14159)


def test_bfloat_is_the_upper_half_of_the_bits():
    x = np.random.default_rng(2).standard_normal(16).astype(np.float32)
    bits, out = (x.view(np.uint32) >> 16).astype(np.uint16), np.empty(16, np.float32)
    bfloat_to_float(bits.ctypes.data, out.ctypes.data)
    assert np.array_equal(out.view(np.uint32), bits.astype(np.uint32) << 16)


@pytest.mark.parametrize("scale", [1.0, 1e-38, 1e30])
def test_bfloat_is_rounded_to_the_nearest(scale):
    x = (np.random.default_rng(12).standard_normal(16) * scale).astype(np.float32)
    # Halfway between two neighbours, from both sides; the largest of all; what is no number.
    x.view(np.uint32)[:6] = 0x3F808000, 0x3F818000, 0x3F808001, 0x3F817FFF, 0x7F7F0000, 0x7F800000
    x.view(np.uint32)[6:8] = 0x7F800001, 0xFF800000
    bits = np.empty(16, np.uint16)
    float_to_bfloat(x.ctypes.data, bits.ctypes.data)
    assert list(bits[:6]) == [0x3F80, 0x3F82, 0x3F81, 0x3F81, 0x7F7F, 0x7F80]
    back = (bits.astype(np.uint32) << 16).view(np.float32)
    assert np.isnan(back[6])
    assert back[7] == -np.inf
    assert np.all(np.abs(back[8:] - x[8:]) <= np.abs(x[8:]) * 2.0**-8 + 1e-40)


def test_folds_and_arithmetic():
    rng = np.random.default_rng(3)
    a, b = rng.uniform(1, 2, (2, 16)).astype(np.float32)
    out = np.empty(4, np.float32)
    folds(a.ctypes.data, b.ctypes.data, out.ctypes.data)
    total, top, fused, mixed = out
    assert total == pytest.approx(a.sum(), rel=1e-6)
    assert top == max(a.max(), b.max())
    assert fused == pytest.approx((a * b + a).sum(), rel=1e-6)
    assert mixed == pytest.approx((a / b - a * b + a).sum(), abs=1e-4)


def test_rounding_to_integers_and_masks():
    x = np.array([0.5, 1.5, -0.5, -1.5, 126.6, -127, 3, 2.4] * 2, np.float32)
    i8, i16, masked = np.empty(16, np.int8), np.empty(16, np.int16), np.empty(16, np.float32)
    whole(x.ctypes.data, i8.ctypes.data, i16.ctypes.data, masked.ctypes.data)
    assert np.array_equal(i8, np.rint(x))
    assert np.array_equal(i16, np.rint(x))
    assert np.array_equal(masked, np.where(np.arange(16) < 5, x, np.float32(-7)))
