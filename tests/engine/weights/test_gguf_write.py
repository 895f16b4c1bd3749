"""The writer: what it writes reads back, and nothing half-made is left behind."""

from pathlib import Path

import gguf
import numpy as np
import pytest

from engine.base.errors import UsageError
from engine.weights.formats.gguf import ValueType, open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

VALUES = {
    "a.text": "Grüße",
    "a.int": 7,
    "a.large": 1 << 40,
    "a.negative": -3,
    "a.float": 0.5,
    "a.bool": False,
    "a.ints": [1, 2, -3],
    "a.floats": [1, 2.5],
    "a.bools": [True, False],
    "a.strings": ["x", "", "▁y"],
    "a.empty": [],
    "a.nested": [[1], [2, 3], ["z"]],
    "a.array": np.array([1, 2], np.uint16),
}


def listed(value: object) -> object:
    """Arrays of any kind as plain lists, for comparing."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return value
    return [listed(item) for item in value]


def test_metadata_reads_back(tmp_path: Path):
    with GGUFWriter(tmp_path / "m.gguf") as writer:
        writer.set_all(VALUES)
    with open_gguf(tmp_path / "m.gguf") as file:
        assert {k: listed(v) for k, v in file.metadata.items()} == {
            k: listed(v) for k, v in VALUES.items()
        }


def test_the_gguf_package_reads_it(tmp_path: Path):
    with GGUFWriter(tmp_path / "m.gguf") as writer:
        writer.set_all({k: v for k, v in VALUES.items() if k not in ("a.empty", "a.nested")})
        writer.declare("w", (4, 64), TensorType.Q8_0)
        writer.write("w", np.ones((4, 64), np.float32))
    theirs = gguf.GGUFReader(tmp_path / "m.gguf")
    assert theirs.get_field("a.text").contents() == "Grüße"
    assert theirs.get_field("a.strings").contents() == ["x", "", "▁y"]
    assert theirs.get_field("a.floats").contents() == [1, 2.5]
    assert theirs.tensors[0].data.shape == (4, 68)


def test_copy_keeps_every_byte(tmp_path: Path):
    """Metadata with types, raw tokens that are no UTF-8, tensors."""
    with GGUFWriter(tmp_path / "a.gguf") as writer:
        writer.set("n", 3, ValueType.UINT16)
        writer.set("f", 0.1, ValueType.FLOAT64)
        writer.set("tokens", [b"\xff", b"ok"])
        writer.declare("w", (3, 32), TensorType.Q4_0)
        writer.write("w", np.linspace(-1, 1, 96, dtype=np.float32))
    with open_gguf(tmp_path / "a.gguf") as file, GGUFWriter(tmp_path / "b.gguf") as writer:
        writer.set_all(file.metadata, file.value_types)
        for name, info in file.tensors.items():
            writer.declare(name, info.shape, info.type)
        for name in file.tensors:
            writer.write(name, file.raw(name))
    assert (tmp_path / "a.gguf").read_bytes() == (tmp_path / "b.gguf").read_bytes()


def test_alignment(tmp_path: Path):
    with GGUFWriter(tmp_path / "m.gguf") as writer:
        writer.set("general.alignment", 256)
        for name in ("a", "b"):
            writer.declare(name, (3,))
        for name in ("a", "b"):
            writer.write(name, np.ones(3, np.float32))
    with open_gguf(tmp_path / "m.gguf") as file:
        assert [info.offset % 256 for info in file.tensors.values()] == [0, 0]
        assert file.raw("b").view("<f4").tolist() == [[1, 1, 1]]


def test_unfinished_file_has_no_name_and_goes_away(tmp_path: Path):
    path = tmp_path / "m.gguf"
    path.write_text("the old one")

    def fail_half_way() -> None:
        with GGUFWriter(path) as writer:
            writer.declare("w", (2,))
            writer.write("w", np.ones(2, np.float32))
            assert (tmp_path / "m.gguf.part").exists()
            raise RuntimeError("no more disk")

    with pytest.raises(RuntimeError, match="no more disk"):
        fail_half_way()
    assert [p.name for p in tmp_path.iterdir()] == ["m.gguf"]
    assert path.read_text() == "the old one"


def test_forgotten_tensor(tmp_path: Path):
    writer = GGUFWriter(tmp_path / "m.gguf")
    writer.declare("w", (2,))
    with pytest.raises(UsageError, match="'w' was declared but never written"):
        writer.finish()
    assert list(tmp_path.iterdir()) == []


def test_wrong_use(tmp_path: Path):
    writer = GGUFWriter(tmp_path / "m.gguf")
    writer.declare("a", (2,))
    writer.declare("b", (2,))
    with pytest.raises(UsageError, match="twice"):
        writer.declare("a", (2,))
    with pytest.raises(UsageError, match="'b' was written out of order; next is 'a'"):
        writer.write("b", np.ones(2, np.float32))
    with pytest.raises(UsageError, match="has 3 bytes, declared 8"):
        writer.write("a", np.ones(3, np.uint8))
    with pytest.raises(UsageError, match="cannot be a dict"):
        writer.set("k", {})
    with pytest.raises(UsageError, match="must be set before"):
        writer.set("general.alignment", 64)
    writer.write("a", np.ones(2, np.float32))
    with pytest.raises(UsageError, match="after the first was written"):
        writer.declare("c", (2,))
    writer.abandon()
    assert list(tmp_path.iterdir()) == []


def test_rows_in_pieces(tmp_path: Path):
    """A tensor written row by row is the same file; it has its name only after publish()."""
    x = np.random.default_rng(0).standard_normal((5, 64)).astype(np.float32)
    for name, pieces in (("whole", [x]), ("pieces", [x[:2], x[2:3], x[3:]])):
        writer = GGUFWriter(tmp_path / name)
        writer.declare("a", x.shape, TensorType.Q8_0)
        writer.declare("b", (64,))
        for piece in pieces:
            writer.write_rows("a", piece)
        writer.write("b", x[0])
        writer.complete()
        assert not (tmp_path / name).exists()
        writer.publish()
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "pieces").read_bytes()
    writer = GGUFWriter(tmp_path / "more")
    writer.declare("a", (1, 64))
    with pytest.raises(UsageError, match="'a' gets more than its 256 bytes"):
        writer.write_rows("a", x[:2])
    writer.abandon()
