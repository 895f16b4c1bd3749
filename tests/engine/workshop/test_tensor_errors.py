"""The table of losses between two files, against a plain computation."""

from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import UsageError
from engine.weights.formats.gguf import open_gguf
from engine.weights.quants import dequantize
from engine.workshop import quantize_encode
from engine.workshop.mixes import TARGETS
from engine.workshop.quantize import plan_quantize, quantize_model
from engine.workshop.quantize_plan import QuantizeOptions
from engine.workshop.tensor_errors import tensor_errors


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "f32.gguf", n_embd=256, n_ff=256, n_vocab=288)


def test_table(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    out = tmp_path / "q.gguf"
    options = QuantizeOptions(target="Q4_K_M", measure=True)
    made = drive(quantize_model(source, out, options))
    monkeypatch.setattr(quantize_encode, "CHUNK", 3000)
    events: list = []
    table = {row.name: row for row in drive(tensor_errors(source, out), events)}
    with open_gguf(source) as old, open_gguf(out) as new:
        assert [*table] == [*new.tensors]
        assert events[-1].done == events[-1].total == new.n_parameters
        for name, info in new.tensors.items():
            x = old.raw(name).view("<f4")
            off = dequantize(info.type, new.raw(name), info.n_cols) - x
            row = table[name]
            assert row.type == info.type.name
            assert row.relative == pytest.approx(np.linalg.norm(off) / np.linalg.norm(x), rel=1e-4)
            assert row.largest == pytest.approx(np.abs(off).max())
            assert made.errors.get(name, 0.0) == pytest.approx(row.relative)


def test_different_models(source: Path, tmp_path: Path):
    other = write_tiny_llama(tmp_path / "other.gguf")
    with pytest.raises(UsageError, match="are different models: token_embd.weight"):
        drive(tensor_errors(source, other))


def test_sizes_of_all_targets(source: Path):
    options = [QuantizeOptions(target, allow_requantize=True) for target in TARGETS]
    plans = {each.target: plan_quantize(source, each) for each in options}
    sizes = {target: plan.nbytes for target, plan in plans.items()}
    assert sizes["IQ1_S"] < sizes["Q2_K"] < sizes["Q4_K_M"] < sizes["Q8_0"] < sizes["F32"]
    assert sizes["COPY"] == sizes["F32"]
    assert plans["IQ2_XS"].missing_importance
    assert not plans["Q4_K_M"].missing_importance
