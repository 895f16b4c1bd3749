"""The rotation of a model's query and key heads, read from GGUF keys."""

from typing import Literal

from engine.architectures.shared.common import Common
from engine.architectures.shared.keys import MAX_CONTEXT, Keys
from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted
from engine.compute.graph import RopeSpec

Style = Literal["normal", "neox"]
MOST_FACTOR = 1e4  # of rope's magnitude and blend; those of models are near 1


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
