"""Rope scaling: from Hugging Face's words to GGUF keys and factor tensors.

llama3 and longrope scaling become tensors that divide the frequencies; linear and yarn are keys.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted
from engine.weights.formats.lazy import LazyTensor, of_floats
from engine.workshop.convert.config import Config
from engine.workshop.convert.plan import Metadata


def rope_settings(config: Config) -> Config:
    """`rope_parameters` of newer files, or `rope_scaling` and `rope_theta` of older ones."""
    found = config.part("rope_parameters") or config.part("rope_scaling")
    values = dict(found.values) if found else {}
    for key in ("rope_theta", "partial_rotary_factor"):  # newer files have them inside
        if config.has(key):
            values.setdefault(key, config.values[key])
    return Config(values, found.name if found else config.name)


def convert_rope(
    config: Config, out: Metadata, n_dims: int, notices: list[str], base: float = 10000.0
) -> dict[str, LazyTensor]:
    """Sets the rope keys; returns factor tensors, if the model has any."""
    rope = rope_settings(config)
    theta = rope.float("rope_theta", base)
    out.own(rope__dimension_count=n_dims, rope__freq_base=theta)
    kind = rope.values.get("rope_type", rope.values.get("type", "default"))
    if kind in ("default", "none"):
        return {}
    if kind == "linear":
        out.own(rope__scaling__type="linear", rope__scaling__factor=rope.float("factor"))
        return {}
    if kind == "dynamic":
        notices.append(
            "this model stretches its rope beyond the trained context (dynamic scaling); the "
            "converted one is the same up to that context"
        )
        return {}
    if kind == "yarn":
        _yarn(rope, config, out)
        return {}
    if kind == "llama3":
        return {"rope_freqs.weight": _llama3(rope, theta, n_dims)}
    if kind in ("longrope", "su"):
        return _longrope(rope, config, out, n_dims)
    raise UnsupportedError(
        f"{config.name}: the rope scaling {quoted(kind)} is not known; known are default, "
        "linear, dynamic, yarn, llama3 and longrope"
    )


def _original_context(rope: Config, config: Config) -> int:
    key = "original_max_position_embeddings"
    default = config.int(key, config.int("max_position_embeddings"))
    return int(rope.int(key, default))


def _yarn(rope: Config, config: Config, out: Metadata) -> None:
    """YaRN; the usual magnitude 1 + 0.1 ln(factor) is made by whoever runs the model."""
    factor = rope.float("factor")
    rope.expect("mscale", 1.0, 1)
    rope.expect("mscale_all_dim", 0.0, 0)
    rope.expect("truncate", True)
    usual = 1.0 + 0.1 * math.log(factor) if factor > 1 else 1.0
    given = rope.float("attention_factor", usual)
    out.own(
        rope__scaling__type="yarn",
        rope__scaling__factor=factor,
        rope__scaling__original_context_length=_original_context(rope, config),
        rope__scaling__attn_factor=given / usual if given != usual else None,
        rope__scaling__yarn_beta_fast=rope.float("beta_fast", None),
        rope__scaling__yarn_beta_slow=rope.float("beta_slow", None),
    )


def _llama3(rope: Config, theta: float, n_dims: int) -> LazyTensor:
    """Slow frequencies are divided by the factor, fast ones kept, those between blended."""
    context = rope.int("original_max_position_embeddings", 8192)
    low, high = rope.float("low_freq_factor", 1.0), rope.float("high_freq_factor", 4.0)
    return of_floats(llama3_factors(theta, n_dims, rope.float("factor", 8.0), context, low, high))


def llama3_factors(
    theta: float, n_dims: int, factor: float, context: int, low: float = 1.0, high: float = 4.0
) -> NDArray[np.float64]:
    """What each inverse frequency is divided by (Llama 3.1)."""
    if high <= low or factor <= 0:
        raise FormatError("the rope scaling's low_freq_factor is not below its high_freq_factor")
    wave = 2 * np.pi * theta ** (np.arange(0, n_dims, 2) / n_dims)
    smooth = np.clip((context / wave - low) / (high - low), 0.0, 1.0)
    return 1.0 / ((1.0 - smooth) / factor + smooth)


def _longrope(rope: Config, config: Config, out: Metadata, n_dims: int) -> dict[str, LazyTensor]:
    """Two lists of factors, for contexts up to the original one and beyond."""
    original = _original_context(rope, config)
    scale = rope.float("factor", config.int("max_position_embeddings") / original)
    if scale > 1 and original < 2:
        raise FormatError(f"{rope.name}: a context of one token cannot be stretched")
    usual = math.sqrt(1 + math.log(scale) / math.log(original)) if scale > 1 else 1.0
    out.own(
        rope__scaling__original_context_length=original,
        rope__scaling__attn_factor=rope.float("attention_factor", usual),
    )
    factors = {}
    for name in ("long", "short"):
        values = rope.floats(f"{name}_factor")
        if len(values) != n_dims // 2:
            raise FormatError(
                f"{rope.name}: {name}_factor has {len(values)} values for {n_dims // 2} frequencies"
            )
        factors[f"rope_factors_{name}.weight"] = of_floats(values)
    return factors
