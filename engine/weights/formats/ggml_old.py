"""Reads llama files from before GGUF (2023): ggml, ggmf and ggjt v1 to v3, in one or more parts.

Tensors get Meta's names; blocks of old layouts come out in today's (ggml_old_blocks).
"""

import struct
from dataclasses import dataclass
from pathlib import Path

from engine.base.catalogue import Phrase, Words
from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.ggml_old_blocks import OLD_TYPES, layout_of, looks_planar, reader
from engine.weights.formats.lazy import LazyTensor, joined
from engine.weights.formats.open_file import OpenFile

MAGICS = {0x67676D6C: "ggml", 0x67676D66: "ggmf", 0x67676A74: "ggjt"}
VERSIONS = {"ggml": (0,), "ggmf": (1,), "ggjt": (1, 2, 3)}
ALIGNMENT = 32  # of tensor data, from ggjt on
MAX_TOKEN = 4096
MAX_PARTS = 64
MAX_TENSORS = 20_000  # in all parts; the largest of 2023 have some thousands
LIMITS = (1 << 17, 1 << 20, 1 << 20, 4096, 4096, 1 << 16, 1 << 31)


@dataclass(frozen=True)
class GgmlHeader:
    """The seven numbers at the beginning; `era` is what decides how blocks lie."""

    form: str
    version: int
    vocab: int
    n_embd: int
    n_mult: int
    n_head: int
    n_layer: int
    n_rot: int
    file_type: int

    @property
    def era(self) -> int:
        """1: nibbles in pairs; 2: in halves; 3: scales of 16 bits, as today."""
        return self.version if self.form == "ggjt" else 1


@dataclass(frozen=True)
class OldModel:
    """Header, vocabulary and tensors of a file with all its parts."""

    header: GgmlHeader
    tokens: list[bytes]
    scores: list[float]
    checkpoint: Checkpoint


def open_ggml(path: str | Path) -> OldModel:
    """Opens a file, and its further parts NAME.1, NAME.2 … where it has them."""
    path = Path(path)
    paths = [path]
    while (part := path.with_name(f"{path.name}.{len(paths)}")).is_file():
        paths.append(part)
        if len(paths) > MAX_PARTS:
            raise FormatError(
                "{file} has more than {max_parts} parts", file=path.name, max_parts=MAX_PARTS
            )
    files: list[OpenFile] = []
    try:
        readers = []
        for each in paths:
            files.append(OpenFile(each))
            readers.append(_Reader(files[-1]))
        first = readers[0]
        tables = [reader.tensors() for reader in readers]
        names = tables[0].keys()
        if any(table.keys() != names for table in tables):
            raise FormatError("the parts of {file} do not hold the same tensors", file=path.name)
        whole = {name: _whole(name, [table[name] for table in tables]) for name in names}
        checkpoint = Checkpoint(whole, files)
        return OldModel(first.header, first.tokens, first.scores, checkpoint)
    except BaseException:
        for file in files:
            file.close()
        raise


def _whole(name: str, parts: list[LazyTensor]) -> LazyTensor:
    """Parts are cut as Meta's pieces were: the embedding, wo and w2 by columns, others by rows."""
    if len(parts) == 1 or len(parts[0].shape) == 1:
        return parts[0]
    beside = name.startswith("tok_embeddings") or name.endswith(("wo.weight", "w2.weight"))
    return joined(parts, 1 if beside else 0)


class _Reader:
    """One part, read from front to back."""

    def __init__(self, file: OpenFile) -> None:
        self.file, self.at = file, 0
        self.header = self._header()
        self.tokens: list[bytes] = []
        self.scores: list[float] = []
        self._vocabulary()

    def _numbers(self, letters: str, what: str | Phrase) -> tuple[int, ...]:
        size = struct.calcsize("<" + letters)
        raw = self._bytes(size, what)
        return struct.unpack("<" + letters, raw)

    def _bytes(self, size: int, what: str | Phrase) -> bytes:
        raw = self.file.bytes(self.at, size, what)
        self.at += size
        return raw

    def _header(self) -> GgmlHeader:
        (magic,) = self._numbers("I", Words("the header"))
        form = MAGICS.get(magic)
        if form is None:
            raise FormatError("{file} is no ggml file of 2023", file=self.file.name)
        version = self._numbers("I", Words("the header"))[0] if form != "ggml" else 0
        if version not in VERSIONS[form]:
            raise UnsupportedError(
                "{file} is {form} version {version}, not known",
                file=self.file.name,
                form=form,
                version=version,
            )
        values = self._numbers("7i", Words("the header"))
        n_embd, n_head, n_rot = values[1], values[3], values[5]
        sound = all(0 <= n <= most for n, most in zip(values, LIMITS, strict=True))
        if not sound or not n_head or not n_embd or n_embd % n_head or n_rot != n_embd // n_head:
            raise UnsupportedError(
                "{file} is a {form} file, but not of a llama (GPT-J, GPT-NeoX and others used the "
                "same mark); only llamas can be converted",
                file=self.file.name,
                form=form,
            )
        return GgmlHeader(form, version, *values)

    def _vocabulary(self) -> None:
        for token in range(self.header.vocab):
            (size,) = self._numbers("I", Phrase("token {token}", token=token))
            if size > MAX_TOKEN:
                raise FormatError(
                    "{file} is broken: token {token} has {size} bytes",
                    file=self.file.name,
                    token=token,
                    size=size,
                )
            self.tokens.append(self._bytes(size, Phrase("token {token}", token=token)))
            if self.header.form != "ggml":
                raw = self._bytes(4, Words("the score of token {token}", token=token))
                self.scores.append(struct.unpack("<f", raw)[0])

    def tensors(self) -> dict[str, LazyTensor]:
        found: dict[str, LazyTensor] = {}
        while self.at < self.file.size:
            name, tensor = self._tensor()
            if name in found:
                raise FormatError(
                    "{file}: tensor {name} is there twice", file=self.file.name, name=quoted(name)
                )
            found[name] = tensor
            if len(found) > MAX_TENSORS:
                raise FormatError(
                    "{file} has more tensors than any model needs", file=self.file.name
                )
        return found

    def _tensor(self) -> tuple[str, LazyTensor]:
        n_dims, name_size, number = self._numbers("3i", Phrase("a tensor's header"))
        if n_dims not in (1, 2) or not 0 < name_size < 256:
            raise FormatError(
                "{file} is broken: a tensor at byte {at} is odd", file=self.file.name, at=self.at
            )
        shape = self._numbers(f"{n_dims}i", Phrase("a tensor's shape"))[::-1]
        name = self._bytes(name_size, Phrase("a tensor's name")).decode("utf-8", "replace")
        if number not in OLD_TYPES or min(shape) < 1:
            raise UnsupportedError(
                "{file}: tensor {name} has type {number}, which is not known",
                file=self.file.name,
                name=quoted(name),
                number=number,
            )
        if self.header.form == "ggjt":
            self.at = -(-self.at // ALIGNMENT) * ALIGNMENT
        return name, self._placed(name, shape, number)

    def _placed(self, name: str, shape: tuple[int, ...], number: int) -> LazyTensor:
        layout = layout_of(number, self.header.era)
        rows = 1 if len(shape) == 1 else shape[0]
        if shape[-1] % layout.kind.block:
            raise FormatError(
                "{file}: tensor {name} ends within a block", file=self.file.name, name=quoted(name)
            )
        row_bytes = shape[-1] // layout.kind.block * layout.size
        raw = self.file.view(self.at, rows * row_bytes, Phrase("tensor {name}", name=quoted(name)))
        self.at += rows * row_bytes
        blocks = raw.reshape(rows, row_bytes)
        planar = self.header.form == "ggml" and looks_planar(blocks[:1][0], layout)
        return LazyTensor(shape, layout.kind, reader(blocks, layout, planar))
