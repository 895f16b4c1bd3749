"""Converting with threads: the same bytes as without, whatever their number."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder

from engine.base.errors import FormatError
from engine.cli import main
from engine.weights.formats.lazy import of_array
from engine.weights.quants import quantize
from engine.weights.types import TensorType
from engine.workshop.convert import convert, run
from engine.workshop.convert.target import rows_as
from engine.workshop.quantize_encode import FastEncoder


def odd_rows() -> np.ndarray:
    random = np.random.default_rng(4)
    x = (random.standard_normal((64, 96)) * 10.0 ** random.integers(-9, 4, (64, 1))).astype("<f4")
    x[0], x[1, 5], x[2, 0], x[3, :2] = 0, 1e-40, -65504, (6e-8, 6.1e-5)
    return x


@pytest.mark.parametrize("kind", [TensorType.F16, TensorType.Q8_0, TensorType.F32])
@pytest.mark.parametrize("source", [TensorType.F32, TensorType.F16, TensorType.BF16])
def test_the_bytes_are_those_of_numpy(source: TensorType, kind: TensorType) -> None:
    with np.errstate(over="ignore"):
        raw = quantize(source, odd_rows())
    dtype = {TensorType.F32: "<f4", TensorType.F16: "<f2", TensorType.BF16: "<u2"}[source]
    tensor = of_array(raw.view(dtype), source)
    with closing(FastEncoder(2)) as fast:
        made = rows_as(tensor, 3, 50, kind, fast, "w")
    slow = tensor.floats(3, 50)
    expected = tensor.read(3, 50) if source is kind else quantize(kind, slow)
    np.testing.assert_array_equal(made, expected)


def test_what_is_too_large_is_refused_with_threads_as_without() -> None:
    rows = odd_rows()
    rows[0, 0] = 1e6
    for threads in (0, 1):
        with (
            closing(FastEncoder(threads)) as fast,
            pytest.raises(FormatError, match="too large for F16; convert it with --type bf16"),
        ):
            rows_as(of_array(rows, TensorType.F32), 0, 4, TensorType.F16, fast, "w")


@pytest.mark.parametrize("out_type", ["f16", "q8_0"])
def test_a_model_is_the_same_with_any_number_of_threads(
    out_type: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MUCH", 0)
    folder, files = write_folder(tmp_path / "hf", "llama"), []
    for threads in (0, 1, 3):
        out = tmp_path / f"{threads}.gguf"
        drive(convert(folder, out, out_type=out_type, threads=threads))
        files.append(out.read_bytes())
    assert files[0] == files[1] == files[2]


def test_the_flag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    folder = str(write_folder(tmp_path / "hf", "llama"))
    assert main(["convert", folder, str(tmp_path / "a.gguf"), "-t", "2", "--type", "f16"]) == 0
    with pytest.raises(SystemExit):
        main(["convert", folder, str(tmp_path / "b.gguf"), "-t", "0"])
    assert "must be 1 or more" in capsys.readouterr().err
