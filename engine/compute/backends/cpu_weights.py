"""Weights of the cpu backend: which panels each tensor type gets, and the packing of a file.

Packs tensor by tensor with all threads and gives the file's pages back as it goes, so that the
weights are never in memory twice.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError
from engine.base.events import Stage
from engine.compute.backends.cpu_points import points_of
from engine.compute.backends.interface import OnProgress
from engine.compute.cache.memory import Memory
from engine.compute.graph import Graph
from engine.compute.graph import ops as g
from engine.compute.kernels import (
    abi,
    pack,
    pack_codes,
    pack_grid,
    pack_small,
    panels,
    products,
)
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.team import Team, make_counters
from engine.compute.simd.isa import isa
from engine.weights.formats.gguf import GGUFFile
from engine.weights.quants import dequantize
from engine.weights.types import TensorType

PIECE = 8 << 20  # bytes of a tensor that are packed before their pages go back
LEAST = 4  # panels of a piece for each thread


@dataclass(frozen=True)
class Kind:
    """How a tensor type is packed and multiplied."""

    layout: panels.Layout | panels.FloatLayout
    pack: Kernel
    matmul: Kernel
    wide: Kernel | None = None  # the same with 16-bit activations
    fine: Kernel | None = None  # the same with a scale for each 16 activations

    @property
    def is_float(self) -> bool:
        return isinstance(self.layout, panels.FloatLayout)

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
        if found is TensorType.BF16 and self._shape(name)[1] % 2:
            return bf16_kind(pairs=False)
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
        return [m.kind.pack for m in self.matrices.values()]

    def pack(self, progress: OnProgress | None) -> None:
        """Fill all matrices from the file."""
        total = self._memory.size
        for name, matrix in self.matrices.items():
            if progress is not None:
                progress(Stage.LOADING, matrix.address - self._memory.address, total)
            self._pack(name)
        if progress is not None:
            progress(Stage.LOADING, total, total)

    def _pack(self, name: str) -> None:
        """A few megabytes at a time, whose pages go back at once: weights are never there twice."""
        matrix, raw = self.matrices[name], self._file.raw(name)
        row = np.zeros(abi.ROW_WORDS, np.int64)
        counters, points = make_counters(1), points_of(self._file.tensors[name].type)
        row[0] = matrix.kind.pack.address
        row[2] = counters.ctypes.data
        panel_bytes = matrix.kind.layout.panel_bytes(matrix.columns)
        step = panels.ROWS * max(LEAST * self._team.size, PIECE // raw.shape[1] // panels.ROWS)
        for first in range(0, matrix.rows, step):
            row[abi.OPERANDS : abi.OPERANDS + 7] = (
                raw.ctypes.data + first * raw.shape[1],
                raw.shape[1],
                min(step, matrix.rows - first),
                matrix.kind.steps(matrix.columns),
                matrix.address + first // panels.ROWS * panel_bytes,
                panel_bytes,
                points.ctypes.data,
            )
            self._team.run(row.ctypes.data, 1, 0, counters)
            self._file.drop_pages(name)
