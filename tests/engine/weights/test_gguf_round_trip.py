"""What a file says survives reading and writing: types of values, of lists and of empty lists, and
shapes that the format may spell in more than one way."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.data import shared_data
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import FormatError
from engine.cli import main
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_header import read_header
from engine.weights.formats.gguf_values import NestedArray, ValueType
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

REFERENCE = ["--backend", "reference", "-t", "1"]


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
SCALARS = {kind: bytes(size) for kind, size in SIZES.items()}
ARRAYS = {
    **{f"none of {kind}": struct.pack("<IQ", kind, 0) for kind in range(13)},
    **{f"two of {kind}": struct.pack("<IQ", kind, 2) + 2 * raw for kind, raw in SCALARS.items()},
    "texts": struct.pack("<IQ", 8, 2) + text(b"a") + text(b"\xff"),
    "lists": struct.pack("<IQ", 9, 2) + struct.pack("<IQ", 9, 0) + struct.pack("<IQ", 10, 0),
    "list of none": struct.pack("<IQIQ", 9, 1, 8, 0),
}
VALUES = {
    **{f"scalar {kind}": (kind, raw) for kind, raw in SCALARS.items()},
    "text": (8, text(b"a\xff")),
    **{name: (9, raw) for name, raw in ARRAYS.items()},
}


@pytest.mark.parametrize("version", [2, 3])
def test_every_value_is_written_as_it_was_read(tmp_path: Path, version: int) -> None:
    keys = b"".join(
        text(name.encode()) + struct.pack("<I", kind) + raw for name, (kind, raw) in VALUES.items()
    )
    head = b"GGUF" + struct.pack("<IQQ", version, 0, len(VALUES)) + keys
    source, out = tmp_path / "a.gguf", tmp_path / "b.gguf"
    source.write_bytes(head + bytes(-len(head) % 32))
    with open_gguf(source) as file, GGUFWriter(out, version=version) as writer:
        writer.set_all(file.metadata, file.value_types)
    assert out.read_bytes() == source.read_bytes()


def test_a_list_of_nothing_is_a_list_of_texts_or_what_it_says(tmp_path: Path) -> None:
    with GGUFWriter(tmp_path / "a.gguf") as writer:
        writer.set("none", [])
        writer.set("numbers", np.zeros(0, np.uint16))
        writer.set("arrays", NestedArray())
    with open_gguf(tmp_path / "a.gguf") as file:
        assert (len(file.need_strs("none")), file.need_ints("none")) == (0, ())
        assert file.need_ints("numbers") == ()
        assert len(file.need_strs("numbers")) == 0
        assert file.metadata["numbers"].dtype == np.uint16  # type: ignore[union-attr]
        assert isinstance(file.metadata["arrays"], NestedArray)


def header_with(tensors: list[tuple[str, list[int], int]], data: int) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), 0)
    for name, dims, offset in tensors:
        head += text(name.encode()) + struct.pack(f"<I{len(dims)}Q", len(dims), *dims)
        head += struct.pack("<IQ", 0, offset)
    return head + bytes(-len(head) % 32 + data)


def test_dimensions_that_are_not_written_are_one() -> None:
    tensors = [("a", [3, 2, 1, 1], 0), ("b", [3, 1], 32), ("c", [5], 64), ("d", [], 96)]
    found = read_header(header_with([*tensors, ("e", [2, 1, 2], 128)], 160), "x").tensors
    shapes = {name: info.shape for name, info in found.items()}
    assert shapes == {"a": (2, 3), "b": (1, 3), "c": (5,), "d": (1,), "e": (2, 1, 2)}
    assert found["b"].has_shape((3,))
    assert not found["b"].has_shape((3, 1))
    assert found["a"].has_shape((1, 2, 3))
    assert not found["a"].has_shape((3, 2))


def test_tensors_of_no_elements_take_no_place() -> None:
    tensors = [("a", [4, 0], 0), ("b", [8], 0), ("c", [0], 0), ("d", [1 << 40, 0], 32)]
    found = read_header(header_with(tensors, 32), "x").tensors
    assert {name: info.nbytes for name, info in found.items()} == {"a": 0, "b": 32, "c": 0, "d": 0}
    assert [info.n_rows for info in found.values()] == [0, 1, 0, 0]


def test_tensors_of_no_elements_are_read_and_written(tmp_path: Path) -> None:
    with GGUFWriter(tmp_path / "a.gguf") as writer:
        shapes: dict[str, tuple[int, ...]] = {"a": (0, 4), "b": (2, 2), "c": (3, 0), "d": ()}
        for name, shape in shapes.items():
            writer.declare(name, shape)
        writer.write("b", np.ones((2, 2), np.float32))
        writer.write("d", np.ones((1, 1), np.float32))
    with open_gguf(tmp_path / "a.gguf") as file:
        assert [file.raw(name).nbytes for name in shapes] == [0, 16, 0, 4]


@pytest.mark.parametrize("name", ["01_zero_dim", "02_scalar_0dims", "03_empty_arrays", "45_dims4"])
def test_unusual_files_run_and_are_quantized(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    path, out = shared_data("faults", "gguf", f"{name}.gguf"), tmp_path / "q.gguf"
    capsys.readouterr()
    ids = []
    run = ["complete", "-p", "once upon", "-n", "8", "--temp", "0", "--json", *REFERENCE]
    assert main(["quantize", str(path), str(out), "COPY", "-t", "1"]) == 0
    for each in (path, out):
        assert main(["info", str(each)]) == 0
        capsys.readouterr()
        assert main([*run[:1], str(each), *run[1:]]) == 0
        ids.append(json.loads(capsys.readouterr().out)["ids"])
    assert ids[0] == ids[1]
    with open_gguf(path) as before, open_gguf(out) as after:
        assert before.value_types == after.value_types
        assert list(before.tensors) == list(after.tensors)
        for key, value in before.metadata.items():
            assert type(after.metadata[key]) is type(value), key


def unusual(model: Path, out: Path, dims: dict[str, int]) -> Path:
    """The same model with more ones behind the dimensions of each tensor."""
    with open_gguf(model) as file, GGUFWriter(out) as writer:
        writer.set_all(file.metadata, file.value_types)
        for name, info in file.tensors.items():
            writer.declare(name, (*[1] * dims[name], *info.shape), info.type)
        for name in file.tensors:
            writer.write(name, file.raw(name))
    return out


@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_vectors_and_matrices_with_ones_run_the_same(
    backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    plain = write_tiny_llama(tmp_path / "plain.gguf", n_layer=1, biases=True)
    with open_gguf(plain) as file:
        ones = {n: 1 if len(i.shape) == 1 else 2 for n, i in file.tensors.items()}
    odd = unusual(plain, tmp_path / "odd.gguf", ones)
    rows = []
    for path in (plain, odd):
        out = path.with_suffix(".npy")
        run = ["logits", str(path), "--ids", "1,5,9", "--out", str(out), "--backend", backend]
        assert main([*run, "-t", "1"]) == 0
        rows.append(np.load(out))
    np.testing.assert_array_equal(*rows)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("general.name", 7),
        ("general.name", ["a"]),
        ("general.file_type", "Q4_K_M"),
        ("general.file_type", 1.5),
        ("general.author", [[]]),
    ],
)
def test_what_is_only_shown_stops_no_model(
    key: str, value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    path = str(write_tiny_llama(tmp_path / "odd.gguf", extra_metadata={key: value}))
    assert main(["complete", path, "-p", "a", "-n", "1", *REFERENCE]) == 0
    assert main(["info", path]) == 0
    assert main(["models", "add", path]) == 0


class TestBudget:
    """Each value is small, and their sum is what costs."""

    def test_many_tensors(self) -> None:
        head = b"GGUF" + struct.pack("<IQQ", 3, 200_000, 0)
        with pytest.raises(FormatError, match="claims 200000 tensors, more than the 100000"):
            read_header(head + bytes(40 * 200_000), "x")

    def test_many_arrays_of_empty_strings(self) -> None:
        one = struct.pack("<IIQ", 9, 8, 800_000) + bytes(8 * 800_000)
        keys = b"".join(text(b"key%d" % i) + one for i in range(3))
        with pytest.raises(FormatError, match="more than 2,000,000 strings"):
            read_header(b"GGUF" + struct.pack("<IQQ", 3, 0, 3) + keys, "x")

    def test_arrays_of_numbers_in_a_hole(self, tmp_path: Path) -> None:
        path = tmp_path / "hole.gguf"
        size = 130 << 20
        with path.open("wb") as file:
            file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, 2))
            for _ in range(2):
                file.write(text(b"k%d" % file.tell()) + struct.pack("<IIQ", 9, 0, size))
                file.seek(size, 1)
            file.truncate(2 * size + 4096)
        with pytest.raises(FormatError, match="bytes of metadata"):
            open_gguf(path)


def test_split_words_of_another_type(tmp_path: Path) -> None:
    for key in ("split.no", "split.tensors.count"):
        for no in (0, 1):
            path = tmp_path / f"m-0000{no + 1}-of-00002.gguf"
            with GGUFWriter(path) as writer:
                values = {"split.no": no, "split.count": 2, "split.tensors.count": 2}
                writer.set_all(values | {key: np.zeros(3, np.int32)})
                writer.declare(f"t{no}", (2,), TensorType.F32)
                writer.write(f"t{no}", np.zeros((1, 2), np.float32))
        with pytest.raises(FormatError, match=f"{key}.*a list|a list.*{key}"):
            open_gguf(tmp_path / "m-00001-of-00002.gguf")


def test_the_type_of_a_text_that_is_no_utf8_is_a_text(tmp_path: Path) -> None:
    with GGUFWriter(tmp_path / "a.gguf") as writer:
        writer.set("t", b"J\xf6rg", ValueType.STRING)
    with open_gguf(tmp_path / "a.gguf") as file:
        assert file.need_str("t") == "J\ufffdrg"
