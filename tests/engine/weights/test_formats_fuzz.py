"""llama2.c, llm.c and 2023's ggml files, damaged: only clear errors, never a hang or a crash."""

import contextlib
import os
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.base.errors import ChaskiError, FormatError
from engine.weights.formats.ggml_old import open_ggml
from engine.weights.formats.llama2c import open_llama2c
from engine.weights.formats.llmc import open_llmc

TINY = (8, 16, 1, 2, 1, 4, 6)  # embd, ff, layers, heads, kv heads, vocab, ctx


def llama2c(version: int) -> bytes:
    if version == 0:
        return struct.pack("<7i", *TINY) + bytes(4000)
    head = struct.pack("<Ii7iBi", 0x616B3432, version, *TINY, 1, 8)
    return head.ljust(256, b"\0") + bytes(4000)


def llmc() -> bytes:
    return struct.pack("<8i", 20240326, 3, 4, 4, 1, 2, 8, 8).ljust(1024, b"\0") + bytes(5000)


def ggjt() -> bytes:
    out = struct.pack("<2I7i", 0x67676A74, 3, 2, 64, 256, 4, 1, 16, 0)
    out += 2 * (struct.pack("<I", 1) + b"a" + bytes(4))
    for name, cols in (("norm.weight", 64), ("x", 32)):
        out += struct.pack("<3ii", 1, len(name), 0, cols) + name.encode()
        out += bytes(-len(out) % 32) + bytes(4 * cols)
    return out


Open = Callable[[Path], Any]
FILES: dict[str, tuple[bytes, Open]] = {
    "llama2c v0": (llama2c(0), open_llama2c),
    "llama2c v1": (llama2c(1), open_llama2c),
    "llama2c v2": (llama2c(2), open_llama2c),
    "llmc": (llmc(), open_llmc),
    "ggjt": (ggjt(), open_ggml),
}


@pytest.mark.parametrize("name", FILES)
def test_whole_files_open(name: str, tmp_path: Path) -> None:
    raw, opener = FILES[name]
    (tmp_path / "m.bin").write_bytes(raw)
    assert opener(tmp_path / "m.bin")


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_sentences(name: str, tmp_path: Path) -> None:
    whole, opener = FILES[name]
    chance = random.Random(name)
    path = tmp_path / "m.bin"
    for trial in range(200):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            raw[chance.randrange(min(120, len(raw)))] = chance.choice((0, 1, 127, 255, 66))
        path.write_bytes(raw[: chance.randrange(1, len(raw))] if trial % 2 else raw)
        with contextlib.suppress(ChaskiError):
            opener(path)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_becomes_shorter_while_it_is_open(name: str, tmp_path: Path) -> None:
    raw, opener = FILES[name]
    path = tmp_path / "m.bin"
    path.write_bytes(raw)
    found = opener(path)
    checkpoint = found.checkpoint if hasattr(found, "checkpoint") else found[1]
    os.truncate(path, 64)
    assert checkpoint.tensors
    for tensor in checkpoint.tensors.values():
        with pytest.raises(FormatError, match="has become shorter while it was open"):
            tensor.whole()
    checkpoint.close()
