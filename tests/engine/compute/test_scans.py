"""Selective scans: the paper's sums, by head and by channel, however a text is cut."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.graph_models import Draft, apart, assert_cuts_agree, drawn, weights_of
from helpers.loaded import make_backend
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError
from engine.compute.backends.reference_math import scan_channels, scan_heads
from engine.compute.graph import Fixed, Graph, Scan

EXACT = 1e-5
Floats = NDArray[np.float32]


def scanned(value: int, groups: int, size: int, *, by_head: bool) -> Graph:
    """Four heads of `value`, or as many channels."""
    d = Draft()
    g, wide, shared = d.graph, 4 * value, groups * size
    whole = d.linear(g.rms_norm(d.x, "norm", 1e-5), "in", wide + 2 * shared)
    x, b, c = (
        g.slice(whole, *part) for part in ((0, wide), (wide, shared), (wide + shared, shared))
    )
    mixed = d.scan(x, b, c, "scan", size, by_head=by_head)
    return d.logits(g.add(d.x, d.linear(mixed, "out")))


SHAPES = [(16, 1, 16, True), (32, 2, 5, True), (80, 4, 128, True)]
SHAPES += [(16, 1, 16, False), (36, 1, 3, False)]


@pytest.mark.parametrize(("value", "groups", "size", "by_head"), SHAPES)
def test_cpu_gives_what_the_reference_gives(
    tmp_path: Path, value: int, groups: int, size: int, by_head: bool
) -> None:
    graph = scanned(value, groups, size, by_head=by_head)
    assert apart(graph, tmp_path / "m.gguf", n=90, n_ctx=128, batch=17) < EXACT


@pytest.mark.parametrize(("value", "groups", "size", "by_head"), SHAPES)
def test_it_does_not_matter_how_a_text_is_cut(
    tmp_path: Path, value: int, groups: int, size: int, by_head: bool
) -> None:
    assert_cuts_agree(scanned(value, groups, size, by_head=by_head), tmp_path / "m.gguf")


# --- the papers ------------------------------------------------------------------------------
def test_a_scan_by_heads_is_a_matrix_with_decays() -> None:
    """Out of token t: the sum over s up to t of c[t]·b[s], decayed between, times dt[s] x[s] (the
    dual form, arXiv:2405.21060, eq. 16)."""
    x, b, c, a, d = drawn((6, 32), (6, 5), (6, 5), (2, 1), (2, 1))
    dt, a = abs(drawn((6, 2))[0]), -abs(a)
    out, _ = scan_heads(x, dt, b, c, a, d, np.zeros((2, 5, 16), np.float32))
    for head in range(2):
        own = x[:, 16 * head : 16 * head + 16]
        since = np.cumsum(dt[:, head] * a[head, 0])
        decays = np.tril(np.exp(since[:, None] - since[None, :]))
        wanted = (decays * (c @ b.T) * dt[None, :, head]) @ own + d[head, 0] * own
        assert np.allclose(out[:, 16 * head : 16 * head + 16], wanted, atol=1e-5)


def test_a_scan_by_channels_is_one_of_heads_where_all_decay_alike() -> None:
    x, b, c, d = drawn((6, 16), (6, 5), (6, 5), (1, 1))
    dt, a = abs(drawn((6, 1))[0]), np.full((1, 1), -0.7, np.float32)
    heads, kept = scan_heads(x, dt, b, c, a, d, np.zeros((1, 5, 16), np.float32))
    alike = np.full((16, 5), -0.7, np.float32)
    steps, skip = np.repeat(dt, 16, axis=1), np.repeat(d[0], 16)
    out, left = scan_channels(x, steps, b, c, alike, skip, np.zeros((5, 16), np.float32))
    assert np.allclose(out, heads, atol=1e-6)
    assert np.allclose(left, kept[0], atol=1e-6)


# --- refused ---------------------------------------------------------------------------------
def odd_value(d: Draft) -> Graph:
    return _one(d, (8, 16, 8), 16, 8)


def odd_groups(d: Draft) -> Graph:
    return _one(d, (4, 16, 16), 48, 4)


def other_steps(d: Draft) -> Graph:
    return _one(d, (4, 16, 16), 16, 8)


def shared_by_channels(d: Draft) -> Graph:
    return _one(d, (16, 64), 32, 64)


def no_state(d: Draft) -> Graph:
    return _one(d, (64,), 16, 64)


def _one(d: Draft, shape: tuple[int, ...], shared: int, steps: int) -> Graph:
    g = d.graph
    b, dt = d.linear(d.x, "b", shared), d.linear(d.x, "dt", steps)
    op = Scan(d.x, dt, b, b, "a", "d", g.keep(Fixed(shape)))
    return d.logits(g.append(op, d.x.width))


@pytest.mark.parametrize(
    "make",
    [odd_value, odd_groups, other_steps, shared_by_channels, no_state],
    ids=lambda make: make.__name__,
)
def test_widths_that_do_not_fit(tmp_path: Path, make: Callable[[Draft], Graph]) -> None:
    graph = make(Draft())
    with pytest.raises(UnsupportedError, match="op Scan has widths that do not fit"):
        make_backend("cpu", graph, weights_of(graph, tmp_path / "m.gguf"), n_ctx=64)
