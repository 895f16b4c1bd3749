"""What attention may have besides: distances taken away (ALiBi), sinks, sight to both sides,
windows that stand in a row, values that are a part of keys."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.graph_models import VOCAB, Draft, apart, weights_of, with_ops
from helpers.loaded import make_backend
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError
from engine.compute.backends import BatchEntry
from engine.compute.backends.cpu_fusions import check_graph
from engine.compute.backends.reference_math import attention
from engine.compute.cache import full
from engine.compute.graph import Attention, Graph, Grows, RopeSpec, StateRef, Value, alibi_slopes

F32 = NDArray[np.float32]
EXACT, HALF_CACHE, Q8_CACHE = 1e-5, 2e-3, 0.02
EXTRAS: dict[str, dict[str, Any]] = {
    "alibi": {"alibi": 8.0},
    "sinks": {"sinks": "sinks"},
    "both ways": {"causal": False},
    "all": {"alibi": 4.0, "sinks": "sinks", "causal": False},
}


def layer(heads: int = 6, shared: int = 3, window: int = 0, **extras: Any) -> Graph:
    """Heads of 16 columns, no power of two of them."""
    d = Draft(heads=heads)
    q = d.linear(d.x, "q", 16 * heads)
    k, v = (d.linear(d.x, name, 16 * shared) for name in "kv")
    q, k = (d.graph.rope(x, 16, RopeSpec(16)) for x in (q, k))
    out = d.look(q, d.keep(k, v, window), window, **extras)
    return d.logits(d.graph.add(d.x, d.linear(out, "o")))


def inner(value: int, heads: int = 7, shared: int = 1, window: int = 0, **extras: Any) -> Graph:
    """Keys of 40 columns, of which the last `value` are the values, kept once."""
    d = Draft(heads=heads, head_dim=40)
    g, q = d.graph, d.linear(d.x, "q", 40 * heads)
    front, v = d.linear(d.x, "k", (40 - value) * shared), d.linear(d.x, "v", value * shared)
    q, k = (g.rope(x, 40, RopeSpec(4)) for x in (q, g.head_join(front, v, shared)))
    state = g.keep(Grows(shared, 40, value, window, within=True))
    g.keep_rows(k, v, state)
    out = d.look(q, state, window, **extras)
    return d.logits(g.add(d.x, d.linear(out, "o")))


class Opened:
    """A graph on the cpu, whose logits of a text are asked for."""

    def __init__(self, graph: Graph, path: Path, cache_type: str = "f32") -> None:
        self._file = weights_of(graph, path)
        self.backend = make_backend(
            "cpu", graph, self._file, n_ctx=256, cache_type=cache_type, threads=2
        )

    def logits(self, *texts: NDArray[np.int32]) -> list[F32]:
        """Of all tokens, all texts in one pass."""
        entries = [BatchEntry(self.backend.new_sequence(), ids, "all") for ids in texts]
        rows = self.backend.run(entries).copy()
        return np.split(rows, np.cumsum([len(ids) for ids in texts])[:-1])


def some_ids(n: int) -> NDArray[np.int32]:
    return np.random.default_rng(n).integers(0, VOCAB, n).astype(np.int32)


def test_slopes_of_a_power_of_two_halve_and_others_stand_between() -> None:
    eight = alibi_slopes(8, 8.0)
    assert list(eight) == [0.5**e for e in range(1, 9)]
    twelve = alibi_slopes(12, 8.0)
    assert np.array_equal(twelve[:8], eight)
    assert np.allclose(twelve[8:], 0.5 ** np.array([0.5, 1.5, 2.5, 3.5]), rtol=1e-7)
    assert np.allclose(alibi_slopes(16, 8.0), 0.5 ** (0.5 * np.arange(1, 17)), rtol=1e-7)
    assert list(alibi_slopes(1, 2.0)) == [0.25]


@pytest.mark.parametrize("window", [0, 9, 70])
@pytest.mark.parametrize("extra", EXTRAS)
def test_the_backends_agree_over_several_tiles(tmp_path: Path, extra: str, window: int) -> None:
    """Twice: in one pass but for its end, and in passes of 16."""
    graph = layer(window=window, **EXTRAS[extra])
    for batch in (256, 16):
        assert apart(graph, tmp_path / "m.gguf", n=203, n_ctx=256, batch=batch) < EXACT


@pytest.mark.parametrize("cache_type", ["f16", "q8_0"])
def test_caches_of_fewer_bits(tmp_path: Path, cache_type: str) -> None:
    graph, ids = layer(**EXTRAS["all"]), some_ids(150)
    (exact,) = Opened(graph, tmp_path / "a.gguf").logits(ids)
    (found,) = Opened(graph, tmp_path / "b.gguf", cache_type).logits(ids)
    apart = np.sqrt(np.mean((found - exact) ** 2)) / exact.std()
    assert 0 < apart < (HALF_CACHE if cache_type == "f16" else Q8_CACHE)


def test_one_head_of_each_slope_against_a_sum_written_out() -> None:
    """The reference itself: two keys, no products but distances and a sink."""
    op = Attention(Value(0, 2), StateRef(0, Grows(2, 1, 1)), 2, 1.0, alibi=2.0, sinks="s")
    zero, values = np.zeros((2, 2), np.float32), np.array([[[1], [1]], [[3], [3]]], np.float32)
    sinks = np.array([0.5, -1.0], np.float32)
    found = attention(zero, np.zeros((2, 2, 1), np.float32), values, np.arange(2), op, sinks)
    for head, slope in enumerate((0.5, 0.25)):
        far, sunk = np.exp(-slope), np.exp(sinks[head])
        assert found[1, head] == pytest.approx((far + 3) / (far + 1 + sunk), rel=1e-6)
        assert found[0, head] == pytest.approx(1 / (1 + sunk), rel=1e-6)


def test_tokens_see_what_comes_after_them_in_their_own_text_alone(tmp_path: Path) -> None:
    model = Opened(layer(causal=False), tmp_path / "m.gguf")
    first, second = some_ids(21), some_ids(90)
    (alone,), (other,) = model.logits(first), model.logits(second)
    together = model.logits(second, first, second)
    for found, truth in zip(together, (other, alone, other), strict=True):
        assert np.array_equal(found, truth)
    changed = first.copy()
    changed[-1] = (changed[-1] + 1) % VOCAB
    assert np.abs(model.logits(changed)[0][0] - alone[0]).max() > 1e-4


def test_a_window_reaches_as_far_to_both_sides(tmp_path: Path) -> None:
    """|i - j| < window: one token further away changes nothing."""
    model, ids = Opened(layer(window=9, causal=False), tmp_path / "m.gguf"), some_ids(140)
    (before,) = model.logits(ids)
    ids[70] = (ids[70] + 1) % VOCAB
    (after,) = model.logits(ids)
    touched = np.flatnonzero(np.abs(after - before).max(axis=1) > 0)
    assert (touched.min(), touched.max()) == (62, 78)


@pytest.mark.parametrize("cache_type", ["f32", "f16", "q8_0"])
@pytest.mark.parametrize("window", [1, 9, 64, 70])
def test_windows_in_a_row_on_both_backends_and_in_rings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int, cache_type: str
) -> None:
    monkeypatch.setattr(full, "BACK", 64)
    graph, bound = layer(window=window, chunked=True, sinks="sinks"), (EXACT, HALF_CACHE, Q8_CACHE)
    for batch in (256, 16):  # the second is in rings
        asked: dict[str, Any] = {"n_ctx": 256, "batch": batch, "cache_type": cache_type}
        far = apart(graph, tmp_path / "m.gguf", n=203, **asked)
        assert far < bound[("f32", "f16", "q8_0").index(cache_type)]


def test_of_windows_in_a_row_a_token_sees_its_own(tmp_path: Path) -> None:
    model, ids = Opened(layer(window=9, chunked=True), tmp_path / "m.gguf"), some_ids(140)
    (before,) = model.logits(ids)
    for token, last in ((62, 62), (63, 71), (70, 71), (71, 71)):  # 63 .. 71 are one
        changed = ids.copy()
        changed[token] = (changed[token] + 1) % VOCAB
        (after,) = model.logits(changed)
        touched = np.flatnonzero(np.abs(after - before).max(axis=1) > 0)
        assert (touched.min(), touched.max()) == (token, last)


def test_windows_in_a_row_are_windows_and_look_back() -> None:
    for extras in ({"window": 0}, {"window": 9, "causal": False}):
        with pytest.raises(UnsupportedError, match="Attention"):
            check_graph(layer(chunked=True, **extras))


@pytest.mark.parametrize("cache_type", ["f32", "f16", "q8_0"])
@pytest.mark.parametrize("value", [8, 16, 33])
def test_values_within_keys_on_both_backends_and_in_rings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: int, cache_type: str
) -> None:
    """Over several tiles, with columns that fill no vector; the reference keeps them once, too."""
    monkeypatch.setattr(full, "BACK", 64)
    bound = dict(f32=EXACT, f16=HALF_CACHE, q8_0=Q8_CACHE)[cache_type]
    for shared, window, batch in ((1, 0, 256), (1, 0, 16), (3, 9, 16)):
        graph = inner(value, 6 * shared, shared, window, sinks="sinks")
        asked: dict[str, Any] = {"n_ctx": 256, "batch": batch, "cache_type": cache_type}
        assert apart(graph, tmp_path / "m.gguf", n=203, **asked) < bound


@pytest.mark.parametrize("backend", ["cpu", "reference"])
def test_values_within_keys_say_what_values_apart_say(tmp_path: Path, backend: str) -> None:
    graph, ids = inner(16), some_ids(90)
    file = weights_of(graph, tmp_path / "m.gguf")
    found = list[F32]()
    for within in (True, False):
        state = StateRef(0, Grows(1, 40, 16, within=within))
        named = [at for at, op in enumerate(graph.ops) if op.states]

        def change(at: int, state: Any = state, named: list[int] = named) -> dict[str, object]:
            return {"state": state} if at in named else {}

        asked: dict[str, Any] = {"n_ctx": 256, "cache_type": "f32", "threads": 2}
        made = make_backend(backend, with_ops(graph, change), file, **asked)
        found.append(made.run([BatchEntry(made.new_sequence(), ids, "all")]).copy())
    assert np.allclose(found[0], found[1], rtol=0, atol=1e-5)


def test_values_within_keys_are_less_than_these() -> None:
    check_graph(inner(33))
    d = Draft()
    k = d.linear(d.x, "k", 40)
    d.graph.keep_rows(k, k, d.graph.keep(Grows(1, 40, 40, within=True)))
    with pytest.raises(UnsupportedError, match="Append"):
        check_graph(d.logits(d.x))


def test_a_graph_says_whether_its_text_may_go_on() -> None:
    assert layer().causal
    assert not layer(causal=False).causal


def test_slopes_that_are_none_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="Attention"):
        check_graph(layer(alibi=-1.0))
