"""Weights of the cpu backend: which panels each tensor type gets, and where they lie."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError
from engine.compute.cache.memory import Memory
from engine.compute.graph import Graph
from engine.compute.graph import ops as g
from engine.compute.kernels import (
    pack,
    pack_codes,
    pack_grid,
    pack_small,
    panels,
    products,
)
from engine.compute.kernels.jit import Kernel
from engine.compute.simd.isa import isa
from engine.weights.formats.gguf import GGUFFile, TensorInfo
from engine.weights.quants import dequantize
from engine.weights.types import TensorType


@dataclass(frozen=True)
class Kind:
    """How a tensor type is packed and multiplied."""

    layout: panels.Layout | panels.FloatLayout
    pack: Kernel
    matmul: Kernel
    wide: Kernel | None = None  # the same with 16-bit activations
    fine: Kernel | None = None  # the same for activations with outliers
    fine_form: str = "q8f"  # a scale for each 16 of them, or as those of `wide`

    @property
    def is_float(self) -> bool:
        return isinstance(self.layout, panels.FloatLayout)

    @property
    def wide_form(self) -> str:
        """What the `wide` product takes: floats as they are, or 16 bits."""
        return "f32" if self.is_float else products.WIDE

    def way(self, *, logits: bool, gated: bool) -> tuple[str, Kernel]:
        """The form of activations that a product reads, and its kernel.

        The product that makes the logits takes 16-bit activations, or floats as they are: its
        rows are few, and its errors go straight into the result. What comes out of a gate has
        outliers: four fifths of all rounding errors arose there, so it gets a scale for each 16
        columns, or 16 bits before weights of 8.
        """
        if logits and self.wide is not None:
            return self.wide_form, self.wide
        if gated and self.fine is not None:
            return self.fine_form, self.fine
        return self.layout.activations, self.matmul

    def steps(self, columns: int) -> int:
        """How many steps a row of so many columns has: blocks, or the vectors of floats."""
        return columns // (self.layout.unit if self.is_float else panels.BLOCK)


@dataclass(frozen=True)
class Matrix:
    """A packed weight matrix in memory."""

    kind: Kind
    address: int
    rows: int
    columns: int

    @property
    def n_panels(self) -> int:
        return (self.rows + panels.ROWS - 1) // panels.ROWS


def kinds() -> dict[TensorType, Kind]:
    """The tensor types that this backend runs, on this CPU."""
    q8 = _kind(panels.Q8_0, pack.pack_q8_0, "q8_0")
    # Eight bits are chosen for their small error, half of which would arise behind gates.
    q8 = replace(q8, fine=q8.wide, fine_form=q8.wide_form)
    pairs = Kind(panels.Q8_0_PAIRS, pack.pack_q8_0_pairs, products.matmul_q8_0_pairs)
    all_kinds = (
        Kind(panels.F32, pack.pack_4_bytes, products.matmul_f32),
        Kind(panels.F16, pack.pack_2_bytes, products.matmul_f16),
        bf16_kind(pairs=bool(isa().bfloat)),
        _kind(panels.Q4_0, pack.pack_q4_0, "q4_0"),
        _kind(panels.Q4_1, pack.pack_q4_1, "q4_1"),
        _kind(panels.Q5_0, pack.pack_q5_0, "q5_0"),
        _kind(panels.Q5_1, pack.pack_q5_1, "q5_1"),
        _kind(panels.Q2_K, pack_small.pack_q2_k, "q2_k"),
        _kind(panels.Q3_K, pack_small.pack_q3_k, "q3_k"),
        _kind(panels.Q4_K, pack.pack_q4_k, "q4_k"),
        _kind(panels.Q5_K, pack.pack_q5_k, "q5_k"),
        _kind(panels.Q6_K, pack.pack_q6_k, "q6_k"),
        pairs if isa().pairs else q8,
    )
    return {kind.layout.type: kind for kind in all_kinds} | coded_kinds() | iq4_kinds(isa().pairs)


def bf16_kind(*, pairs: bool) -> Kind:
    """In pairs, with activations rounded to bfloat16, where the CPU multiplies those itself; the
    logits get theirs unrounded."""
    if not pairs:
        return Kind(panels.BF16, pack.pack_2_bytes, products.matmul_bf16)
    product, exact = products.matmul_bf16_pairs, products.matmul_bf16_exact
    return Kind(panels.BF16_PAIRS, pack.pack_4_bytes, product, exact)


def _kind(layout: panels.Layout, pack: Kernel, name: str) -> Kind:
    """With the three products of that name."""
    matmul, wide, fine = (getattr(products, f"{way}_{name}") for way in ("matmul", "wide", "fine"))
    return Kind(layout, pack, matmul, wide, fine)


def coded_kinds() -> dict[TensorType, Kind]:
    """Types of two to sixteen levels: some share their panels and differ in packing alone."""
    tq2 = _kind(panels.TQ2_0, pack_codes.pack_tq2_0, "tq2_0")
    q2 = _kind(panels.Q2_0, pack_codes.pack_q2_0, "q2_0")
    iq1 = _kind(panels.IQ1, pack_grid.pack_iq1_s, "iq1")
    iq2 = _kind(panels.IQ2, pack_grid.pack_iq2_s, "iq2")
    return {
        TensorType.TQ1_0: replace(tq2, pack=pack_codes.pack_tq1_0),
        TensorType.TQ2_0: tq2,
        TensorType.Q1_0: replace(q2, pack=pack_codes.pack_q1_0),
        TensorType.Q2_0: q2,
        TensorType.IQ1_S: iq1,
        TensorType.IQ1_M: replace(iq1, pack=pack_grid.pack_iq1_m),
        TensorType.IQ2_XXS: replace(iq2, pack=pack_grid.pack_iq2_xxs),
        TensorType.IQ2_XS: replace(iq2, pack=pack_grid.pack_iq2_xs),
        TensorType.IQ2_S: iq2,
        TensorType.IQ3_XXS: _kind(panels.IQ3_XXS, pack_grid.pack_iq3_xxs, "iq3_xxs"),
        TensorType.IQ3_S: _kind(panels.IQ3_S, pack_grid.pack_iq3_s, "iq3_s"),
        TensorType.MXFP4: _kind(panels.MXFP4, pack_codes.pack_mxfp4, "mxfp4"),
        TensorType.NVFP4: _kind(panels.NVFP4, pack_codes.pack_nvfp4, "nvfp4"),
    }


def iq4_kinds(pairs: bool) -> dict[TensorType, Kind]:
    """Their levels would overflow products of bytes on CPUs that have no dot product of bytes."""
    if pairs:
        nl_pack, xs_pack = pack_codes.pack_iq4_nl_pairs, pack_codes.pack_iq4_xs_pairs
        nl = Kind(panels.IQ4_NL_PAIRS, nl_pack, products.matmul_iq4_nl_pairs)
        xs = Kind(panels.IQ4_XS_PAIRS, xs_pack, products.matmul_iq4_xs_pairs)
    else:
        nl = _kind(panels.IQ4_NL, pack.pack_q4_0, "iq4_nl")
        xs = _kind(panels.IQ4_XS, pack_codes.pack_iq4_xs, "iq4_xs")
    return {TensorType.IQ4_NL: nl, TensorType.IQ4_XS: xs}


class PackedWeights:
    """All tensors of a graph: matrices in panels, vectors as padded float32."""

    def __init__(self, graph: Graph, tensors: Mapping[str, TensorInfo], name: str) -> None:
        """Knows what will lie where, counted from 0; nothing is taken or read before take().

        name: the file's. Raises UnsupportedError for a type that cannot be run.
        """
        self._tensors, self._name = tensors, name
        self._kinds = kinds()
        linear = [op.weight for op in graph.ops if isinstance(op, g.Linear)]
        self._names = list(dict.fromkeys(linear))
        embeds = {op.weight for op in graph.ops if isinstance(op, g.Embed | g.EmbedPosition)}
        others = {*linear} | embeds
        self._vector_names = [name for name in graph.weights if name not in others]
        self._taps = {op.weight for op in graph.ops if isinstance(op, g.Conv)}
        sizes = [self._kind(n).layout.tensor_bytes(*self._shape(n)) for n in self._names]
        self._size = sum((s + 63) // 64 * 64 for s in sizes)
        self._memory: Memory | None = None
        self.matrices = self._laid_out(sizes)
        self.vectors: dict[str, NDArray[np.float32]] = {}

    @property
    def nbytes(self) -> int:
        """What they take, or will take."""
        return self._size + sum(4 * self._floats(name) for name in self._vector_names)

    def _floats(self, name: str) -> int:
        """Of a vector, or of a convolution's taps."""
        shape = self._tensors[name].shape
        if name in self._taps:
            return shape[1] * ((shape[0] + 15) // 16 * 16)
        return _padded(math.prod(shape))

    def take(self, file: GGUFFile) -> None:
        """Takes the memory for the matrices, which get their addresses, and reads the vectors."""
        self._memory = memory = Memory(self._size, huge=True)
        self.matrices = {
            name: replace(matrix, address=matrix.address + memory.address)
            for name, matrix in self.matrices.items()
        }
        for name in self._vector_names:
            read = _taps if name in self._taps else _vector
            self.vectors[name] = read(file, name)

    def vector(self, name: str) -> int:
        """The address of a vector; 0 before take()."""
        return int(self.vectors[name].ctypes.data) if name in self.vectors else 0

    def close(self) -> None:
        self.matrices.clear()
        self.vectors.clear()
        if self._memory is not None:
            self._memory.close()

    def _shape(self, name: str) -> tuple[int, int]:
        rows, columns = self._tensors[name].shape
        return rows, columns

    def _kind(self, name: str) -> Kind:
        found = self._tensors[name].type
        kind = self._kinds.get(found)
        if found is TensorType.BF16 and self._shape(name)[1] % 2:
            return bf16_kind(pairs=False)
        if kind is None:
            raise UnsupportedError(
                "{name}: tensor {tensor} is of type {found}, which cannot be run; get the model "
                "in another quantization, such as Q4_K_M or Q8_0",
                name=self._name,
                tensor=name,
                found=found.name,
            )
        return kind

    def _laid_out(self, sizes: list[int]) -> dict[str, Matrix]:
        """One matrix after the other, each at a multiple of 64."""
        found, address = {}, 0
        for name, size in zip(self._names, sizes, strict=True):
            found[name] = Matrix(self._kind(name), address, *self._shape(name))
            address += (size + 63) // 64 * 64
        return found

    def packers(self) -> list[Kernel]:
        """The kernels that fill the matrices (cpu_packing.py)."""
        return [m.kind.pack for m in self.matrices.values()]


def _vector(file: GGUFFile, name: str) -> NDArray[np.float32]:
    """A one-dimensional tensor, zeros after it up to whole vectors."""
    info = file.tensors[name]
    values = dequantize(info.type, file.raw(name), info.shape[-1]).reshape(-1)
    padded = np.zeros(_padded(len(values)), np.float32)
    padded[: len(values)] = values
    return padded


def _taps(file: GGUFFile, name: str) -> NDArray[np.float32]:
    """The weights of a convolution [width, taps] as [taps][whole vectors of the width]."""
    info = file.tensors[name]
    values = dequantize(info.type, file.raw(name), info.shape[1]).reshape(info.shape)
    padded = np.zeros((info.shape[1], (info.shape[0] + 15) // 16 * 16), np.float32)
    padded[:, : info.shape[0]] = values.T
    return padded.reshape(-1)


def _padded(length: int) -> int:
    """Floats of a vector in memory: whole vectors, and one more."""
    return (length + 31) // 16 * 16
