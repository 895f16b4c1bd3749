"""Ministral 3 and Mistral Small 3.1 and later: a llama whose scores are sharpened far into a text,
with YaRN."""

import math
from dataclasses import replace
from typing import Any

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import (
    decoder_settings,
    expect_silu,
    llama_rules,
    rope_part,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Settings, Source
from engine.base.catalogue import Words
from engine.base.errors import UnsupportedError
from engine.compute.graph import Graph, RopeSpec, TemperSpec
from engine.weights.formats.config import Config

MOST = 1e3  # of how fast scores are sharpened, and of YaRN's multiplier; models have 0.1 and 1


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer. Turning and scaling a head may change places."""
    keys.refuse("expert_count", 0, Words("a mixture of experts"))
    common = read_common(keys)
    rope, windows = _read_rope(keys, common), read_windows(keys, common)
    temper = _read_temper(keys, rope)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        q, k, v = L.qkv(L.norm(x, "attn_norm"))
        q = L.graph.temper(q, temper)
        x = L.add(x, L.attend(q, k, v, rope=rope, window=windows[L.i]))
        x = L.add(x, L.gated(L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x))


def _read_rope(keys: Keys, common: Common) -> RopeSpec:
    """YaRN's usual magnitude is divided by that of a multiplier, which a key of its own has."""
    rope = read_rope(keys, common, "normal")
    multiplier = keys.positive("rope.scaling.yarn_log_multiplier", 0.0, MOST, low=0.0)
    if rope.scaling != "yarn" or rope.factor <= 1:
        return rope
    usual = 1.0 + 0.1 * multiplier * math.log(rope.factor)
    return replace(rope, attn_factor=rope.attn_factor / usual)


def _read_temper(keys: Keys, rope: RopeSpec) -> TemperSpec | None:
    """It begins where the original context ends."""
    scale = keys.positive("attention.temperature_scale", 0.0, MOST, low=0.0)
    return TemperSpec(scale, rope.original_context) if scale else None


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    out.own(attention__sliding_window=config.int("sliding_window", None))
    rope = rope_part(config)
    beta = rope.float("llama_4_scaling_beta")
    if beta and rope.get("rope_type", rope.get("type")) != "yarn":
        raise UnsupportedError(
            "{file}: key llama_4_scaling_beta is {beta:g}, but the rope scaling is not yarn; "
            "nothing then says where scores begin to be sharpened",
            file=rope.name,
            beta=beta,
        )
    out.own(attention__temperature_scale=beta or None)
    return found


DEFAULTS: dict[str, Any] = llama.DEFAULTS | {
    "vocab_size": 131072,
    "intermediate_size": 14336,
    "num_hidden_layers": 34,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "max_position_embeddings": 262144,
    "rms_norm_eps": 1e-5,
    "rope_parameters": {
        "rope_type": "yarn",
        "type": "yarn",
        "max_position_embeddings": 262144,
        "rope_theta": 1e6,
        "factor": 16.0,
        "original_max_position_embeddings": 16384,
        "beta_fast": 32.0,
        "beta_slow": 1.0,
        "mscale": 1.0,
        "mscale_all_dim": 1.0,
        "llama_4_scaling_beta": 0.1,
    },
}
SOURCE = Source(
    "ministral3",
    ("Ministral3ForCausalLM",),
    llama_rules(permuted=True),
    settings,
    DEFAULTS,
    Rotation(own=("llama_4_scaling_beta", "max_position_embeddings")),
)
FAMILY = Family(build, (SOURCE,))
