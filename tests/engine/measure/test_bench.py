"""The bench times what it says, on the tokens its peers get."""

import random
from pathlib import Path

from helpers.open_tiny import drive, open_tiny

from engine.base.settings import LoadOptions
from engine.measure.bench import (
    Speed,
    bench,
    context_for,
    matrix_weights,
    peak_rss,
    random_ids,
    stream_bytes_per_second,
)


def test_every_repetition_is_timed(tmp_path: Path) -> None:
    options = LoadOptions(backend="reference", n_ctx=context_for(8, 3, 5), batch=4, threads=1)
    model = open_tiny(tmp_path, options, n_ctx=512)
    speed: Speed = drive(bench(model, 8, 3, 5, 2))
    assert (len(speed.prompt), len(speed.decode)) == (2, 2)
    assert all(rate > 0 for rate in speed.prompt + speed.decode)
    assert stream_bytes_per_second(model, speed) > 0
    model.close()


def test_the_roof_counts_what_every_token_of_a_prompt_goes_through(tmp_path: Path) -> None:
    model = open_tiny(tmp_path, LoadOptions(n_ctx=64, threads=1))
    shapes = {n: t.shape for n, t in model.file.tensors.items() if n.startswith("blk.")}
    last = f"blk.{model.hyper.n_layer - 1}."
    every = sum(s[0] * s[1] for s in shapes.values() if len(s) == 2)
    late = ("attn_output", "ffn_gate", "ffn_up", "ffn_down")
    alone = sum(shapes[f"{last}{n}.weight"][0] * shapes[f"{last}{n}.weight"][1] for n in late)
    assert matrix_weights(model) == every - alone
    model.close()


def test_nothing_wanted_is_not_timed(tmp_path: Path) -> None:
    options = LoadOptions(backend="reference", n_ctx=100, threads=1)
    model = open_tiny(tmp_path, options, n_ctx=512)
    speed: Speed = drive(bench(model, 0, 0, 0, 1))
    assert (speed.prompt, speed.decode) == ([], [])
    assert stream_bytes_per_second(model, speed) == 0.0
    model.close()


def test_the_tokens_are_those_of_the_peers() -> None:
    random.seed(0)
    assert random_ids(32000, 5) == [random.randrange(300, 32000) for _ in range(5)]
    random.seed(0)
    assert random_ids(512, 5) == [random.randrange(512) for _ in range(5)]


def test_the_peak_of_memory_is_more_than_python_alone_needs() -> None:
    assert peak_rss() > 10 << 20
