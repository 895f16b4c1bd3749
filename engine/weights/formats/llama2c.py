"""Reads the checkpoints of llama2.c: v0 (no magic), v1 (float32), v2 (int8 in groups).

Tensors get Meta's names. Invariant: the header's sizes are checked against the file's length.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.lazy import Bytes, LazyTensor, of_blocks
from engine.weights.formats.open_file import OpenFile, Span
from engine.weights.types import TensorType

MAGIC = 0x616B3432
HEADER = 256  # bytes, from v1 on
LIMITS = (1 << 20, 1 << 22, 4096, 4096, 4096, 1 << 24, 1 << 24)
MATRICES = (
    ("attention.wq", "q", "embd"),
    ("attention.wk", "kv", "embd"),
    ("attention.wv", "kv", "embd"),
    ("attention.wo", "embd", "q"),
    ("feed_forward.w1", "ff", "embd"),
    ("feed_forward.w2", "embd", "ff"),
    ("feed_forward.w3", "ff", "embd"),
)


@dataclass(frozen=True)
class Llama2cHeader:
    """Version and sizes of one checkpoint."""

    version: int
    n_embd: int
    n_ff: int
    n_layer: int
    n_head: int
    n_head_kv: int
    vocab: int
    n_ctx: int
    shared: bool
    group: int = 0

    def size(self, name: str) -> int:
        head_dim = self.n_embd // self.n_head
        sizes = {"embd": self.n_embd, "q": self.n_embd, "ff": self.n_ff, "vocab": self.vocab}
        return (sizes | {"kv": head_dim * self.n_head_kv})[name]


def parse_header(head: bytes) -> Llama2cHeader | None:
    """The header of a llama2.c file, or None if these bytes make none."""
    if len(head) < 45:
        return None
    magic, version = struct.unpack("<Ii", head[:8])
    if magic == MAGIC:
        group = struct.unpack("<i", head[37:41])[0] if version == 2 else 0
        found = _header(version, struct.unpack("<7i", head[8:36]), head[36] == 1, group)
    else:
        values = struct.unpack("<7i", head[:28])
        # A negative vocabulary says that the output matrix is not the embedding.
        sizes = (*values[:5], abs(values[5]), values[6])
        found = _header(0, sizes, values[5] > 0, 0)
    return found if _sound(found) else None


def _header(version: int, sizes: tuple[int, ...], shared: bool, group: int) -> Llama2cHeader:
    n_embd, n_ff, n_layer, n_head, n_head_kv, vocab, n_ctx = sizes
    return Llama2cHeader(
        version, n_embd, n_ff, n_layer, n_head, n_head_kv, vocab, n_ctx, shared, group
    )


def _sound(h: Llama2cHeader) -> bool:
    sizes = (h.n_embd, h.n_ff, h.n_layer, h.n_head, h.n_head_kv, h.vocab, h.n_ctx)
    if any(not 1 <= n <= most for n, most in zip(sizes, LIMITS, strict=True)):
        return False
    return h.n_embd % h.n_head == 0 and h.n_head % h.n_head_kv == 0


def open_llama2c(path: str | Path) -> tuple[Llama2cHeader, Checkpoint]:
    """The header and the tensors by Meta's names."""
    file = OpenFile(path)
    try:
        header = parse_header(file.bytes(0, min(64, file.size), Words("the header")))
        if header is None:
            raise FormatError(
                "{file} is no llama2.c checkpoint: its header makes no sense", file=file.name
            )
        if header.version not in (0, 1, 2):
            raise UnsupportedError(
                "{file} is llama2.c version {version}, not 0 to 2",
                file=file.name,
                version=header.version,
            )
        if header.version == 2 and not 1 <= header.group <= header.n_embd:
            raise FormatError(
                "{file} is broken: its group size is {group}", file=file.name, group=header.group
            )
        return header, Checkpoint(_Reader(file, header).tensors(), [file])
    except BaseException:
        file.close()
        raise


class _Reader:
    """Walks through the file; every tensor begins where the one before ended."""

    def __init__(self, file: OpenFile, header: Llama2cHeader) -> None:
        self.file, self.header = file, header
        self.at = HEADER if header.version else 28

    def tensors(self) -> dict[str, LazyTensor]:
        h = self.header
        if h.version == 0:
            return dict(self._version0())
        found = dict(self._norms("attention_norm")) | dict(self._norms("ffn_norm"))
        found |= {"norm.weight": self._floats((h.n_embd,), "norm.weight")}
        found["tok_embeddings.weight"] = self._matrix("tok_embeddings.weight", "vocab", "embd")
        found |= dict(self._layers(MATRICES))
        if not h.shared:
            found["output.weight"] = self._matrix("output.weight", "vocab", "embd")
        return found

    def _version0(self) -> Iterator[tuple[str, LazyTensor]]:
        h = self.header
        yield "tok_embeddings.weight", self._matrix("tok_embeddings.weight", "vocab", "embd")
        yield from self._norms("attention_norm")
        yield from self._layers(MATRICES[:4])
        yield from self._norms("ffn_norm")
        yield from self._layers(MATRICES[4:])
        yield "norm.weight", self._floats((h.n_embd,), "norm.weight")
        self._floats(
            (h.n_ctx, h.n_embd // h.n_head), Words("the table of rotations")
        )  # computed anew
        if not h.shared:
            yield "output.weight", self._matrix("output.weight", "vocab", "embd")

    def _norms(self, name: str) -> Iterator[tuple[str, LazyTensor]]:
        for i in range(self.header.n_layer):
            full = f"layers.{i}.{name}.weight"
            yield full, self._floats((self.header.n_embd,), full)

    def _layers(
        self, matrices: tuple[tuple[str, str, str], ...]
    ) -> Iterator[tuple[str, LazyTensor]]:
        for name, rows, cols in matrices:
            for i in range(self.header.n_layer):
                full = f"layers.{i}.{name}.weight"
                yield full, self._matrix(full, rows, cols)

    def _matrix(self, name: str, rows: str, cols: str) -> LazyTensor:
        shape = (self.header.size(rows), self.header.size(cols))
        return self._quantized(shape, name) if self.header.group else self._floats(shape, name)

    def _floats(self, shape: tuple[int, ...], name: str) -> LazyTensor:
        return of_blocks(self._bytes(4 * int(np.prod(shape)), name), shape, TensorType.F32)

    def _quantized(self, shape: tuple[int, int], name: str) -> LazyTensor:
        """int8 values, then one float32 for each group of them, counted over the whole matrix."""
        count, group = shape[0] * shape[1], self.header.group
        if count % group:
            raise FormatError(
                "{file} is broken: {name} is no whole number of groups",
                file=self.file.name,
                name=name,
            )
        values = self._bytes(count, name)
        scales = self._bytes(4 * (count // group), name)
        n_cols = shape[1]

        def read(start: int, stop: int) -> Bytes:
            first, last = start * n_cols, stop * n_cols
            low, high = first // group, -(-last // group)
            factors: NDArray[np.float32] = scales[4 * low : 4 * high].view("<f4")
            each = np.repeat(factors, group)[first - low * group : last - low * group]
            floats = values[first:last].view(np.int8).astype(np.float32) * each
            return floats.view(np.uint8).reshape(stop - start, -1)

        return LazyTensor(shape, TensorType.F32, read)

    def _bytes(self, nbytes: int, what: str) -> Span:
        found = self.file.view(self.at, nbytes, what)
        self.at += nbytes
        return found
