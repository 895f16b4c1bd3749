"""Packed matrix products of every type against plain NumPy, for few and many tokens."""

import numpy as np
import pytest
from helpers import native
from helpers.rounding import product_error

from engine.compute.backends.cpu_weights import kinds
from engine.compute.kernels import elementwise, roof
from engine.compute.kernels.matmul import ProductOperands
from engine.compute.kernels.pack_grid import points_of
from engine.compute.kernels.packing import PackOperands
from engine.compute.kernels.panels import scratch_bytes
from engine.weights.quants import dequantize, quantize
from engine.weights.types import TensorType

# One of each kind of panels.
TYPES = list(dict.fromkeys(found.layout.type.name for found in kinds().values()))
# Root mean square error over that of the result: activations are rounded to 8 bits (q8), 12 bits
# (q16) or 16 bits (q8x2) a block, or to 8 bits each (bf16); floats only differ in the order of
# sums. These are round figures; `allowed` derives what a product may differ by from its own steps.
TOLERANCE = {"q8": 0.008, "q8f": 0.007, "q16": 4e-4, "q8x2": 5e-5, "f32": 2e-6, "bf16": 0.002}


class Product:
    """A random matrix of one type, packed, and what multiplies with it."""

    def __init__(self, name, rows, columns, values=None, way="matmul", known=None) -> None:
        kind_of = TensorType[name]
        if values is None:
            values = np.random.default_rng(0).standard_normal((rows, columns))
        self.raw = quantize(kind_of, values.astype(np.float32))
        self.exact = dequantize(kind_of, self.raw, columns).astype(np.float64)
        self.kind = (known or kinds())[kind_of]
        self.layout, self.rows, self.columns = self.kind.layout, rows, columns
        self.kernel = getattr(self.kind, way)
        forms = {"wide": self.kind.wide_form, "fine": self.kind.fine_form}
        self.form = forms.get(way, self.layout.activations)
        self.size = self.kind.steps(columns)
        self.panels = native.aligned(self.layout.tensor_bytes(rows, columns))
        native.call(
            self.kind.pack,
            PackOperands(
                source=self.raw.ctypes.data,
                row_bytes=self.raw.shape[1],
                n_rows=rows,
                n_blocks=self.size,
                target=self.panels.ctypes.data,
                panel_bytes=self.layout.panel_bytes(columns),
                table=points_of(kind_of).ctypes.data,
            ),
        )

    def times(self, x, *, bias=None, add_to=None):
        n, form = len(x), self.form
        source = native.float_rows(x)
        stride = source.shape[1] * 4
        ready, step = source, stride
        if form != "f32":
            ready, step = native.form_buffer(form, self.columns, n)
            copy = elementwise.RowOperands(
                **{f"out_{form}": ready.ctypes.data, f"out_{form}_stride": step},
                a=source.ctypes.data,
                a_stride=stride,
                vectors=(self.columns + 15) // 16,
            )
            native.call(elementwise.copy_rows, copy, n)
        out = native.float_rows(np.zeros((n, self.rows), np.float32) if add_to is None else add_to)
        padded = np.zeros((self.rows + 15) // 16 * 16, np.float32)
        if bias is not None:
            padded[: self.rows] = bias
        scratch = native.aligned(scratch_bytes(self.columns))
        native.call(
            self.kernel,
            ProductOperands(
                weights=self.panels.ctypes.data,
                panel_bytes=self.layout.panel_bytes(self.columns),
                n_panels=(self.rows + 15) // 16,
                size=self.size,
                x=ready.ctypes.data,
                x_stride=step,
                out=out.ctypes.data,
                out_stride=out.shape[1] * 4,
                add=int(add_to is not None),
                bias=padded.ctypes.data if bias is not None else 0,
                scratch=scratch.ctypes.data,
                scratch_bytes=len(scratch),
                shares=2,
                step=self.layout.chunk_bytes if self.kind.is_float else 0,
            ),
            n,
        )
        return out[:n, : self.rows].copy()


def allowed(product, x):
    """Of the root mean square error: what rounding alone is expected to give (helpers/rounding.py),
    half as much again because few rows make a spread (40 independent errors: 11 %), and the order
    of float sums; never more than TOLERANCE."""
    size = rms(x.astype(np.float64) @ product.exact.T)
    derived = 1.5 * product_error(x, product.form, product.exact) + TOLERANCE["f32"] * size
    return min(derived, TOLERANCE[product.form] * size)


def rms(x):
    return float(np.sqrt(np.mean(np.square(x, dtype=np.float64))))


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("n", [1, 2, 3, 7, 13, 30])
def test_product_is_close_to_the_exact_one(name, n):
    product = Product(name, rows=40, columns=512)
    x = np.random.default_rng(n).standard_normal((n, 512)).astype(np.float32)
    truth = x.astype(np.float64) @ product.exact.T
    assert rms(product.times(x) - truth) < allowed(product, x)


@pytest.mark.parametrize("way", ["wide", "fine"])
@pytest.mark.parametrize("name", TYPES)
def test_finer_activations(name, way):
    """The other forms of activations: closer, and the same bits however tokens come."""
    if getattr(kinds()[TensorType[name]], way) is None:
        pytest.skip(f"{name} needs no {way} product on this processor")
    product = Product(name, rows=40, columns=512, way=way)
    x = np.random.default_rng(8).standard_normal((19, 512)).astype(np.float32)
    truth, together = x.astype(np.float64) @ product.exact.T, product.times(x)
    assert rms(together - truth) < allowed(product, x)
    for count in (1, 2, 3, 5):
        assert np.array_equal(product.times(x[:count]), together[:count])


@pytest.mark.parametrize("name", ["IQ4_NL", "IQ4_XS"])
def test_iq4_in_quads_as_processors_with_byte_products_have_them(name):
    product = Product(name, rows=40, columns=512, known=kinds(pairs=False), way="wide")
    x = np.random.default_rng(9).standard_normal((19, 512)).astype(np.float32)
    truth = x.astype(np.float64) @ product.exact.T
    assert rms(product.times(x) - truth) / rms(truth) < TOLERANCE["q16"]


PAIRS = kinds(bfloat=True)


def as_bfloat(x):
    """float32 rounded to bfloat16, halves to even."""
    bits = x.view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)


@pytest.mark.parametrize(("rows", "columns"), [(40, 512), (17, 48), (3, 22), (16, 2)])
def test_bf16_in_pairs_as_processors_with_its_dot_product_have_them(rows, columns):
    product = Product("BF16", rows, columns, known=PAIRS)
    x = np.random.default_rng(10).standard_normal((31, columns)).astype(np.float32)
    together, truth = product.times(x), x.astype(np.float64) @ product.exact.T
    assert rms(together - truth) / rms(truth) < TOLERANCE["bf16"]
    twin = as_bfloat(x).astype(np.float64) @ product.exact.T
    assert rms(together - twin) / rms(twin) < TOLERANCE["f32"]
    for count in (1, 2, 5, 12):
        assert np.array_equal(product.times(x[:count]), together[:count])


@pytest.mark.parametrize(("rows", "columns"), [(40, 512), (3, 22)])
def test_bf16_in_pairs_rounds_nothing_on_the_way_to_the_logits(rows, columns):
    product = Product("BF16", rows, columns, known=PAIRS, way="wide")
    x = np.random.default_rng(11).standard_normal((9, columns)).astype(np.float32)
    truth = x.astype(np.float64) @ product.exact.T
    assert rms(product.times(x) - truth) / rms(truth) < TOLERANCE["f32"]


@pytest.mark.parametrize("name", TYPES)
def test_a_token_gives_the_same_bits_alone_and_among_others(name):
    product = Product(name, rows=32, columns=256)
    x = np.random.default_rng(5).standard_normal((21, 256)).astype(np.float32)
    together = product.times(x)
    for count in (1, 2, 4, 5):
        assert np.array_equal(product.times(x[:count]), together[:count])


@pytest.mark.parametrize("name", ["F32", "Q8_0", "Q4_0"])
def test_bias_is_added_and_the_residual_kept(name):
    product = Product(name, rows=24, columns=64)
    rng = np.random.default_rng(6)
    x, bias = rng.standard_normal((3, 64)).astype(np.float32), rng.standard_normal(24)
    before = rng.standard_normal((3, 24)).astype(np.float32)
    plain = product.times(x)
    bias = bias.astype(np.float32)
    assert np.allclose(product.times(x, bias=bias), plain + bias, atol=1e-5)
    assert np.allclose(product.times(x, bias=bias, add_to=before), plain + bias + before, atol=1e-5)


@pytest.mark.parametrize(("rows", "columns"), [(1, 8), (17, 172), (16, 3), (50, 33)])
def test_float_matrices_of_any_shape(rows, columns):
    product = Product("F32", rows, columns)
    x = np.random.default_rng(7).standard_normal((9, columns)).astype(np.float32)
    assert np.allclose(product.times(x), x @ product.exact.T, atol=1e-4)


def test_zero_activations_give_zero_and_large_ones_do_not_overflow():
    product = Product("Q4_0", rows=16, columns=64)
    assert not product.times(np.zeros((5, 64), np.float32)).any()
    huge = np.full((5, 64), 1e30, np.float32)
    assert np.isfinite(product.times(huge)).all()


@pytest.mark.parametrize("name", ["Q8_0", "Q5_1", "Q6_K"])
def test_extreme_quants_do_not_saturate(name):
    """All weights and activations at their largest: the worst case for 16-bit sums."""
    for weight in (3.0, -3.0):
        values = np.full((16, 256), weight)
        values[:, ::16] *= 0.999
        product = Product(name, 16, 256, values)
        for activation in (2.0, -2.0):
            x = np.full((5, 256), activation, np.float32)
            assert np.allclose(product.times(x), x @ product.exact.T, rtol=2e-3)


@pytest.mark.parametrize("tile", roof.TILES)
def test_the_roof_of_every_tile_is_measured(tile):
    assert 1e7 < roof.product_rate(1, rounds=1, tile=tile) < 1e13  # a broken one does no work
