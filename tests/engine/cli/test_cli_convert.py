"""`chaski convert`: its JSON, its errors, its exit codes."""

import json
from pathlib import Path

import pytest
from helpers.tiny_checkpoints import write_folder

from engine.cli.entry import main


def test_it_converts_and_says_so_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_folder(tmp_path / "model", "gemma")
    out = tmp_path / "m.gguf"
    assert main(["convert", str(folder), str(out), "--type", "f16", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["bytes"] == out.stat().st_size
    assert found["architecture"] == "gemma"
    assert found["type"] == "F16"
    assert found["resumed"] == 0
    assert {"tensors", "seconds", "peak_rss_bytes"} <= found.keys()


def test_a_dry_run_tells_the_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_folder(tmp_path / "model", "phi3")
    assert main(["convert", str(folder), "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sizes"].keys() >= {"auto", "q8_0"}
    assert main(["convert", str(folder), "--dry-run"]) == 0
    assert "Phi3ForCausalLM" in capsys.readouterr().out


def test_errors_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(tmp_path / "no"), str(tmp_path / "m.gguf")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["convert", str(tmp_path)]) == 2
    folder = write_folder(tmp_path / "model", "llama")
    assert main(["convert", str(folder), str(tmp_path / "m.gguf"), "--lora", "x=y"]) == 2
    assert "PLACE=SCALE" in capsys.readouterr().err
