"""Weights of the cpu backend: which panels each tensor type gets, and the packing of a file.

Packs tensor by tensor with all threads and gives the file's pages back after each, so that the
weights are never in memory twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError
from engine.compute.backends.cpu_levels import pack_levels
from engine.compute.backends.interface import OnProgress
from engine.compute.cache.memory import Memory
from engine.compute.graph import Graph
from engine.compute.graph import ops as g
from engine.compute.kernels import abi, matmul, pack, panels
from engine.compute.kernels import pack_small as small
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.team import Team, make_counters
from engine.compute.simd.isa import isa
from engine.weights.formats.gguf import GGUFFile
from engine.weights.quants import dequantize
from engine.weights.types import TensorType


@dataclass(frozen=True)
class Kind:
    """How a tensor type is packed and multiplied."""

    layout: panels.Layout | panels.FloatLayout
    pack: Kernel | None  # None: NumPy does it, see cpu_levels
    matmul: Kernel
    wide: Kernel | None = None  # the same with 16-bit activations
    fine: Kernel | None = None  # the same with a scale for each 16 activations

    @property
    def is_float(self) -> bool:
        return isinstance(self.layout, panels.FloatLayout)


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
    q8 = Kind(panels.Q8_0, pack.pack_q8_0, matmul.matmul_q8_0, matmul.wide_q8_0, matmul.fine_q8_0)
    pairs = Kind(panels.Q8_0_PAIRS, pack.pack_q8_0_pairs, matmul.matmul_q8_0_pairs)
    all_kinds = (
        Kind(panels.F32, pack.pack_4_bytes, matmul.matmul_f32),
        Kind(panels.F16, pack.pack_2_bytes, matmul.matmul_f16),
        Kind(panels.BF16, pack.pack_2_bytes, matmul.matmul_bf16),
        Kind(panels.Q4_0, pack.pack_q4_0, matmul.matmul_q4_0, matmul.wide_q4_0, matmul.fine_q4_0),
        Kind(panels.Q4_1, pack.pack_q4_1, matmul.matmul_q4_1, matmul.wide_q4_1, matmul.fine_q4_1),
        Kind(panels.Q5_0, pack.pack_q5_0, matmul.matmul_q5_0, matmul.wide_q5_0, matmul.fine_q5_0),
        Kind(panels.Q5_1, pack.pack_q5_1, matmul.matmul_q5_1, matmul.wide_q5_1, matmul.fine_q5_1),
        Kind(panels.Q2_K, small.pack_q2_k, matmul.matmul_q2_k, matmul.wide_q2_k, matmul.fine_q2_k),
        Kind(panels.Q3_K, small.pack_q3_k, matmul.matmul_q3_k, matmul.wide_q3_k, matmul.fine_q3_k),
        Kind(panels.Q4_K, pack.pack_q4_k, matmul.matmul_q4_k, matmul.wide_q4_k, matmul.fine_q4_k),
        Kind(panels.Q5_K, pack.pack_q5_k, matmul.matmul_q5_k, matmul.wide_q5_k, matmul.fine_q5_k),
        Kind(panels.Q6_K, pack.pack_q6_k, matmul.matmul_q6_k, matmul.wide_q6_k, matmul.fine_q6_k),
        iq4_xs_kind(),
        pairs if isa().pairs else q8,
    )
    found = {kind.layout.type: kind for kind in all_kinds}
    levels = replace(pairs, pack=small.pack_iq4_nl_pairs)
    if not isa().pairs:
        levels = replace(q8, pack=small.pack_iq4_nl)
    found[TensorType.IQ4_NL] = levels
    return found | {TensorType[name]: levels_kind(x) for name, x in panels.LEVELS.items()}


def levels_kind(layout: panels.Layout) -> Kind:
    """The types that are kept as plain numbers."""
    if layout is panels.LOW:
        return Kind(layout, None, matmul.matmul_low, matmul.wide_low, matmul.fine_low)
    return Kind(layout, None, matmul.matmul_middle, matmul.wide_middle, matmul.fine_middle)


def iq4_xs_kind() -> Kind:
    """Its levels would overflow products of bytes on CPUs that have no dot product of bytes: there
    they are multiplied with 16-bit activations.
    """
    pack, product = small.pack_iq4_xs, matmul.matmul_iq4_xs
    if isa().pairs:
        return Kind(panels.IQ4_XS_WIDE, pack, matmul.wide_iq4_xs)
    return Kind(panels.IQ4_XS, pack, product, matmul.wide_iq4_xs, matmul.fine_iq4_xs)


class PackedWeights:
    """All tensors of a graph: matrices in panels, vectors as padded float32."""

    def __init__(self, graph: Graph, file: GGUFFile, team: Team) -> None:
        """Knows where everything will lie; nothing is packed before pack()."""
        self._file, self._team = file, team
        self._kinds = kinds()
        linear = [op.weight for op in graph.ops if isinstance(op, g.Linear)]
        self._names = list(dict.fromkeys(linear))
        embeds = {op.weight for op in graph.ops if isinstance(op, g.Embed | g.EmbedPosition)}
        self._vector_names = [n for n in graph.weights if n not in linear and n not in embeds]
        sizes = [self._kind(n).layout.tensor_bytes(*self._shape(n)) for n in self._names]
        self._memory = Memory(sum((s + 63) // 64 * 64 for s in sizes), huge=True)
        self.matrices = self._laid_out(sizes)
        self.vectors = {name: self._vector(name) for name in self._vector_names}

    @property
    def nbytes(self) -> int:
        return self._memory.size + sum(v.nbytes for v in self.vectors.values())

    def close(self) -> None:
        self.matrices.clear()
        self.vectors.clear()
        self._memory.close()

    def _shape(self, name: str) -> tuple[int, int]:
        rows, columns = self._file.tensors[name].shape
        return rows, columns

    def _kind(self, name: str) -> Kind:
        found = self._file.tensors[name].type
        kind = self._kinds.get(found)
        if kind is None:
            raise UnsupportedError(
                f"{self._file.path.name}: tensor {name} is of type {found.name}, which cannot "
                "be run; get the model in another quantization, such as Q4_K_M or Q8_0"
            )
        return kind

    def _vector(self, name: str) -> NDArray[np.float32]:
        """A one-dimensional tensor, zeros after it up to whole vectors."""
        info = self._file.tensors[name]
        values = dequantize(info.type, self._file.raw(name), info.shape[-1]).reshape(-1)
        padded = np.zeros((len(values) + 31) // 16 * 16, np.float32)
        padded[: len(values)] = values
        return padded

    def _laid_out(self, sizes: list[int]) -> dict[str, Matrix]:
        """One matrix after the other, each at a multiple of 64."""
        found, address = {}, self._memory.address
        for name, size in zip(self._names, sizes, strict=True):
            found[name] = Matrix(self._kind(name), address, *self._shape(name))
            address += (size + 63) // 64 * 64
        return found

    def packers(self) -> list[Kernel]:
        """The kernels that pack() will call."""
        return [m.kind.pack for m in self.matrices.values() if m.kind.pack is not None]

    def pack(self, progress: OnProgress | None) -> None:
        """Fill all matrices from the file."""
        total = self._memory.size
        for name, matrix in self.matrices.items():
            offset, info = matrix.address - self._memory.address, self._file.tensors[name]
            if progress is not None:
                progress("Loading weights", offset, total)
            if matrix.kind.pack is None:
                size = matrix.kind.layout.tensor_bytes(matrix.rows, matrix.columns)
                for rows in self._pack_levels(name, offset, size):
                    if progress is not None:
                        progress("Loading weights", offset + size * rows // info.shape[0], total)
            else:
                self._pack(name)
            self._file.drop_pages(name)
        if progress is not None:
            progress("Loading weights", total, total)

    def _pack_levels(self, name: str, offset: int, size: int) -> Iterator[int]:
        layout = self.matrices[name].kind.layout
        assert isinstance(layout, panels.Layout)
        kind, memory = self._file.tensors[name].type, self._memory.bytes[offset : offset + size]
        for rows in pack_levels(layout, kind, self._file.raw(name), self._shape(name)[1], memory):
            self._file.drop_pages(name)
            yield rows

    def _pack(self, name: str) -> None:
        matrix, raw = self.matrices[name], self._file.raw(name)
        row = np.zeros(abi.ROW_WORDS, np.int64)
        counters = make_counters(1)
        assert matrix.kind.pack is not None
        row[0] = matrix.kind.pack.address
        row[2] = counters.ctypes.data
        row[abi.OPERANDS : abi.OPERANDS + 6] = (
            raw.ctypes.data,
            raw.shape[1],
            matrix.rows,
            matrix.columns if matrix.kind.is_float else matrix.columns // panels.BLOCK,
            matrix.address,
            matrix.kind.layout.panel_bytes(matrix.columns),
        )
        self._team.run(row.ctypes.data, 1, 0, counters)
