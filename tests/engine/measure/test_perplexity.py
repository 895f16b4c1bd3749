"""Perplexity and KL divergence against a plain loop; what counts in documents and in windows."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from helpers.data import shared_data
from helpers.open_tiny import REFERENCE, drive, open_tiny

from engine.base.errors import ChaskiError
from engine.measure.documents import rows_of
from engine.measure.perplexity import Perplexity, perplexity
from engine.model import Model, open_model
from engine.tape import Tape

STORIES = ["once upon a time there was", "the little girl", "a", "named play and time"]


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return open_tiny(tmp_path, n_ctx=64)


def slow_perplexity(model: Model, rows: list[list[int]]) -> tuple[float, int]:
    """One token at a time, one logarithm at a time."""
    total, count = 0.0, 0
    for tokens in rows:
        tape = Tape(model.backend)
        for token, target in zip(tokens, tokens[1:], strict=False):
            logits = tape.run([token], "last")[0].astype(float)
            total += math.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[target]
            count += 1
    return math.exp(total / count), count


def test_documents_are_measured_one_by_one(model: Model, tmp_path: Path) -> None:
    file = tmp_path / "docs.json"
    file.write_text(json.dumps(STORIES))
    found: Perplexity = drive(perplexity(model, file, 20))
    tokens = [model.tokenizer.encode(text)[:20] for text in STORIES]
    slow, count = slow_perplexity(model, tokens)
    assert found.n_tokens == count
    assert found.ppl == pytest.approx(slow, rel=1e-5)
    assert 0 < found.ppl_error < found.ppl
    assert found.kl_mean is None


def test_windows_of_plain_text_count_their_second_half(model: Model, tmp_path: Path) -> None:
    file = tmp_path / "plain.txt"
    file.write_text(" ".join(STORIES) * 5)
    rows = rows_of(file, model.tokenizer, 16)
    n = len(model.tokenizer.encode(file.read_text()))
    assert len(rows) == n // 16
    assert all(row.tokens[0] == model.tokenizer.bos_id for row in rows)
    assert [(len(row.tokens), row.first, row.n_scored) for row in rows[:1]] == [(16, 9, 7)]
    found: Perplexity = drive(perplexity(model, file, 16))
    assert found.n_tokens == 7 * len(rows)


def test_a_model_does_not_differ_from_itself(model: Model, tmp_path: Path) -> None:
    file = tmp_path / "docs.json"
    file.write_text(json.dumps(STORIES))
    found: Perplexity = drive(perplexity(model, file, 20, model))
    assert found.kl_mean == pytest.approx(0.0, abs=1e-9)
    assert found.top1 == 1.0


def test_kl_divergence_of_another_model(model: Model, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = open_tiny(tmp_path / "other", n_ctx=64, seed=7)
    file = tmp_path / "docs.json"
    file.write_text(json.dumps(STORIES[:1]))
    found: Perplexity = drive(perplexity(model, file, 20, other))
    tokens = model.tokenizer.encode(STORIES[0])[:20]
    p, q = (softmax(Tape(m.backend), tokens) for m in (other, model))
    divergences = (p * np.log(p / q)).sum(axis=1)
    assert found.kl_mean == pytest.approx(divergences.mean(), rel=1e-4)
    assert found.kl_99 == pytest.approx(np.percentile(divergences, 99), rel=1e-4)
    assert found.top1 == np.mean(p.argmax(axis=1) == q.argmax(axis=1))


def softmax(tape: Tape, tokens: list[int]) -> np.ndarray:
    rows = [tape.run([t], "last")[0].astype(float) for t in tokens[:-1]]
    exps = np.exp(np.array(rows))
    return np.asarray(exps / exps.sum(axis=1, keepdims=True))


def test_models_with_other_vocabularies_cannot_be_compared(model: Model, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = open_tiny(tmp_path / "other", n_ctx=64, n_vocab=model.hyper.n_vocab + 32)
    with pytest.raises(ChaskiError, match="same vocabulary"):
        drive(perplexity(model, tmp_path / "x.json", 20, other))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("short.txt", b"the", "too short"),
        ("empty.json", b'[""]', "too short"),
        ("bad.txt", b"\xff\xfe\xff", "not UTF-8"),
    ],
)
def test_texts_that_cannot_be_measured(
    model: Model, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ChaskiError, match=words):
        drive(perplexity(model, file, 16))
    with pytest.raises(ChaskiError, match="cannot be read"):
        drive(perplexity(model, tmp_path / "none.txt", 16))


@pytest.mark.parametrize("name", ["stories260K/stories260K.gguf"])
def test_the_perplexity_that_llama_cpp_measured(name: str) -> None:
    path, text = shared_data(name), shared_data("text", "tinystories_20.json")
    reference = json.loads(shared_data("llama_cpp_refs.json").read_text())[path.name]
    model: Model = drive(open_model(path, REFERENCE, "stories"))
    found: Perplexity = drive(perplexity(model, text, 256))
    assert found.n_tokens == reference["ppl_tokens"]
    assert found.ppl == pytest.approx(reference["ppl"], rel=1e-5)
