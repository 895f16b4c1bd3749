"""The restricted reader against files that torch wrote, and against hostile ones."""

import pickle
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest
from helpers.torch_files import name_of, number, numbers, pickle_of, text, write_torch

from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.weights.formats.pytorch import open_pytorch

GOLDEN = Path(__file__).parents[1] / "workshop" / "golden"


@pytest.mark.parametrize("name", ["torch_zip.bin", "torch_old.bin"])
def test_files_of_torch_are_read_bit_for_bit(name: str) -> None:
    expected = np.load(GOLDEN / "torch.npz")
    checkpoint = open_pytorch(GOLDEN / name)
    assert set(checkpoint.tensors) == set(expected)
    for key in set(expected) - {"mask"}:
        found = checkpoint.tensors[key].whole()
        np.testing.assert_array_equal(found.reshape(expected[key].shape), expected[key])
    assert checkpoint.tensors["bf16"].kind.name == "BF16"
    with pytest.raises(UnsupportedError, match="BoolStorage"):
        checkpoint.tensors["mask"].whole()
    checkpoint.close()


def test_rows_of_a_turned_view_are_read_alone() -> None:
    expected = np.load(GOLDEN / "torch.npz")["turned"]
    tensor = open_pytorch(GOLDEN / "torch_zip.bin").tensors["turned"]
    np.testing.assert_array_equal(tensor.floats(2, 5), expected[2:5])


def test_a_pickle_that_calls_something_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FormatError, match=r"call '(posix|nt)\.system'.*none of it is run"):
        open_pytorch(GOLDEN / "hostile.bin")
    assert not (tmp_path / "pwned").exists()


CALL = b"\x85R."
ATTACKS = {
    "eval": b"\x80\x02" + name_of("builtins", "eval") + text("1+1") + CALL,
    "getattr": b"\x80\x02" + name_of("builtins", "getattr") + text("x") + CALL,
    "a call of a call": b"\x80\x02" + name_of("torch", "load") + b")R)R.",
    "inst": b"\x80\x02(S'touch x'\nios\nsystem\n.",
    "obj": b"\x80\x02(cos\nsystem\nS'touch x'\no.",
    "newobj_ex": b"\x80\x04" + name_of("os", "system") + b")}\x92.",
    "extension": b"\x80\x02\x82\x01.",
    "persid": b"P1\n.",
    "a storage of nothing": b"\x80\x02" + text("x") + b"Q.",
    "too deep a stack": b"\x80\x02" + b"0" * 10 + b".",
    "no end": b"\x80\x02}",
    "unhashable": b"\x80\x02}(]]u.",
    "not a table": b"\x80\x02K\x01.",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_pickles_are_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "evil.bin"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", ATTACKS[name])
    with pytest.raises(FormatError, match=r"evil\.bin"):
        open_pytorch(path)


def tensor_with(shape: list[int], strides: list[int], offset: int = 0, count: int = 4) -> bytes:
    storage = b"(" + text("storage") + name_of("torch", "FloatStorage") + text("0") + text("cpu")
    body = name_of("torch._utils", "_rebuild_tensor_v2") + b"(" + storage + number(count) + b"tQ"
    body += number(offset) + numbers(shape) + numbers(strides) + b"\x89" + b"}tR"
    return b"\x80\x02}" + text("w") + body + b"s."


@pytest.mark.parametrize(
    "table",
    [
        tensor_with([5], [1]),
        tensor_with([2, 2], [3, 1]),
        tensor_with([2], [1], offset=3),
        tensor_with([2], [-1]),
        tensor_with([1 << 30, 1 << 30], [0, 0]),
        tensor_with([2], [1, 1]),
    ],
)
def test_a_tensor_never_reaches_beyond_its_storage(table: bytes, tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", table)
        archive.writestr("a/data/0", bytes(16))
    with pytest.raises(FormatError):
        open_pytorch(path)


def test_a_storage_shorter_than_said_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", pickle_of({"w": np.ones(4, np.float32)}))
        archive.writestr("a/data/0", bytes(12))
    with pytest.raises(FormatError, match="cut short"):
        open_pytorch(path)


def test_a_compressed_entry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", pickle_of({"w": np.ones(64, np.float32)}))
        archive.writestr("a/data/0", bytes(256))
    with pytest.raises(UnsupportedError, match="compressed"):
        open_pytorch(path)


def test_our_own_writer_and_the_reader_agree(tmp_path: Path) -> None:
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(3, np.float16)}
    checkpoint = open_pytorch(write_torch(tmp_path / "w.bin", arrays))
    for name, values in arrays.items():
        np.testing.assert_array_equal(checkpoint.tensors[name].whole(), values.astype(np.float32))


@pytest.mark.parametrize("name", ["torch_zip.bin", "torch_old.bin"])
def test_broken_files_give_only_clear_errors(name: str, tmp_path: Path) -> None:
    whole = (GOLDEN / name).read_bytes()
    chance = random.Random(1)
    path = tmp_path / "broken.bin"
    for trial in range(150):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        path.write_bytes(raw[: chance.randrange(1, len(raw))] if trial % 3 == 0 else raw)
        try:
            for tensor in open_pytorch(path).tensors.values():
                tensor.floats(0, min(tensor.n_rows, 1))
        except ChaskiError:
            continue


def test_plain_pickles_and_other_files_are_no_checkpoints(tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    for raw in (pickle.dumps({"a": 1}), b"hello", b"PK\x03\x04" + bytes(50), b"\x80"):
        path.write_bytes(raw)
        with pytest.raises(FormatError, match=r"x\.pth"):
            open_pytorch(path)
