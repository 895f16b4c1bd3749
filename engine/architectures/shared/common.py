"""What nearly all families have in common, read from GGUF keys and checked.

What only some have (caps, experts) a family reads itself, into a record of its own; how heads are
rotated and which layers see a window alone stands below, for those that have it.
"""

from dataclasses import dataclass, replace
from typing import Literal

from engine.architectures.shared.keys import (
    MAX_CONTEXT,
    MAX_HEADS,
    MAX_LAYERS,
    MAX_WIDTH,
    Keys,
)
from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted
from engine.compute.graph import RopeSpec

NormKind = Literal["rms", "layer"]
Style = Literal["normal", "neox"]
SMALLEST_EPSILON = 1e-30
MOST_FACTOR = 1e4  # of rope's magnitude and blend; those of models are near 1
EPSILONS: dict[NormKind, str] = {
    "rms": "attention.layer_norm_rms_epsilon",
    "layer": "attention.layer_norm_epsilon",
}


@dataclass(frozen=True)
class Heads:
    """The attention heads of one layer; without any, n is 0. key, value: columns of a head."""

    n: int
    n_kv: int
    key: int
    value: int


@dataclass(frozen=True)
class Common:
    """The figures of one model. Tuples have one entry per layer."""

    architecture: str
    n_vocab: int
    n_embd: int
    n_layer: int
    n_ctx_train: int
    heads: tuple[Heads, ...]
    n_ff: tuple[int, ...]
    norm: NormKind
    eps: float


def read_common(
    keys: Keys, *, norm: NormKind = "rms", hybrid: bool = False, eps: str = ""
) -> Common:
    """The keys that every transformer has; `norm`: of which kind its norms are; `eps`: the key of
    their figure, if it is not that of this kind.

    hybrid: layers, or all of them, may be without attention: they have no heads, or no key/value
    heads. Layers that draft tokens (`nextn`), which stand behind the others, are left out.
    """
    n_embd = keys.int("embedding_length", 1, MAX_WIDTH)
    n_layer = keys.int("block_count", 1, MAX_LAYERS)
    heads = _heads(keys, n_embd, n_layer, hybrid)
    found = Common(
        architecture=keys.architecture,
        n_vocab=_n_vocab(keys, n_embd),
        n_embd=n_embd,
        n_layer=n_layer,
        n_ctx_train=keys.int("context_length", 1, MAX_CONTEXT),
        heads=heads,
        n_ff=_n_ff(keys, n_layer),
        norm=norm,
        eps=_epsilon(keys, eps or EPSILONS[norm]),
    )
    return _without_drafting(keys, found)


def _n_ff(keys: Keys, n_layer: int) -> tuple[int, ...]:
    """Files of models whose layers all have experts may leave it out."""
    routed = keys.has("expert_feed_forward_length")
    default = (0,) * n_layer if routed else None
    return keys.ints("feed_forward_length", n_layer, 0, MAX_WIDTH, default=default)


def _heads(keys: Keys, n_embd: int, n_layer: int, hybrid: bool) -> tuple[Heads, ...]:
    n_head = keys.ints("attention.head_count", n_layer, 0, MAX_HEADS)
    most = max(n_head)
    if most == 0 and not hybrid:
        raise FormatError(
            "{file}: key {key} is 0",
            file=keys.file.path.name,
            key=keys.name("attention.head_count"),
        )
    n_head_kv = keys.ints("attention.head_count_kv", n_layer, 0, MAX_HEADS, default=n_head)
    if hybrid:
        n_head = tuple(n if shared else 0 for n, shared in zip(n_head, n_head_kv, strict=True))
    for heads, shared in zip(n_head, n_head_kv, strict=True):
        if heads and (not shared or heads % shared):
            raise FormatError(
                "{file}: {heads} query heads cannot share {shared} key/value heads (key {key})",
                file=keys.file.path.name,
                heads=heads,
                shared=shared,
                key=keys.name("attention.head_count_kv"),
            )
    key = keys.int("attention.key_length", 1, MAX_WIDTH, default=max(1, n_embd // max(1, most)))
    value = keys.int("attention.value_length", 1, MAX_WIDTH, default=key)
    return tuple(Heads(n, n_kv, key, value) for n, n_kv in zip(n_head, n_head_kv, strict=True))


def _n_vocab(keys: Keys, n_embd: int) -> int:
    info = keys.file.tensors.get("token_embd.weight")
    if info is None:
        raise FormatError(
            "{file}: tensor token_embd.weight is missing; the file is incomplete, or no whole "
            "model",
            file=keys.file.path.name,
        )
    if len(info.shape) > 2 or info.n_cols != n_embd or not info.n_rows:
        raise FormatError(
            "{file}: tensor token_embd.weight has shape {shape}; its rows must have {n_embd} "
            "columns (key {key})",
            file=keys.file.path.name,
            shape=info.shape,
            n_embd=n_embd,
            key=keys.name("embedding_length"),
        )
    return info.n_rows


def _epsilon(keys: Keys, key: str) -> float:
    """What keeps a norm from dividing by zero; as float32 it must be more than that."""
    value = keys.float(key)
    if value < SMALLEST_EPSILON:
        raise FormatError(
            "{file}: key {key} is {value}, not above 0; the file is broken, get it again",
            file=keys.file.path.name,
            key=keys.name(key),
            value=value,
        )
    return value


def read_rope(keys: Keys, common: Common, style: Style) -> RopeSpec:
    """All rope keys; llama3 and LongRoPE scaling come as factor tensors, which need no key.

    style: which columns turn together, neighbours ("normal") or halves ("neox").
    """
    head_dim = common.heads[0].key
    kind = keys.file.get_str(keys.name("rope.scaling.type"), "")
    factor = keys.float("rope.scaling.factor", 0.0) or keys.float("rope.scale_linear", 0.0)
    if not kind:
        kind = "linear" if factor not in (0.0, 1.0) else "none"
    if kind not in ("none", "linear", "yarn", "longrope"):
        raise UnsupportedError(
            "{file}: key {key} is {kind}; known are none, linear, yarn and longrope",
            file=keys.file.path.name,
            key=keys.name("rope.scaling.type"),
            kind=quoted(kind),
        )
    base = keys.positive("rope.freq_base", 10000.0)
    if factor < 0 or (kind == "yarn" and base == 1):
        raise FormatError(
            "{file}: the keys {key} ({factor:g}) and {key_2} ({base:g}) make no rotation",
            file=keys.file.path.name,
            key=keys.name("rope.scaling.factor"),
            factor=factor,
            key_2=keys.name("rope.freq_base"),
            base=base,
        )
    n_dims = keys.int("rope.dimension_count", 2, head_dim, default=head_dim)
    if n_dims % 2:
        raise FormatError(
            "{file}: key {key} is odd",
            file=keys.file.path.name,
            key=keys.name("rope.dimension_count"),
        )
    long = keys.tensor("rope_factors_long.weight")
    return RopeSpec(
        n_dims=n_dims,
        base=base,
        style=style,
        scaling=kind,  # type: ignore[arg-type]
        factor=factor if factor else 1.0,  # 0: no scaling, as llama.cpp reads it
        original_context=keys.int(
            "rope.scaling.original_context_length", 1, MAX_CONTEXT, default=common.n_ctx_train
        ),
        attn_factor=keys.positive("rope.scaling.attn_factor", 1.0, MOST_FACTOR),
        ext_factor=keys.positive("rope.scaling.yarn_ext_factor", 1.0, MOST_FACTOR, -MOST_FACTOR),
        beta_fast=keys.positive("rope.scaling.yarn_beta_fast", 32.0),
        beta_slow=keys.positive("rope.scaling.yarn_beta_slow", 1.0),
        factors=keys.tensor("rope_factors_short.weight" if long else "rope_freqs.weight"),
        factors_long=long,
    )


def read_local_rope(keys: Keys, rope: RopeSpec, base: float) -> RopeSpec:
    """The rope of layers with a window beside that of all others: of a base of its own, which is
    `base` where the file has none, and never scaled."""
    base = keys.positive("rope.freq_base_swa", base)
    return RopeSpec(n_dims=rope.n_dims, base=base, style=rope.style)


def read_windows(keys: Keys, common: Common, period: int = 0) -> tuple[int, ...]:
    """Sliding windows; 0: the layer sees everything.

    The pattern n means that each n-th layer does; `period` is the family's, where a file has none.
    """
    n_layer = common.n_layer
    window = keys.int("attention.sliding_window", 0, MAX_CONTEXT, default=0)
    if not keys.has("attention.sliding_window_pattern"):
        return _periodic(window, period, n_layer)
    name = keys.name("attention.sliding_window_pattern")
    pattern = keys.file.metadata[name]
    if isinstance(pattern, int) and not isinstance(pattern, bool):
        return _periodic(
            window, keys.int("attention.sliding_window_pattern", 0, MAX_LAYERS), n_layer
        )
    slides = keys.file.need_ints(name)
    drafting = keys.int("nextn_predict_layers", 0, MAX_LAYERS, default=0)
    if len(slides) not in (n_layer, n_layer + drafting):
        raise FormatError(
            "{file}: key {name} has {n_slides} values for {n_layer} layers",
            file=keys.file.path.name,
            name=name,
            n_slides=len(slides),
            n_layer=n_layer,
        )
    return tuple(window if slide else 0 for slide in slides[:n_layer])


def _periodic(window: int, period: int, n_layer: int) -> tuple[int, ...]:
    return tuple(0 if period and i % period == period - 1 else window for i in range(n_layer))


def _without_drafting(keys: Keys, common: Common) -> Common:
    """The figures without the last layers, where these only draft tokens (`nextn`)."""
    drafting = keys.int("nextn_predict_layers", 0, common.n_layer - 1, default=0)
    n = common.n_layer - drafting
    return replace(common, n_layer=n, heads=common.heads[:n], n_ff=common.n_ff[:n])
