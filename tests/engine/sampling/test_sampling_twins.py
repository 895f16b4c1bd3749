"""Each fast step against its slow twin of tests/helpers, on random distributions of many shapes."""

from collections.abc import Callable

import numpy as np
import pytest
from helpers import slow_sampling as slow

from engine.sampling.candidates import Candidates, top_indices
from engine.sampling.draw import _k_for, bend
from engine.sampling.penalties import Breakers, longest_repeats, make_dry, make_penalties
from engine.sampling.state import Step, make_state
from engine.sampling.steps import (
    make_dynamic_temperature,
    make_min_p,
    make_top_k,
    make_top_n_sigma,
    make_top_p,
    make_typical,
    make_xtc,
)

TOLERANCE = 2e-5  # float32 sums against exact ones

Twin = Callable[[slow.Pairs], slow.Pairs]
STEPS: dict[str, tuple[Step, Twin]] = {
    "top_k 7": (make_top_k(7), lambda c: slow.top_k(c, 7)),
    "top_k 400": (make_top_k(400), lambda c: slow.top_k(c, 400)),
    "top_p 0.9": (make_top_p(0.9003, 0), lambda c: slow.top_p(c, 0.9003)),
    "top_p keeps 600": (make_top_p(0.1, 600), lambda c: slow.top_p(c, 0.1, 600)),
    "min_p 0.05": (make_min_p(0.05, 0), lambda c: slow.min_p(c, 0.05)),
    "min_p keeps 30": (make_min_p(0.9, 30), lambda c: slow.min_p(c, 0.9, 30)),
    "typical 0.6": (make_typical(0.6003, 0), lambda c: slow.typical(c, 0.6003)),
    "typical keeps 300": (make_typical(0.1, 300), lambda c: slow.typical(c, 0.1, 300)),
    "top_n_sigma 1.5": (make_top_n_sigma(1.5), lambda c: slow.top_n_sigma(c, 1.5)),
    "xtc 0.02": (make_xtc(1.0, 0.02, 0), lambda c: slow.xtc(c, 0.02)),
    "adaptive_p 0.3": (
        lambda c, _: bend(c, c.probabilities(), 0.3),
        lambda c: slow.adaptive(c, 0.3),
    ),
    "dynatemp": (
        make_dynamic_temperature(0.8, 0.5, 1.3),
        lambda c: slow.dynamic_temperature(c, 0.8, 0.5, 1.3),
    ),
}


def distribution(candidates: Candidates) -> dict[int, float]:
    ids = range(len(candidates)) if candidates.ids is None else candidates.ids.tolist()
    pairs = zip(ids, candidates.probabilities().tolist(), strict=True)
    return {token: probability for token, probability in pairs if probability > 1e-30}


def slow_distribution(pairs: slow.Pairs) -> dict[int, float]:
    both = zip(pairs, slow.softmax(pairs), strict=True)
    return {token: probability for (token, _), probability in both if probability > 1e-30}


def random_logits(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n = int(rng.choice([5, 130, 700, 3000]))
    return rng.normal(0, rng.choice([0.3, 2.0, 6.0]), n).astype(np.float32)


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("presorted", [False, True])
def test_step_meets_its_twin(name: str, presorted: bool) -> None:
    step, twin = STEPS[name]
    for seed in range(12):
        logits = random_logits(seed)
        candidates = Candidates(logits)
        if presorted:
            candidates.keep_top(len(logits))
        step(candidates, make_state(0, 0, 0, 0))
        expected = slow_distribution(twin(list(enumerate(logits.tolist()))))
        found = distribution(candidates)
        assert found.keys() == expected.keys(), seed
        assert max(abs(found[t] - expected[t]) for t in found) < TOLERANCE
        if candidates.sorted:
            assert (candidates.logits[1:] <= candidates.logits[:-1]).all()


@pytest.mark.parametrize("name", STEPS)
def test_step_leaves_the_callers_logits_alone(name: str) -> None:
    logits = random_logits(3)
    before = logits.copy()
    STEPS[name][0](Candidates(logits), make_state(0, 0, 0, 0))
    assert np.array_equal(logits, before)


@pytest.mark.parametrize("seed", range(8))
def test_penalties_after_a_cut(seed: int) -> None:
    rng = np.random.default_rng(seed)
    logits = random_logits(seed)
    recent = rng.integers(0, len(logits), 90).tolist()
    state = make_state(0, 50, 50, 0)
    for token in recent:
        state.accept(token)
    candidates = Candidates(logits)
    candidates.keep_top(100)
    make_penalties(1.3, 0.4, 0.2)(candidates, state)
    pairs = slow.top_k(list(enumerate(logits.tolist())), 100)
    expected = slow_distribution(slow.penalties(pairs, recent[-50:], 1.3, 0.4, 0.2))
    assert distribution(candidates) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("seed", range(20))
def test_dry(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tokens = rng.integers(0, 3, int(rng.integers(1, 40))).tolist()  # few words: much repetition
    allowed = int(rng.integers(0, 4))
    state = make_state(0, 30, 0, 0)
    for token in tokens:
        state.accept(token)
    candidates = Candidates(np.zeros(4, dtype=np.float32))
    make_dry(0.8, 1.75, allowed, 30, Breakers((), str))(candidates, state)
    recent = tokens[-30:]
    expected = slow.dry([(t, 0.0) for t in range(4)], recent, 0.8, 1.75, allowed, len(recent))
    assert candidates.logits.tolist() == pytest.approx([x for _, x in expected], rel=1e-5)


def test_dry_of_one_token_for_ever_stays_finite() -> None:
    state = make_state(0, 5000, 0, 0)
    for _ in range(5000):
        state.accept(1)
    candidates = Candidates(np.zeros(2, dtype=np.float32))
    make_dry(0.8, 1.75, 2, 5000, Breakers((), str))(candidates, state)
    assert np.isfinite(candidates.logits).all()
    assert candidates.logits[1] < -1e30


def test_breakers_across_tokens() -> None:
    words = dict(enumerate(["ab", "c", "x", "end", "ENDE", "xa", "b", "bc-"]))
    breakers = Breakers(("abc", "E"), words.__getitem__)
    distance = {
        (0, 1, 2): 1,  # "ab" + "c", then one token
        (0, 2, 2): 3,  # no breaker at all
        (5, 6, 1, 2, 2): 2,  # the head is only the end of a token
        (5, 7): 0,  # ends within a token
        (2, 4, 2): 1,  # within one token
        (2, 0): 2,  # begun, not finished
    }
    for tokens, expected in distance.items():
        assert breakers.distance(np.array(tokens)) == expected, tokens


def test_longest_repeats_example() -> None:
    a, b, c, y = range(4)
    tokens = np.array([a, b, c, c, b, c, y, a, b, c])
    assert longest_repeats(tokens, 1, 10) == {c: 3, b: 1, y: 2}


@pytest.mark.parametrize("seed", range(6))
def test_mirostat_k(seed: int) -> None:
    logits = np.random.default_rng(seed).normal(0, 3, 800).astype(np.float32)
    expected = slow.mirostat_k(list(enumerate(logits.tolist())), 5.0 + seed, 800)
    assert abs(_k_for(Candidates(logits), 5.0 + seed, 800) - min(expected, 800)) <= 1


@pytest.mark.parametrize("n", [1, 3, 64, 1000, 40000])
@pytest.mark.parametrize("k", [1, 40, 999])
@pytest.mark.parametrize("kind", ["normal", "few values", "mostly forbidden", "equal"])
def test_top_indices(n: int, k: int, kind: str) -> None:
    rng = np.random.default_rng(n + k)
    values = rng.normal(0, 1, n).astype(np.float32)
    if kind == "few values":
        values = np.round(values)
    elif kind == "mostly forbidden":
        values[rng.random(n) < 0.999] = -np.inf
    elif kind == "equal":
        values[:] = 1
    expected = sorted(range(n), key=lambda i: (-values[i], i))[:k]
    assert top_indices(values, k).tolist() == expected
