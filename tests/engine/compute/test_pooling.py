"""A text becomes one row: pooled, of several texts in one pass, and with segments."""

from pathlib import Path

import numpy as np
import pytest
from helpers.graph_models import VOCAB, Draft, apart, weights_of
from helpers.loaded import make_backend

from engine.base.errors import UsageError
from engine.compute.backends import BatchEntry
from engine.compute.graph import Graph, Pooling

WIDE = 72  # whole vectors but for one that is half empty


def encoder(kind: Pooling, width: int = 64) -> Graph:
    """Embedding, segments, a layer that looks both ways; pooled, then normed."""
    d = Draft(width)
    g = d.graph
    x = g.add(d.x, g.embed_segment("types", 2, width))
    out = d.look(d.linear(x, "q"), d.keep(d.linear(x, "k"), d.linear(x, "v")), causal=False)
    x = g.layer_norm(g.add(x, d.linear(out, "o", width)), "norm", 1e-5, "norm_bias")
    g.give("embedding", g.pool(x, kind))
    return g


@pytest.mark.parametrize("width", [64, WIDE])
@pytest.mark.parametrize("kind", ["mean", "first"])
def test_both_backends_pool_alike(kind: Pooling, width: int, tmp_path: Path) -> None:
    graph = encoder(kind, width)
    assert graph.embeds
    assert graph.needs_whole
    assert not graph.causal
    assert apart(graph, tmp_path / "m.gguf") < 1e-5


@pytest.mark.parametrize("name", ["cpu", "reference"])
def test_texts_that_share_a_pass_are_pooled_apart(name: str, tmp_path: Path) -> None:
    graph = encoder("mean")
    backend = make_backend(
        name, graph, weights_of(graph, tmp_path / "m.gguf"), n_ctx=64, cache_type="f32", threads=2
    )
    chance = np.random.default_rng(3)
    texts = [chance.integers(0, VOCAB, n).astype(np.int32) for n in (5, 40, 1)]
    pairs = [np.repeat([0, 1], [2, len(ids) - 2]).astype(np.int32) for ids in texts[:2]]
    segments = [*pairs, None]

    def entry(i: int) -> BatchEntry:
        return BatchEntry(backend.new_sequence(), texts[i], "last", segments[i])

    alone = [backend.run([entry(i)]).copy()[0] for i in range(3)]
    together = backend.run([entry(i) for i in range(3)])
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-5)
    plain = backend.run([BatchEntry(backend.new_sequence(), texts[1])])[0]
    assert np.abs(plain - alone[1]).max() > 0.01  # segments count
    odd = np.full(5, 2, np.int32)
    with pytest.raises(UsageError, match="tells 2 texts of a pair apart"):
        backend.run([BatchEntry(backend.new_sequence(), texts[0], "last", odd)])
    backend.close()
