"""`--lora` on the verbs that open a model."""

import json
from pathlib import Path

import numpy as np
import pytest
from helpers.tiny_models import write_tiny_llama

from engine.cli.entry import main
from engine.weights.formats.gguf_write import GGUFWriter

Capture = pytest.CaptureFixture[str]
ARGUMENTS = ["--ids", "1,20,30,40", "--backend", "reference", "-t", "1"]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))


def write_adapter(path: Path) -> None:
    random, halves = np.random.default_rng(1), {"lora_a": (4, 64), "lora_b": (96, 4)}
    with GGUFWriter(path) as writer:
        writer.set_all({"general.type": "adapter", "general.architecture": "llama"})
        writer.set_all({"adapter.type": "lora", "adapter.lora.alpha": 4.0})
        for name, shape in halves.items():
            writer.declare(f"blk.0.ffn_up.weight.{name}", shape)
        for name, shape in halves.items():
            values = random.standard_normal(shape).astype(np.float32)
            writer.write(f"blk.0.ffn_up.weight.{name}", values)


def test_an_adapter_acts_as_strongly_as_asked(tmp_path: Path, capsys: Capture) -> None:
    model, adapter = str(write_tiny_llama(tmp_path / "m.gguf")), tmp_path / "a.gguf"
    write_adapter(adapter)
    found = []
    for number, lora in enumerate(([], [f"{adapter}=0"], [str(adapter)], [f"{adapter}=2"])):
        out = tmp_path / f"{number}.npy"
        flags = [part for value in lora for part in ("--lora", value)]
        assert main(["logits", model, "--out", str(out), "--json", *ARGUMENTS, *flags]) == 0
        assert json.loads(capsys.readouterr().out)["shape"][0] == 4
        found.append(np.load(out))
    plain, none, once, twice = found
    assert np.array_equal(plain, none)
    assert np.abs(plain - once).max() > 0.01
    assert np.abs(once - twice).max() > 0.01


def test_errors_are_one_line(tmp_path: Path, capsys: Capture) -> None:
    model = str(write_tiny_llama(tmp_path / "m.gguf"))
    for value, code in ((str(tmp_path / "none.gguf"), 1), (model, 1), ("a=strong", 2)):
        arguments = ["logits", model, "--out", str(tmp_path / "x.npy"), *ARGUMENTS]
        assert main([*arguments, "--lora", value]) == code
        assert capsys.readouterr().err.count("\n") == 1
