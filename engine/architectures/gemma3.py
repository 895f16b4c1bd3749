"""Gemma 3, text: Gemma 2 without caps on scores, with normed heads and a rope of two bases.

Five of six layers look through a window; these turn faster and are never stretched.
"""

from dataclasses import dataclass

from engine.architectures import gemma, gemma2
from engine.architectures.shared.common import (
    Common,
    read_common,
    read_local_rope,
    read_rope,
    read_windows,
)
from engine.architectures.shared.decoder import head_norms, sliding_windows
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Settings, Source
from engine.compute.graph import Graph, RopeSpec, Value
from engine.weights.formats.config import Config

LAYERS_27B = 62  # this one scales its scores by the width of a head of an even split
BASE, LOCAL = 1e6, 1e4  # of the rope


@dataclass(frozen=True)
class Gemma3:
    """What Gemma 3 has beside the figures of all; windows: 0 where a layer sees everything."""

    rope: RopeSpec
    local: RopeSpec
    windows: tuple[int, ...]
    scale: float


def build(keys: Keys) -> tuple[Common, Graph]:
    model, x = layered(keys)
    cap = keys.positive("final_logit_softcapping", 0.0, low=0.0)
    return model.finished(model.graph.softcap(model.logits(x), cap))


def layered(keys: Keys, *, causal: bool = True) -> tuple[Model, Value]:
    """Norms before and behind attention and feed-forward; what is behind is added.

    Not causal: tokens see what comes after them, too, and half a window to each side.
    """
    common = read_common(keys)
    own = _read(keys, common)
    model = Model(keys, common)
    x = model.graph.scale(model.embed(), common.n_embd**0.5)
    for L in model.layers():
        window = own.windows[L.i]
        q, k, v = L.qkv(L.norm(x, "attn_norm"))
        mixed = L.attend(
            L.norm(q, "attn_q_norm", group=L.heads.key),
            L.norm(k, "attn_k_norm", group=L.heads.key),
            v,
            rope=own.local if window else own.rope,
            window=window if causal or not window else window // 2 + 1,
            scale=own.scale,
            causal=causal,
        )
        x = L.add(x, L.norm(mixed, "post_attention_norm"))
        mixed = L.gated(L.norm(x, "ffn_norm"), "gelu_tanh")
        x = L.add(x, L.norm(mixed, "post_ffw_norm"))
    return model, x


def _read(keys: Keys, common: Common) -> Gemma3:
    n_head, head_dim = common.heads[0].n, common.heads[0].key
    usual = gemma2.usual_scalar(common.n_layer, common.n_embd, n_head, head_dim, LAYERS_27B)
    rope = read_rope(keys, common, "neox")
    return Gemma3(
        rope,
        read_local_rope(keys, rope, LOCAL),
        read_windows(keys, common, period=6),
        keys.float("attention.scale", float(usual) ** -0.5),
    )


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_activation", *gemma.TANH)
    config.expect("attn_logit_softcapping", None)
    found = gemma.decoder(config, out)
    dims = found.dims
    out.own(final_logit_softcapping=config.float("final_logit_softcapping", None))
    sliding_windows(config, out, found, config.int("sliding_window_pattern", 6))
    scalar = config.float("query_pre_attn_scalar")
    sizes = dims["n_layer"], dims["embd"], dims["n_head"], dims["head_dim"]
    if scalar != gemma2.usual_scalar(*sizes, LAYERS_27B):
        out.own(attention__scale=scalar**-0.5)
    return found


RULES = (*gemma2.RULES, *head_norms("head_dim", "head_dim", "plus_one"))
DEFAULTS = gemma2.DEFAULTS | {
    "vocab_size": 262208,
    "max_position_embeddings": 131072,
    "final_logit_softcapping": None,
    "attn_logit_softcapping": None,
}
SOURCE = Source(
    "gemma3_text",
    ("Gemma3ForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    Rotation(base=BASE, local=LOCAL),
    within={"gemma3": "Gemma3ForConditionalGeneration"},
)
FAMILY = Family(build, (SOURCE,), template="gemma")
