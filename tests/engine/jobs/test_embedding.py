"""Vectors of texts, whole: from a folder of sentence-transformers to the rows of `chaski embed`."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.encoder_folders import write_encoder
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_models import write_tiny_llama
from numpy.typing import NDArray

from engine import jobs
from engine.base.errors import ChaskiError, UnsupportedError
from engine.base.events import Notice
from engine.base.paths import Paths
from engine.base.settings import LoadOptions
from engine.cli import main
from engine.embed import Embedded
from engine.jobs.embedding import embedding
from engine.model import open_model
from engine.text.tokenizer import make_tokenizer
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.open_file import OpenFile
from engine.workshop.convert import convert

TEXTS = ("The cat sees Lily", "unable dogs played with the red ball.", "a", "a dog? A cat.")
CPU = LoadOptions(cache_type="f32", threads=2)
PLAIN = LoadOptions(backend="reference")


def made(folder: Path, name: str, pooling: str = "", **dense: Any) -> Path:
    out = folder / f"{name}{pooling}.gguf"
    drive(convert(write_encoder(folder / f"hf{pooling}", name, pooling, **dense), out))
    return out


def vectors(path: Path, *texts: str, options: LoadOptions = CPU, **asked: Any) -> Embedded:
    order = jobs.Embed(path, texts or TEXTS, options=options, **asked)
    found = drive(embedding(order, Paths.under(path.parent / "home")))
    assert isinstance(found, Embedded)
    return found


def by_hand(path: Path, text: str, pooling: str) -> NDArray[np.float32]:
    """sentence-transformers' rules over the last layer's rows."""
    rows = vectors(path, text, options=LoadOptions(backend="reference", pooling="none"),
                   normalized=False).rows  # fmt: skip
    row = {"mean": rows.mean(axis=0), "cls": rows[0], "last": rows[-1]}[pooling]
    return row / np.sqrt(np.sum(row**2))


@pytest.mark.parametrize(
    ("said", "pooling"), [("mean_tokens", "mean"), ("cls_token", "cls"), ("lasttoken", "last")]
)
def test_texts_become_what_sentence_transformers_makes(
    said: str, pooling: str, tmp_path: Path
) -> None:
    path = made(tmp_path, "bert", said)
    wanted = [by_hand(path, text, pooling) for text in TEXTS]
    for options in (CPU, PLAIN):
        found = vectors(path, options=options)
        assert found.pooling == pooling
        assert found.n_cut == 0
        np.testing.assert_allclose(found.rows, wanted, rtol=0, atol=1e-5)
        np.testing.assert_allclose(np.sum(found.rows**2, axis=1), 1, atol=1e-5)


def test_matrices_behind_the_pooling_count(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    first, second = (chance.standard_normal(s).astype(np.float32) for s in ((48, 32), (16, 48)))
    bias = chance.standard_normal(16).astype(np.float32)
    steps = {"2_Dense": {"linear.weight": first}}
    steps["3_Dense"] = {"linear.weight": second, "linear.bias": bias}
    path = made(tmp_path, "bert", "mean_tokens", **steps)
    plain = made(tmp_path / "plain", "bert", "mean_tokens")
    pooled = vectors(plain, normalized=False).rows
    found = vectors(path, normalized=False).rows
    np.testing.assert_allclose(found, pooled @ first.T @ second.T + bias, rtol=0, atol=1e-4)


def test_long_texts_are_cut_where_the_model_ends_and_that_is_told(tmp_path: Path) -> None:
    path, long = made(tmp_path, "bert", "mean_tokens"), "a dog " * 200
    order = jobs.Embed(path, ("a cat", long), options=CPU)
    told: list[Any] = []
    found = drive(embedding(order, Paths.under(tmp_path / "home")), told)
    words = [str(event.text) for event in told if isinstance(event, Notice)]
    assert any("1 of 2 texts are longer than the 128 tokens" in each for each in words)
    assert (found.n_cut, found.n_tokens) == (1, 4 + 128)
    whole = vectors(path, "a dog " * 63)  # 126 tokens and two around them
    np.testing.assert_allclose(found.rows[1:], whole.rows, rtol=0, atol=1e-5)


def test_a_reranker_scores_pairs_with_their_segments(tmp_path: Path) -> None:
    path = made(tmp_path, "bert_ranks")
    found, plain = (
        vectors(path, *TEXTS[:3], query="red ball?", options=each) for each in (CPU, PLAIN)
    )
    assert found.labels == ("no", "yes")
    np.testing.assert_allclose(found.rows, plain.rows, rtol=0, atol=1e-4)
    assert np.abs(found.rows[0] - found.rows[1]).max() > 0.01
    with pytest.raises(ChaskiError, match="give that with --query"):
        vectors(path)
    with pytest.raises(ChaskiError, match="leave --query out"):
        vectors(made(tmp_path / "other", "bert", "cls_token"), query="red?")


def test_a_decoder_that_scores_reads_its_template(tmp_path: Path) -> None:
    """As llama.cpp writes Qwen3-Reranker: two rows for yes and no, a template of its own."""
    chance = np.random.default_rng(2)
    head = chance.standard_normal((2, 64)).astype(np.float32)
    said: dict[str, Any] = {
        "llama.pooling_type": 4,
        "llama.classifier.output_labels": ["yes", "no"],
        "tokenizer.chat_template.rerank": "<s>q: {query} d: {document} yes?",
    }
    path = write_tiny_llama(
        tmp_path / "m.gguf", extra_metadata=said, extra_tensors={"cls.output.weight": head}
    )
    plain = write_tiny_llama(tmp_path / "plain.gguf")
    found = vectors(path, "a </s> b", query="who?")
    text = "q: who? d: a </s> b yes?"  # in which </s> is text
    last = LoadOptions(cache_type="f32", pooling="last")
    with open_gguf(plain) as file:
        ids = make_tokenizer(file.metadata).encode(text)
    row = vectors(plain, text, options=last, normalized=False).rows[0]
    yes, no = row @ head.T
    assert found.n_tokens == len(ids)
    np.testing.assert_allclose(found.rows, [[1 / (1 + np.exp(no - yes))]], rtol=0, atol=1e-5)


def test_a_text_longer_than_a_pass_is_read_in_pieces(tmp_path: Path) -> None:
    path, text = write_tiny_llama(tmp_path / "m.gguf"), "once upon a time there was a girl " * 12
    last = LoadOptions(cache_type="f32", pooling="last")
    whole = vectors(path, text, "a", options=last)
    pieces = vectors(path, text, "a", options=replace(last, batch=32))
    assert whole.n_tokens > 64
    np.testing.assert_allclose(pieces.rows, whole.rows, rtol=0, atol=1e-5)


def test_who_cannot_do_what_is_asked_says_so(tmp_path: Path) -> None:
    silent = made(tmp_path, "bert")
    with pytest.raises(UnsupportedError, match="does not say how the tokens"):
        vectors(silent)
    assert len(vectors(silent, "a", options=LoadOptions(pooling="cls")).rows) == 1
    with pytest.raises(UnsupportedError, match="makes vectors of texts.*cannot write or chat"):
        drive(open_model(silent, REFERENCE, "tiny"))


def test_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    path = made(tmp_path, "bert", "mean_tokens")
    file = tmp_path / "lines.txt"
    file.write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
    assert main(["embed", str(path), "--file", str(file), "--json", "--cache-type", "f32"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["dimensions"], told["pooling"], told["cut"]) == (32, "mean", 0)
    np.testing.assert_allclose(told["embeddings"], vectors(path).rows, rtol=0, atol=1e-6)
    assert main(["embed", str(path)]) == 2
    assert main(["info", str(path)]) == 0
    assert "makes vectors of texts (chaski embed)" in capsys.readouterr().out
    assert main(["complete", str(path), "-p", "a"]) == 1
    assert "cannot write or chat" in capsys.readouterr().err


class Opens:
    """Files that were opened while this was there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: list[OpenFile] = []
        plain = OpenFile.__init__

        def noted(file: OpenFile, path: str | Path) -> None:
            plain(file, path)
            self.files.append(file)

        monkeypatch.setattr(OpenFile, "__init__", noted)

    @property
    def left_open(self) -> int:
        return sum(file._close.alive for file in self.files)


def test_the_file_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path, "bert", "mean_tokens")
    opens = Opens(monkeypatch)
    vectors(path, options=PLAIN)
    assert [file.name for file in opens.files] == [path.name]
    assert opens.left_open == 0


def test_stopped_anywhere_the_file_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, steps = made(tmp_path, "bert", "mean_tokens"), 1
    opens = Opens(monkeypatch)
    while True:
        order = jobs.Embed(path, TEXTS, options=PLAIN)
        work = embedding(order, Paths.under(tmp_path / "home"))
        ended = [True for _ in range(steps) if next(work, "end") == "end"]
        work.close()
        assert opens.left_open == 0, steps
        if ended:
            break
        steps += 1
    assert steps > 4
