"""Losses that were measured here are found again for models that lie on a hub."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.open_tiny import drive
from helpers.tiny_models import write_tiny_llama

from engine.base.paths import Paths
from engine.cli import main
from engine.discover.losses import LossLevel as Grade
from engine.discover.losses import loss_measured, measured_words
from engine.jobs import Make, Measure
from engine.jobs.making import making
from engine.jobs.measuring import measuring
from engine.measure.comparison import is_made_of, model_head
from engine.measure.known_losses import KnownLosses, Subject, sha256_of, subject_named
from engine.measure.losses import Loss, plain_name
from engine.weights.types import TensorType

REFERENCE = ["--backend", "reference", "-t", "1"]
STORIES = ["once upon a time there was", "the little girl", "a", "named play and time"] * 3
NAMED = {
    "general.name": "Tiny Llama 3M",
    "general.basename": "Tiny-Llama",
    "general.size_label": "3M",
}
LOSS = Loss(
    "Q4_K_M", "a.gguf", "m", 2_500_000_000, 4.9, "", "k", 600, 8.0, 8.2, 0.03, 0.4, 0.95,
    models=("qwen34b",), parameters=4_020_000_000, sha256="abc",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Qwen/Qwen3-4B-GGUF", "qwen34b"),
        ("Qwen3 4B", "qwen34b"),
        ("Qwen3-4B-Instruct-2507", "qwen34binstruct2507"),
        ("model", ""),
        ("x", ""),
        ("", ""),
        ("Élan-7B", "élan7b"),
    ],
)
def test_plain_names(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_which_measurement_is_meant() -> None:
    other = replace(LOSS, name="Q8_0", bytes=4_280_000_000, sha256="")
    newer = replace(LOSS, ppl=8.3, sha256="def")
    known = KnownLosses((LOSS, other, newer))
    same = subject_named(4_022_000_000, "bartowski/Qwen3-4B-GGUF")
    assert known.of(Subject((), 0), "", 0, "abc") is LOSS, "by the file's contents"
    assert known.of(same, "Q4_K_M", 2_497_000_000) is newer, "by the model; the newest"
    assert known.of(same, "q8_0", 4_280_000_000) is other
    assert known.of(same, "Q6_K", 3_300_000_000) is None
    assert known.of(same, "Q4_K_M", 2_800_000_000) is None, "another mix under the same name"
    assert known.of(subject_named(8_190_000_000, "Qwen3-4B"), "Q4_K_M", 2_500_000_000) is None
    assert known.of(subject_named(4_020_000_000, "Qwen3-4B-Tuned"), "Q4_K_M", 2_500_000_000) is None
    assert known.of(subject_named(0), "Q4_K_M", 2_500_000_000) is None
    tuned = subject_named(4_020_000_000, "me/MyTune-4B-GGUF", "Qwen3 4B")
    assert known.of(tuned, "Q4_K_M", 2_500_000_000) is None, "its maker left the old name in it"
    unnamed = subject_named(4_020_000_000, "Qwen/Qwen3-4B-GGUF", "model")
    assert known.of(unnamed, "Q4_K_M", 2_500_000_000) is newer, "a name that says nothing is none"


def test_thousands_of_files_and_of_losses_are_no_work() -> None:
    known = KnownLosses(tuple(replace(LOSS, name=f"Q{i % 9}", sha256=str(i)) for i in range(6000)))
    same = subject_named(4_020_000_000, "Qwen3-4B")
    begun = time.thread_time()
    assert all(known.of(same, "IQ7", 2_500_000_000, f"x{i}") is None for i in range(20_000))
    assert time.thread_time() - begun < 1.0


def test_grades_and_words() -> None:
    usual = {
        -0.01: Grade.UNSEEN,
        0.004: Grade.UNSEEN,
        0.009: Grade.SLIGHT,
        0.028: Grade.SMALL,
        0.075: Grade.FELT,
        0.26: Grade.CLEAR,
        0.9: Grade.HEAVY,
    }
    assert {worse: loss_measured(worse) for worse in usual} == usual
    assert measured_words(0.024) == "measured: 2.4 % worse at predicting text"
    assert measured_words(0.31) == "measured: 31 % worse at predicting text"
    assert measured_words(-0.002) == "measured: no loss was found"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return Paths.under(tmp_path / "home")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "tiny-F16.gguf"
    return write_tiny_llama(path, type=TensorType.F16, n_ctx=64, extra_metadata=NAMED)


@pytest.fixture
def small(source: Path) -> Path:
    out = source.with_name("tiny-Q4_0.gguf")
    drive(making(Make(source, out, "Q4_0", threads=1)))
    return out


@pytest.fixture
def local(small: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    with LocalHub() as local:
        monkeypatch.setenv("HF_ENDPOINT", local.url)
        made = local.add(Repository("someone/other-name-GGUF"))
        made.gguf = {"architecture": "llama", "total": 1}
        made.put("other-Q4_0.gguf", small.read_bytes()).put("other-Q8_0.gguf", small.read_bytes())
        yield local


def loss_there(capsys: pytest.CaptureFixture[str], name: str) -> Any:
    capsys.readouterr()
    assert main(["info", name, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["loss"]


def test_from_the_command_line_to_the_hub(
    home: Paths, source: Path, small: Path, local: LocalHub, capsys: pytest.CaptureFixture[str]
) -> None:
    text = source.with_name("text.json")
    text.write_text(json.dumps(STORIES))
    before = loss_there(capsys, "hf:someone/other-name-GGUF:Q4_0")
    assert before == {"words": "a loss that can be felt", "measured": None}
    run = ["perplexity", str(small), "-f", str(text), "--ctx", "20", *REFERENCE]
    assert main([*run, "--reference", str(source)]) == 0
    assert "kept" in capsys.readouterr().err
    found = loss_there(capsys, "hf:someone/other-name-GGUF:Q4_0")
    assert found["words"].startswith("measured: ")
    assert found["measured"]["text"] == "text.json"
    assert main(["search", "other", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["models"][0]["files"]
    assert {f["quant"]: bool(f["measured"]) for f in files} == {"Q4_0": True, "Q8_0": True}, (
        "both have the very contents that were measured"
    )
    assert main(["search", "other"]) == 0
    assert "measured: " in capsys.readouterr().out


def test_only_what_was_made_of_the_other_is_a_loss(
    home: Paths, source: Path, small: Path, tmp_path: Path
) -> None:
    one, other = model_head(small), model_head(source)
    assert is_made_of(one, other)
    assert one.names == other.names == ("tinyllama3m", "tiny")
    assert not is_made_of(other, one)
    assert not is_made_of(one, replace(other, parameters=other.parameters + 1))
    assert not is_made_of(one, replace(other, architecture="qwen3"))
    assert not is_made_of(one, replace(other, bytes=other.parameters // 2))
    text = tmp_path / "text.json"
    text.write_text(json.dumps(STORIES))
    run = ["perplexity", str(source), "-f", str(text), "--ctx", "20", *REFERENCE]
    assert main([*run, "--reference", str(small)]) == 0, "the other way round is no loss"
    assert not home.losses_file.exists()


def test_from_the_workshop_to_the_hub(
    home: Paths, source: Path, small: Path, local: LocalHub, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another file of the same model and type: by its head's name, weights and size."""
    text = source.with_name("text.json")
    text.write_text(json.dumps(STORIES))
    drive(measuring(Measure(source, small, "Q4_0", text, threads=1), home))
    kept = KnownLosses.kept_in(home.losses_file).losses[0]
    assert kept.sha256 == drive(sha256_of(small))  # type: ignore[arg-type]
    assert kept.parameters == model_head(small).parameters
    again = small.with_name("again-Q4_0.gguf")
    drive(making(Make(source, again, "Q4_0", threads=1)))
    changed = bytearray(again.read_bytes())
    changed[-1] ^= 1
    local.add(Repository("maker/Tiny-Llama-3M-GGUF")).put("again-Q4_0.gguf", bytes(changed))
    local.add(Repository("maker/Tuned-3M-GGUF")).put("again-Q4_0.gguf", bytes(changed))
    found = loss_there(capsys, "hf:maker/Tiny-Llama-3M-GGUF")["measured"]
    assert found["file"] == "tiny-Q4_0.gguf"
    assert loss_there(capsys, "hf:maker/Tuned-3M-GGUF")["measured"] is None, (
        "made of the same model, whose name stays in the head: another one was measured"
    )
