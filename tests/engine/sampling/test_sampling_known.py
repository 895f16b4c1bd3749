"""Known cases: small distributions whose outcome llama.cpp's own tests state."""

from collections.abc import Sequence

import numpy as np
import pytest

from engine.sampling.candidates import Candidates
from engine.sampling.penalties import Breakers, make_dry, make_logit_bias, make_penalties
from engine.sampling.state import SamplerState, Step, make_state
from engine.sampling.steps import (
    make_dynamic_temperature,
    make_min_p,
    make_temperature,
    make_top_k,
    make_top_n_sigma,
    make_top_p,
    make_typical,
    make_xtc,
)

RISING = (0.1, 0.2, 0.3, 0.4)


def run(step: Step, probabilities: Sequence[float], history: Sequence[int] = ()) -> list[float]:
    """Probability of every token after the step."""
    candidates = Candidates(np.log(np.array(probabilities, dtype=np.float32)))
    step(candidates, told(history))
    result = np.zeros(len(probabilities))
    ids = range(len(probabilities)) if candidates.ids is None else candidates.ids
    result[np.array(list(ids))] = candidates.probabilities()
    return result.tolist()


def told(history: Sequence[int]) -> SamplerState:
    state = make_state(0, capacity=64, window=len(history), mu=0)
    for token in history:
        state.accept(token)
    return state


@pytest.mark.parametrize(
    ("k", "expected"), [(1, (0, 0, 0, 1)), (3, (0, 0.22222, 0.33333, 0.44444)), (4, RISING)]
)
def test_top_k(k: int, expected: Sequence[float]) -> None:
    assert run(make_top_k(k), RISING) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.0, (0, 0, 0, 1)),
        (0.7, (0, 0, 0.428571, 0.571429)),
        (0.8, (0, 0.22222, 0.33333, 0.44444)),
    ],
)
def test_top_p(p: float, expected: Sequence[float]) -> None:
    assert run(make_top_p(p, 0), RISING) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("p", "n_kept"),
    [(0.24, 4), (0.26, 3), (0.49, 3), (0.51, 2), (0.74, 2), (0.76, 1), (1.0, 1)],
)
def test_min_p(p: float, n_kept: int) -> None:
    kept = np.array(RISING) * (np.arange(4) >= 4 - n_kept)
    assert run(make_min_p(p, 0), RISING) == pytest.approx(kept / kept.sum(), abs=1e-5)


@pytest.mark.parametrize(("threshold", "n_kept"), [(0.09, 1), (0.19, 2), (0.29, 3), (0.39, 4)])
def test_xtc_keeps_the_least_of_the_likely(threshold: float, n_kept: int) -> None:
    falling = np.array(RISING)[::-1]
    kept = falling * (np.arange(4) >= 4 - n_kept)
    assert run(make_xtc(1.0, threshold, 0), falling) == pytest.approx(kept / kept.sum(), abs=1e-5)


def test_typical() -> None:
    assert run(make_typical(0.5, 0), (0.97, 0.01, 0.01, 0.01)) == pytest.approx([1, 0, 0, 0])
    third = 1 / 3
    expected = [0, third, third, third]
    assert run(make_typical(0.5, 0), (0.4, 0.2, 0.2, 0.2)) == pytest.approx(expected)


@pytest.mark.parametrize(("n", "expected"), [(1.0, (0, 0, 0.428571, 0.571429)), (3.0, RISING)])
def test_top_n_sigma(n: float, expected: Sequence[float]) -> None:
    assert run(make_top_n_sigma(n), RISING) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("history", "values", "expected"),
    [
        ((0,), (50, 0, 0), (0, 0.25, 0.25, 0.25, 0.25)),
        ((0, 1, 2), (50, 0, 0), (0, 0, 0, 0.5, 0.5)),
        ((0, 1, 2, 0, 0), (50, 0, 0), (0, 0, 0, 0.5, 0.5)),
        ((0,), (1, 5, 5), (0.000011, 0.249997, 0.249997, 0.249997, 0.249997)),
        ((0, 1, 2), (1, 5, 5), (0.000023, 0.000023, 0.000023, 0.499966, 0.499966)),
        ((0, 1, 2, 0, 0), (1, 5, 5), (0, 0.000023, 0.000023, 0.499977, 0.499977)),
    ],
)
def test_penalties(
    history: Sequence[int], values: tuple[float, float, float], expected: Sequence[float]
) -> None:
    assert run(make_penalties(*values), [0.2] * 5, history) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("history", "values", "breakers", "expected"),
    [
        ((0, 1), (1.0, 1.1, 2, 4), (), (0.25,) * 4),
        ((0, 1, 2, 0, 1), (1.0, 1.1, 2, 5), (), (0.296923, 0.296923, 0.109232, 0.296923)),
        ((0, 1, 3, 4, 0, 1), (1.0, 1.1, 2, 6), ("3",), (0.2,) * 5),
        (
            (0, 1, 2, 0, 1),
            (2.0, 1.1, 2, 5),
            (),
            (0.241818, 0.241818, 0.032727, 0.241818, 0.241818),
        ),
        ((0, 1, 2, 3, 4, 0, 1), (1.0, 1.1, 4, 7), (), (0.2,) * 5),
    ],
)
def test_dry(
    history: Sequence[int],
    values: tuple[float, float, int, int],
    breakers: Sequence[str],
    expected: Sequence[float],
) -> None:
    flat = [1 / len(expected)] * len(expected)
    step = make_dry(*values, Breakers(breakers, str))
    assert run(step, flat, history) == pytest.approx(expected, abs=1e-5)


def test_temperature() -> None:
    assert run(make_temperature(1.0), RISING) == pytest.approx(RISING, abs=1e-6)
    assert run(make_temperature(0.0), RISING) == pytest.approx([0, 0, 0, 1])
    assert run(make_temperature(0.5), RISING)[3] == pytest.approx(0.16 / 0.30, abs=1e-6)


def test_dynamic_temperature_of_a_flat_distribution_is_the_highest() -> None:
    uneven = run(make_dynamic_temperature(1.0, 1.0, 1.0), (0.999, 0.001))
    assert uneven[0] > 0.9999  # nearly sure of itself: nearly cold
    assert run(make_dynamic_temperature(1.0, 0.5, 1.0), [0.25] * 4) == pytest.approx([0.25] * 4)


def test_logit_bias_adds_up_and_forbids() -> None:
    step = make_logit_bias([(0, 1.0), (0, float(np.log(2)) - 1), (3, -float("inf"))])
    expected = np.array([0.2, 0.2, 0.3, 0.0]) / 0.7
    assert run(step, RISING) == pytest.approx(expected, abs=1e-6)
