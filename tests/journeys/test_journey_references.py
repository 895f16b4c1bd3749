"""Real weights, judged by what llama.cpp gives: greedy ids, perplexity, closeness to the truth."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.data import shared_data

from engine.cli import main

EXACT = ("stories260K/stories260K.gguf", "stories260K-x256/stories260K-x256-F32.gguf")
QUANTIZED = tuple(
    f"stories260K-x256/stories260K-x256-{kind}.gguf" for kind in ("Q4_0", "Q8_0", "Q4_K_M", "Q6_K")
)
MOST_RMS = 0.055  # of the logits, against exact weights and float activations; llama.cpp: 0.05-0.09
LEAST_TOP1 = 0.985
PPL_TOLERANCE = 0.005


def references(path: Path) -> dict[str, Any]:
    found = json.loads(shared_data("llama_cpp_refs.json").read_text())[path.name]
    assert isinstance(found, dict)
    return found


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("backend", ["reference", "cpu"])
@pytest.mark.parametrize("name", EXACT)
def test_greedy_ids(name: str, backend: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = shared_data(name)
    expected = references(path)
    flags = ["-n", "64", "--temperature", "0", "--backend", backend]
    found = run_json(capsys, "complete", str(path), "-p", expected["prompt"], *flags)
    assert found["prompt_ids"] == expected["prompt_ids"]
    assert found["ids"] == expected["greedy_ids"]
    assert expected["prompt"] + found["text"] == expected["text"]


@pytest.mark.parametrize("name", EXACT)
def test_logits_of_the_last_prompt_token(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared_data(name)
    expected = references(path)
    ids = ",".join(map(str, expected["prompt_ids"]))
    flags = ["--ids", ids, "--out", str(tmp_path / "l.npy"), "--backend", "reference"]
    run_json(capsys, "logits", str(path), *flags)
    last = np.load(tmp_path / "l.npy")[-1]
    for token, logit in expected["top8"]:
        assert last[token] == pytest.approx(logit, abs=2e-4)


@pytest.mark.parametrize("name", [*EXACT, *QUANTIZED])
def test_perplexity(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path, text = shared_data(name), shared_data("text", "tinystories_20.json")
    expected = references(path)
    found = run_json(capsys, "perplexity", str(path), "--file", str(text), "--ctx", "256")
    assert found["n_tokens"] == expected["ppl_tokens"]
    assert found["ppl"] == pytest.approx(expected["ppl"], rel=PPL_TOLERANCE)


@pytest.mark.parametrize("name", QUANTIZED)
def test_the_cpu_backend_is_close_to_the_truth(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared_data(name)
    story = json.loads(shared_data("text", "tinystories_20.json").read_text())[0]
    ids = run_json(capsys, "tokenize", str(path), story)["ids"][:200]
    tables = []
    for backend in ("reference", "cpu"):
        out = tmp_path / f"{backend}.npy"
        flags = ["--ids", ",".join(map(str, ids)), "--out", str(out), "--backend", backend]
        run_json(capsys, "logits", str(path), *flags)
        tables.append(np.load(out).astype(np.float64))
    exact, ours = tables
    assert np.sqrt(np.mean((exact - ours) ** 2)) <= MOST_RMS
    assert np.mean(exact.argmax(axis=1) == ours.argmax(axis=1)) >= LEAST_TOP1
