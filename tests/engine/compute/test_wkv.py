"""RWKV's ops: the papers' sums, however a text is cut, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.graph_models import Draft, apart, assert_cuts_agree, drawn, weights_of
from helpers.loaded import make_backend
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError
from engine.compute.backends.reference_math import bonus, lerp, wkv6, wkv7
from engine.compute.graph import Before, Bonus, Fixed, Graph, Lerp, Value, Wkv6, Wkv7

EXACT = 1e-5
Floats = NDArray[np.float32]


def remembered(version: int, heads: int, key: int, value: int) -> Graph:
    """A token before, shares of it, and what is remembered of that."""
    d = Draft()
    g, x = d.graph, d.graph.rms_norm(d.x, "norm", 1e-5)
    before, keys = g.before(x), heads * key
    x = [g.lerp(x, before, "share", part=i, parts=5) for i in range(5)]
    r, k = d.linear(x[0], "r", keys), d.linear(x[1], "k", keys)
    k = g.scale(g.rms_norm(k, None, 1e-6, group=key), key**-0.5)
    v = d.linear(x[2], "v", heads * value)
    w = g.activate(g.scale(g.activate(d.linear(x[3], "w", keys), "softplus"), -0.3), "exp")
    state = g.keep(Fixed((heads, key, value)))
    if version == 6:
        out = g.wkv6(r, w, k, v, state)
    else:
        back = g.gated(d.linear(x[4], "b", keys), k, "sigmoid")
        out = g.wkv7(r, w, k, v, g.scale(k, -1.0), back, state)
    out = g.add(g.group_norm(out, "scale", "shift", 64e-5, value), g.bonus(v, v, v, "u", heads))
    return d.logits(g.add(d.x, d.linear(out, "out")))


SHAPES = [(6, 2, 32, 32), (6, 2, 5, 64), (7, 2, 64, 64), (7, 4, 16, 16), (7, 1, 24, 144)]
shapes = pytest.mark.parametrize(("version", "heads", "key", "value"), SHAPES)


@shapes
def test_cpu_gives_what_the_reference_gives(
    tmp_path: Path, version: int, heads: int, key: int, value: int
) -> None:
    graph = remembered(version, heads, key, value)
    assert apart(graph, tmp_path / "m.gguf", n=90, n_ctx=128, batch=17) < EXACT


@shapes
def test_it_does_not_matter_how_a_text_is_cut(
    tmp_path: Path, version: int, heads: int, key: int, value: int
) -> None:
    assert_cuts_agree(remembered(version, heads, key, value), tmp_path / "m.gguf")


# --- the papers ------------------------------------------------------------------------------
def test_wkv7_is_a_matrix_product() -> None:
    """S = S (diag(w) + a bT) + v kT, with S transposed (arXiv:2503.14456)."""
    r, k, v, a, b = drawn(*[(6, 16)] * 5)
    w = np.exp(-abs(drawn((6, 16))[0]))
    out, left = wkv7(r, w, k, v, a, b, np.zeros((1, 16, 16), np.float32))
    state = np.zeros((16, 16))
    for t in range(6):
        state = state @ (np.diag(w[t]) + np.outer(a[t], b[t])) + np.outer(v[t], k[t])
        assert np.allclose(out[t], state @ r[t], rtol=1e-4, atol=1e-3)
    assert np.allclose(left[0], state.T, rtol=1e-4, atol=1e-3)


def test_wkv6_and_its_bonus_are_a_sum_over_all_tokens() -> None:
    """Out of token t: the sum over s before t of r[t]·(k[s] decayed between) v[s], and its own with
    the bonus u in place of a decay (arXiv:2404.05892)."""
    r, k, v = drawn(*[(6, 32)] * 3)
    w, u = np.exp(-abs(drawn((6, 32))[0])), drawn((2, 16))[0]
    out, _ = wkv6(r, w, k, v, np.zeros((2, 16, 16), np.float32))
    out = out + bonus(r, k, v, u, 2)
    for h in range(2):
        at = slice(16 * h, 16 * h + 16)
        for t in range(6):
            wanted = (r[t, at] * u[h] * k[t, at]).sum() * v[t, at]
            for s in range(t):
                faded = k[s, at] * np.prod(w[s + 1 : t, at], axis=0)
                wanted = wanted + (r[t, at] * faded).sum() * v[s, at]
            assert np.allclose(out[t, at], wanted, atol=1e-4)


def test_shares_of_two_rows() -> None:
    a, b, weight, more = drawn((3, 8), (3, 8), (2, 1, 1, 8), (3, 8))
    assert np.allclose(lerp(a, b, weight, None, 1), a + (b - a) * weight[1, 0])
    assert np.allclose(lerp(a, b, weight, more, 0), a + (b - a) * (weight[0, 0] + more))
    assert np.allclose(lerp(a, b, None, more, 0), a + (b - a) * more)


# --- refused ---------------------------------------------------------------------------------
def _one(d: Draft, made: Value) -> Graph:
    return d.logits(made if made.width == d.x.width else d.linear(made, "back"))


def odd_value(d: Draft) -> Graph:
    op = Wkv6(d.x, d.x, d.x, d.x, d.graph.keep(Fixed((8, 8, 8))))
    return _one(d, d.graph.append(op, 64))


def other_keys(d: Draft) -> Graph:
    few = d.linear(d.x, "few", 32)
    op = Wkv7(d.x, d.x, few, d.linear(d.x, "v"), d.x, d.x, d.graph.keep(Fixed((4, 16, 16))))
    return _one(d, d.graph.append(op, 64))


def two_figures(d: Draft) -> Graph:
    op = Wkv6(d.x, d.x, d.x, d.x, d.graph.keep(Fixed((4, 256))))
    return _one(d, d.graph.append(op, 64))


def heads_that_are_no_vectors(d: Draft) -> Graph:
    return _one(d, d.graph.append(Bonus(d.x, d.x, d.x, "u", 8), 64))


def no_share(d: Draft) -> Graph:
    return _one(d, d.graph.append(Lerp(d.x, d.x, None), 64))


def two_rows(d: Draft) -> Graph:
    return _one(d, d.graph.append(Before(d.x, d.graph.keep(Fixed((2, 64)))), 64))


ODD = [odd_value, other_keys, two_figures, heads_that_are_no_vectors, no_share, two_rows]


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__)
def test_widths_that_do_not_fit(tmp_path: Path, make: Callable[[Draft], Graph]) -> None:
    graph = make(Draft())
    with pytest.raises(UnsupportedError, match="has widths that do not fit"):
        make_backend("cpu", graph, weights_of(graph, tmp_path / "m.gguf"), n_ctx=64)


def test_a_row_is_remembered_once(tmp_path: Path) -> None:
    d = Draft()
    state = d.graph.keep(Fixed((1, 64)))
    one, two = (d.graph.append(Before(d.x, state), 64) for _ in range(2))
    graph = d.logits(d.graph.add(one, two))
    with pytest.raises(UnsupportedError, match="changes a state for the second time"):
        make_backend("cpu", graph, weights_of(graph, tmp_path / "m.gguf"), n_ctx=64)
