"""Graphs that no family has yet: the cpu backend gives what the reference gives, or refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.graph_models import SPECS, VOCAB, Bend, Draft, apart, one_layer, random_graph

from engine.base.errors import UnsupportedError
from engine.compute.backends.cpu_attention import parts_of
from engine.compute.backends.cpu_fusions import Fusions, check_graph
from engine.compute.cache import full
from engine.compute.graph import Graph, RopeSpec, Select, Slice, fading, ops
from engine.weights.types import TensorType

EXACT, ROUNDED = 1e-5, 0.03
ONE, TWO = SPECS[0], SPECS[1]

BENDS: dict[str, Bend] = {
    "plain": lambda d, q, k, v: (q, k, v),
    "both turned": lambda d, q, k, v: (d.graph.rope(q, 16, ONE), d.graph.rope(k, 16, ONE), v),
    "queries alone": lambda d, q, k, v: (d.graph.rope(q, 16, ONE), k, v),
    "keys alone": lambda d, q, k, v: (q, d.graph.rope(k, 16, ONE), v),
    "two ways": lambda d, q, k, v: (d.graph.rope(q, 16, ONE), d.graph.rope(k, 16, TWO), v),
    "heads of another width": lambda d, q, k, v: (
        d.graph.rope(q, 32, ONE),
        d.graph.rope(k, 32, ONE),
        v,
    ),
    "scaled after it": lambda d, q, k, v: (
        d.graph.scale(d.graph.rope(q, 16, ONE), 3.0),
        d.graph.rope(k, 16, ONE),
        v,
    ),
    "both scaled after it": lambda d, q, k, v: (
        d.graph.scale(d.graph.rope(q, 16, ONE), 3.0),
        d.graph.scale(d.graph.rope(k, 16, ONE), 2.0),
        v,
    ),
    "normed after it": lambda d, q, k, v: (
        d.graph.rms_norm(d.graph.rope(q, 16, ONE), "qn", 1e-5, group=16),
        d.graph.rms_norm(d.graph.rope(k, 16, ONE), "kn", 1e-5, group=16),
        v,
    ),
    "normed before it": lambda d, q, k, v: (
        d.graph.rope(d.graph.rms_norm(q, "qn", 1e-5, group=16), 16, ONE),
        d.graph.rope(d.graph.rms_norm(k, "kn", 1e-5, group=16), 16, ONE),
        v,
    ),
    "one value for both": lambda d, q, k, v: (
        (turned := d.graph.rope(q, 16, ONE)),
        turned,
        v,
    ),
    "one source for both": lambda d, q, k, v: (
        d.graph.rope(q, 16, ONE),
        d.graph.rope(q, 16, ONE),
        v,
    ),
    "keys are values, too": lambda d, q, k, v: (
        d.graph.rope(q, 16, ONE),
        d.graph.rope(k, 16, ONE),
        k,
    ),
    "turned keys are values, too": lambda d, q, k, v: (
        d.graph.rope(q, 16, ONE),
        (turned := d.graph.rope(k, 16, ONE)),
        turned,
    ),
    "turned twice": lambda d, q, k, v: (
        d.graph.rope(d.graph.rope(q, 16, ONE), 16, TWO),
        d.graph.rope(d.graph.rope(k, 16, ONE), 16, TWO),
        v,
    ),
    "values turned": lambda d, q, k, v: (q, k, d.graph.rope(v, 16, TWO)),
    "read before by another": lambda d, q, k, v: (
        d.graph.rope(q, 16, ONE),
        d.graph.rope(k, 16, ONE),
        d.graph.add(v, k),
    ),
    "turned read by another": lambda d, q, k, v: (
        d.graph.rope(q, 16, ONE),
        (turned := d.graph.rope(k, 16, ONE)),
        d.graph.add(v, turned),
    ),
    "slices that overlap": lambda d, q, k, v: (
        d.graph.rope(d.graph.slice(whole := d.linear(d.x, "whole", 96), 0, 64), 16, ONE),
        d.graph.rope(d.graph.slice(whole, 16, 64), 16, ONE),
        v,
    ),
}


@pytest.mark.parametrize("fused", [False, True], ids=["apart", "slices"])
@pytest.mark.parametrize("bend", BENDS)
def test_rope_and_attention(tmp_path: Path, bend: str, fused: bool) -> None:
    assert apart(one_layer(BENDS[bend], fused=fused), tmp_path / "m.gguf") < EXACT


def test_the_usual_case_is_still_fused() -> None:
    turned = Fusions(one_layer(BENDS["both turned"])).turned
    assert len(turned) == 2
    assert Fusions(one_layer(BENDS["queries alone"])).turned == set()


def read_later(d: Draft) -> Graph:
    """Queries and keys are read by others behind the attention that turns them."""
    q, k, v = (d.linear(d.x, name) for name in "qkv")
    out = d.attention(d.graph.rope(q, 16, ONE), d.graph.rope(k, 16, ONE), v)
    return d.logits(d.graph.add(out, d.graph.add(q, k)))


def read_whole_later(d: Draft) -> Graph:
    whole = d.linear(d.x, "qkv", 192)
    q, k, v = (d.graph.slice(whole, 64 * i, 64) for i in range(3))
    out = d.attention(d.graph.rope(q, 16, ONE), d.graph.rope(k, 16, ONE), v)
    return d.logits(d.graph.add(out, d.linear(whole, "back")))


def sliced_later(d: Draft) -> Graph:
    whole = d.linear(d.x, "qkv", 192)
    q, k, v = (d.graph.slice(whole, 64 * i, 64) for i in range(3))
    out = d.attention(d.graph.rope(q, 16, ONE), d.graph.rope(k, 16, ONE), v)
    return d.logits(d.graph.add(out, d.graph.slice(whole, 32, 64)))


def normed_slice_read_later(d: Draft) -> Graph:
    whole = d.linear(d.x, "qkv", 192)
    q = d.graph.rms_norm(d.graph.slice(whole, 0, 64), "qn", 1e-5, group=16)
    return d.logits(d.graph.add(q, d.graph.slice(whole, 0, 64)))


def added_to_itself(d: Draft) -> Graph:
    return d.logits(d.graph.add(d.x, d.x))


def added_to_its_own_input(d: Draft) -> Graph:
    return d.logits(d.graph.add(d.x, d.linear(d.x, "w")))


def sum_of_two_products(d: Draft) -> Graph:
    return d.logits(d.graph.add(d.linear(d.x, "a"), d.linear(d.x, "b")))


def equal_sums(d: Draft) -> Graph:
    """Ops that are equal, but at two places."""
    p = d.linear(d.graph.rms_norm(d.x, "n", 1e-5), "a")
    first, second = d.graph.add(d.x, p), d.graph.add(d.x, p)
    return d.logits(d.graph.add(d.graph.scale(first, 2.0), second))


def equal_products(d: Draft) -> Graph:
    n = d.graph.rms_norm(d.x, "n", 1e-5)
    x = d.graph.add(d.x, d.linear(n, "a"))
    return d.logits(d.graph.add(x, d.linear(n, "a")))


def old_residual_read_later(d: Draft) -> Graph:
    p = d.linear(d.graph.rms_norm(d.x, "n", 1e-5), "a")
    between = d.graph.scale(d.x, 2.0)
    return d.logits(d.graph.add(d.graph.add(d.x, p), between))


def residual_with_a_slice(d: Draft) -> Graph:
    part = d.graph.slice(d.x, 0, 64)
    x = d.graph.add(d.x, d.linear(d.graph.rms_norm(d.x, "n", 1e-5), "a"))
    return d.logits(d.graph.add(x, part))


def residual_into_a_slice(d: Draft) -> Graph:
    whole = d.linear(d.x, "w", 200)
    left, right = d.graph.slice(whole, 0, 100), d.graph.slice(whole, 100, 100)
    left = d.graph.add(left, d.linear(d.graph.rms_norm(d.x, "n", 1e-5), "a", 100))
    return d.logits(d.graph.add(left, right))


def two_heads(d: Draft) -> Graph:
    few = d.graph.select(d.x)
    d.graph.add(d.graph.linear(few, "a", VOCAB), d.graph.linear(few, "b", VOCAB))
    return d.graph


def a_head_that_is_no_product(d: Draft) -> Graph:
    d.graph.rms_norm(d.graph.select(d.linear(d.x, "a", VOCAB)), None, 1e-5)
    return d.graph


def logits_used_twice(d: Draft) -> Graph:
    y = d.graph.linear(d.graph.select(d.x), "a", VOCAB)
    d.graph.add(d.graph.softcap(y, 2.0), y)
    return d.graph


def select_at_the_end(d: Draft) -> Graph:
    d.graph.select(d.linear(d.x, "a", VOCAB))
    return d.graph


def a_product_that_nobody_reads(d: Draft) -> Graph:
    """The last product is not the logits."""
    few = d.graph.select(d.x)
    y = d.graph.linear(few, "a", VOCAB)
    d.graph.linear(few, "unused", 32)
    d.graph.scale(y, 2.0)
    return d.graph


def turned_behind_the_last_attention(d: Draft) -> Graph:
    out = d.attention(d.x, d.linear(d.x, "k"), d.linear(d.x, "v"))
    return d.logits(d.linear(d.graph.rope(out, 16, TWO), "a"))


def embedded_behind_the_last_attention(d: Draft) -> Graph:
    out = d.attention(d.x, d.linear(d.x, "k"), d.linear(d.x, "v"))
    return d.logits(d.graph.add(out, d.graph.embed("other", VOCAB, 64)))


def embedded_behind_the_selection(d: Draft) -> Graph:
    few = d.graph.select(d.x)
    late = d.graph.embed("other", VOCAB, 64)
    y = d.graph.linear(few, "a", VOCAB)
    d.graph.add(y, d.graph.linear(d.graph.select(d.linear(late, "b")), "c", VOCAB))
    return d.graph


GRAPHS: list[Callable[[Draft], Graph]] = [
    read_later,
    read_whole_later,
    sliced_later,
    normed_slice_read_later,
    added_to_itself,
    added_to_its_own_input,
    sum_of_two_products,
    equal_sums,
    equal_products,
    old_residual_read_later,
    residual_with_a_slice,
    residual_into_a_slice,
    two_heads,
    a_head_that_is_no_product,
    logits_used_twice,
    select_at_the_end,
    a_product_that_nobody_reads,
    turned_behind_the_last_attention,
    embedded_behind_the_last_attention,
    embedded_behind_the_selection,
]


@pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)
def test_legal_graphs_that_fusions_could_spoil(
    tmp_path: Path, make: Callable[[Draft], Graph]
) -> None:
    assert apart(make(Draft()), tmp_path / "m.gguf") < EXACT


SEEDS = 520


def test_chance_draws_every_op() -> None:
    drawn = [op for seed in range(SEEDS) for op in random_graph(seed).ops]
    named = [*vars(ops).values(), *vars(fading).values()]
    classes = {c for c in named if isinstance(c, type) and issubclass(c, ops.Op)}
    assert {c.__name__ for c in classes - {ops.Op} - {type(op) for op in drawn}} == set()
    assert {op.kind for op in drawn if isinstance(op, ops.Norm)} == {"rms", "layer"}


# A fifth is enough for another processor, whose kernels are the same in all orders of ops.
CHANCES = [s if s % 5 == 0 else pytest.param(s, marks=pytest.mark.anywhere) for s in range(SEEDS)]


@pytest.mark.parametrize("seed", CHANCES)
def test_graphs_by_chance(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fourth reads beyond its rings, where it has windows."""
    monkeypatch.setattr(full, "BACK", full.TILE)
    long = {"n": 150, "n_ctx": 192, "batch": 16} if seed % 4 == 0 else {}
    assert apart(random_graph(seed), tmp_path / "m.gguf", **long) < 20 * EXACT


@pytest.mark.parametrize("seed", range(8))
def test_graphs_by_chance_with_eight_bits(tmp_path: Path, seed: int) -> None:
    """Other forms of values are made for these products."""
    assert apart(random_graph(100 + seed), tmp_path / "m.gguf", TensorType.Q8_0) < 5 * ROUNDED


# --- refused ---------------------------------------------------------------------------------
def no_selection(d: Draft) -> Graph:
    d.linear(d.x, "a", VOCAB)
    return d.graph


def selected_twice(d: Draft) -> Graph:
    return d.logits(d.graph.select(d.x))


def attention_of_selected_rows(d: Draft) -> Graph:
    few = d.graph.select(d.x)
    out = d.attention(few, d.linear(few, "k"), d.linear(few, "v"))
    d.linear(out, "a", VOCAB)
    return d.graph


def rows_mixed(d: Draft) -> Graph:
    d.graph.linear(d.graph.add(d.graph.select(d.x), d.linear(d.x, "w")), "a", VOCAB)
    return d.graph


def turned_more_than_a_head(d: Draft) -> Graph:
    return d.logits(d.graph.rope(d.x, 16, RopeSpec(32)))


def heads_that_do_not_fit(d: Draft) -> Graph:
    return d.logits(d.graph.rope(d.x, 24, ONE))


def norm_of_groups_that_do_not_fit(d: Draft) -> Graph:
    return d.logits(d.graph.rms_norm(d.x, "n", 1e-5, group=24))


def queries_that_do_not_fit(d: Draft) -> Graph:
    return d.logits(d.attention(d.linear(d.x, "q", 80), d.linear(d.x, "k"), d.linear(d.x, "v")))


def a_slice_beyond_the_end(d: Draft) -> Graph:
    d.graph.append(Slice(d.x, 32, 64), 64)
    return d.logits(d.graph.append(Select(d.x), 64))


REFUSED: list[Callable[[Draft], Graph]] = [
    no_selection,
    selected_twice,
    attention_of_selected_rows,
    rows_mixed,
    turned_more_than_a_head,
    heads_that_do_not_fit,
    norm_of_groups_that_do_not_fit,
    queries_that_do_not_fit,
    a_slice_beyond_the_end,
]


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_graphs_without_a_meaning_are_refused(make: Callable[[Draft], Graph]) -> None:
    with pytest.raises(UnsupportedError):
        check_graph(make(Draft()))


# --- heads -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "kind", [TensorType.F32, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0]
)
@pytest.mark.parametrize("n_out", [32, 24])
def test_each_head_has_its_own_matrix(tmp_path: Path, kind: TensorType, n_out: int) -> None:
    d = Draft()
    x = d.graph.rms_norm(d.x, "norm", 1e-5)
    product = d.graph.head_linear(d.linear(x, "q", 96), "heads", 3, n_out)
    joined = d.graph.head_join(x, product, 2)
    assert joined.width == 64 + 3 * n_out
    graph = d.logits(d.linear(joined, "o"))
    assert apart(graph, tmp_path / "a.gguf", kind) < (EXACT if kind is TensorType.F32 else ROUNDED)


@pytest.mark.parametrize(("heads", "parts"), [(4, 1), (8, 2), (11, 1), (20, 5), (64, 8)])
def test_heads_that_share_all_keys_are_taken_in_parts(
    tmp_path: Path, heads: int, parts: int
) -> None:
    d = Draft(heads=heads)
    x = d.graph.rms_norm(d.x, "norm", 1e-5)
    q = d.graph.rope(d.linear(x, "q", 16 * heads), 16, ONE)
    k = d.graph.rope(d.linear(x, "k", 16), 16, ONE)
    graph = d.logits(d.linear(d.attention(q, k, d.linear(x, "v", 16)), "o"))
    assert [parts_of(op) for op in graph.attentions] == [parts]
    assert apart(graph, tmp_path / "a.gguf", n=90, n_ctx=128, batch=32) < EXACT
