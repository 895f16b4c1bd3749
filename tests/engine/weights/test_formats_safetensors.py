"""safetensors: what is sound is read without a copy, what is broken is a sentence."""

import json
import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.tiny_checkpoints import write_safetensors

from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.weights.formats.safetensors import open_safetensors


def write(path: Path, table: Any, data: bytes = b"", size: int | None = None) -> Path:
    head = table if isinstance(table, bytes) else json.dumps(table).encode()
    path.write_bytes(struct.pack("<Q", len(head) if size is None else size) + head + data)
    return path


def entry(dtype: Any = "F32", shape: Any = (2,), span: Any = (0, 8)) -> dict[str, Any]:
    return {"w": {"dtype": dtype, "shape": shape, "data_offsets": span}}


def test_all_tensors_come_back(tmp_path: Path) -> None:
    arrays = {
        "a": np.arange(12, dtype=np.float32).reshape(3, 4),
        "b": np.arange(4, dtype=np.float16),
        "c": np.array([0x3F80, 0xC000], np.uint16),
        "empty": np.zeros((0, 4), np.float32),
    }
    tensors = open_safetensors(write_safetensors(tmp_path / "m.safetensors", arrays)).tensors
    np.testing.assert_array_equal(tensors["a"].whole(), arrays["a"])
    np.testing.assert_array_equal(tensors["b"].whole(), arrays["b"].astype(np.float32))
    np.testing.assert_array_equal(tensors["c"].whole(), [1.0, -2.0])
    assert tensors["empty"].whole().shape == (0, 4)


BROKEN = {
    "no table": (b"", None),
    "a table longer than the file": (b"{}", 1 << 40),
    "no JSON": (b"{'a'", None),
    "a list": (b"[]", None),
    "deep nesting": (b"[" * 100_000, None),
    "no entry": ({"w": 3}, None),
    "no dtype": (entry(dtype=None), None),
    "negative shape": (entry(shape=[-2]), None),
    "true as size": (entry(shape=[True]), None),
    "huge shape": (entry(shape=[1 << 61, 1 << 61]), None),
    "wrong size": (entry(shape=[3]), None),
    "backwards": (entry(span=[8, 0]), None),
    "beyond the end": (entry(span=[8, 16]), None),
    "three offsets": (entry(span=[0, 4, 8]), None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_tables_are_errors(name: str, tmp_path: Path) -> None:
    table, size = BROKEN[name]
    path = write(tmp_path / "m.safetensors", table, bytes(8), size)
    with pytest.raises(FormatError, match=r"m\.safetensors"):
        open_safetensors(path)


def test_an_unknown_type_is_an_error_only_when_read(tmp_path: Path) -> None:
    path = write(tmp_path / "m.safetensors", entry("F6_E2M3", [8], [0, 8]), bytes(8))
    tensor = open_safetensors(path).tensors["w"]
    with pytest.raises(UnsupportedError, match="F6_E2M3"):
        tensor.whole()


def test_types_of_a_byte(tmp_path: Path) -> None:
    codes = bytes([0x38, 0xB8, 0x7E, 0x01, 0x00, 0x80, 0x40, 0x48])
    path = write(tmp_path / "m.safetensors", entry("F8_E4M3", [8], [0, 8]), codes)
    values = open_safetensors(path).tensors["w"].whole()
    assert values.tolist() == [1, -1, 448, 2**-9, 0, 0, 2, 4]
    path = write(tmp_path / "m.safetensors", entry("U8", [8], [0, 8]), codes)
    tensor = open_safetensors(path).tensors["w"]
    assert tensor.codes is not None
    assert tensor.codes(0, 1).tobytes() == codes
    with pytest.raises(UnsupportedError, match="of type U8"):  # numbers to nobody
        tensor.whole()


def test_damaged_files_give_only_clear_errors(tmp_path: Path) -> None:
    arrays = {f"t{i}": np.full((3, 5), i, np.float32) for i in range(4)}
    whole = write_safetensors(tmp_path / "m.safetensors", arrays).read_bytes()
    chance = random.Random(2)
    path = tmp_path / "broken.safetensors"
    for trial in range(300):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            raw[chance.randrange(min(len(raw), 400))] = chance.randrange(256)
        path.write_bytes(raw[: chance.randrange(1, len(raw))] if trial % 3 == 0 else raw)
        try:
            for tensor in open_safetensors(path).tensors.values():
                tensor.whole()
        except ChaskiError:
            continue
