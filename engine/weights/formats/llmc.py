"""Reads the GPT-2 checkpoints of llm.c: a header of 256 numbers, then all tensors in one order.

Tensors get the names of Hugging Face's GPT-2, but matrices lie as [out, in].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.lazy import LazyTensor, of_blocks
from engine.weights.formats.open_file import OpenFile
from engine.weights.types import TensorType

MAGIC = 20240326
HEADER = 1024
KINDS = {1: TensorType.F32, 3: TensorType.F32, 5: TensorType.BF16}  # by version
PADDED_FROM = 3  # earlier versions have no padded vocabulary
LIMITS = (1 << 24, 1 << 24, 4096, 4096, 1 << 20)


@dataclass(frozen=True)
class LlmcHeader:
    """Version and sizes of one checkpoint."""

    version: int
    n_ctx: int
    vocab: int
    n_layer: int
    n_head: int
    n_embd: int
    padded: int


def open_llmc(path: str | Path) -> tuple[LlmcHeader, Checkpoint]:
    """The header and the tensors."""
    file = OpenFile(path)
    try:
        header = _header(file)
        return header, Checkpoint(dict(_tensors(file, header)), [file])
    except BaseException:
        file.close()
        raise


def _header(file: OpenFile) -> LlmcHeader:
    values = struct.unpack("<256i", file.bytes(0, HEADER, Words("the header")))
    if values[0] != MAGIC:
        raise FormatError("{file} is no GPT-2 checkpoint of llm.c", file=file.name)
    if values[1] not in KINDS:
        raise UnsupportedError(
            "{file} is llm.c version {value}; known are {kinds}",
            file=file.name,
            value=values[1],
            kinds=", ".join(map(str, KINDS)),
        )
    padded = values[7] if values[1] >= PADDED_FROM else values[3]
    version, n_ctx, vocab, n_layer, n_head, n_embd = values[1:7]
    header = LlmcHeader(version, n_ctx, vocab, n_layer, n_head, n_embd, padded)
    sizes = (header.n_ctx, header.vocab, header.n_layer, header.n_head, header.n_embd)
    if any(not 1 <= n <= most for n, most in zip(sizes, LIMITS, strict=True)):
        raise FormatError("{file} is broken: its header makes no sense", file=file.name)
    if header.padded < header.vocab or header.n_embd % header.n_head:
        raise FormatError("{file} is broken: its header makes no sense", file=file.name)
    return header


def _tensors(file: OpenFile, h: LlmcHeader) -> Iterator[tuple[str, LazyTensor]]:
    kind, c = KINDS[h.version], h.n_embd
    at = HEADER

    def take(name: str, *shape: int) -> LazyTensor:
        nonlocal at
        nbytes = kind.block_bytes
        for n in shape:
            nbytes *= n
        raw = file.view(at, nbytes, name)
        at += nbytes
        return of_blocks(raw, shape, kind)

    whole = take("wte.weight", h.padded, c)
    # Rows beyond the vocabulary only round its size up; training never used them.
    yield "wte.weight", LazyTensor((h.vocab, c), kind, whole.read)
    yield "wpe.weight", take("wpe.weight", h.n_ctx, c)
    for name, shape in (
        ("ln_1.weight", (c,)),
        ("ln_1.bias", (c,)),
        ("attn.c_attn.weight", (3 * c, c)),
        ("attn.c_attn.bias", (3 * c,)),
        ("attn.c_proj.weight", (c, c)),
        ("attn.c_proj.bias", (c,)),
        ("ln_2.weight", (c,)),
        ("ln_2.bias", (c,)),
        ("mlp.c_fc.weight", (4 * c, c)),
        ("mlp.c_fc.bias", (4 * c,)),
        ("mlp.c_proj.weight", (c, 4 * c)),
        ("mlp.c_proj.bias", (c,)),
    ):
        for i in range(h.n_layer):
            yield f"h.{i}.{name}", take(f"h.{i}.{name}", *shape)
    yield "ln_f.weight", take("ln_f.weight", c)
    yield "ln_f.bias", take("ln_f.bias", c)
