"""Reading sound files: every metadata type, tensors, typed getters, real files."""

import gc
import sys
from collections import Counter
from pathlib import Path

import gguf
import numpy as np
import pytest
from helpers.data import shared_data
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import FormatError
from engine.weights.formats.gguf import ValueType, open_gguf
from engine.weights.formats.gguf_strings import StringArray
from engine.weights.types import TensorType


def write_all_types(path: Path, order: gguf.GGUFEndian = gguf.GGUFEndian.LITTLE) -> Path:
    """Every scalar and array type, by the gguf package's writer."""
    writer = gguf.GGUFWriter(path, "llama", endianess=order)
    for name, value in (("uint8", 200), ("int8", -5), ("uint16", 60000), ("int16", -300)):
        getattr(writer, f"add_{name}")(f"x.{name}", value)
    for name, value in (("uint32", 1 << 31), ("int32", -70000), ("uint64", 1 << 63)):
        getattr(writer, f"add_{name}")(f"x.{name}", value)
    writer.add_int64("x.int64", -(1 << 40))
    writer.add_float32("x.float32", 0.5)
    writer.add_float64("x.float64", 0.1)
    writer.add_bool("x.bool", True)
    writer.add_string("x.string", "Grüße, 世界")
    writer.add_array("x.ints", [1, -2, 3])
    writer.add_array("x.floats", [0.5, 1.5])
    writer.add_array("x.bools", [True, False])
    writer.add_array("x.strings", ["a", "▁b", ""])
    writer.add_array("x.nested", [[1, 2], [3]])
    writer.add_tensor("w", np.arange(12, dtype=np.float32).reshape(3, 4))
    writer.add_tensor("v", np.arange(4, dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.mark.parametrize("order", list(gguf.GGUFEndian))
def test_every_metadata_type(tmp_path: Path, order: gguf.GGUFEndian):
    with open_gguf(write_all_types(tmp_path / "all.gguf", order)) as file:
        meta = file.metadata
        assert file.byte_order == ("little" if order is gguf.GGUFEndian.LITTLE else "big")
        assert file.version == 3
        assert [meta[f"x.uint{n}"] for n in (8, 16, 32, 64)] == [200, 60000, 1 << 31, 1 << 63]
        assert [meta[f"x.int{n}"] for n in (8, 16, 32, 64)] == [-5, -300, -70000, -(1 << 40)]
        assert (meta["x.float32"], meta["x.float64"], meta["x.bool"]) == (0.5, 0.1, True)
        assert meta["x.string"] == "Grüße, 世界"
        assert meta["x.ints"].tolist() == [1, -2, 3]
        assert meta["x.ints"].dtype.isnative
        assert meta["x.floats"].tolist() == [0.5, 1.5]
        assert meta["x.bools"].tolist() == [True, False]
        assert meta["x.strings"] == ["a", "▁b", ""]
        assert [inner.tolist() for inner in meta["x.nested"]] == [[1, 2], [3]]
        assert file.value_types["x.uint16"] is ValueType.UINT16
        assert file.raw("w").view("<f4").tolist() == np.arange(12.0).reshape(3, 4).tolist()
        assert file.raw("v").view("<f2").tolist() == [[0, 1, 2, 3]]


def test_tensor_table(tmp_path: Path):
    path = write_tiny_llama(tmp_path / "m.gguf", type={"output.weight": TensorType.Q8_0})
    with open_gguf(path) as file:
        info = file.tensors["output.weight"]
        assert (info.shape, info.type, info.n_cols) == ((384, 64), TensorType.Q8_0, 64)
        assert file.raw("output.weight").shape == (384, 68)
        assert not file.raw("output.weight").flags.writeable
        assert file.raw("output_norm.weight").shape == (1, 256)
        assert file.file_bytes == path.stat().st_size
        assert file.n_parameters == sum(i.n_elements for i in file.tensors.values())


def test_agrees_with_the_gguf_packages_reader(tmp_path: Path):
    path = write_tiny_llama(tmp_path / "m.gguf", type=TensorType.Q4_0)
    theirs = gguf.GGUFReader(path)
    with open_gguf(path) as ours:
        assert [t.name for t in theirs.tensors] == list(ours.tensors)
        for t in theirs.tensors:
            info = ours.tensors[t.name]
            assert (info.offset, info.nbytes) == (t.data_offset, t.n_bytes)
            assert np.array_equal(ours.raw(t.name).ravel(), t.data.view(np.uint8).ravel())


def test_typed_getters(tmp_path: Path):
    with open_gguf(write_all_types(tmp_path / "all.gguf")) as file:
        assert file.need_int("x.uint16") == 60000
        assert file.get_int("absent", None) is None
        assert file.need_float("x.uint8") == 200.0
        assert file.get_float("absent", 1.5) == 1.5
        assert file.need_bool("x.bool") is True
        assert file.get_bool("absent", False) is False
        assert file.need_str("general.architecture") == file.architecture == "llama"
        assert file.get_str("absent", "") == ""
        assert isinstance(file.need_strs("x.strings"), StringArray)
        assert file.need_ints("x.ints") == (1, -2, 3)
        assert file.need_ints("x.bools") == (1, 0)
        assert file.get_ints("absent", None) is None
        assert file.need_floats("x.floats").tolist() == [0.5, 1.5]


@pytest.mark.parametrize(
    ("getter", "key", "message"),
    [
        ("need_int", "absent", "all.gguf has no metadata key 'absent'"),
        ("need_int", "x.bool", "'x.bool' must be a whole number, but is true or false"),
        ("need_int", "x.float32", "'x.float32' must be a whole number, but is a number"),
        ("need_float", "x.string", "'x.string' must be a number, but is text"),
        ("need_bool", "x.uint8", "'x.uint8' must be true or false"),
        ("need_str", "x.ints", "'x.ints' must be text, but is an array of numbers"),
        ("need_strs", "x.nested", "'x.nested' must be an array of strings, but is a nested array"),
        ("need_ints", "x.floats", "'x.floats' must be an array of whole numbers"),
        ("need_floats", "x.bools", "'x.bools' must be an array of numbers"),
        ("need_tensor", "absent", "has no tensor 'absent'"),
    ],
)
def test_getters_name_the_key(tmp_path: Path, getter: str, key: str, message: str):
    file = open_gguf(write_all_types(tmp_path / "all.gguf"))
    with pytest.raises(FormatError, match=message):
        getattr(file, getter)(key)


def test_views_outlive_close(tmp_path: Path):
    path = write_tiny_llama(tmp_path / "m.gguf")
    file = open_gguf(path)
    view, tokens = file.raw("token_embd.weight"), file.need_strs("tokenizer.ggml.tokens")
    total = int(view.sum())
    file.close()
    gc.collect()
    assert int(view.sum()) == total
    assert tokens[1] == "<s>"


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path):
    with open_gguf(write_tiny_llama(tmp_path / "m.gguf")) as file:
        for name in file.tensors:
            rows, whole = file.rows(name), file.raw(name)
            assert rows.shape == whole.shape
            some = np.array([len(whole) - 1, 0, len(whole) // 2])
            for which in (slice(None), slice(1, 3), slice(None, None, 2), slice(9, 5), some):
                assert np.array_equal(rows[which], whole[which])


def test_path_with_other_letters(tmp_path: Path):
    folder = tmp_path / "módêl 模型 😀"
    folder.mkdir()
    with open_gguf(str(write_tiny_llama(folder / "ñandú.gguf"))) as file:
        assert file.name == "ñandú.gguf"


def test_version_2(tmp_path: Path):
    with open_gguf(write_tiny_llama(tmp_path / "old.gguf", version=2)) as file:
        assert file.version == 2
        assert len(file.tensors) == 21


def test_real_model():
    with open_gguf(shared_data("stories260K", "stories260K.gguf")) as file:
        assert file.architecture == "llama"
        assert file.need_int("llama.embedding_length") == 64
        assert file.n_parameters == 292_800
        assert file.need_strs("tokenizer.ggml.tokens")[1:3] == ["<s>", "</s>"]


def test_large_vocabulary_is_not_stepped_through():
    path = shared_data("vocab", "ggml-vocab-qwen2.gguf")
    calls = Counter[str]()
    sys.setprofile(lambda frame, event, arg: calls.update([event]))
    try:
        with open_gguf(path) as file:
            pass
    finally:
        sys.setprofile(None)
    assert calls.total() < 20_000
    tokens = file.need_strs("tokenizer.ggml.tokens")
    assert len(tokens) == 151_936
    assert (tokens[0], tokens[1000], tokens[151_643]) == ("!", "atus", "<|endoftext|>")
