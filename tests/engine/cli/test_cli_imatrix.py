"""`chaski imatrix`: its JSON, its errors, and that `chaski quantize` takes what it wrote."""

import json
from pathlib import Path

import pytest
from helpers.expert_models import write_tiny_experts
from helpers.tiny_models import write_tiny_llama

from engine.cli.entry import main
from engine.weights.formats.imatrix import open_imatrix

Capture = pytest.CaptureFixture[str]
SLOW = ["--backend", "reference", "-t", "1"]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))


def test_from_a_text_to_a_small_file(tmp_path: Path, capsys: Capture) -> None:
    model = str(write_tiny_llama(tmp_path / "tiny.gguf", n_embd=256, n_ff=256, n_layer=2))
    text, out, small = (tmp_path / name for name in ("text.txt", "im.gguf", "small.gguf"))
    text.write_text("once upon a time there was a little girl " * 20, encoding="utf-8")
    arguments = ["imatrix", model, "--file", str(text), str(out), "--ctx", "64", *SLOW]
    assert main([*arguments, "--json"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    found = json.loads(printed)
    assert set(found) == {"path", "matrices", "windows", "tokens", "seconds"}
    assert found["matrices"] == 14
    assert found["tokens"] == 64 * found["windows"]
    made = open_imatrix(out)
    assert (made.datasets, made.chunks, made.chunk_size) == (("text.txt",), found["windows"], 64)
    assert made.entries["blk.0.ffn_up.weight"].counts[0] == found["tokens"]
    assert main([*arguments]) == 1
    assert "exists already" in capsys.readouterr().err
    assert main([*arguments, "--process-output", "--overwrite"]) == 0
    assert "output.weight" in open_imatrix(out).entries
    capsys.readouterr()
    wanted = ["quantize", model, str(small), "IQ2_XXS", "--imatrix", str(out), "-t", "1", "--json"]
    assert main(wanted) == 0
    assert json.loads(capsys.readouterr().out)["types"]["blk.0.ffn_up.weight"] == "IQ2_XXS"


def test_experts_have_figures_of_their_own(tmp_path: Path, capsys: Capture) -> None:
    """Also those that no token came to, which all columns weigh the same for."""
    model = str(write_tiny_experts(tmp_path / "tiny.gguf", n=64, used=2, n_embd=256, n_ff=256))
    text, out, small = (tmp_path / name for name in ("text.txt", "im.gguf", "small.gguf"))
    text.write_text("once upon a time ", encoding="utf-8")
    assert main(["imatrix", model, "--file", str(text), str(out), "--ctx", "4", *SLOW]) == 0
    entry = open_imatrix(out).entries["blk.1.ffn_down_exps.weight"]
    assert entry.sums.shape == (64, 256)
    tokens = open_imatrix(out).entries["blk.1.attn_q.weight"].counts
    assert entry.counts.sum() == 2 * tokens.sum()
    assert (entry.counts == 0).any()
    assert (entry.importance()[entry.counts == 0] == 1).all()
    wanted = ["quantize", model, str(small), "IQ2_XXS", "--imatrix", str(out), "-t", "1", "--json"]
    capsys.readouterr()
    assert main(wanted) == 0
    assert json.loads(capsys.readouterr().out)["types"]["blk.0.ffn_up_exps.weight"] == "IQ2_XXS"


def test_errors_are_one_line(tmp_path: Path, capsys: Capture) -> None:
    model = str(write_tiny_llama(tmp_path / "tiny.gguf"))
    short, out = tmp_path / "short.txt", str(tmp_path / "im.gguf")
    short.write_text("once", encoding="utf-8")
    for text, place in (("none.txt", out), ("short.txt", out), ("short.txt", str(tmp_path))):
        assert main(["imatrix", model, "-f", str(tmp_path / text), place, *SLOW]) == 1
        assert capsys.readouterr().err.count("\n") == 1
    assert not Path(out).exists()
