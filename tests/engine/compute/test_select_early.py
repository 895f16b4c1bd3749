"""What follows the last attention is done for the tokens whose logits are wanted, for no others."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.graph_models import VOCAB, Draft, weights_of
from helpers.loaded import make_backend
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph
from engine.compute.backends import BatchEntry
from engine.compute.backends.cpu_fusions import check_graph
from engine.compute.backends.interface import Backend
from engine.compute.graph import (
    Attention,
    Embed,
    Graph,
    Linear,
    RopeSpec,
    Select,
    select_early,
)
from engine.weights.formats.gguf import open_gguf
from engine.weights.types import TensorType

IDS = np.random.default_rng(1).integers(3, 300, 21).astype(np.int32)
CLOSE = 1e-5  # products of fewer rows sum in another order in NumPy


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "m.gguf", type=TensorType.Q8_0)


def opened(path: Path, name: str, graph: Graph | None = None) -> Any:
    file = open_gguf(path)
    return make_backend(name, graph or build_graph(file)[1], file, n_ctx=64, max_batch=64)


def test_only_wanted_rows_are_read_after_the_last_attention(path: Path) -> None:
    graph = build_graph(open_gguf(path))[1]
    early = select_early(graph)
    kinds = [type(op) for op in early.ops]
    last = max(i for i, kind in enumerate(kinds) if kind is Attention)
    later = [i for i in range(last + 1, len(kinds)) if kinds[i] is not Select]
    assert {v.index for i in later for v in early.ops[i].inputs} & set(range(last + 1)) == set()
    assert sum(kinds[i] is Linear for i in later) == 5  # output of attention, three of ffn, logits
    assert [op for op in early.ops if isinstance(op, Linear)][-1].weight == "output.weight"
    assert early.weights == graph.weights
    assert early.result.width == graph.result.width


def test_a_graph_without_attention_stays_as_it_is() -> None:
    graph = Graph()
    graph.linear(graph.select(graph.append(Embed("e"), 8)), "w", 16)
    assert select_early(graph) is graph


def run(backend: Backend, *parts: tuple[int, str]) -> np.ndarray:
    """The last part's logits, the parts being so many tokens of IDS in turn."""
    sequence, at, ids = backend.new_sequence(), 0, IDS % backend.n_vocab
    for n, wanted in parts:
        logits = backend.run([BatchEntry(sequence, ids[at : at + n], wanted)])  # type: ignore[arg-type]
        at += n
    return logits.copy()


@pytest.mark.parametrize("wanted", ["all", "last"])
def test_the_reference_says_the_same_of_both_graphs(path: Path, wanted: str) -> None:
    graph = build_graph(open_gguf(path))[1]
    late, early = opened(path, "reference"), opened(path, "reference", select_early(graph))
    assert np.allclose(run(late, (21, wanted)), run(early, (21, wanted)), atol=CLOSE)


def test_a_part_without_logits_leaves_the_same_keys_and_values(path: Path) -> None:
    cpu = opened(path, "cpu")
    whole = run(cpu, (21, "all"))
    assert np.array_equal(run(cpu, (21, "last"))[0], whole[-1])
    assert np.array_equal(run(cpu, (9, "none"), (11, "none"), (1, "last"))[0], whole[-1])
    assert np.array_equal(run(cpu, (9, "all"), (12, "all")), whole[9:])
    cpu.close()


def test_parts_that_want_different_logits_share_a_pass(path: Path) -> None:
    cpu = opened(path, "cpu")
    whole = run(cpu, (21, "all"))
    first, second, third = (cpu.new_sequence() for _ in range(3))
    parts = [
        BatchEntry(first, IDS[:5], "none"),
        BatchEntry(second, IDS[:7], "last"),
        BatchEntry(third, IDS, "all"),
    ]
    found = cpu.run(parts)
    assert np.array_equal(found[0], whole[6])
    assert np.array_equal(found[1:], whole)
    cpu.close()


# --- layers that share the caches of earlier ones --------------------------------------------
def shared(window: int = 0, later: int = 3) -> Graph:
    """A layer with a cache, and some that look at it again, their queries turned each time."""
    d = Draft()
    g, x = d.graph, d.x
    state = d.keep(g.rope(d.linear(x, "k"), 16, RopeSpec(16)), d.linear(x, "v"), window)
    inputs = [d.linear(g.embed("inputs", VOCAB, 64), f"input{i}") for i in range(later + 1)]
    for i, own in enumerate(inputs):
        q = g.rope(d.linear(g.rms_norm(x, None, 1e-5), f"q{i}"), 16, RopeSpec(8 if i else 16))
        x = g.add(x, d.linear(d.look(q, state, window), f"o{i}"))
        x = g.add(x, g.gated(own, x, "silu"))
    return d.logits(x)


def test_layers_that_share_a_cache_are_for_the_wanted_alone() -> None:
    early = select_early(shared())
    few, _ = check_graph(early)
    looks = [i for i, op in enumerate(early.ops) if isinstance(op, Attention)]
    assert [i in few for i in looks] == [False, True, True, True]
    products = [op.weight for i, op in enumerate(early.ops) if isinstance(op, Linear) and i in few]
    assert products == ["o0", "q1", "o1", "q2", "o2", "q3", "o3", "output"]


@pytest.mark.parametrize("window", [0, 9])
def test_what_they_give_is_the_same_to_the_bit(window: int, tmp_path: Path) -> None:
    graph = shared(window)
    file = weights_of(graph, tmp_path / "m.gguf")
    asked = {"n_ctx": 64, "max_batch": 64, "cache_type": "f32"}
    cpu = make_backend("cpu", graph, file, **asked, threads=2)
    whole = run(cpu, (21, "all"))
    assert np.array_equal(run(cpu, (21, "last"))[0], whole[-1])
    assert np.array_equal(run(cpu, (9, "none"), (11, "none"), (1, "last"))[0], whole[-1])
    assert np.array_equal(run(cpu, (9, "all"), (12, "all")), whole[9:])
    ids = IDS % VOCAB
    first, second, third = (cpu.new_sequence() for _ in range(3))
    parts = [
        BatchEntry(first, ids[:5], "none"),
        BatchEntry(second, ids[:7], "last"),
        BatchEntry(third, ids, "all"),
    ]
    found = cpu.run(parts)
    assert np.array_equal(found[0], whole[6])
    assert np.array_equal(found[1:], whole)
    cpu.close()
    for each in (graph, select_early(graph)):
        reference = make_backend("reference", each, file, **asked)
        assert np.allclose(run(reference, (9, "last"), (12, "last"))[0], whole[-1], atol=CLOSE)
        reference.close()
    file.close()


def test_attention_both_ways_sees_all() -> None:
    d = Draft()
    state = d.keep(d.linear(d.x, "k"), d.linear(d.x, "v"))
    x = d.look(d.linear(d.x, "q"), state, causal=False)
    graph = d.logits(d.look(d.linear(x, "p"), state, causal=False))
    few, _ = check_graph(select_early(graph))
    assert not any(isinstance(select_early(graph).ops[i], Attention) for i in few)
