"""Builds the chain of steps that the values ask for, and runs it: logits in, one token out.

A step is built only where its value is not neutral; with temperature 0 and nothing that could
change the likeliest token, choosing is one argmax. The same seed gives the same tokens.
Log-probabilities are those of the model's own distribution, untouched by any step.
"""

import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf, nan

import numpy as np

from engine.base.errors import ChaskiError, UsageError
from engine.base.settings import SamplingParams
from engine.sampling import penalties, steps
from engine.sampling.candidates import Candidates, Floats, top_indices
from engine.sampling.draw import Drawer, draw_token, make_adaptive, make_mirostat
from engine.sampling.params import check_logit_bias, check_params
from engine.sampling.penalties import Breakers, TokenText, make_dry
from engine.sampling.state import Memory, SamplerState, Step, make_state
from engine.sampling.tracing import Traced, traced

TopLogprobs = tuple[tuple[int, float], ...]


def raw_logprobs(logits: Floats, token: int, n: int) -> tuple[float, TopLogprobs]:
    """Of the chosen token, and of the n likeliest in descending order."""
    norm = _log_sum_exp(logits)
    top = top_indices(logits, n)
    pairs = zip(top.tolist(), logits[top].tolist(), strict=True)
    return float(logits[token]) - norm, tuple((place, value - norm) for place, value in pairs)


def _log_sum_exp(logits: Floats) -> float:
    peak = logits.max()
    return float(peak) + math.log(float(np.exp(logits - peak).sum(dtype=np.float64)))


# Steps that never drop or overtake the likeliest token: greedy choice does without them.
_HARMLESS_TO_GREEDY = {"top_n_sigma", "top_k", "top_p", "min_p", "temperature"}


@dataclass(frozen=True)
class Choice:
    """A token, with log-probabilities of the raw distribution where n_probs asked for them.
    `memory`: what a chain whose cuts depend on earlier draws knew when it chose."""

    token: int
    logprob: float = nan
    top: TopLogprobs = ()
    memory: Memory | None = None


class Sampler:
    """One conversation's chain; `accept` tells it each token of the text in order."""

    def __init__(
        self,
        params: SamplingParams,
        steps: Sequence[tuple[str, Step]],
        draw: Drawer,
        state: SamplerState,
    ) -> None:
        self.params = params  # with the seed that is really used
        self._named = tuple(steps)
        self._steps = tuple(step for _, step in steps)
        self._draw = draw
        self._state = state
        self._only_argmax = not self._steps and params.temperature <= 0
        # Whether the cuts of a token depend on more than the text before it.
        self._remembers = bool(params.mirostat) or params.adaptive_target >= 0 or _has_xtc(params)

    def accept(self, token: int) -> None:
        self._state.accept(token)

    def sample(self, logits: Floats) -> Choice:
        """Choose a token; the logits are not changed. Accepting it is the caller's word."""
        memory = self._state.memory() if self._remembers else None
        token = self._pick(logits)
        n = self.params.n_probs
        raw = raw_logprobs(logits, token, n) if n else (nan, ())
        return Choice(token, *raw, memory)

    def trace(
        self, logits: Floats, n: int, also: Sequence[int] = (), memory: Memory | None = None
    ) -> list[Traced]:
        """What the chain makes of these logits here, in place of choosing: see tracing.py.

        memory: of the choice that was made here, where that is known. Else XTC is taken to act, and
        what follows the draws stands as at the beginning.
        """
        state = self._state.copy()
        state.recall(memory)

        def draw(candidates: Candidates, state: SamplerState) -> None:
            self._draw(candidates, state)

        if self._only_argmax:
            chain: list[tuple[str, Step]] = [("temperature", steps.make_temperature(0))]
        else:
            chain = [*self._named, (self._name_of_draw(), draw)]
        return traced(logits, chain, state, n, also)

    def _name_of_draw(self) -> str:
        return "mirostat" if self.params.mirostat else "adaptive_p"

    def _pick(self, logits: Floats) -> int:
        likeliest = int(logits.argmax())  # a value that is no number would be found here, too
        if not -inf < logits[likeliest] < inf:
            raise ChaskiError(
                "The model's output is not a number, so no token can be chosen; "
                "its file may be damaged, so verify it or download it again."
            )
        if self._only_argmax:
            return likeliest
        candidates = Candidates(logits)
        for step in self._steps:
            step(candidates, self._state)
        return self._draw(candidates, self._state)

    def copy(self) -> "Sampler":
        """A twin that goes on from here independently."""
        return Sampler(self.params, self._named, self._draw, self._state.copy())


def make_sampler(
    params: SamplingParams,
    *,
    n_vocab: int,
    n_ctx: int = 0,
    token_text: TokenText | None = None,
) -> Sampler:
    """Build the chain; `n_ctx` is what a last_n of -1 means, `token_text` serves DRY's breakers."""
    check_params(params)
    check_logit_bias(params, n_vocab)
    if params.seed < 0:
        params = replace(params, seed=secrets.randbits(32))
    window = _window(params.repeat_last_n, n_ctx) if _has_penalties(params) else 0
    dry_window = _window(params.dry_penalty_last_n, n_ctx) if _has_dry(params) else 0
    state = make_state(params.seed, max(window, dry_window), window, mu=2 * params.mirostat_tau)
    chain, draw = _build(params, n_vocab, dry_window, token_text)
    return Sampler(params, chain, draw, state)


def _build(
    params: SamplingParams, n_vocab: int, dry_window: int, token_text: TokenText | None
) -> tuple[list[tuple[str, Step]], Drawer]:
    """The steps by name, and what chooses among what they leave."""
    makers = _makers(params, dry_window, token_text)
    chain: list[tuple[str, Step]] = []
    if params.logit_bias:
        chain.append(("logit_bias", penalties.make_logit_bias(params.logit_bias)))
    if params.mirostat:
        chain.append(("temperature", steps.make_temperature(params.temperature)))
        draw = make_mirostat(params.mirostat, params.mirostat_tau, params.mirostat_eta, n_vocab)
        return chain, draw
    greedy = params.temperature <= 0
    names = [name for name in params.samplers if not (greedy and name in _HARMLESS_TO_GREEDY)]
    chain += [(name, makers[name]()) for name in names if name in makers]
    if greedy and chain:  # also where the list of samplers leaves the temperature out
        chain.append(("temperature", steps.make_temperature(params.temperature)))
    if params.adaptive_target >= 0:  # always the last, wherever the list of samplers has it
        return chain, make_adaptive(params.adaptive_target, params.adaptive_decay)
    return chain, draw_token


def _makers(
    p: SamplingParams, dry_window: int, token_text: TokenText | None
) -> dict[str, Callable[[], Step]]:
    """The steps whose values are not neutral, by name."""
    table: dict[str, tuple[bool, Callable[[], Step]]] = {
        "penalties": (_has_penalties(p), partial(_penalties, p)),
        "dry": (_has_dry(p), partial(_dry, p, dry_window, token_text)),
        "top_n_sigma": (p.top_n_sigma > 0, partial(steps.make_top_n_sigma, p.top_n_sigma)),
        "top_k": (p.top_k > 0, partial(steps.make_top_k, p.top_k)),
        "typ_p": (p.typical_p < 1, partial(steps.make_typical, p.typical_p, p.min_keep)),
        "top_p": (p.top_p < 1, partial(steps.make_top_p, p.top_p, p.min_keep)),
        "min_p": (p.min_p > 0, partial(steps.make_min_p, p.min_p, p.min_keep)),
        "xtc": (
            _has_xtc(p),
            partial(steps.make_xtc, p.xtc_probability, p.xtc_threshold, p.min_keep),
        ),
        "temperature": (p.temperature != 1 or p.dynatemp_range > 0, partial(_temperature, p)),
    }
    return {name: maker for name, (wanted, maker) in table.items() if wanted}


def _penalties(p: SamplingParams) -> Step:
    return penalties.make_penalties(p.repeat_penalty, p.presence_penalty, p.frequency_penalty)


def _temperature(p: SamplingParams) -> Step:
    if p.dynatemp_range > 0:
        return steps.make_dynamic_temperature(p.temperature, p.dynatemp_range, p.dynatemp_exponent)
    return steps.make_temperature(p.temperature)


def _dry(p: SamplingParams, window: int, token_text: TokenText | None) -> Step:
    if token_text is None and p.dry_sequence_breakers:
        raise UsageError("dry_sequence_breakers need the model's tokenizer; pass an empty list.")
    breakers = Breakers(p.dry_sequence_breakers, token_text or str)
    return make_dry(p.dry_multiplier, p.dry_base, p.dry_allowed_length, window, breakers)


def _has_penalties(p: SamplingParams) -> bool:
    neutral = p.repeat_penalty == 1 and p.presence_penalty == 0 and p.frequency_penalty == 0
    return "penalties" in p.samplers and p.repeat_last_n != 0 and not neutral


def _has_xtc(p: SamplingParams) -> bool:
    return "xtc" in p.samplers and p.xtc_probability > 0 and p.xtc_threshold <= 0.5


def _has_dry(p: SamplingParams) -> bool:
    return "dry" in p.samplers and p.dry_multiplier > 0 and p.dry_penalty_last_n != 0


def _window(last_n: int, n_ctx: int) -> int:
    return n_ctx if last_n < 0 else last_n
