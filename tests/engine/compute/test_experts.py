"""Experts: each token's rows go to some of many matrices, and come back."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.graph_models import VOCAB, Draft, apart, experts, weights_of
from helpers.loaded import make_backend
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError
from engine.compute.backends import BatchEntry
from engine.compute.backends.cpu_fusions import check_graph
from engine.compute.backends.reference_math import route
from engine.compute.graph import Gating, Graph, Value, select_early
from engine.compute.graph import ops as g
from engine.weights.formats.gguf import open_gguf
from engine.weights.types import TensorType

F32 = NDArray[np.float32]


def one_layer(width: int = 64, *, n: int = 16, used: int = 4, inner: int = 96) -> Graph:
    """A feed-forward of experts, whose router is float32 in every file."""
    d = Draft(width)
    x = d.graph.rms_norm(d.x, "norm", 1e-5)
    route = d.graph.route(d.linear(x, "router", n), used)
    return d.logits(d.graph.add(d.x, fed(d.graph, x, route, inner)))


def fed(graph: Graph, x: Value, route: Value, inner: int) -> Value:
    rows = graph.dispatch(x, route)
    gate = graph.expert_linear(rows, route, "gate", inner)
    up = graph.expert_linear(rows, route, "up", inner)
    down = graph.expert_linear(graph.gated(gate, up, "silu"), route, "down", x.width)
    return graph.combine(down, route)


@pytest.mark.parametrize("seed", range(12))
def test_both_backends_agree_on_what_a_router_may_ask_for(seed: int, tmp_path: Path) -> None:
    d = Draft()
    x = d.graph.rms_norm(d.x, None, 1e-5)
    graph = d.logits(d.graph.add(d.x, experts(d, x, "e", random.Random(seed))))
    for n in (6, 33):
        assert apart(graph, tmp_path / f"{n}.gguf", n=n) < 1e-5


def all_experts_apart(graph: Graph, path: Path, kind: TensorType) -> float:
    """As `apart`, where rounding cannot send a token to another expert: all of them are used."""
    return apart(graph, path, kind, n=30)


@pytest.mark.parametrize(
    ("kind", "most"), [("BF16", 0.01), ("Q8_0", 0.01), ("Q4_0", 0.02), ("MXFP4", 0.02)]
)
def test_packed_experts(kind: str, most: float, tmp_path: Path) -> None:
    graph = one_layer(n=6, used=6)
    assert all_experts_apart(graph, tmp_path / "m.gguf", TensorType[kind]) < most


def test_matrices_whose_last_panel_is_not_full(tmp_path: Path) -> None:
    assert apart(one_layer(inner=40), tmp_path / "m.gguf", n=40) < 1e-5


@pytest.mark.parametrize("kind", [TensorType.F32, TensorType.Q4_0])
def test_a_token_is_the_same_whatever_stands_beside_it(kind: TensorType, tmp_path: Path) -> None:
    """To the bit: rows of one expert are many in a prompt, and one alone."""
    file = weights_of(one_layer(), tmp_path / "m.gguf", kind)
    ids = np.random.default_rng(1).integers(0, VOCAB, 90).astype(np.int32)
    found = []
    for size in (90, 1, 7, 16):
        backend = make_backend(
            "cpu", one_layer(), file, n_ctx=96, max_batch=96, cache_type="f32", threads=2
        )
        sequence = backend.new_sequence()
        parts = [ids[at : at + size] for at in range(0, 90, size)]
        found.append(
            np.concatenate([backend.run([BatchEntry(sequence, p, "all")]).copy() for p in parts])
        )
        backend.close()
    file.close()
    for other in found[1:]:
        np.testing.assert_array_equal(other, found[0])


def test_two_sequences_in_one_pass(tmp_path: Path) -> None:
    file = weights_of(one_layer(), tmp_path / "m.gguf")
    ids = np.arange(20, dtype=np.int32)
    asked = {"n_ctx": 64, "max_batch": 64, "cache_type": "f32", "threads": 2}
    backend = make_backend("cpu", one_layer(), file, **asked)
    alone = [
        backend.run([BatchEntry(backend.new_sequence(), part, "all")]).copy()
        for part in (ids[:13], ids[13:])
    ]
    both = backend.run(
        [BatchEntry(backend.new_sequence(), part, "all") for part in (ids[:13], ids[13:])]
    )
    np.testing.assert_array_equal(both, np.concatenate(alone))
    backend.close()
    file.close()


GATINGS: tuple[Gating, ...] = ("softmax", "sigmoid", "softmax_used", "mixer")


def routes_of(logits: F32, gating: Gating, **asked: Any) -> F32:
    """What the reference makes of logits: weights, then numbers, of two experts."""
    return route(logits, g.Route(Value(0, logits.shape[1]), 2, gating, **asked), None)


def test_a_mixer_weighs_beside_what_is_near() -> None:
    """Of five experts 3 and 0 are the best; near to 3 is 0 alone, near to 0 (but for 3) are 1 and
    4, and not 2, which is just too far."""
    logits = np.array([[4.0, 3.7, 3.59, 4.4, 3.62]], np.float32)
    first, second, *numbers = routes_of(logits, "mixer", normalized=False, margin=0.1)[0]
    assert numbers == [3, 0]
    assert first == pytest.approx(1 / (1 + np.exp(-0.4)), rel=1e-6)
    assert second == pytest.approx(1 / (1 + np.exp(-0.3) + np.exp(-0.38)), rel=1e-6)
    below = routes_of(-logits, "mixer", normalized=False, margin=0.02)[0]  # |theirs| counts
    assert list(below[2:]) == [2, 4]
    assert below[0] == pytest.approx(1 / (1 + np.exp(-0.03)), rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_mixers_on_both_backends(seed: int, tmp_path: Path) -> None:
    """Margins of which half of the experts are within, and a choice that a bias bends."""
    d = Draft()
    x, bias = d.graph.rms_norm(d.x, None, 1e-5), "choice" if seed == 3 else None
    asked = {"normalized": seed == 2, "margin": (0.02, 0.5, 2.0, 0.5)[seed], "bias": bias}
    way = d.graph.route(d.linear(x, "router", 20), 3, "mixer", **asked)
    graph = d.logits(d.graph.add(d.x, fed(d.graph, x, way, 32)))
    assert apart(graph, tmp_path / "m.gguf", n=40) < 1e-5


@pytest.mark.parametrize("gating", GATINGS)
def test_a_logit_that_is_no_number_leaves_no_figure_of_its_token(
    gating: Gating, tmp_path: Path
) -> None:
    """It could have been the largest: the others' weights would be made up."""
    d = Draft()
    x = d.graph.rms_norm(d.x, "norm", 1e-5)
    logits = d.graph.add(d.linear(x, "router", 6), d.graph.embed("odd", VOCAB, 6))
    way = d.graph.route(logits, 2, gating, margin=0.5)
    graph = d.logits(d.graph.add(d.x, fed(d.graph, x, way, 32)))
    file = weights_of(graph, tmp_path / "m.gguf")
    info = file.tensors["odd"]
    raw = bytearray((tmp_path / "m.gguf").read_bytes())
    for token, expert in ((7, 5), (40, 0)):
        at = info.offset + 4 * (6 * token + expert)
        raw[at : at + 4] = np.float32(np.nan).tobytes()
    file.close()
    (tmp_path / "n.gguf").write_bytes(raw)
    ids = np.array([5, 7, 8, 40, 9], np.int32)
    with open_gguf(tmp_path / "n.gguf") as file:
        for name in ("reference", "cpu"):
            asked = {"n_ctx": 64, "max_batch": 64, "cache_type": "f32", "threads": 2}
            backend = make_backend(name, graph, file, **asked)
            with np.errstate(all="ignore"):
                rows = backend.run([BatchEntry(backend.new_sequence(), ids, "all")]).copy()
            backend.close()
            assert list(np.isnan(rows).all(axis=1)) == [False, True, False, True, False]
            assert not np.isnan(rows[[0, 2, 4]]).any()


def test_rows_are_selected_before_experts_of_the_last_layer() -> None:
    early = select_early(one_layer_behind_attention())
    kinds = [type(op) for op in early.ops]
    assert kinds.index(g.Select) < kinds.index(g.Route)


def one_layer_behind_attention() -> Graph:
    d = Draft()
    mixed = d.attention(d.x, d.linear(d.x, "k"), d.linear(d.x, "v"))
    route = d.graph.route(d.linear(mixed, "router", 8), 2)
    return d.logits(fed(d.graph, mixed, route, 32))


def _two_routes(d: Draft) -> Graph:
    """Rows of the first are still on their way when the second comes."""
    first = d.graph.route(d.linear(d.x, "r", 4), 2)
    rows = d.graph.dispatch(d.x, first)
    d.graph.route(d.linear(d.x, "s", 4), 2)
    return d.logits(d.graph.combine(d.graph.scale(rows, 2.0), first))


def _mixed_rows(d: Draft) -> Graph:
    route = d.graph.route(d.linear(d.x, "r", 4), 2)
    rows = d.graph.dispatch(d.x, route)
    return d.logits(d.graph.combine(d.graph.add(rows, d.x), route))


def _never_back(d: Draft) -> Graph:
    route = d.graph.route(d.linear(d.x, "r", 4), 2)
    return d.logits(d.graph.dispatch(d.x, route))


def _more_than_there_are(d: Draft) -> Graph:
    route = d.graph.route(d.linear(d.x, "r", 4), 5)
    return d.logits(d.graph.combine(d.graph.dispatch(d.x, route), route))


@pytest.mark.parametrize("make", [_two_routes, _mixed_rows, _never_back, _more_than_there_are])
def test_graphs_without_a_meaning_are_refused(make: Callable[[Draft], Graph]) -> None:
    with pytest.raises(UnsupportedError):
        check_graph(make(Draft()))
