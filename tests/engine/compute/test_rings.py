"""States with a window are rings: less memory, and what they hold is what is looked at."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.loaded import make_backend
from helpers.open_tiny import drive
from helpers.tiny_models import write_tiny_llama
from numpy.typing import NDArray

from engine.architectures import build_graph
from engine.base.errors import CancelledError
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.compute.backends import Backend, BatchEntry
from engine.compute.backends.cpu import CpuBackend
from engine.compute.cache import CacheLayout, full
from engine.compute.graph import Grows
from engine.generate import Generation
from engine.model import Model, open_model
from engine.tape import Tape
from engine.weights.formats.gguf import open_gguf

N_CTX, BATCH, RING = 512, 16, 128  # windows of 9 and 40 make the same ring, with BACK of a tile
APART = {"f32": 1e-5, "f16": 2e-3, "q8_0": 0.02}  # as in test_backends_agree
Ids = NDArray[np.int32]
Rows = NDArray[np.float32]


@pytest.fixture(autouse=True)
def _little_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full, "BACK", 64)


@pytest.fixture(name="make")
def _make(tmp_path: Path) -> Iterator[Callable[..., Backend]]:
    """Backends of a model of three layers: two that see `window` tokens, one that sees all."""
    made: list[Any] = []

    def make(window: int = 9, name: str = "cpu", **options: Any) -> Backend:
        path = model_file(tmp_path / f"{window}.gguf", window)
        file = open_gguf(path)
        _, graph = build_graph(file)
        asked = {"n_ctx": N_CTX, "max_batch": BATCH} | options
        backend = make_backend(name, graph, file, **asked)
        made.extend((backend, file))
        return backend

    yield make
    for each in made:
        each.close()


def model_file(path: Path, window: int) -> Path:
    keys = {
        "llama.attention.sliding_window": window,
        "llama.attention.sliding_window_pattern": 3,
        "llama.context_length": 2 * N_CTX,
    }
    return write_tiny_llama(path, n_layer=3, n_head=4, n_head_kv=2, extra_metadata=keys)


def some_ids(n: int, seed: int = 0) -> Ids:
    return np.random.default_rng(seed).integers(3, 300, n).astype(np.int32)


def read(backend: Backend, sequence: Any, ids: Ids, cut: int) -> Rows:
    """Logits after each token, read `cut` at a time."""
    rows = [
        backend.run([BatchEntry(sequence, ids[at : at + cut], "all")]).copy()
        for at in range(0, len(ids), cut)
    ]
    return np.concatenate(rows or [np.zeros((0, backend.n_vocab), np.float32)])


def without_rings(monkeypatch: pytest.MonkeyPatch, make: Callable[..., Backend], **how: Any) -> Any:
    monkeypatch.setattr(full, "BACK", 1 << 20)
    found = make(**how)
    monkeypatch.setattr(full, "BACK", 64)
    assert len({place.positions for place in found._layout.places.values()}) == 1  # type: ignore[attr-defined]
    return found


# --- what is seen ----------------------------------------------------------------------------
@pytest.mark.parametrize("cache_type", ["f32", "f16", "q8_0"])
@pytest.mark.parametrize("window", [9, 40])
def test_far_beyond_the_ring_it_is_what_the_reference_gives(
    make: Callable[..., Backend], window: int, cache_type: str
) -> None:
    ids = some_ids(400)
    oracle = make(window, "reference")
    truth = read(oracle, oracle.new_sequence(), ids, 400)
    backend = make(window, cache_type=cache_type, threads=2)
    assert [place.positions for place in backend._layout.places.values()] == [RING, RING, N_CTX]  # type: ignore[attr-defined]
    for cut in (1, 7, BATCH):
        found = read(backend, backend.new_sequence(), ids, cut)
        apart = np.sqrt(np.mean((found - truth) ** 2)) / truth.std()
        assert apart < APART[cache_type], f"{cut} tokens at a time"


@pytest.mark.parametrize("cache_type", ["f32", "f16", "q8_0"])
@pytest.mark.parametrize("window", [9, 40, 64, 65])
def test_rings_do_not_change_a_bit(
    make: Callable[..., Backend],
    monkeypatch: pytest.MonkeyPatch,
    window: int,
    cache_type: str,
) -> None:
    ids = some_ids(500)
    whole = without_rings(monkeypatch, make, window=window, cache_type=cache_type)
    truth = read(whole, whole.new_sequence(), ids, BATCH)
    backend = make(window, cache_type=cache_type, threads=2)
    for cut in (1, 13, BATCH):
        assert np.array_equal(read(backend, backend.new_sequence(), ids, cut), truth)


@pytest.mark.parametrize("batch", [64, 100, 128])
def test_the_longest_passes_leave_each_other_what_they_see(
    make: Callable[..., Backend], monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    ids = some_ids(500)
    whole = without_rings(monkeypatch, make, window=60, max_batch=batch)
    truth = read(whole, whole.new_sequence(), ids, batch)
    backend = make(60, max_batch=batch, threads=2)
    sequence = backend.new_sequence()
    for at in range(0, 500, batch):  # each is read twice
        read(backend, sequence, some_ids(min(batch, 500 - at), 9), batch)
        assert sequence.back_to(at) == at
        found = read(backend, sequence, ids[at : at + batch], batch)
        assert np.array_equal(found, truth[at : at + batch])


def test_two_sequences_share_passes(make: Callable[..., Backend]) -> None:
    backend, ids = make(threads=2), [some_ids(400, 1), some_ids(300, 2)]
    alone = [read(backend, backend.new_sequence(), each, BATCH) for each in ids]
    both = [backend.new_sequence() for _ in ids]
    found: list[list[Rows]] = [[], []]
    at = [0, 0]
    for step in range(60):
        cuts = (7, 5) if step % 2 else (5, 3)
        here = [each[a : a + c] for each, a, c in zip(ids, at, cuts, strict=True)]
        parts = [BatchEntry(s, i, "all") for s, i in zip(both, here, strict=True) if len(i)]
        rows = backend.run(parts).copy()
        begun = 0
        for each, i in enumerate(here):
            found[each].append(rows[begun : begun + len(i)])
            at[each] += len(i)
            begun += len(i)
    for truth, rows_of in zip(alone, found, strict=True):
        made = np.concatenate(rows_of)
        assert len(made) > 2 * RING - 20
        assert np.array_equal(made, truth[: len(made)])


# --- going back ------------------------------------------------------------------------------
@pytest.mark.parametrize("cache_type", ["f32", "q8_0"])
def test_going_back_to_every_length(make: Callable[..., Backend], cache_type: str) -> None:
    """As far as it says it has gone, all is as if nothing had been read behind it."""
    backend = make(40, cache_type=cache_type)
    ids, other = some_ids(300), some_ids(40, 3)
    reached = set[int]()
    for length in range(140, 300, 3):
        sequence = backend.new_sequence()
        read(backend, sequence, ids, BATCH)
        assert sequence.length == 300
        left = sequence.back_to(length)
        assert left == sequence.length
        assert left in (0, length)
        if left:
            reached.add(left)
        fresh = backend.new_sequence()
        read(backend, fresh, ids[:left], BATCH)
        assert np.array_equal(read(backend, sequence, other, 9), read(backend, fresh, other, 9))
        sequence.close()
        fresh.close()
    # 300 - 128 = 172 is the oldest that is there, 192 the oldest tile; 192 + 39 looks back to it.
    assert min(reached) == 233
    assert reached == set(range(233, 300, 3))


def test_going_back_twice_is_no_further(make: Callable[..., Backend]) -> None:
    backend, ids = make(40), some_ids(300)
    sequence = backend.new_sequence()
    read(backend, sequence, ids, BATCH)
    assert sequence.back_to(260) == 260
    assert sequence.back_to(231) == 231
    assert sequence.back_to(230) == 0
    assert sequence.nbytes == 0
    truth = read(backend, backend.new_sequence(), ids, BATCH)
    assert np.array_equal(read(backend, sequence, ids, BATCH), truth)
    assert sequence.back_to(231) == 231


def test_before_the_ring_has_come_round_every_length_is_there(
    make: Callable[..., Backend],
) -> None:
    backend, ids = make(40), some_ids(RING)
    truth = read(backend, backend.new_sequence(), ids, BATCH)
    for length in (0, 1, 39, 64, 100, 127, RING):
        sequence = backend.new_sequence()
        read(backend, sequence, ids, BATCH)
        assert sequence.back_to(length) == length
        if length < RING:
            assert np.array_equal(read(backend, sequence, ids[length:], BATCH), truth[length:])


def test_what_a_pass_added_can_always_be_forgotten(make: Callable[..., Backend]) -> None:
    """Also where it is given up halfway: some layers have written, some have not."""
    backend = make(40, cache_type="q8_0")
    ids, other = some_ids(400), some_ids(BATCH, 5)
    truth = read(backend, backend.new_sequence(), ids, BATCH)
    sequence = backend.new_sequence()
    at = 0
    for n in [3, BATCH, 1, 11] * 12:
        for steps in (2, 12, 10_000):
            job = backend.run_in_turns([BatchEntry(sequence, other, "last")])
            backend_turns(job, steps)
            assert sequence.back_to(at) == at
        rows = backend.run([BatchEntry(sequence, ids[at : at + n], "all")])
        assert np.array_equal(rows, truth[at : at + n])
        at += n


def backend_turns(job: Any, steps: int) -> None:
    for _ in range(steps):
        try:
            next(job)
        except StopIteration:
            return
    job.close()


def test_copies(make: Callable[..., Backend]) -> None:
    backend = make(40, cache_type="q8_0")
    ids, other = some_ids(300), some_ids(60, 3)
    first = backend.new_sequence()
    for read_so_far, lengths in ((100, (0, 5, 64, 100)), (300, (50, 230, 231, 260, 300))):
        read(backend, first, ids[first.length : read_so_far], BATCH)
        for length in lengths:
            second = backend.new_sequence()
            read(backend, second, other, BATCH)  # something that is to be gone
            got = second.copy_from(first, length)
            assert got == second.length == (0 if length in (50, 230) else length)
            fresh = backend.new_sequence()
            read(backend, fresh, ids[:got], BATCH)
            for _ in range(2):
                a, b = (read(backend, each, other[:20], 9) for each in (second, fresh))
                assert np.array_equal(a, b)
                assert second.back_to(got) == fresh.back_to(got) == got
            # A copy goes back as far as what was copied, and no further.
            for back in (n for n in (90, 230) if n <= got):
                second.copy_from(first, length)
                fresh.copy_from(first, first.length)
                assert second.back_to(back) == fresh.back_to(back)
            assert first.length == read_so_far


def test_stale_garbage_is_not_seen(make: Callable[..., Backend]) -> None:
    """What an earlier text left behind is no number: a new one does not come across it."""
    for cache_type in ("f32", "f16", "q8_0"):
        backend, ids = make(40, cache_type=cache_type), some_ids(300)
        truth = read(backend, backend.new_sequence(), ids, BATCH)
        sequence = backend.new_sequence()
        sequence._memory.bytes[:] = 0xFF  # type: ignore[attr-defined]  # NaN everywhere
        assert np.array_equal(read(backend, sequence, ids, 11), truth)


@pytest.mark.parametrize("length", [233, 255, 256, 260, 300])
def test_only_tiles_of_the_window_are_read(make: Callable[..., Backend], length: int) -> None:
    """What lies elsewhere in a ring, of a text that was taken back or of a round ago, may be no
    number: weights of zero would not hide that."""
    backend: Any = make(40, cache_type="f32")
    ids, other = some_ids(300), some_ids(200, 3)
    sequence, fresh = backend.new_sequence(), backend.new_sequence()
    read(backend, sequence, ids, BATCH)
    assert sequence.back_to(length) == length
    seen = range((length - 39) // 64 * 64, length)
    gone = sorted(set(range(RING)) - {position % RING for position in seen})
    memory = sequence._memory.bytes
    for place in list(backend._layout.places.values())[:2]:
        keys = np.array(gone) // 16 * place.k_panel_bytes + np.array(gone) % 16 * 4
        for head in range(place.heads):
            start = place.start + head * place.k_head_bytes
            values = place.start + place.v_start + head * place.v_head_bytes
            for at, slot in zip(keys, gone, strict=True):
                for column in range(place.k_panel_bytes // 64):
                    memory[start + at + 64 * column :][:4] = 0xFF
                memory[values + slot * place.v_row * 4 :][: place.v_row * 4] = 0xFF
    read(backend, fresh, ids[:length], BATCH)
    found = read(backend, sequence, other, 9)
    assert np.isfinite(found).all()
    assert np.array_equal(found, read(backend, fresh, other, 9))


# --- memory ----------------------------------------------------------------------------------
def test_a_gemma_2_shape_at_32k_takes_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """26 layers, every second with a window of 4096; 4 heads of 256 in half floats."""
    monkeypatch.setattr(full, "BACK", 1024)
    states = {i: Grows(4, 256, 256, 0 if i % 2 else 4096) for i in range(26)}
    rings = CacheLayout(states, 32768, "f16", 512)
    whole = {i: replace(s, window=0) for i, s in states.items()}
    plain = CacheLayout(whole, 32768, "f16", 512)
    each = 4 * (256 + 256) * 2
    assert plain.capacity == 26 * 32768 * each  # 3.49 GB
    assert rings.capacity == 13 * (32768 + 5632) * each  # 2.04 GB
    assert rings.size - rings.capacity == plain.size - plain.capacity


def test_bytes_by_length(make: Callable[..., Backend]) -> None:
    backend: Any = make(9)
    assert isinstance(backend, CpuBackend)
    sequence = backend.new_sequence()
    place = backend._layout.places[0]
    taken = backend.memory()["cache"]
    assert sequence.promised == taken
    read(backend, sequence, some_ids(100), BATCH)
    assert sequence.nbytes == 300 * place.position_bytes
    read(backend, sequence, some_ids(300), BATCH)
    assert sequence.nbytes == (400 + 2 * RING) * place.position_bytes
    assert sequence.promised == backend.promised == taken - sequence.nbytes
    sequence.back_to(0)
    assert sequence.nbytes == 0
    assert sequence.promised == taken - (400 + 2 * RING) * place.position_bytes


# --- above the backend -----------------------------------------------------------------------
GREEDY = SamplingParams(temperature=0.0)
LONG = GenerationParams(max_tokens=200, ignore_eos=True)


@pytest.fixture(name="model")
def _model(tmp_path: Path) -> Iterator[Model]:
    path = model_file(tmp_path / "whole.gguf", 40)
    options = LoadOptions(n_ctx=N_CTX, batch=BATCH, cache_type="f16", threads=2)
    model = drive(open_model(path, options, "ring"))
    yield model
    model.close()


def written(model: Model, tape: Tape, prompt: list[int], params: GenerationParams) -> Generation:
    generation = Generation(model, tape, GREEDY, params)
    drive(generation.read(prompt))
    drive(generation.write())
    generation.flush()
    return generation


@pytest.mark.parametrize("speculate", [False, True])
def test_regenerating_and_editing_give_the_same_tokens(model: Model, speculate: bool) -> None:
    params = replace(LONG, speculate=speculate)
    prompt = [int(i) for i in some_ids(30)] * 4
    tape = Tape(model.backend)
    first = written(model, tape, prompt, params)
    assert len(first.ids) == 200
    assert tape.sequence.length == len(tape)
    again = written(model, tape, prompt, params)  # too far back: the prompt is read once more
    assert again.timings.cached_n == 0
    assert again.ids == first.ids
    near = written(model, tape, prompt + first.ids[:180], replace(params, max_tokens=9))
    assert near.timings.cached_n == 299
    assert near.ids == first.ids[180:189]
    edited = prompt[:60] + prompt[:50]
    fresh = written(model, Tape(model.backend), edited, params)
    assert written(model, tape, edited, params).ids == fresh.ids


def test_tokens_are_those_of_a_cache_without_rings(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = [int(i) for i in some_ids(30)] * 4
    params = replace(LONG, speculate=True)
    found = written(model, Tape(model.backend), prompt, params).ids
    monkeypatch.setattr(full, "BACK", 1 << 20)
    options = LoadOptions(n_ctx=N_CTX, batch=BATCH, cache_type="f16", threads=2)
    plain = drive(open_model(tmp_path / "whole.gguf", options, "plain"))
    assert model.info.memory.cache < 0.6 * plain.info.memory.cache
    assert written(plain, Tape(plain.backend), prompt, params).ids == found
    plain.close()


def test_a_tape_knows_how_far_it_has_gone_back(model: Model) -> None:
    tape, ids = Tape(model.backend), [int(i) for i in some_ids(300)]
    for at in range(0, 300, BATCH):
        tape.run(ids[at : at + BATCH], "none")
    assert tape.rewind([*ids[:280], 5, 6]) == 280
    assert tape.tokens == ids[:280]
    assert tape.rewind([*ids[:100], 5, 6]) == 0
    assert tape.tokens == []
    assert tape.sequence.length == 0


def test_a_chunk_that_is_given_up_costs_nothing_else(model: Model) -> None:
    tape, ids = Tape(model.backend), [int(i) for i in some_ids(300)]
    for at in range(0, 272, BATCH):
        tape.run(ids[at : at + BATCH], "none")
    reading = tape.run_together(ids[272:288], "last")
    next(reading)
    with pytest.raises(CancelledError):
        reading.throw(CancelledError("stopped"))
    assert len(tape) == tape.sequence.length == 272
