"""Rope scaling: from Hugging Face's words to GGUF keys and factor tensors.

llama3 and longrope scaling become tensors that divide the frequencies; linear and yarn are keys.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.architectures.shared.source import Metadata, Rotation
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.config import Config
from engine.weights.formats.lazy import LazyTensor, of_floats

FULL, SLIDING = "full_attention", "sliding_attention"


def rope_settings(config: Config, notices: list[str]) -> Config:
    """`rope_scaling` of older files, else `rope_parameters`; both with what stands beside them.

    That is transformers' order: a rope_scaling that is not empty counts more, and within it what
    it says itself more than rope_theta and partial_rotary_factor beside it.
    """
    old, new = config.part("rope_scaling"), config.part("rope_parameters")
    found = old if old and old.values else new
    if old and new and old.values and new.values and old.values != new.values:
        notices.append(
            Words(
                "{file} has rope_scaling and rope_parameters, which differ; the first was taken, "
                "as transformers does",
                file=config.name,
            )
        )
    values = dict(found.given) if found else {}
    for key, value in values.items():
        if isinstance(value, dict):
            raise UnsupportedError(
                "{file}: the rope is set for each kind of layer apart ({key!r}), which this model "
                "family does not have",
                file=config.name,
                key=key[:40],
            )
    for key in ("rope_theta", "partial_rotary_factor"):
        if config.has(key):
            if values.get(key) not in (None, config.values[key]):
                notices.append(
                    Words(
                        "{file} has two values of {key}; the one among the rope's settings was "
                        "taken ({value}), as transformers does",
                        file=config.name,
                        key=key,
                        value=values[key],
                    )
                )
            if values.get(key) is None:
                values[key] = config.values[key]
    return Config(values, found.name if found else config.name)


def convert_rope(
    config: Config,
    out: Metadata,
    head_dim: int,
    notices: list[str],
    rotation: Rotation,
) -> dict[str, LazyTensor]:
    """Sets the rope keys; returns factor tensors, if the model has any."""
    if rotation.local:
        config = _without_local(config, out, rotation)
    rope = _with_old_names(rope_settings(config, notices), config, rotation)
    n_dims = head_dim if rotation.still else _turning(rope, config.name, head_dim, rotation)
    theta = rope.float("rope_theta", rotation.base)
    if theta <= 0:
        raise FormatError(
            "{rope}: key rope_theta is {theta}, not above 0", rope=rope.name, theta=theta
        )
    stretch = _stretch(rope, n_dims) if rotation.alpha else 1.0
    theta *= stretch
    out.own(rope__dimension_count=n_dims, rope__freq_base=theta)
    if rotation.sections:
        out.own(rope__dimension_sections=_sections(rope, n_dims // 2))
    said = rope.get("rope_type", rope.get("type", "default"))
    rope.get("type")
    kind = rotation.scalings.get(said) if isinstance(said, str) else None
    if kind is None:
        raise UnsupportedError(
            "{file}: the rope scaling {said!r} is not known; known are {scalings}",
            file=config.name,
            said=str(said)[:40],
            scalings=", ".join(rotation.scalings),
        )
    found = {}
    if rotation.still:
        found = {"rope_freqs.weight": _standing(kind, rope, n_dims)}
    elif stretch == 1.0:
        found = _scaled(kind, rope, config, out, n_dims, theta, notices, rotation)
    if rotation.scores and kind == "yarn":
        _score_keys(rope, out)
    unused = rope.unasked(rotation.own)
    if unused:
        notices.append(
            Words(
                "{file}: rope scaling of kind {kind} does not use {unused}, which was left aside",
                file=config.name,
                kind=kind,
                unused=", ".join(key[:60] for key in unused[:12]),
            )
        )
    return found


def _with_old_names(rope: Config, config: Config, rotation: Rotation) -> Config:
    """The rope's settings, with those that stand beside them under an older name."""
    given = dict(rope.given)
    for old, key in rotation.names.items():
        if config.has(old) and given.get(key) is None:
            given[key] = config.values[old]
    return Config(given, rope.name)


def _stretch(rope: Config, n_dims: int) -> float:
    """By how much a fixed alpha stretches the base, so that its slowest pair turns that much
    slower; 1 where there is none."""
    alpha = rope.float("alpha", None)
    if not alpha or rope.get("rope_type", rope.get("type")) != "dynamic":
        return 1.0
    for key in ("factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim"):
        rope.get(key)  # these stand beside it and are not used
    if alpha < 0 or n_dims < 4:
        raise FormatError(
            "{rope}: key alpha is {alpha:g}, which makes no rotation of {n_dims} columns",
            rope=rope.name,
            alpha=alpha,
            n_dims=n_dims,
        )
    return float(alpha ** (n_dims / (n_dims - 2)))


def _without_local(config: Config, out: Metadata, rotation: Rotation) -> Config:
    """Sets the base of layers with a window; the configuration with the others' settings alone.

    Both stand in rope_parameters, by kind of layer; older files have a key for each, and scaling
    of the others apart.
    """
    both = config.part("rope_parameters") or Config({}, config.name)
    full, sliding = (both.part(kind) or Config({}, both.name) for kind in (FULL, SLIDING))
    if both.unasked():
        raise UnsupportedError(
            "{file}: key {key} is not for a kind of layer; this model family sets its rope for "
            "each apart",
            file=both.name,
            key=both.unasked()[0][:40],
        )
    sliding.expect("rope_type", "default")
    own = config.float(rotation.local_key, rotation.local)
    out.own(rope__freq_base_swa=sliding.float("rope_theta", own))
    old = config.part("rope_scaling")
    scaling = full.given | (old.given if old else {})
    found = Config(config.values | {"rope_scaling": None, "rope_parameters": scaling}, config.name)
    found.asked = config.asked
    return found


def _sections(rope: Config, pairs: int) -> list[int]:
    """Pairs that turn by each of three positions, and none by a fourth; nearly as many each, where
    nothing is said."""
    found = rope.get("mrope_section", [(pairs + 2 - i) // 3 for i in range(3)])
    rope.expect("mrope_interleaved", True)
    whole = isinstance(found, list) and all(type(n) is int and n >= 0 for n in found)
    if not whole or len(found) != 3 or sum(found) != pairs:
        raise FormatError(
            "{file}: key mrope_section is not three numbers with the sum {pairs}",
            file=rope.name,
            pairs=pairs,
        )
    return [*found, 0]


def _turning(rope: Config, name: str, head_dim: int, rotation: Rotation) -> int:
    """How many columns of a head turn."""
    if not rotation.partial:
        rope.expect("partial_rotary_factor", 1.0, 1)
        return head_dim
    share = rope.float("partial_rotary_factor", rotation.partial)
    if not 0 < share <= 1:
        raise FormatError(
            "{name}: key partial_rotary_factor is {share}, not above 0 to 1", name=name, share=share
        )
    return int(head_dim * share) // 2 * 2


def _scaled(
    kind: str,
    rope: Config,
    config: Config,
    out: Metadata,
    n_dims: int,
    theta: float,
    notices: list[str],
    rotation: Rotation,
) -> dict[str, LazyTensor]:
    """The keys and factor tensors of one way of scaling."""
    config.has("original_max_position_embeddings")  # known, whether this kind uses it or not
    if kind == "linear":
        out.own(rope__scaling__type="linear", rope__scaling__factor=_factor(rope))
    elif kind == "dynamic":
        rope.has("factor")
        notices.append(
            Words(
                "this model stretches its rope beyond the trained context (dynamic scaling); the "
                "converted one is the same up to that context"
            )
        )
    elif kind == "yarn":
        _yarn(rope, config, out, rotation)
    elif kind == "llama3":
        return {"rope_freqs.weight": _llama3(rope, config, theta, n_dims)}
    elif kind == "longrope":
        return _longrope(rope, config, out, n_dims, rotation)
    return {}


STILL = 1e30  # divides the frequency of a pair that does not turn, as llama.cpp has it


def _standing(kind: str, rope: Config, n_dims: int) -> LazyTensor:
    """Of all pairs only the first turn (`proportional`), each as fast as if all did."""
    if kind != "proportional":
        rope.get("partial_rotary_factor")  # without it, all turn
        return of_floats(np.ones(n_dims // 2))
    share = rope.float("partial_rotary_factor", 1.0)
    if not 0 < share <= 1:
        raise FormatError(
            "{name}: key partial_rotary_factor is {share}, not above 0 to 1",
            name=rope.name,
            share=share,
        )
    factor, turning = rope.float("factor", 1.0), int(share * n_dims // 2)
    return of_floats(np.where(np.arange(n_dims // 2) < turning, factor, STILL))


def _original_context(rope: Config, config: Config) -> int:
    """Outside of the rope's settings it counts more than inside, as in transformers."""
    key = "original_max_position_embeddings"
    inside = rope.int(key, config.int("max_position_embeddings"))
    return int(config.int(key, inside))


def _factor(rope: Config, default: float | None = None) -> float:
    value = float(rope.float("factor") if default is None else rope.float("factor", default))
    if value <= 0:
        raise FormatError("{rope}: key factor is {value}, not above 0", rope=rope.name, value=value)
    return value


def _yarn(rope: Config, config: Config, out: Metadata, rotation: Rotation) -> None:
    """YaRN; the usual magnitude 1 + 0.1 ln(factor) is made by whoever runs the model."""
    original = _original_context(rope, config)
    # A factor that is null is the one between the two contexts; one that is absent is an error.
    stretched = config.int("max_position_embeddings") / original
    factor = _factor(rope, stretched if "factor" in rope.given else None)
    if rope.bool("truncate", True) is not rotation.truncate:
        raise UnsupportedError(
            "{rope}: key truncate must be {truncate} (absence means true); the architecture has no "
            "key for the other",
            rope=rope.name,
            truncate=str(rotation.truncate).lower(),
        )
    usual = _magnitude(factor)
    scales = (rope.float("mscale", 0.0), rope.float("mscale_all_dim", 0.0))
    made = _magnitude(factor, scales[0]) / _magnitude(factor, scales[1]) if all(scales) else usual
    given = rope.float("attention_factor", made)
    out.own(
        rope__scaling__type="yarn",
        rope__scaling__factor=factor,
        rope__scaling__original_context_length=original,
        rope__scaling__attn_factor=given / usual if given != usual else None,
        # Zero means the usual 32 and 1 in transformers, as absence does.
        rope__scaling__yarn_beta_fast=rope.float("beta_fast", None) or None,
        rope__scaling__yarn_beta_slow=rope.float("beta_slow", None) or None,
    )


def _score_keys(rope: Config, out: Metadata) -> None:
    """DeepSeek's two magnitudes, that of the rope and that of all scores, as llama.cpp has them:

        rope = attn_factor,  scores = (attn_factor · (1 + yarn_log_multiplier · ln(factor)))²

    where the multiplier is not 0 (else the usual magnitude of YaRN is another part of both).
    """
    factor = out[f"{out.architecture}.rope.scaling.factor"]
    at = f"{out.architecture}.rope.scaling.attn_factor"
    usual = _magnitude(factor)
    turned = out.pop(at, 1.0) * usual
    multiplier = 0.0
    if factor > 1:
        scored = _magnitude(factor, rope.float("mscale_all_dim", 0.0))
        multiplier = (scored / turned - 1.0) / math.log(factor)
    if multiplier:
        out.own(rope__scaling__yarn_log_multiplier=multiplier)
    given = turned if multiplier else turned / usual
    out.own(rope__scaling__attn_factor=given if given != 1 else None)


def _magnitude(factor: float, scale: float = 1.0) -> float:
    return 1.0 + 0.1 * scale * math.log(factor) if factor > 1 else 1.0


def _llama3(rope: Config, config: Config, theta: float, n_dims: int) -> LazyTensor:
    """Slow frequencies are divided by the factor, fast ones kept, those between blended."""
    context = _original_context(rope, config)
    low, high = rope.float("low_freq_factor"), rope.float("high_freq_factor")
    return of_floats(llama3_factors(theta, n_dims, _factor(rope), context, low, high))


def llama3_factors(
    theta: float, n_dims: int, factor: float, context: int, low: float = 1.0, high: float = 4.0
) -> NDArray[np.float64]:
    """What each inverse frequency is divided by (Llama 3.1)."""
    if high < low or high <= 0 or factor <= 0:
        raise FormatError("the rope scaling's low_freq_factor is above its high_freq_factor")
    wave = 2 * np.pi * theta ** (np.arange(0, n_dims, 2) / n_dims)
    if high == low:  # none is blended (Llama 4)
        return np.where(wave * low > context, factor, 1.0)
    smooth = np.clip((context / wave - low) / (high - low), 0.0, 1.0)
    return 1.0 / ((1.0 - smooth) / factor + smooth)


def _said(rope: Config) -> float:
    """A magnitude for short contexts and one for long ones, of which GGUF has one for both."""
    short, long = rope.float("short_mscale"), rope.float("long_mscale")
    if short != long or short <= 0:
        raise UnsupportedError(
            "{rope}: the keys short_mscale ({short:g}) and long_mscale ({long:g}) are not the same "
            "or not above 0; the architecture has one key for both",
            rope=rope.name,
            short=short,
            long=long,
        )
    return float(short)


def _longrope(
    rope: Config, config: Config, out: Metadata, n_dims: int, rotation: Rotation
) -> dict[str, LazyTensor]:
    """Two lists of factors, for contexts up to the original one and beyond."""
    original = _original_context(rope, config)
    if original < 2:
        raise FormatError(
            "{rope}: an original context of {original} makes no sense",
            rope=rope.name,
            original=original,
        )
    scale = _factor(rope, config.int("max_position_embeddings") / original)
    usual = math.sqrt(1 + math.log(scale) / math.log(original)) if scale > 1 else 1.0
    out.own(
        rope__scaling__type="longrope",  # without which llama.cpp reads no factors of MiniCPM
        rope__scaling__original_context_length=original,
        rope__scaling__attn_factor=_said(rope)
        if rotation.mscales
        else rope.float("attention_factor", usual),
    )
    factors = {}
    for name in ("long", "short"):
        values = rope.floats(f"{name}_factor")
        if len(values) != n_dims // 2:
            raise FormatError(
                "{rope}: {name}_factor has {n_values} values for {n_dims} frequencies",
                rope=rope.name,
                name=name,
                n_values=len(values),
                n_dims=n_dims // 2,
            )
        factors[f"rope_factors_{name}.weight"] = of_floats(values)
    return factors
