"""One token of an answer looked at: where it stands, and what else could have stood there. Standard
library only.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerPlace:
    """Where to look in an answer: at a letter of its text, or at a token by its number in it."""

    letter: int = 0
    token: int | None = None


@dataclass(frozen=True)
class Alternative:
    """A token that could stand at a place. `probability` is the model's own, `chance` that of being
    drawn after the sampler; `cut_by` is its step that took the token out, by its name in
    `SamplingParams.samplers` (or logit_bias, mirostat). `is_end`: with it the answer ends."""

    token: int
    text: str
    probability: float
    chance: float
    cut_by: str = ""
    is_end: bool = False


@dataclass(frozen=True)
class TokenLook:
    """One token of an answer, by its number among `n_tokens`, with the letters it wrote (from
    `begin` to `end`) and what could have stood there, the likeliest first. `is_exact`: it is what
    the sampler saw when it chose; else what it would see now."""

    number: int
    n_tokens: int
    begin: int
    end: int
    chosen: int
    alternatives: tuple[Alternative, ...]
    is_exact: bool
