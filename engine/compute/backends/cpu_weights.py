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
from engine.compute.kernels import panels, products
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.packed import PACKED
from engine.compute.simd.isa import isa
from engine.weights.formats.gguf import GGUFFile, TensorInfo
from engine.weights.quants import dequantize
from engine.weights.types import TensorType


@dataclass(frozen=True)
class PackedType:
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
    """A packed weight matrix in memory, or `count` of them, one behind the other."""

    kind: PackedType
    address: int
    rows: int  # of one
    columns: int
    count: int = 1

    @property
    def n_panels(self) -> int:
        """Of one."""
        return (self.rows + panels.ROWS - 1) // panels.ROWS

    @property
    def each(self) -> int:
        """Bytes of one."""
        return self.kind.layout.tensor_bytes(self.rows, self.columns)

    @property
    def nbytes(self) -> int:
        return self.count * self.each


def kinds(*, pairs: bool | None = None, bfloat: bool | None = None) -> dict[TensorType, PackedType]:
    """The tensor types that this backend runs, on this CPU or one that wants `pairs` where products
    of bytes would overflow, or multiplies pairs of bfloat16 itself."""
    pairs = isa().pairs if pairs is None else pairs
    bfloat = bool(isa().bfloat) if bfloat is None else bfloat
    wanted = {"q16": pairs, "bf16": bfloat}
    return {kind: packed_type(kind, wanted) for kind in PACKED}


def packed_type(kind: TensorType, wanted: Mapping[str, bool]) -> PackedType:
    """wanted: whether pairs for these forms of activations are to be taken."""
    row = PACKED[kind]
    layout, pack = row.layout, row.pack
    if row.pairs is not None and wanted.get(row.pairs.layout.activations):
        layout, pack = row.pairs.layout, row.pairs.pack
    ways = products.WAYS[layout]
    made = PackedType(layout, pack, ways.matmul, ways.wide, ways.fine)
    if made.fine is not None and row.fine_is_wide:
        return replace(made, fine=made.wide, fine_form=made.wide_form)
    return made


class PackedWeights:
    """All tensors of a graph: matrices in panels, vectors as padded float32."""

    def __init__(self, graph: Graph, tensors: Mapping[str, TensorInfo], name: str) -> None:
        """Knows what will lie where, counted from 0; nothing is taken or read before take().

        name: the file's. Raises UnsupportedError for a type that cannot be run.
        """
        self._tensors, self._name = tensors, name
        self._kinds = kinds()
        products = g.Linear | g.ExpertLinear | g.HeadLinear
        linear = [op.weight for op in graph.ops if isinstance(op, products)]
        self._names = list(dict.fromkeys(linear))
        embeds = {op.weight for op in graph.ops if isinstance(op, g.Embed | g.EmbedPosition)}
        others = {*linear} | embeds
        self._vector_names = [name for name in graph.weights if name not in others]
        self._taps = {op.weight for op in graph.ops if isinstance(op, g.Conv)}
        scans = (op for op in graph.ops if isinstance(op, g.Scan))
        self._taps |= {op.a for op in scans if not op.by_head}
        self._memory: Memory | None = None
        self.matrices, self._size = self._laid_out()
        self.vectors: dict[str, NDArray[np.float32]] = {}

    @property
    def nbytes(self) -> int:
        """What they take, or will take."""
        return self._size + sum(4 * self._floats(name) for name in self._vector_names)

    def _floats(self, name: str) -> int:
        """Of a vector, or of what lies as a convolution's taps."""
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

    def number(self, name: str) -> float:
        """The first number of a vector; 1 before take()."""
        return float(self.vectors[name][0]) if name in self.vectors else 1.0

    def close(self) -> None:
        self.matrices.clear()
        self.vectors.clear()
        if self._memory is not None:
            self._memory.close()

    def _shape(self, name: str) -> tuple[int, int, int]:
        """How many matrices, and the rows and columns of each."""
        *several, rows, columns = self._tensors[name].shape
        return math.prod(several), rows, columns

    def _kind(self, name: str) -> PackedType:
        found = self._tensors[name].type
        kind = self._kinds.get(found)
        if kind is not None and self._shape(name)[2] % kind.layout.unit and kind.is_float:
            return packed_type(found, {})  # its columns make no pairs
        if kind is None:
            raise UnsupportedError(
                "{name}: tensor {tensor} is of type {found}, which cannot be run; get the model "
                "in another quantization, such as Q4_K_M or Q8_0",
                name=self._name,
                tensor=name,
                found=found.name,
            )
        return kind

    def _laid_out(self) -> tuple[dict[str, Matrix], int]:
        """One matrix after the other, each at a multiple of 64; and the bytes of all."""
        found, address = {}, 0
        for name in self._names:
            count, rows, columns = self._shape(name)
            found[name] = Matrix(self._kind(name), address, rows, columns, count)
            address += (found[name].nbytes + 63) // 64 * 64
        return found, address

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
