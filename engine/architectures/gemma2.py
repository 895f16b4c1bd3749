"""Gemma 2: Gemma with norms behind each block, capped scores and logits, and windows in turn.

Its norms are 1 + w: added at conversion, so the graph has plain norms. The embedding is the output.
"""

from dataclasses import dataclass

from engine.architectures import gemma
from engine.architectures.shared.common import Common, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import (
    layer_norm,
    llama_rules,
    sliding_windows,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.base.errors import FormatError
from engine.compute.graph import Graph, RopeSpec
from engine.weights.formats.config import Config

LAYERS_27B = 46  # this one scales its scores by the width of a head of an even split


@dataclass(frozen=True)
class Gemma2:
    """What Gemma 2 has beside the figures of all; windows: 0 where a layer sees everything."""

    rope: RopeSpec
    windows: tuple[int, ...]
    scale: float
    score_cap: float
    logit_cap: float


def build(keys: Keys) -> tuple[Common, Graph]:
    """Norms before and behind attention and feed-forward; what is behind is added."""
    common = read_common(keys)
    own = _read(keys, common)
    model = Model(keys, common)
    x = model.graph.scale(model.embed(), common.n_embd**0.5)
    for L in model.layers():
        mixed = L.attention(
            L.norm(x, "attn_norm"),
            rope=own.rope,
            window=own.windows[L.i],
            scale=own.scale,
            softcap=own.score_cap,
        )
        x = L.add(x, L.norm(mixed, "post_attention_norm"))
        mixed = L.gated(L.norm(x, "ffn_norm"), "gelu_tanh")
        x = L.add(x, L.norm(mixed, "post_ffw_norm"))
    return model.finished(model.graph.softcap(model.logits(x), own.logit_cap))


def _read(keys: Keys, common: Common) -> Gemma2:
    n_head = max(heads.n for heads in common.heads)
    usual = usual_scalar(common.n_layer, common.n_embd, n_head, common.heads[0].key)
    return Gemma2(
        read_rope(keys, common, "neox"),
        read_windows(keys, common, period=2),
        keys.float("attention.scale", float(usual) ** -0.5),
        _cap(keys, "attn_logit_softcapping", 50.0),
        _cap(keys, "final_logit_softcapping", 30.0),
    )


def usual_scalar(
    n_layer: int, n_embd: int, n_head: int, head_dim: int, even: int = LAYERS_27B
) -> int:
    """What scores are divided by the root of in the sizes that were published."""
    return n_embd // n_head if n_layer == even else head_dim


def _cap(keys: Keys, key: str, usual: float) -> float:
    value = keys.float(key, usual)
    if value < 0:
        raise FormatError(
            "{file}: key {key} is {value}, below 0",
            file=keys.file.path.name,
            key=keys.name(key),
            value=value,
        )
    return value


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_activation", *gemma.TANH)
    config.get("hidden_act")  # Gemma 1's key, which this class does not read
    found = gemma.decoder(config, out)
    dims = found.dims
    # Absent, these keys have the class's defaults; null means "no cap".
    out.own(
        attn_logit_softcapping=config.float("attn_logit_softcapping", 0.0),
        final_logit_softcapping=config.float("final_logit_softcapping", 0.0),
    )
    sliding_windows(config, out, found, period=2)
    scalar = config.float("query_pre_attn_scalar")
    if scalar != usual_scalar(dims["n_layer"], dims["embd"], dims["n_head"], dims["head_dim"]):
        out.own(attention__scale=scalar**-0.5)
    return found


RULES = llama_rules(
    layer_norm("input_layernorm", "attn_norm", "plus_one"),
    layer_norm("post_attention_layernorm", "post_attention_norm", "plus_one"),
    layer_norm("pre_feedforward_layernorm", "ffn_norm", "plus_one"),
    layer_norm("post_feedforward_layernorm", "post_ffw_norm", "plus_one"),
    norm="plus_one",
)
DEFAULTS = gemma.DEFAULTS | {
    "hidden_size": 2304,
    "intermediate_size": 9216,
    "num_hidden_layers": 26,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "hidden_activation": "gelu_pytorch_tanh",
    "query_pre_attn_scalar": 256,
    "sliding_window": 4096,
    "final_logit_softcapping": 30.0,
    "attn_logit_softcapping": 50.0,
}
FAMILY = Family(
    build,
    (Source("gemma2", ("Gemma2ForCausalLM",), RULES, settings, DEFAULTS),),
    template="gemma",
)
