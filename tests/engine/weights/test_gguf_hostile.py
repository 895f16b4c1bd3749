"""Broken files, made by hand: each gives one sentence with the file's name and the place."""

import os
import struct
from pathlib import Path

import pytest

from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.weights.formats.gguf import open_gguf

HUGE = 1 << 63


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def key(name: str | bytes, kind: int, value: bytes) -> bytes:
    return text(name) + struct.pack("<I", kind) + value


def array(kind: int, count: int, items: bytes = b"") -> bytes:
    return struct.pack("<IQ", kind, count) + items


def tensor(name: str, dims: list[int], kind: int = 0, offset: int = 0) -> bytes:
    shape = struct.pack(f"<I{len(dims)}Q", len(dims), *dims)
    return text(name) + shape + struct.pack("<IQ", kind, offset)


def gguf_bytes(
    keys: list[bytes] = [],  # noqa: B006
    tensors: list[bytes] = [],  # noqa: B006
    data: bytes = bytes(256),
    version: int = 3,
    counts: tuple[int, int] | None = None,
) -> bytes:
    n_tensors, n_keys = counts or (len(tensors), len(keys))
    head = b"GGUF" + struct.pack("<IQQ", version, n_tensors, n_keys)
    body = head + b"".join(keys) + b"".join(tensors)
    return body + bytes(-len(body) % 32) + data


ALIGNMENT = "general.alignment"
U32 = struct.pack("<I", 7)
NESTED = array(9, 1, array(9, 1, array(9, 1, array(9, 1, array(4, 0)))))

CASES = {
    "tensor count": (gguf_bytes(counts=(HUGE, 0)), "9223372036854775808 tensors"),
    "key count": (gguf_bytes(counts=(0, HUGE)), "9223372036854775808 metadata keys"),
    "many keys": (gguf_bytes(counts=(0, 60_000)), "table of 60000 metadata keys"),
    "many tensors": (gguf_bytes(counts=(60_000, 0)), "table of 60000 tensors"),
    "key length": (gguf_bytes([struct.pack("<Q", HUGE) + bytes(99)]), "claims a length of"),
    "empty key": (gguf_bytes([key("", 4, U32)]), "metadata key number 1 is empty"),
    "key not UTF-8": (gguf_bytes([key(b"\xff\xfe", 4, U32)]), "not valid UTF-8"),
    "key twice": (gguf_bytes([key("a", 4, U32)] * 2), "'a' comes twice"),
    "value type": (gguf_bytes([key("a", 13, U32)]), "'a' has the unknown value type 13"),
    "bool": (gguf_bytes([key("a", 7, b"\2")]), "'a' is neither true nor false but 2"),
    "string": (gguf_bytes([key("a", 8, struct.pack("<Q", HUGE))]), "'a' claims a length"),
    "string past end": (gguf_bytes([key("a", 8, struct.pack("<Q", 5000))]), "'a' at byte"),
    "array type": (gguf_bytes([key("a", 9, array(99, 1))]), "array .*'a' has the unknown value"),
    "array length": (gguf_bytes([key("a", 9, array(4, HUGE))]), "claims 9223372036854775808"),
    "array past end": (gguf_bytes([key("a", 9, array(4, 999))]), "'a' with 999 values"),
    "bools": (gguf_bytes([key("a", 9, array(7, 2, b"\1\3"))]), "'a' has a value that is neither"),
    "strings length": (gguf_bytes([key("a", 9, array(8, HUGE))]), "strings"),
    "strings past end": (
        gguf_bytes([key("a", 9, array(8, 3, text("x") + struct.pack("<Q", HUGE)))]),
        "'a' has 3 strings, number 1 runs past",
    ),
    "nested length": (gguf_bytes([key("a", 9, array(9, HUGE))]), "arrays"),
    "nested too deep": (gguf_bytes([key("a", 9, NESTED)]), "nests arrays more than 4 deep"),
    "alignment 0": (gguf_bytes([key(ALIGNMENT, 4, bytes(4))]), "alignment is 0"),
    "alignment 7": (gguf_bytes([key(ALIGNMENT, 4, U32)]), "alignment is 7.*power of two"),
    "alignment text": (gguf_bytes([key(ALIGNMENT, 8, text("x"))]), "alignment is no number"),
    "tensor name": (gguf_bytes(tensors=[tensor("", [1])]), "tensor's name is empty"),
    "tensor twice": (gguf_bytes(tensors=[tensor("w", [1])] * 2), "'w' comes twice"),
    "five dimensions": (gguf_bytes(tensors=[tensor("w", [1] * 5)]), "'w' has 5 dimensions"),
    "empty twice": (gguf_bytes(tensors=[tensor("w", [4, 0])] * 2), "'w' comes twice"),
    "product": (gguf_bytes(tensors=[tensor("w", [HUGE, HUGE, 4, 4])]), "'w' ends at byte"),
    "past the end": (gguf_bytes(tensors=[tensor("w", [65])]), "'w' ends at byte"),
    "offset": (gguf_bytes(tensors=[tensor("w", [1], 0, HUGE)]), "'w' ends at byte"),
    "offset not aligned": (gguf_bytes(tensors=[tensor("w", [1], 0, 8)]), "no multiple of 32"),
    "overlap": (
        gguf_bytes(tensors=[tensor("a", [16]), tensor("b", [4], 0, 32)]),
        "'a' and 'b' overlap",
    ),
    "same place": (
        gguf_bytes(tensors=[tensor("a", [4]), tensor("b", [4])]),
        "'a' and 'b' overlap",
    ),
    "row not whole": (gguf_bytes(tensors=[tensor("w", [33], 2)]), "'w'.*multiple of 32"),
}


def opened(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(data)
    open_gguf(path).close()


@pytest.mark.parametrize("case", CASES)
def test_broken(tmp_path: Path, case: str):
    data, message = CASES[case]
    with pytest.raises(FormatError, match=message) as caught:
        opened(tmp_path, data)
    assert "bad.gguf" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (gguf_bytes(version=1), "version 1"),
        (gguf_bytes(version=4), "version 4"),
        (gguf_bytes(version=0x0400_0000), "version 4"),
        (gguf_bytes(tensors=[tensor("w", [32], 4)]), "tensor 'w'.*Q4_2.*removed"),
        (gguf_bytes(tensors=[tensor("w", [32], 999)]), "tensor 'w'.*type 999"),
    ],
)
def test_not_for_this_program(tmp_path: Path, data: bytes, message: str):
    with pytest.raises(UnsupportedError, match=message) as caught:
        opened(tmp_path, data)
    assert "bad.gguf" in str(caught.value)


def test_names_in_messages_are_escaped_and_short(tmp_path: Path):
    name = "\x1b[31m" + "x" * 5000
    with pytest.raises(FormatError) as caught:
        opened(tmp_path, gguf_bytes([key(name, 99, U32)]))
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_text_that_is_not_utf8_is_replaced(tmp_path: Path):
    path = tmp_path / "odd.gguf"
    path.write_bytes(gguf_bytes([key("general.author", 8, text(b"J\xf6rg"))]))
    with open_gguf(path) as file:
        assert file.need_str("general.author") == "J\ufffdrg"


OTHER_FILES = {
    "safetensors": (struct.pack("<Q", 20) + b'{"a":1}' + bytes(50), "safetensors.*convert"),
    "zip": (b"PK\x03\x04" + bytes(50), "PyTorch.*convert"),
    "pickle": (b"\x80\x02}q\x00" + bytes(50), "old PyTorch"),
    "ggml": (b"lmgg" + bytes(50), "ggml file from before GGUF.*convert"),
    "ggjt": (b"tjgg" + bytes(50), "ggjt"),
    "llama2.c": (b"24ka" + bytes(50), "llama2.c"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
    "html": (b"<!DOCTYPE html><html>", "web page"),
    "json": (b'{"model_type": "llama"}', "JSON"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(9), "gzip"),
    "zeros": (bytes(500), "download"),
    "noise": (b"\xde\xad\xbe\xef!", "of no kind that is known here"),
    "three bytes": (b"GGU", "by its first bytes it is a text"),
    "nothing": (b"", "is empty"),
}


@pytest.mark.parametrize("case", OTHER_FILES)
def test_other_files(tmp_path: Path, case: str):
    data, message = OTHER_FILES[case]
    with pytest.raises(FormatError, match=message) as caught:
        opened(tmp_path, data)
    assert str(caught.value).startswith("bad.gguf is")


def test_no_such_file_and_folder(tmp_path: Path):
    with pytest.raises(ChaskiError, match="absent.gguf cannot be opened: No such file"):
        open_gguf(tmp_path / "absent.gguf")
    with pytest.raises(ChaskiError, match="is a folder"):
        open_gguf(tmp_path)
    with pytest.raises(ChaskiError, match="cannot be opened"):
        open_gguf("with\0zero.gguf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_hang(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.gguf")
    with pytest.raises(ChaskiError, match="no ordinary file"):
        open_gguf(tmp_path / "pipe.gguf")
