"""The whole chain: greedy, determinism, copies, law of the draws, log-probabilities, refusals."""

import math
from dataclasses import replace

import numpy as np
import pytest
from helpers import slow_sampling as slow

from engine.base.errors import ChaskiError, UsageError
from engine.base.settings import SamplingParams
from engine.sampling.chain import Sampler, make_sampler

N = 500
LOGITS = np.random.default_rng(7).normal(0, 2, N).astype(np.float32)
OPEN = SamplingParams(seed=1, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0)


def sampler(params: SamplingParams, n_vocab: int = N) -> Sampler:
    return make_sampler(params, n_vocab=n_vocab, n_ctx=128, token_text=str)


def tokens(chain: Sampler, n: int = 30) -> list[int]:
    result = []
    for i in range(n):
        token = chain.sample(np.roll(LOGITS, 7 * i)).token
        chain.accept(token)
        result.append(token)
    return result


def test_greedy_takes_the_likeliest_and_the_lowest_of_equals() -> None:
    logits = np.zeros(N, dtype=np.float32)
    logits[[400, 40]] = 3
    assert sampler(SamplingParams(temperature=0)).sample(logits).token == 40


def test_greedy_still_respects_bias_and_penalties() -> None:
    best, second = np.argsort(-LOGITS)[:2].tolist()
    banned = replace(OPEN, temperature=0, logit_bias=((best, -math.inf),))
    assert sampler(banned).sample(LOGITS).token == second
    chain = sampler(replace(OPEN, temperature=0, repeat_penalty=5.0))
    chain.accept(best)
    assert chain.sample(LOGITS).token == second


def test_greedy_needs_no_temperature_in_the_list() -> None:
    params = replace(OPEN, temperature=0, samplers=("top_k", "xtc"), xtc_probability=0.0)
    assert sampler(params).sample(LOGITS).token == LOGITS.argmax()


ALL_ON = SamplingParams(
    seed=5,
    repeat_penalty=1.1,
    presence_penalty=0.1,
    dry_multiplier=0.8,
    top_n_sigma=3.0,
    typical_p=0.99,
    xtc_probability=0.5,
    dynatemp_range=0.3,
    logit_bias=((3, 1.0),),
)
VARIANTS = [
    SamplingParams(seed=5),
    ALL_ON,
    *(replace(OPEN, mirostat=m) for m in (1, 2)),
    SamplingParams(seed=5, adaptive_target=0.3),
]


@pytest.mark.parametrize("params", VARIANTS)
def test_same_seed_same_tokens(params: SamplingParams) -> None:
    assert tokens(sampler(params)) == tokens(sampler(params))


@pytest.mark.parametrize("params", VARIANTS)
def test_a_copy_goes_on_alike_and_apart(params: SamplingParams) -> None:
    chain = sampler(params)
    tokens(chain, 10)
    twin = chain.copy()
    ahead = tokens(twin)
    assert tokens(chain) == ahead


def test_seed_minus_one_is_new_each_time_and_told() -> None:
    one, two = (sampler(replace(OPEN, seed=-1)) for _ in range(2))
    assert one.params.seed >= 0
    assert tokens(one) != tokens(two)
    assert tokens(sampler(one.params)) == tokens(sampler(replace(OPEN, seed=one.params.seed)))


@pytest.mark.parametrize("n_vocab", [6, 2000])
def test_draws_follow_the_distribution(n_vocab: int) -> None:
    # 2000 takes the draw in two steps (block, then place); chi-square with 5 degrees of freedom.
    logits = np.full(n_vocab, -np.inf, dtype=np.float32)
    places = np.linspace(0, n_vocab - 1, 6).astype(int)
    probabilities = np.array([0.4, 0.25, 0.15, 0.1, 0.07, 0.03])
    logits[places] = np.log(probabilities)
    chain = sampler(OPEN, n_vocab)
    n = 6000
    drawn = np.array([chain.sample(logits).token for _ in range(n)])
    counts = np.array([(drawn == place).sum() for place in places])
    assert counts.sum() == n
    assert ((counts - n * probabilities) ** 2 / (n * probabilities)).sum() < 20.5  # p = 0.001


def test_order_of_samplers_matters() -> None:
    logits = np.log(np.array([0.5, 0.3, 0.15, 0.05], dtype=np.float32))
    hot = replace(OPEN, temperature=5.0, min_p=0.4)
    cut_first = sampler(replace(hot, samplers=("min_p", "temperature")), 4)
    cut_last = sampler(replace(hot, samplers=("temperature", "min_p")), 4)
    assert {cut_first.sample(logits).token for _ in range(200)} == {0, 1}
    assert {cut_last.sample(logits).token for _ in range(200)} == {0, 1, 2, 3}


def test_xtc_rolls_for_each_token() -> None:
    logits = np.log(np.array([0.5, 0.4, 0.1], dtype=np.float32))
    chain = sampler(replace(OPEN, xtc_probability=0.5, xtc_threshold=0.2), 3)
    drawn = [chain.sample(logits).token for _ in range(2000)]
    assert drawn.count(0) == pytest.approx(500, abs=90)  # only when XTC does not strike


@pytest.mark.parametrize("version", [1, 2])
def test_mirostat_steers_towards_tau(version: int) -> None:
    chain = sampler(replace(OPEN, mirostat=version, mirostat_tau=3.0), N)
    logits = (LOGITS / 2).astype(np.float32)  # flat: its own entropy is far above 3 bits
    surprise = []
    for _ in range(1500):
        choice = chain.sample(logits)
        surprise.append(choice.token)
    state = chain._state
    assert state.mu < 8  # it began at 6 and must not run away
    kept = len(set(surprise[500:]))
    assert 3 <= kept < N / 4


@pytest.mark.parametrize("target", [0.1, 0.3, 0.5])
def test_adaptive_p_leans_against_what_it_drew(target: float) -> None:
    likely = [0.6, 0.2, 0.1, 0.06, 0.04]
    logits, pairs = np.log(np.array(likely, dtype=np.float32)), list(enumerate(np.log(likely)))
    chain = sampler(replace(OPEN, adaptive_target=target, adaptive_decay=0.8), 5)
    expected, drawn = np.zeros(5), np.zeros(5)
    chosen, weight = target * 5, 5.0  # as if all before had met it; 5 is 1 / (1 - 0.8)
    for _ in range(3000):
        aim = min(1.0, max(0.0, 2 * target - chosen / weight))
        expected += slow.softmax(slow.adaptive(pairs, aim))
        token = chain.sample(logits).token
        drawn[token] += 1
        chosen, weight = likely[token] + 0.8 * chosen, 1 + 0.8 * weight
    assert np.abs(drawn - expected).max() < 4 * math.sqrt(3000) / 2  # four standard deviations


def test_adaptive_p_takes_what_is_left() -> None:
    logits = np.log(np.array([0.6, 0.2, 0.1, 0.06, 0.04], dtype=np.float32))
    banned = replace(OPEN, adaptive_target=0.1, top_k=3, logit_bias=((2, -math.inf),))
    chain = sampler(banned, 5)
    assert {chain.sample(logits).token for _ in range(300)} == {1, 3}  # 0.6 is far from 0.1
    greedy = sampler(replace(banned, temperature=0), 5)
    assert {greedy.sample(logits).token for _ in range(20)} == {0}


def test_adaptive_p_remembers_as_long_as_it_is_told() -> None:
    logits = np.log(np.array([0.9, 0.1], dtype=np.float32))
    chain = sampler(replace(OPEN, adaptive_target=0.5, adaptive_decay=0.0), 2)
    drawn = [chain.sample(logits).token for _ in range(400)]
    turns = sum(a != b for a, b in zip(drawn, drawn[1:], strict=False))
    assert turns > 300  # the last one alone counts: what was likely is followed by the unlikely


def test_adaptive_p_may_be_named_anywhere() -> None:
    plain = replace(OPEN, adaptive_target=0.3, top_k=20)
    named = replace(plain, samplers=("adaptive_p", "top_k", "temperature"))
    assert tokens(sampler(plain)) == tokens(sampler(named))
    off = replace(named, adaptive_target=-1.0)
    assert tokens(sampler(off)) == tokens(sampler(replace(OPEN, top_k=20)))


def test_logprobs_are_of_the_raw_distribution() -> None:
    chain = sampler(replace(ALL_ON, n_probs=4))
    for _ in range(5):
        choice = chain.sample(LOGITS)
        exact = LOGITS.astype(np.float64)
        exact -= math.log(np.exp(exact).sum())
        assert choice.logprob == pytest.approx(exact[choice.token], abs=1e-5)
        best = np.argsort(-LOGITS, kind="stable")[:4]
        assert [token for token, _ in choice.top] == best.tolist()
        assert [value for _, value in choice.top] == pytest.approx(exact[best], abs=1e-5)
        chain.accept(choice.token)


def test_no_logprobs_unless_asked() -> None:
    choice = sampler(OPEN).sample(LOGITS)
    assert math.isnan(choice.logprob)
    assert choice.top == ()


@pytest.mark.parametrize("params", [OPEN, replace(OPEN, temperature=0), SamplingParams()])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_broken_logits_are_told(params: SamplingParams, bad: float) -> None:
    logits = LOGITS.copy()
    logits[17] = bad
    with pytest.raises(ChaskiError, match="not a number"):
        sampler(params).sample(logits)


def test_penalty_window_forgets() -> None:
    best = int(LOGITS.argmax())
    chain = sampler(replace(OPEN, temperature=0, repeat_penalty=9.0, repeat_last_n=2))
    chain.accept(best)
    assert chain.sample(LOGITS).token != best
    for other in (1, 2):
        chain.accept(other)
    assert chain.sample(LOGITS).token == best


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("top_p", 1.5),
        ("top_p", -0.1),
        ("min_p", math.nan),
        ("temperature", math.inf),
        ("top_k", 2.5),
        ("repeat_penalty", 0.0),
        ("mirostat", 3),
        ("adaptive_target", 1.5),
        ("adaptive_decay", 1.0),
        ("seed", -2),
        ("dry_base", 0.5),
        ("n_probs", -1),
        ("repeat_last_n", -2),
        ("samplers", ("top_k", "tfs_z")),
        ("logit_bias", ((N, 1.0),)),
        ("logit_bias", ((0, math.nan),)),
    ],
)
def test_senseless_values_are_named(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=name):
        sampler(replace(SamplingParams(), **{name: value}))  # type: ignore[arg-type]


def test_dry_needs_token_texts_for_its_breakers() -> None:
    with pytest.raises(UsageError, match="dry_sequence_breakers"):
        make_sampler(replace(OPEN, dry_multiplier=0.8), n_vocab=N)
