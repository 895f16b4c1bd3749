"""Importance matrices: llama.cpp's two file forms, their figures, and files that lie."""

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import FormatError, UsageError
from engine.weights.formats.imatrix import (
    Entry,
    ImportanceMatrix,
    merged,
    open_imatrix,
    write_imatrix,
)


def example() -> ImportanceMatrix:
    random = np.random.default_rng(0)
    one = Entry(random.random((1, 8), np.float32), np.array([4], np.float32))
    experts = Entry(random.random((3, 8), np.float32), np.array([2, 0, 5], np.float32))
    return ImportanceMatrix({"a.weight": one, "b_exps.weight": experts}, ("text.txt",), 7, 512)


def dat(entries: dict[str, tuple[int, list[float]]], tail: bytes = b"") -> bytes:
    out = struct.pack("<i", len(entries))
    for name, (calls, figures) in entries.items():
        out += struct.pack("<i", len(name)) + name.encode()
        out += struct.pack(f"<ii{len(figures)}f", calls, len(figures), *figures)
    return out + tail


def test_written_file_reads_back(tmp_path: Path):
    path = tmp_path / "i.gguf"
    write_imatrix(path, example())
    back = open_imatrix(path)
    assert (back.datasets, back.chunks, back.chunk_size) == (("text.txt",), 7, 512)
    for name, entry in example().entries.items():
        assert np.array_equal(back.entries[name].sums, entry.sums)
        assert np.array_equal(back.entries[name].counts, entry.counts)


def test_the_written_form_is_llama_cpps(tmp_path: Path):
    """As the package gguf sees it: names, shapes and keys that llama-quantize looks for."""
    path = tmp_path / "i.gguf"
    write_imatrix(path, example())
    reader = gguf.GGUFReader(path)
    shapes = {t.name: t.shape.tolist() for t in reader.tensors}
    assert shapes["b_exps.weight.in_sum2"] == [8, 3]
    assert shapes["b_exps.weight.counts"] == [1, 3]
    assert reader.fields["general.type"].contents() == "imatrix"
    assert reader.fields["imatrix.chunk_count"].contents() == 7
    assert reader.fields["imatrix.datasets"].contents() == ["text.txt"]


def test_importance_is_a_mean():
    matrix = example()
    one = matrix.importance("a.weight", 1, 8)
    assert np.allclose(one, matrix.entries["a.weight"].sums / 4)
    experts = matrix.importance("b_exps.weight", 3, 8)
    assert experts[1].tolist() == [1] * 8  # no token reached this expert
    assert np.allclose(experts[2], matrix.entries["b_exps.weight"].sums[2] / 5)
    assert matrix.importance("c.weight", 1, 8) is None
    with pytest.raises(FormatError, match="8 figures for 'a.weight'.*needs 16; it was made for an"):
        matrix.importance("a.weight", 1, 16)


def test_old_form(tmp_path: Path):
    path = tmp_path / "old.dat"
    path.write_bytes(dat({"a": (2, [2, 4]), "b": (0, [0, 0])}, struct.pack("<ii", 9, 3) + b"w.t"))
    matrix = open_imatrix(path)
    assert matrix.importance("a", 1, 2).tolist() == [[1, 2]]
    assert matrix.importance("b", 1, 2).tolist() == [[1, 1]]
    assert (matrix.chunks, matrix.datasets) == (9, ("w.t",))
    path.write_bytes(dat({"a": (2, [2, 4])}))
    assert open_imatrix(path).chunks == 0


def test_merged():
    both = merged([example(), example()])
    assert np.allclose(both.entries["a.weight"].sums, 2 * example().entries["a.weight"].sums)
    assert both.chunks == 14
    assert both.datasets == ("text.txt",)
    other = ImportanceMatrix(
        {"a.weight": Entry(np.ones((1, 4), np.float32), np.ones(1, np.float32))}
    )
    with pytest.raises(UsageError, match="disagree about the shape of 'a.weight'"):
        merged([example(), other])


def test_files_that_are_none(tmp_path: Path):
    with pytest.raises(FormatError, match="cannot be opened: No such file"):
        open_imatrix(tmp_path / "absent")
    with pytest.raises(FormatError, match="is a model, no importance matrix"):
        open_imatrix(write_tiny_llama(tmp_path / "m.gguf"))
    path = tmp_path / "bad.dat"
    good = dat({"a": (2, [2, 4])})
    for data, words in (
        (b"", "cut short at byte 0"),
        (good[:-3], "cut short"),
        (b"\xff\xff\xff\xff" + good, "claims -1 entries"),
        (b"\xff\xff\xff\x7f" + good, "claims 2147483647 entries"),
        (dat({}), "no importance figures"),
        (dat({"a": (1, [float("nan")])}), "'a' are not finite"),
        (dat({"a": (1, [-1])}), "'a' are not finite and positive"),
    ):
        path.write_bytes(data)
        with pytest.raises(FormatError, match=words):
            open_imatrix(path)
