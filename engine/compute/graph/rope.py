"""Rotary position embedding: the variants as data, and the frequencies they come down to.

Every variant (plain, linear, llama3 factors, YaRN, long factors) only bends the inverse
frequencies and scales the result, so a backend needs one rotation and one table.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RopeSpec:
    """Parameters of a rotation. `factors` names a tensor that divides the frequencies.

    With `factors_long`, that tensor is used instead of `factors` once the context that the
    model was opened with exceeds `original_context` (LongRoPE, arXiv:2402.13753).
    """

    n_dims: int  # how many of a head's columns turn; the rest pass through
    base: float = 10000.0
    style: Literal["normal", "neox"] = "normal"  # pairs (2i, 2i+1) or (i, i + n_dims/2)
    scaling: Literal["none", "linear", "yarn", "longrope"] = "none"
    factor: float = 1.0
    original_context: int = 0
    attn_factor: float = 1.0
    ext_factor: float = 1.0
    beta_fast: float = 32.0
    beta_slow: float = 1.0
    truncate: bool = True  # whether YaRN's ramp begins and ends at whole pairs
    factors: str | None = None
    factors_long: str | None = None

    def active_factors(self, n_ctx: int) -> str | None:
        """The name of the factor tensor for a context of n_ctx tokens, if there is one."""
        if self.factors_long is not None and n_ctx > self.original_context:
            return self.factors_long
        return self.factors


def rope_frequencies(
    spec: RopeSpec, factors: NDArray[np.float32] | None = None
) -> tuple[NDArray[np.float64], float]:
    """Inverse frequencies float64 [n_dims / 2] (radians per position) and the scale of cos and sin.

    YaRN: Peng et al. 2023, arXiv:2309.00071, eq. 17-23, with llama.cpp's keys and defaults.
    """
    half = np.arange(spec.n_dims // 2, dtype=np.float64)
    inverse = spec.base ** (-2.0 * half / spec.n_dims)
    if factors is not None:
        inverse = inverse / factors.astype(np.float64)
    magnitude = spec.attn_factor
    if spec.scaling == "linear":
        inverse = inverse / spec.factor
    elif spec.scaling == "yarn" and spec.factor != 1.0:
        keep = _yarn_ramp(spec, half) * spec.ext_factor
        inverse = inverse * ((1.0 - keep) / spec.factor + keep)
        magnitude *= 1.0 + 0.1 * math.log(spec.factor)
    return inverse, magnitude


def _yarn_ramp(spec: RopeSpec, half: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 where a pair turns fast (kept as trained), 0 where it turns slowly (interpolated)."""

    def dim_of(turns: float) -> float:
        wave = spec.original_context / (turns * 2.0 * math.pi)
        return spec.n_dims * math.log(wave) / (2.0 * math.log(spec.base))

    first, last = dim_of(spec.beta_fast), dim_of(spec.beta_slow)
    if spec.truncate:
        first, last = math.floor(first), math.ceil(last)
    low, high = max(0.0, first), min(spec.n_dims - 1.0, last)
    ramp: NDArray[np.float64] = (half - low) / max(0.001, high - low)
    return 1.0 - np.clip(ramp, 0.0, 1.0)
