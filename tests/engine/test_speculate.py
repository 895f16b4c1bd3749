"""When guessing pays: costs that are known here, and texts that repeat or do not."""

import random

import pytest

from engine.speculate import BELIEVED, SIZES, Speculator

QUIET = dict(zip(SIZES, BELIEVED, strict=True))


def seconds_of(n_tokens: int, costs: dict[int, float]) -> float:
    return costs[min(size for size in costs if size >= n_tokens)]


def written(prompt: list[int], text: list[int], costs: dict[int, float]) -> tuple[float, int]:
    """Seconds it takes to write `text`, and how many tokens were guessed for it."""
    speculator, spent, at = Speculator(prompt), 0.0, 0
    while at < len(text):
        draft = speculator.draft(len(text) - at - 1)
        seconds = seconds_of(1 + len(draft), costs)
        spent += seconds
        right = 0
        while right < len(draft) and draft[right] == text[at + right]:
            right += 1
        speculator.passed(len(draft), right, seconds)
        for token in text[at : at + right + 1]:
            speculator.accept(token)
        at += right + 1
    assert at == len(text)
    return spent, speculator.drafted


def noise(n: int, n_vocab: int, seed: int = 0) -> list[int]:
    rng = random.Random(seed)
    return [rng.randrange(n_vocab) for _ in range(n)]


def test_a_copy_with_a_changed_word_takes_less_than_half_the_time() -> None:
    passage = noise(600, 5000)
    copy = [*passage[:300], 5001, 5002, *passage[301:]]
    spent, _ = written(passage, copy, QUIET)
    assert spent < len(copy) / 2.5


@pytest.mark.parametrize("n_vocab", [2, 5, 30, 1000])
@pytest.mark.parametrize("seed", range(3))
def test_text_without_repetition_costs_no_more(n_vocab: int, seed: int) -> None:
    text = noise(600, n_vocab, seed)
    spent, _ = written(noise(100, n_vocab, seed + 50), text, QUIET)
    assert spent <= len(text) / 0.97


def test_nothing_is_guessed_before_a_token_was_timed() -> None:
    assert Speculator([1, 2, 3] * 20).draft(8) == []


@pytest.mark.parametrize("every", [2, 3, 5, 9, 1000])
def test_where_each_token_costs_as_much_as_the_first_nothing_is_lost(every: int) -> None:
    """A machine without spare arithmetic, and text that keeps inviting to guess."""
    passage = noise(600, 3000)
    text = [3001 if i % every == 0 else token for i, token in enumerate(passage)]
    spent, _ = written(passage, text, {size: float(size) for size in SIZES})
    assert spent <= len(passage) / 0.97


def test_a_bad_moment_is_forgotten() -> None:
    """Another program disturbs exactly the passes with guesses, for a while."""
    passage = noise(2000, 3000)
    speculator, drafts = Speculator(passage), [0] * 4
    speculator.passed(0, 0, 1.0)
    for i, token in enumerate(passage[:1600]):
        draft = speculator.draft(11)
        drafts[i // 400] += bool(draft)
        cost = QUIET[1 + len(draft)] * (50.0 if draft and i < 400 else 1.0)
        speculator.passed(len(draft), len(draft) // 2, cost)
        speculator.accept(token)
    assert drafts[0] < 20
    assert drafts[3] > 300


@pytest.mark.parametrize("most", range(-1, 14))
def test_never_more_than_asked_for(most: int) -> None:
    speculator = Speculator([1, 2, 3] * 30)
    speculator.passed(0, 0, 1.0)
    assert len(speculator.draft(most)) <= max(0, min(most, SIZES[-1] - 1))


def test_a_draft_fills_the_pass_it_is_made_for() -> None:
    speculator = Speculator([1, 2, 3] * 30)
    speculator.passed(0, 0, 1.0)
    assert 1 + len(speculator.draft(50)) in SIZES
