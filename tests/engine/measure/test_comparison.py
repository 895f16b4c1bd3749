"""A made model against its source, one after the other: the same figures as both at once."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import ChaskiError, MemoryTooSmallError, UsageError
from engine.base.events import Event, Progress, Stage
from engine.measure.comparison import (
    MOST_TOKENS,
    Sample,
    check_source,
    compare,
    known_predictions,
    predict,
    sample,
)
from engine.measure.perplexity import perplexity
from engine.measure.predictions import Predictions, Writer
from engine.model import open_model
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

STORIES = ["once upon a time there was a little girl; she sang", "the girl named Rosa did play"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "source.gguf", n_ctx=64)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "made.gguf", n_ctx=64, type=TensorType.Q4_0)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "stories.json"
    path.write_text(json.dumps(STORIES))
    return path


def sampled(path: Path, text: Path) -> Sample:
    with open_gguf(path) as file:
        return sample(file, text, REFERENCE)


def test_one_after_the_other_gives_what_both_at_once_give(
    source: Path, made: Path, text: Path, tmp_path: Path
) -> None:
    over = sampled(made, text)
    told: list[Event] = []
    kept = drive(predict(source, over, tmp_path / "kept" / "a", REFERENCE), told)
    found = drive(compare(made, over, kept, REFERENCE))
    both = [drive(open_model(path, REFERENCE, path.stem)) for path in (made, source)]
    exact = drive(perplexity(both[0], text, 64, both[1]))
    alone = drive(perplexity(both[1], text, 64))
    assert exact.kl_mean > 1e-4
    assert found.made.n_tokens == exact.n_tokens == over.n_scored
    assert found.made.ppl == exact.ppl
    assert found.source_ppl == pytest.approx(alone.ppl, rel=1e-12)
    assert found.made.kl_mean == pytest.approx(exact.kl_mean, rel=1e-3)
    assert found.made.kl_99 == pytest.approx(exact.kl_99, rel=1e-3)
    assert found.made.top1 == exact.top1
    steps = [event for event in told if isinstance(event, Progress) and event.total]
    assert steps[-1].done == steps[-1].total


def test_predictions_are_kept_and_known_again(source: Path, text: Path, tmp_path: Path) -> None:
    over, place = sampled(source, text), tmp_path / "kept" / "a"
    assert known_predictions(place, over) is None
    drive(predict(source, over, place, REFERENCE))
    known = known_predictions(place, over)
    assert known is not None
    itself = drive(compare(source, over, known, REFERENCE))
    assert itself.made.kl_mean == pytest.approx(0, abs=1e-7)
    assert itself.made.top1 == 1.0
    (place / "heads.npy").write_bytes(b"no array")
    assert known_predictions(place, over) is None, "what is damaged is written anew"
    drive(predict(source, over, tmp_path / "kept" / "b", REFERENCE))
    assert [p.name for p in place.parent.iterdir()] == ["b"], "only the newest is kept"


def test_a_stopped_reading_leaves_nothing(source: Path, text: Path, tmp_path: Path) -> None:
    job = predict(source, sampled(source, text), tmp_path / "kept" / "a", REFERENCE)
    for event in job:
        if isinstance(event, Progress) and event.stage is Stage.TEXT:
            break
    job.close()
    assert list((tmp_path / "kept").iterdir()) == []


def test_compact_predictions_are_close_and_sum_to_one(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    logits = random.standard_normal((40, 300)) * 6
    logits[0] = 0.0  # all alike
    logits[1, 0] = 500.0  # certain
    logs = logits - np.log(np.exp(logits - logits.max(1, keepdims=True)).sum(1, keepdims=True))
    logs -= logits.max(1, keepdims=True)
    writer = Writer(tmp_path / "kept" / "a", 40, 300)
    writer.add(logs[:32], np.arange(32.0))
    writer.add(logs[32:], np.arange(32.0, 40.0))
    kept = writer.finish()
    assert kept.losses.tolist() == list(range(40))
    back = Predictions(tmp_path / "kept" / "a").logs(0, 40)
    assert np.exp(back).sum(axis=1) == pytest.approx(np.ones(40), abs=1e-12)
    likely = logs > logs.max(axis=1, keepdims=True) - 20
    assert np.abs(back - logs)[likely].max() < 4e-4
    assert (tmp_path / "kept" / "a" / "levels.npy").stat().st_size < 2 * 40 * 300 + 200


def test_a_text_is_read_from_its_beginning(source: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("once upon a time " * 20_000)
    over = sampled(source, long)
    assert MOST_TOKENS - 64 < sum(len(row.tokens) for row in over.rows) <= MOST_TOKENS
    assert over.longest == 64
    short = tmp_path / "short.txt"
    short.write_text("once upon a time a grey fox met Rosa")
    whole = sampled(source, short)
    assert len(whole.rows) == 1
    assert whole.n_scored == len(whole.rows[0].tokens) - 1
    for words in ("girl", ""):
        short.write_text(words)
        with pytest.raises(ChaskiError, match="too short"):
            sampled(source, short)


def test_other_tokens_cannot_be_compared(source: Path, text: Path, tmp_path: Path) -> None:
    other = write_tiny_llama(tmp_path / "other.gguf", n_ctx=64, n_vocab=1024)
    with open_gguf(source) as file, pytest.raises(UsageError, match="same vocabulary"):
        check_source(file, text, REFERENCE, sampled(other, text))


def test_memory_is_checked_before_anything_is_read(
    source: Path, text: Path, tmp_path: Path
) -> None:
    """A real file of 300 GB, nearly all of it a hole."""
    hollow, n_ff, n_layer = tmp_path / "hollow.gguf", 1 << 20, 400
    with open_gguf(source) as file:
        writer = GGUFWriter(hollow)
        larger = {"llama.feed_forward_length": n_ff, "llama.block_count": n_layer}
        writer.set_all(file.metadata | larger, file.value_types)
        shapes = {name: info.shape for name, info in file.tensors.items()}
    for name, shape in shapes.items():
        if name.startswith("blk.0."):
            for i in range(n_layer):
                wide = tuple(n_ff if "ffn" in name and n == 96 else n for n in shape)
                writer.declare(name.replace("blk.0.", f"blk.{i}."), wide)
        elif not name.startswith("blk."):
            writer.declare(name, shape)
    hollow.write_bytes(writer._header())
    with hollow.open("r+b") as raw:
        raw.truncate(330_000_000_000)
    options = replace(REFERENCE, backend="cpu")
    with open_gguf(hollow) as file, pytest.raises(MemoryTooSmallError, match="hollow.gguf needs"):
        sample(file, text, options)
