"""Ops of a few lines: norms of heads with weights of their own, factors by position, xIELU."""

from pathlib import Path

import numpy as np
import pytest
from helpers.graph_models import VOCAB, Draft, apart, weights_of
from helpers.loaded import make_backend

from engine.compute.backends import BatchEntry
from engine.compute.backends.reference_math import xielu
from engine.compute.graph import Graph, TemperSpec, Value, Xielu, temper_factors

EXACT = 1e-5


def ended(d: Draft, x: Value) -> Graph:
    return d.logits(d.graph.rms_norm(x, None, 1e-5))


@pytest.mark.parametrize("group", [4, 16, 64])
def test_heads_have_weights_of_their_own(group: int, tmp_path: Path) -> None:
    d = Draft()
    graph = ended(d, d.graph.layer_norm_heads(d.x, "n", 1e-5, group))
    assert graph.weights["n"].shape == (64 // group, group)
    assert apart(graph, tmp_path / "m.gguf") < EXACT


def test_factors_grow_in_steps() -> None:
    found = temper_factors(TemperSpec(0.5, 4), np.arange(9))
    assert found[:4].tolist() == [1.0] * 4
    assert found[4:8] == pytest.approx([1 + 0.5 * np.log(2)] * 4)
    assert found[8] == pytest.approx(1 + 0.5 * np.log(3))
    assert temper_factors(TemperSpec(0.5, 4, 1.0), np.arange(4))[3] == found[4]


@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_positions_count_on_from_pass_to_pass(backend: str, tmp_path: Path) -> None:
    d = Draft()
    graph = d.logits(d.graph.add(d.x, d.graph.temper(d.linear(d.x, "w"), TemperSpec(0.5, 2))))
    made = make_backend(backend, graph, weights_of(graph, tmp_path / "m.gguf"), n_ctx=32)
    ids = np.array([5, 3, 5, 7, 5, 1], np.int32)
    whole = made.run([BatchEntry(made.new_sequence(), ids, "all")]).copy()
    sequence = made.new_sequence()
    parts = [made.run([BatchEntry(sequence, ids[i : i + 2], "all")]).copy() for i in (0, 2, 4)]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-4)
    assert whole.shape == (6, VOCAB)
    assert np.abs(whole[2] - whole[0]).max() > 0.1  # the same token, further on


def test_xielu_is_what_the_paper_says() -> None:
    act = Xielu(0.8, 1.1, 0.5, -0.01)
    x = np.array([[2.0, -2.0, -0.005]], np.float32)
    curved = 1.1 * (np.expm1(-2.0) + 2.0) - 1.0
    near = 1.1 * (np.expm1(-0.01) + 0.005) - 0.0025  # above eps it goes on straight
    assert xielu(x, act)[0] == pytest.approx([0.8 * 4 + 1.0, curved, near], rel=1e-5)


def test_both_backends_bend_alike(tmp_path: Path) -> None:
    d = Draft()
    graph = ended(
        d, d.linear(d.graph.activate(d.linear(d.x, "u"), Xielu(0.8, 1.1, 0.5, -0.01)), "w")
    )
    assert apart(graph, tmp_path / "m.gguf") < EXACT
