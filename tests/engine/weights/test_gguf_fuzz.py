"""Mutated and cut files: only a ChaskiError may escape, and memory stays small."""

import random
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import ChaskiError
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.formats.gguf_header import ByteOrder
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.quants import dequantize
from engine.weights.types import TensorType

CASES = 2000
EVIL_64 = (0, 1, 7, 255, 1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
MEMORY = 64 << 20


def good_files(folder: Path) -> list[bytes]:
    small = {"n_embd": 32, "n_head": 2, "n_head_kv": 1, "n_layer": 1, "n_ff": 32, "n_vocab": 259}
    paths = [
        write_tiny_llama(folder / "a.gguf", **small, type=TensorType.Q4_0),
        write_tiny_llama(folder / "b.gguf", **small, byte_order="big"),
        write_all_kinds(folder / "c.gguf"),
    ]
    return [path.read_bytes() for path in paths]


def write_all_kinds(path: Path, order: ByteOrder = "little") -> Path:
    """A very small file with every kind of value and two tensors."""
    with GGUFWriter(path, byte_order=order) as writer:
        writer.set("general.architecture", "llama")
        writer.set("x.numbers", [1, 2, 3])
        writer.set("x.fractions", [0.5, 0.25])
        writer.set("x.strings", ["one", "two", "", "▁three"])
        writer.set("x.nested", [[1, 2], [3]])
        writer.set("x.bool", True)
        writer.set("x.negative", -5)
        writer.declare("w", (2, 32), TensorType.Q8_0)
        writer.declare("b", (5,), TensorType.F32)
        writer.write("w", np.ones((2, 32), np.float32))
        writer.write("b", np.ones(5, np.float32))
    return path


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One to four changes: bytes, numbers, removed, doubled or swapped runs, a cut."""
    out = bytearray(data)
    # The header is where the numbers are; most changes go there.
    reach = len(out) if rng.random() < 0.2 else min(len(out), 6000)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(min(reach, len(out)))
        size = rng.randrange(1, 40)
        match rng.randrange(6):
            case 0:
                out[at] = rng.randrange(256)
            case 1:
                out[at : at + 8] = struct.pack(rng.choice("<>") + "Q", rng.choice(EVIL_64))
            case 2:
                out[at : at + 4] = struct.pack("<I", rng.choice(EVIL_64) & 0xFFFFFFFF)
            case 3:
                del out[at : at + size]
            case 4:
                out[at:at] = out[at : at + size]
            case 5:
                del out[max(8, rng.randrange(len(out))) :]
    return bytes(out)


def use(file: GGUFFile) -> None:
    """Touches what a program would: all metadata, all tensors."""
    for value in file.metadata.values():
        if hasattr(value, "__len__"):
            list(value)
    for name, info in file.tensors.items():
        raw = file.raw(name)
        assert raw.size == info.nbytes
        dequantize(info.type, raw[:2], info.n_cols)


def survives(path: Path, data: bytes) -> bool:
    """Whether the file still opens; anything but a ChaskiError fails the test."""
    path.write_bytes(data)
    try:
        with open_gguf(path) as file:
            use(file)
    except ChaskiError as error:
        message = str(error)
    else:
        return True
    assert path.name in message
    assert len(message) < 400
    return False


def test_two_thousand_mutations(tmp_path: Path):
    rng = random.Random(20261120)
    good = good_files(tmp_path)
    opened = 0
    tracemalloc.start()
    try:
        for _ in range(CASES):
            data = mutated(rng.choice(good), rng)
            opened += survives(tmp_path / "fuzz.gguf", data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY
    # Some changes do no harm (a weight, a letter): if none or all open, the test tests nothing.
    assert CASES // 50 < opened < CASES * 3 // 4


@pytest.mark.parametrize("order", ["little", "big"])
def test_every_truncation_point(tmp_path: Path, order: ByteOrder):
    path = write_all_kinds(tmp_path / "whole.gguf", order)
    data = path.read_bytes()
    assert survives(tmp_path / "cut.gguf", data)
    # The last tensor's padding may be missing; nothing else.
    with open_gguf(path) as file:
        needed = max(info.offset + info.nbytes for info in file.tensors.values())
    for size in range(len(data)):
        assert survives(tmp_path / "cut.gguf", data[:size]) == (size >= needed), size


def test_noise_after_the_magic(tmp_path: Path):
    rng = random.Random(3)
    for _ in range(200):
        noise = rng.randbytes(rng.randrange(2000))
        survives(tmp_path / "noise.gguf", b"GGUF" + struct.pack("<I", 3) + noise)
