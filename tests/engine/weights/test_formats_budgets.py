"""Small files that would cost minutes or gigabytes: each reader has one budget over everything."""

import json
import os
import struct
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from helpers.torch_files import name_of, number, numbers, pickle_of, text

from engine.base.errors import ChaskiError, FormatError
from engine.weights.formats.checkpoint import MAX_JSON, parse_json, read_json
from engine.weights.formats.ggml_old import open_ggml
from engine.weights.formats.imatrix import open_imatrix
from engine.weights.formats.pytorch import LEGACY_MAGIC, open_pytorch
from engine.weights.formats.safetensors import open_safetensors

SECONDS = 6.0  # of a slow machine that does other things beside; unbounded, each takes minutes
# A tuple that holds itself twice, sixty deep: 2^60 letters in words.
DOUBLED = b"K\x01" + 60 * b"q\x01h\x01\x86"


def long1(value: int) -> bytes:
    raw = value.to_bytes((value.bit_length() + 8) // 8, "little")
    return b"\x8a" + bytes([len(raw)]) + raw


def tensor(key: bytes, count: int = 4) -> bytes:
    storage = b"(" + text("storage") + name_of("torch", "FloatStorage") + key + text("cpu")
    body = name_of("torch._utils", "_rebuild_tensor_v2") + b"(" + storage + number(count) + b"tQ"
    return body + number(0) + numbers([2]) + numbers([1]) + b"\x89}tR"


MANY = b"(" + 400_000 * b"K\x01" + b"t"
SIZE = name_of("torch", "Size")
MAPPING = name_of("collections", "OrderedDict")
DEVICE = name_of("torch", "device")
MADE_BY = name_of("torch._tensor", "_rebuild_from_type_v2")
STORAGE = b"(" + text("storage")
LARGE = b"\x8b" + struct.pack("<i", 1 << 20) + (1 << 20) * b"\x7f"
LONG = b"X" + struct.pack("<I", 1 << 20) + (1 << 20) * b"x"
PICKLES: dict[str, bytes] = {
    "words of a doubled tuple as a module": DOUBLED + text("x") + b"\x93)R.",
    "as a name": text("x") + DOUBLED + b"\x93)R.",
    "called": DOUBLED + b")R.",
    "as a key": b"}" + DOUBLED + b"K\x01s.",
    "as a key of a mapping": MAPPING + b"]" + DOUBLED + b"K\x01\x86a\x85R.",
    "as a storage": DOUBLED + b"Q.",
    "as a storage's type": STORAGE + DOUBLED + text("0") + text("cpu") + b"K\x01tQ.",
    "as a storage's key": b"}" + text("w") + tensor(DOUBLED) + b"s.",
    "as the maker of a tensor": MADE_BY + b"(" + DOUBLED + b"NN}tR.",
    "as all there is": DOUBLED + b".",
    "steps": 3_000_000 * b"}" + b".",
    "sizes": MANY + b"\x85q\x00" + 1000 * (b"0" + SIZE + b"h\x00R") + b".",
    "mappings": MANY + b"\x85q\x00" + 1000 * (MAPPING + b"h\x00R") + b".",
    "devices": MANY + b"q\x00" + 1000 * (DEVICE + b"h\x00R") + b".",
    "large numbers": LARGE + b"q\x00}" + 1000 * b"h\x00K\x01s" + b".",
    "long keys": LONG + b"q\x000}" + text("w") + tensor(b"h\x00") + b"s.",
    "nothing": 2_000_000 * b"N" + b".",
}


def as_zip(path: Path, pickle: bytes, how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        archive.writestr("a/data.pkl", b"\x80\x02" + pickle)
        archive.writestr("a/data/0", bytes(16))
    return path


def as_stream(path: Path, pickle: bytes) -> Path:
    head = b"\x80\x02" + long1(LEGACY_MAGIC) + b"." + b"\x80\x02M\xe9\x03."
    path.write_bytes(head + b"\x80\x02}" + text("little_endian") + b"\x88s." + b"\x80\x02" + pickle)
    return path


def refused(opened: Callable[[Path], object], path: Path) -> str:
    begun = time.process_time()
    with pytest.raises(ChaskiError) as caught:
        opened(path)
    assert time.process_time() - begun < SECONDS
    assert path.name in str(caught.value)
    assert len(str(caught.value)) < 600
    return str(caught.value)


@pytest.mark.parametrize("form", [as_zip, as_stream])
@pytest.mark.parametrize("name", PICKLES)
def test_pickles(form: Callable[[Path, bytes], Path], name: str, tmp_path: Path) -> None:
    refused(open_pytorch, form(tmp_path / "w.bin", PICKLES[name]))


def test_a_table_is_never_compressed(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "w.bin", (100 << 20) * b"}" + b".", zipfile.ZIP_DEFLATED)
    assert "compressed" in refused(open_pytorch, path)


def test_an_archive_of_a_million_entries(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 2) + bytes(16) + b"ab"
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, len(entry) * 300_000, 4, 0)
    path.write_bytes(b"PK\x03\x04" + entry * 300_000 + end)
    assert "directory" in refused(open_pytorch, path)


def test_keys_of_a_stream_that_are_no_names(tmp_path: Path) -> None:
    table = b"}" + text("w") + tensor(text("0")) + b"s."
    path = as_stream(tmp_path / "w.bin", table + b"\x80\x02]" + DOUBLED + b"a.")
    assert "a list belongs to no tensor" in refused(open_pytorch, path)


def test_a_hole_in_a_stream(tmp_path: Path) -> None:
    for start in (b"\x8e" + struct.pack("<Q", 3 << 30), b"c", b"S'"):
        path = as_stream(tmp_path / "w.bin", start)
        with path.open("r+b") as file:
            file.truncate(4 << 30)
        refused(open_pytorch, path)


def test_the_largest_tables_of_real_models_are_read(tmp_path: Path) -> None:
    arrays = {f"model.layers.{i}.mlp.experts.0.w1.weight": np.ones((1, 2)) for i in range(3_000)}
    arrays = {name: values.astype(np.float32) for name, values in arrays.items()}
    path = tmp_path / "w.bin"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle_of(arrays))
        for key in range(3_000):
            archive.writestr(f"archive/data/{key}", bytes(8))
    assert len(open_pytorch(path).tensors) == 3_000


def test_a_dimension_of_one_may_have_any_stride(tmp_path: Path) -> None:
    storage = b"(" + text("storage") + name_of("torch", "FloatStorage") + text("0") + text("cpu")
    body = name_of("torch._utils", "_rebuild_tensor_v2") + b"(" + storage + number(4) + b"tQ"
    stride = long1((1 << 62) - 1)
    body += number(0) + numbers([1, 2]) + b"(" + stride + number(1) + b"t\x89}tR"
    path = as_zip(tmp_path / "w.bin", b"}" + text("w") + body + b"s.")
    assert open_pytorch(path).tensors["w"].whole().shape == (1, 2)


@pytest.mark.parametrize("shape", [[0], [0, 3], [3, 0], [2, 0, 3]])
def test_tensors_of_no_numbers_are_read(shape: list[int], tmp_path: Path) -> None:
    storage = b"(" + text("storage") + name_of("torch", "FloatStorage") + text("0") + text("cpu")
    body = name_of("torch._utils", "_rebuild_tensor_v2") + b"(" + storage + number(0) + b"tQ"
    body += number(0) + numbers(shape) + numbers([1] * len(shape)) + b"\x89}tR"
    path = as_zip(tmp_path / "w.bin", b"}" + text("w") + body + b"s.")
    assert open_pytorch(path).tensors["w"].whole().shape == tuple(shape)
    safe = safetensors(tmp_path / "w.safetensors", {"w": entry(shape)})
    assert open_safetensors(safe).tensors["w"].whole().shape == tuple(shape)


def test_absurd_shapes_without_numbers(tmp_path: Path) -> None:
    path = safetensors(tmp_path / "w.safetensors", {"w": entry([1 << 61, 0, 1 << 61])})
    refused(open_safetensors, path)


def entry(shape: list[int]) -> dict[str, object]:
    return {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}


def safetensors(path: Path, table: object) -> Path:
    raw = table if isinstance(table, bytes) else json.dumps(table).encode()
    path.write_bytes(struct.pack("<Q", len(raw)) + raw)
    return path


SAFETENSORS = {
    "names": b"{" + b",".join(b'"%099d":0' % i for i in range(80_000)) + b"}",
    "lists": b'{"a":[' + b"[]," * 3_000_000 + b"0]}",
    "lists in 8 MB": b'{"a":[' + b"[]," * 2_500_000 + b"0]}",
    "nesting": b'{"a":' + b"[" * 1_000_000,
    "a number": b'{"a":' + b"9" * 1_000_000 + b"}",
    "many tensors": json.dumps({str(i): {} for i in range(110_000)}).encode(),
    "no entry": b'{"a":{"dtype":[[]],"shape":{},"data_offsets":1}}',
    "half a letter": b'{"\\ud800\\u001b[2J":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
}


@pytest.mark.parametrize("name", SAFETENSORS)
def test_safetensors(name: str, tmp_path: Path) -> None:
    words = refused(open_safetensors, safetensors(tmp_path / "w.safetensors", SAFETENSORS[name]))
    assert "\x1b" not in words
    words.encode()


def test_json_files(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_bytes(b'{"a":[' + b"[]," * 3_000_000 + b"0]}")
    refused(read_json, path)
    path.write_bytes(b"{}")
    with path.open("r+b") as file:
        file.truncate(MAX_JSON + 1)
    refused(read_json, path)
    with path.open("r+b") as file:
        file.truncate(MAX_JSON - 1)
    assert "are there" in refused(read_json, path)
    with pytest.raises(FormatError, match="no ordinary file"):
        read_json(Path("/dev/zero"))
    large = {"vocab": {f"token{i}": i for i in range(300_000)}, "merges": [["a", "b"]] * 500_000}
    assert parse_json(json.dumps(large).encode(), "x") == large


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    refused(read_json, tmp_path / "config.json")
    refused(open_imatrix, tmp_path / "config.json")


def test_importance_matrices(tmp_path: Path) -> None:
    path = tmp_path / "it.dat"
    path.write_bytes(struct.pack("<i", 1_000_000) + bytes(12 << 20))
    refused(open_imatrix, path)
    path.write_bytes(struct.pack("<i", 90_000) + 90_000 * (b"\1\0\0\0a" + bytes(8)) + b"xx")
    open_imatrix_or_not(path)
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    assert "are there" in refused(open_imatrix, path)


def open_imatrix_or_not(path: Path) -> None:
    begun = time.process_time()
    with suppress(FormatError):
        open_imatrix(path)
    assert time.process_time() - begun < SECONDS


def test_old_ggml_files(tmp_path: Path) -> None:
    path = tmp_path / "old.bin"
    header = struct.pack("<II7i", 0x67676A74, 3, 4_000_000, 64, 1, 4, 2, 16, 0)
    path.write_bytes(header + bytes(32 << 20))
    refused(open_ggml, path)
