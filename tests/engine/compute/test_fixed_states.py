"""States of a fixed size: short convolutions and the delta rule, marks, and going back to them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.graph_models import VOCAB, Draft, apart, weights_of
from helpers.loaded import make_backend
from numpy.typing import NDArray

from engine.compute.backends import Backend, BatchEntry
from engine.compute.backends.reference_math import delta_rule
from engine.compute.cache.fixed import MARKS, FixedLayout, StateBlocks
from engine.compute.graph import Fixed, Graph

EXACT = 1e-5
BATCH = 16
Ids = NDArray[np.int32]


def recurrent(values: int = 64, *, look: bool = True) -> Graph:
    """A convolution, a delta rule behind it, and attention behind that (or none)."""
    d = Draft()
    x = d.graph.rms_norm(d.x, "norm", 1e-5)
    mixed = d.graph.activate(d.conv(d.linear(x, "qkv", 128 + values), "conv", 4), "silu")
    q, k = d.graph.slice(mixed, 0, 64), d.graph.slice(mixed, 64, 64)
    v = d.graph.slice(mixed, 128, values)
    x = d.graph.add(d.x, d.linear(d.delta_rule(q, k, v, x, "rule"), "out"))
    if look:
        y = d.graph.rms_norm(x, "norm2", 1e-5)
        parts = [d.linear(y, name) for name in ("q2", "k2", "v2")]
        x = d.graph.add(x, d.linear(d.attention(*parts), "o2"))
    return d.logits(x)


def some_ids(n: int, seed: int = 0) -> Ids:
    return np.random.default_rng(seed).integers(0, VOCAB, n).astype(np.int32)


@pytest.fixture(name="make")
def _make(tmp_path: Path) -> Iterator[Callable[..., Backend]]:
    graph, made = recurrent(), list[Any]()
    file = weights_of(graph, tmp_path / "m.gguf")

    def make(name: str = "cpu") -> Backend:
        options = {"cache_type": "f32", "threads": 2}
        made.append(make_backend(name, graph, file, n_ctx=256, max_batch=BATCH, **options))
        return made[-1]  # type: ignore[no-any-return]

    yield make
    for each in (*made, file):
        each.close()


def read(backend: Backend, sequence: Any, ids: Ids, cut: int = BATCH) -> NDArray[np.float32]:
    rows = [
        backend.run([BatchEntry(sequence, ids[at : at + cut], "all")]).copy()
        for at in range(0, len(ids), cut)
    ]
    return np.concatenate(rows)


# --- what is computed ------------------------------------------------------------------------
@pytest.mark.parametrize("values", [64, 128, 256])
@pytest.mark.parametrize("look", [False, True])
def test_cpu_gives_what_the_reference_gives(tmp_path: Path, values: int, look: bool) -> None:
    graph = recurrent(values, look=look)
    assert apart(graph, tmp_path / "m.gguf", n=150, n_ctx=192, batch=BATCH) < EXACT


def test_the_rule_is_the_papers(make: Callable[..., Backend]) -> None:
    """S = a S (I - b k kT) + b v kT, as in eq. 10 with S transposed."""
    chance = np.random.default_rng(3)
    k = chance.standard_normal((5, 16)).astype(np.float32)
    k /= np.linalg.norm(k, axis=1, keepdims=True)
    q, v = chance.standard_normal((2, 5, 16)).astype(np.float32)
    decay, beta = (
        -chance.random((5, 1)).astype(np.float32),
        chance.random((5, 1)).astype(np.float32),
    )
    out, left = delta_rule(q, k, v, decay, beta, np.zeros((1, 16, 16), np.float32))
    state = np.zeros((16, 16))
    for t in range(5):
        forget = np.eye(16) - beta[t] * np.outer(k[t], k[t])
        state = np.exp(decay[t]) * state @ forget + beta[t] * np.outer(v[t], k[t])
        assert np.allclose(out[t], state @ q[t], atol=1e-5)
    assert np.allclose(left[0], state.T, atol=1e-5)


@pytest.mark.parametrize("name", ["cpu", "reference"])
def test_it_does_not_matter_how_a_text_is_cut(make: Callable[..., Backend], name: str) -> None:
    backend, ids = make(name), some_ids(100)
    truth = read(backend, backend.new_sequence(), ids)
    for cut in (1, 2, 3, 7):
        found = read(backend, backend.new_sequence(), ids, cut)
        if name == "cpu":
            assert np.array_equal(found, truth), f"{cut} at a time"
        else:
            assert np.allclose(found, truth, atol=1e-4)


def test_sequences_share_passes(make: Callable[..., Backend]) -> None:
    backend, ids = make(), [some_ids(60, 1), some_ids(40, 2)]
    alone = [read(backend, backend.new_sequence(), each) for each in ids]
    both, found = [backend.new_sequence() for _ in ids], [list[Any](), list[Any]()]
    for at in range(8):
        parts = [BatchEntry(both[0], ids[0][7 * at : 7 * at + 7], "all")]
        parts.append(BatchEntry(both[1], ids[1][5 * at : 5 * at + 5], "all"))
        rows = backend.run(parts).copy()
        found[0].append(rows[:7])
        found[1].append(rows[7:])
    for truth, made in zip(alone, found, strict=True):
        assert np.array_equal(np.concatenate(made), truth[: len(np.concatenate(made))])


# --- going back ------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["cpu", "reference"])
def test_the_last_pass_can_be_forgotten_and_nothing_before_it(
    make: Callable[..., Backend], name: str
) -> None:
    backend, ids, other = make(name), some_ids(40), some_ids(20, 5)
    sequence, fresh = backend.new_sequence(), backend.new_sequence()
    assert sequence.needs_marks
    read(backend, sequence, ids, 10)
    assert [sequence.reach(n) for n in (40, 39, 35, 30, 29, 1)] == [40, 30, 30, 30, 0, 0]
    assert sequence.back_to(33) == sequence.length == 30
    read(backend, fresh, ids[:30], 10)
    assert np.array_equal(read(backend, sequence, other), read(backend, fresh, other))


@pytest.mark.parametrize("name", ["cpu", "reference"])
def test_marks(make: Callable[..., Backend], name: str) -> None:
    backend, ids, other = make(name), some_ids(100), some_ids(20, 5)
    sequence = backend.new_sequence()
    for at in range(0, 100, 10):
        read(backend, sequence, ids[at : at + 10])
        if at in (20, 50, 60):
            sequence.mark()
    for wanted, there in ((99, 90), (80, 70), (69, 60), (59, 30), (29, 0)):
        assert sequence.reach(wanted) == there
        assert sequence.back_to(wanted) == sequence.length == there
        fresh = backend.new_sequence()
        if there:
            read(backend, fresh, ids[:there], 10)
        assert np.array_equal(read(backend, sequence, other), read(backend, fresh, other))
        assert sequence.back_to(there) == (there if there in (0, 30, 60, 70) else 0) or there == 90


@pytest.mark.parametrize("name", ["cpu", "reference"])
def test_a_pass_that_is_given_up_leaves_what_was_there(
    make: Callable[..., Backend], name: str
) -> None:
    backend, ids, other = make(name), some_ids(30), some_ids(10, 5)
    sequence, fresh = backend.new_sequence(), backend.new_sequence()
    read(backend, sequence, ids, 10)
    for _ in range(12):
        job = backend.run_in_turns([BatchEntry(sequence, other, "last")])
        next(job, None)
        job.close()
        if sequence.length > 30:  # it was quick enough to end
            assert sequence.back_to(30) == 30
    read(backend, fresh, ids, 10)
    assert np.array_equal(read(backend, sequence, other), read(backend, fresh, other))


@pytest.mark.parametrize("name", ["cpu", "reference"])
def test_copies_go_to_marks(make: Callable[..., Backend], name: str) -> None:
    backend, ids, other = make(name), some_ids(60), some_ids(20, 5)
    first = backend.new_sequence()
    for at in range(0, 60, 10):
        read(backend, first, ids[at : at + 10])
        if at == 20:
            first.mark()
    for wanted, there in ((60, 60), (55, 50), (44, 30), (10, 0)):
        second, fresh = backend.new_sequence(), backend.new_sequence()
        read(backend, second, other)
        assert second.copy_from(first, wanted) == second.length == there
        if there:
            read(backend, fresh, ids[:there], 10)
        for _ in range(2):
            assert np.array_equal(read(backend, second, other), read(backend, fresh, other))
            assert second.back_to(there) == fresh.back_to(there)
        assert first.length == 60


def test_begun_anew_it_remembers_nothing(make: Callable[..., Backend]) -> None:
    backend, ids = make(), some_ids(40)
    truth = read(backend, backend.new_sequence(), ids)
    sequence = backend.new_sequence()
    read(backend, sequence, some_ids(90, 4))
    assert sequence.back_to(5) == 0
    assert sequence.nbytes == 0
    assert np.array_equal(read(backend, sequence, ids), truth)


# --- blocks ----------------------------------------------------------------------------------
def test_a_pass_never_writes_what_is_kept() -> None:
    """By chance: the block written is none of those that can be gone back to."""
    chance = np.random.default_rng(1)
    blocks, length = StateBlocks(3), 0
    holds = {0: 0}  # block -> the length whose state it holds
    for _ in range(2000):
        match chance.integers(4):
            case 0 if length:
                blocks.mark(length)
            case 1:
                reached = blocks.reach(int(chance.integers(length + 1)), length)
                assert holds[blocks.at(reached, length)] == reached or not reached
                blocks.back_to(reached, length)
                length = reached
                if not length:
                    holds[blocks.now] = 0
            case _:
                old, new = blocks.begin()
                assert old == blocks.now != new < 5
                assert new not in blocks.marks.values()
                if chance.random() < 0.8:  # else it is given up
                    blocks.end(length)
                    length += int(chance.integers(1, 9))
                    holds[new] = length
                else:
                    holds[new] = -1
        assert all(holds[block] == at for at, block in blocks.marks.items())
        assert len(blocks.marks) <= 3


def test_of_many_marks_the_late_ones_are_dense() -> None:
    blocks = StateBlocks(MARKS)
    for length in range(10, 2000, 10):
        blocks.begin()
        blocks.end(length - 10)
        blocks.mark(length)
    kept = list(blocks.marks)
    assert len(kept) == MARKS
    assert kept[-1] == 1990
    behind = [1990 - at for at in kept[:-1]]
    assert behind == sorted(behind, reverse=True)
    assert behind[-1] <= 40
    assert behind[0] >= 400


def test_bytes() -> None:
    layout = FixedLayout({0: Fixed((3, 100)), 4: Fixed((4, 16, 32))})
    assert layout.starts == {0: 0, 4: 3 * 112 * 4}
    assert layout.block == 3 * 112 * 4 + 4 * 16 * 32 * 4
    assert layout.marks == MARKS
    assert layout.size == (MARKS + 2) * layout.block
    assert FixedLayout({0: Fixed((32, 1024, 4096))}).marks == 2
    assert FixedLayout({}).size == 0
