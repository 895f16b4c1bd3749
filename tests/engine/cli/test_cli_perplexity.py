"""Perplexity from the command line: two models one after the other, and texts that are none."""

import json
from pathlib import Path

import pytest
from helpers.open_tiny import REFERENCE as OPTIONS
from helpers.open_tiny import drive
from helpers.tiny_models import write_tiny_llama

from engine import model as model_module
from engine.cli import main
from engine.measure.perplexity import perplexity
from engine.model import Model, open_model

REFERENCE = ["--backend", "reference", "-t", "1"]
STORIES = ["once upon a time there was", "the little girl", "a", "named play and time"] * 3


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))


@pytest.fixture
def models(tmp_path: Path) -> list[Path]:
    return [write_tiny_llama(tmp_path / f"{seed}.gguf", n_ctx=64, seed=seed) for seed in (0, 7)]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "docs.json"
    path.write_text(json.dumps(STORIES))
    return path


def test_a_reference_is_read_after_the_model_with_the_same_figures(
    models: list[Path], text: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    both = [drive(open_model(m, OPTIONS, m.stem)) for m in models]
    together = drive(perplexity(both[0], text, 20, both[1]))
    open_now: set[int] = set()
    most = 0
    make, close = model_module.new_backend, Model.close

    def counted(*args: object, **kwargs: object) -> object:
        nonlocal most
        open_now.add(len(open_now) + most)
        most = max(most, len(open_now))
        return make(*args, **kwargs)  # type: ignore[arg-type]

    def closed(self: Model) -> None:
        open_now.clear()
        close(self)

    monkeypatch.setattr(model_module, "new_backend", counted)
    monkeypatch.setattr(Model, "close", closed)
    run = ["perplexity", str(models[0]), "-f", str(text), "--ctx", "20", "--json", *REFERENCE]
    assert main([*run, "--reference", str(models[1])]) == 0
    found = json.loads(capsys.readouterr().out)
    assert most == 1, "one model in memory at a time"
    for name in ("ppl", "ppl_error", "kl_mean", "kl_99", "top1", "n_tokens"):
        assert found[name] == getattr(together, name), name
    home = text.parent / "home"
    assert not [path for path in home.rglob("*") if path.is_file() and path.stat().st_size > 1e5]


def test_a_reference_with_another_vocabulary_is_told_before_anything_is_read(
    models: list[Path], text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_tiny_llama(tmp_path / "other.gguf", n_vocab=640)
    run = ["perplexity", str(models[0]), "-f", str(text), "--reference", str(other), *REFERENCE]
    assert main(run) == 1
    assert "same vocabulary" in capsys.readouterr().err


@pytest.mark.parametrize("ctx", ["1", "2"])
def test_the_smallest_contexts(
    ctx: str, models: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "a.txt"
    text.write_text("once upon a time " * 20)
    run = ["perplexity", str(models[0]), "-f", str(text), *REFERENCE]
    for more in ([], ["--reference", str(models[1])]):
        assert main([*run, "-c", ctx, *more]) == 1
        error = capsys.readouterr().err
        assert "3 is the least" in error
    assert main([*run, "-c", "3"]) == 0


BAD = {
    "numbers": (b"[1,2]", "JSON but no list of texts"),
    "an object": (b'{"a": "once upon a time there was a girl"}', "JSON but no list of texts"),
    "one text": (b'"once upon a time there was a girl"', "JSON but no list of texts"),
    "no JSON": (b"once upon a time there was a little girl", "is no valid JSON"),
    "nesting": (b"[" * 100_000, "is no valid JSON"),
    "a number": (b"[" + b"9" * 10_000 + b"]", "is no valid JSON"),
    "nothing": (b"[]", "too short"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("verb", ["perplexity", "imatrix"])
def test_json_that_is_no_list_of_texts(
    name: str, verb: str, models: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, words = BAD[name]
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    out = [str(tmp_path / "out.gguf")] if verb == "imatrix" else []
    assert main([verb, str(models[0]), "-f", str(path), *out, *REFERENCE]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["perplexity", "imatrix", "tokenize", "render"])
def test_texts_that_never_end(
    verb: str, models: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flag = "--messages" if verb == "render" else "-f"
    run = [verb, str(models[0]), flag, "/dev/zero"]
    if verb in ("perplexity", "imatrix"):
        run += REFERENCE + ([str(tmp_path / "out.gguf")] if verb == "imatrix" else [])
    assert main(run) == 1
    assert "neither a file nor a pipe" in capsys.readouterr().err
