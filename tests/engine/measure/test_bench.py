"""The bench times what it says, on the tokens its peers get."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.expert_models import write_tiny_experts
from helpers.open_tiny import drive, open_tiny
from helpers.recurrent import Recurrent, open_recurrent, recurrent_family

from engine.base.settings import LoadOptions
from engine.compute.cache import full
from engine.compute.graph import Conv, Linear, Select, select_early
from engine.compute.kernels import roof as kernels_roof
from engine.compute.simd.isa import isa
from engine.measure import bench as bench_room
from engine.measure.bench import (
    Roofs,
    Speed,
    _cache_bytes,
    bench,
    context_for,
    random_ids,
    stream_bytes_per_second,
    tile_products,
    work_of,
)
from engine.measure.live import peak_rss, rss
from engine.model import open_model
from engine.tape import Tape
from engine.weights.types import TensorType

SHAPE = Recurrent()


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
    assert tile_products(work_of(model)) == every - alone
    model.close()


def test_activations_of_sixteen_bits_cost_two_products(tmp_path: Path) -> None:
    options = LoadOptions(n_ctx=64, threads=1)
    model = open_tiny(tmp_path, options, type=TensorType.Q8_0, n_ff=128)
    (work,) = work_of(model).types
    down = model.file.tensors["blk.0.ffn_down.weight"].shape
    gated = (model.hyper.n_layer - 1) * down[0] * down[1]
    twice = work.prompt_products if isa().pairs else gated
    assert twice
    assert tile_products(work_of(model)) == work.prompt_products + twice
    model.close()


def test_of_a_recurrent_model_only_products_count(tmp_path: Path) -> None:
    """The taps of a convolution are two-dimensional, too, and no matrix."""
    with recurrent_family(SHAPE):
        model = open_recurrent(tmp_path, LoadOptions(n_ctx=64, threads=1), SHAPE)
    graph = select_early(model.backend.graph)
    first = next(i for i, op in enumerate(graph.ops) if isinstance(op, Select))
    shapes = [graph.weights[op.weight].shape for op in graph.ops[:first] if isinstance(op, Linear)]
    assert any(isinstance(op, Conv) for op in graph.ops)
    assert sum(t.prompt_products for t in work_of(model).types) == sum(a * b for a, b in shapes)
    model.close()


def test_windows_are_no_more_to_read_than_they_see(tmp_path: Path) -> None:
    window = {"llama.attention.sliding_window": 9, "llama.attention.sliding_window_pattern": 2}
    model = open_tiny(tmp_path, LoadOptions(n_ctx=64, threads=1), extra_metadata=window)
    assert _cache_bytes(work_of(model), 40) == (9 + 40) * 2 * (16 + 16) * 2
    model.close()


def test_a_depth_is_read_again_where_windows_do_not_go_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full, "BACK", 64)
    window = {"llama.attention.sliding_window": 9}
    options = LoadOptions(n_ctx=context_for(200, 3, 40), threads=1, batch=16)
    model = open_tiny(tmp_path, options, extra_metadata=window)
    lengths = list[int]()
    decode = bench_room._timed_decode

    def seen(tape: Tape, ids: list[int]) -> float:
        lengths.append(tape.sequence.length)
        return decode(tape, ids)

    monkeypatch.setattr(bench_room, "_timed_decode", seen)
    drive(bench(model, 200, 3, 40, 2))
    assert lengths == [40, 40]
    model.close()


def test_the_roof_is_measured_around_every_repetition(tmp_path: Path, monkeypatch: Any) -> None:
    """Bandwidths that drift: the median counts, all are told; what measuring takes is no peak."""
    drifting, taken = iter([20e9, 45e9, 30e9, 22e9]), []

    def bandwidth(threads: int) -> float:
        taken.append(np.ones(96 << 20, np.uint8))
        taken.clear()
        return next(drifting)

    monkeypatch.setattr(kernels_roof, "memory_bandwidth", bandwidth)
    monkeypatch.setattr(kernels_roof, "product_rate", lambda threads, tile: 100e9)
    model = open_tiny(tmp_path, LoadOptions(n_ctx=context_for(8, 3, 0), threads=1))
    peak_before = peak_rss()
    roofs = Roofs(model)
    speed: Speed = drive(bench(model, 8, 3, 0, 3, roofs))
    found = roofs.result(speed)
    assert found.memory_runs_gb_s == (20.0, 45.0, 30.0, 22.0)
    assert (found.memory_gb_s, found.products_g_s) == (26.0, 100.0)
    of_cache = 2 * 2 * (16 + 16) * 2  # layers, heads, a key and a value in half floats
    assert found.decode_tok_s == 26e9 / (work_of(model).bytes + of_cache)
    # All but the norms' vectors is read for each token.
    assert 0 < model.info.memory.weights - work_of(model).bytes < 0.01 * work_of(model).bytes
    assert peak_before <= roofs.peak < max(peak_before, rss()) + (48 << 20)
    model.close()


def test_what_loading_consists_of(tmp_path: Path) -> None:
    model = open_tiny(tmp_path, LoadOptions(n_ctx=64, threads=1), type=TensorType.Q8_0, n_ff=128)
    parts = model.info.load_parts_s
    known = {"header", "compiler", "plan", "tokenizer", "kernels", "packing", "reading"}
    assert set(parts) == known
    assert all(seconds >= 0 for seconds in parts.values())
    assert 0.5 * model.info.load_s < sum(parts.values()) <= model.info.load_s
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


def test_of_experts_only_those_a_token_goes_to_are_read(tmp_path: Path) -> None:
    path = write_tiny_experts(tmp_path / "m.gguf", n=8, used=2)
    model = drive(open_model(path, LoadOptions(n_ctx=64, threads=1), "tiny"))
    work, speed = work_of(model), Speed(0, 4, 0, decode=[3.0, 5.0, 4.0])
    idle = 2 * 3 * 6 * 64 * 96 * 4  # layers, matrices, experts that rest
    assert idle < model.info.memory.weights - work.bytes < idle + 0.01 * work.bytes
    assert stream_bytes_per_second(model, speed) == 4 * work.bytes
    model.close()
