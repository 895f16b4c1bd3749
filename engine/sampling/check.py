"""Are the values of a chain sensible? One sentence names the first that is not, and its range."""

import math
from dataclasses import dataclass

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.settings import SamplingParams
from engine.base.words import quoted
from engine.sampling.names import SAMPLER_NAMES


@dataclass(frozen=True)
class Range:
    """What a value may be; `whole` asks for an integer."""

    low: float
    high: float
    whole: bool = False

    def holds(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return False
        return self.low <= value <= self.high

    def __str__(self) -> str:
        kind = Words("a whole number") if self.whole else "a number"
        low, high = (f"{n:.17g}" if self.whole else f"{n:g}" for n in (self.low, self.high))
        return f"{kind} from {low} to {high}"


# Beyond these nothing changes any more but that arithmetic overflows.
MOST, MOST_COUNT = 1e6, 2**31 - 1
_ANY = Range(-MOST, MOST)
_UP = Range(0, MOST)
_UNIT = Range(0, 1)
_COUNT = Range(0, MOST_COUNT, whole=True)

RANGES = {
    "seed": Range(-1, 2**64 - 1, whole=True),
    "temperature": _ANY,
    "dynatemp_range": _UP,
    "dynatemp_exponent": _UP,
    "top_k": Range(-MOST_COUNT, MOST_COUNT, whole=True),
    "top_p": _UNIT,
    "min_p": _UNIT,
    "typical_p": _UNIT,
    "top_n_sigma": _ANY,
    "xtc_probability": _UNIT,
    "xtc_threshold": _UNIT,
    "repeat_last_n": Range(-1, MOST_COUNT, whole=True),
    "repeat_penalty": Range(1e-6, 1e6),
    "presence_penalty": _ANY,
    "frequency_penalty": _ANY,
    "dry_multiplier": _UP,
    "dry_base": Range(1, MOST),
    "dry_allowed_length": _COUNT,
    "dry_penalty_last_n": Range(-1, MOST_COUNT, whole=True),
    "mirostat": Range(0, 2, whole=True),
    "mirostat_tau": _UP,
    "mirostat_eta": _UP,
    "adaptive_target": Range(-1, 1),
    "adaptive_decay": Range(0, 0.99),
    "min_keep": _COUNT,
    "n_probs": _COUNT,
}


def check_params(params: SamplingParams) -> None:
    """Raise UsageError with the name of the first value that makes no sense."""
    for name, allowed in RANGES.items():
        value = getattr(params, name)
        if not allowed.holds(value):
            raise UsageError(
                "{name} is {value}, but must be {allowed}.",
                name=name,
                value=quoted(value),
                allowed=allowed,
            )
    for name in params.samplers:
        if name not in SAMPLER_NAMES:
            known = ", ".join(SAMPLER_NAMES)
            raise UsageError(
                "samplers: there is no sampler {name}; there are {known}.",
                name=quoted(name),
                known=known,
            )


def check_logit_bias(params: SamplingParams, n_vocab: int) -> None:
    """Each token must exist; minus infinity is a value (never this token), plus infinity is not."""
    for token, amount in params.logit_bias:
        if not 0 <= token < n_vocab:
            raise UsageError(
                "logit_bias names token {token}, but this model has {n_vocab}.",
                token=token,
                n_vocab=n_vocab,
            )
        if amount != -math.inf and not _ANY.holds(amount):
            raise UsageError(
                "logit_bias of token {token} is {amount}, but must be {any} or minus infinity.",
                token=token,
                amount=amount,
                any=_ANY,
            )
