"""Muse Glimmer, text: norms before and behind each block and on the embedding, a gate behind
attention, and windows in three of four layers, which alone turn their heads.

Its layers' norms are 1 + w: added at conversion, so the graph has plain norms. Those of heads have
no weights; what queries are multiplied with stands in their place.
"""

from dataclasses import dataclass, replace
from typing import Any

from engine.architectures.shared.common import Common, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import (
    ATTENTION,
    FULL,
    SLIDING,
    biases,
    decoder_settings,
    layer_norm,
    layer_types,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_CONTEXT, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph, RopeSpec, Value
from engine.weights.formats.config import Config

POST_EPS = 1e-8  # of the norms behind a block; GGUF has no key for it
PERIOD = 4  # each fourth layer sees everything, counted from the last
MOST = 1e6  # of a scale; those of models are between 0.1 and 100


@dataclass(frozen=True)
class MuseGlimmer:
    """windows: 0 where a layer sees everything."""

    rope: RopeSpec
    windows: tuple[int, ...]
    logit_scale: float
    logit_cap: float


def build(keys: Keys) -> tuple[Common, Graph]:
    """Norms before and behind attention and feed-forward; what is behind is added."""
    common = read_common(keys)
    own = _read(keys, common)
    model = Model(keys, common)
    g = model.graph
    x = g.rms_norm(model.embed(), None, common.eps)
    for L in model.layers():
        mixed = _attention(L, L.norm(x, "attn_norm"), own)
        x = L.add(x, g.rms_norm(mixed, f"{L.prefix}post_attention_norm.weight", POST_EPS))
        mixed = L.gated(L.norm(x, "ffn_norm"))
        x = L.add(x, g.rms_norm(mixed, f"{L.prefix}post_ffw_norm.weight", POST_EPS))
    logits = g.scale(model.logits(x), own.logit_scale)
    return model.finished(g.softcap(logits, own.logit_cap))


def _attention(L: Layer, x: Value, own: MuseGlimmer) -> Value:
    q, k, v = L.qkv(x)
    gate = L.linear(x, "attn_gate", L.heads.n * L.heads.value)
    q = L.norm(q, "attn_q_norm", group=L.heads.key)
    k = L.norm(k, "attn_k_norm", group=L.heads.key)
    window = own.windows[L.i]
    return L.attend(q, k, v, rope=own.rope if window else None, window=window, gate=gate)


def _read(keys: Keys, common: Common) -> MuseGlimmer:
    rope = read_rope(keys, common, "normal")
    keys.int("attention.sliding_window", 1, MAX_CONTEXT)  # without it nobody knows who turns
    return MuseGlimmer(
        replace(rope, base=keys.positive("rope.freq_base_swa", rope.base)),
        read_windows(keys, common, PERIOD),
        keys.positive("logit_scale", most=MOST),
        keys.positive("final_logit_softcapping", 0.0, MOST, low=0.0),
    )


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_activation", "silu", "swish")
    config.expect("post_norm_eps", POST_EPS)
    found = decoder_settings(config, out)
    n_layer = found.dims["n_layer"]
    turns = [SLIDING if (n_layer - 1 - i) % PERIOD else FULL for i in range(n_layer)]
    kinds = layer_types(config, n_layer) or turns
    _check_turning(config, kinds, turns)
    out.own(
        attention__sliding_window=config.int("sliding_window"),
        attention__sliding_window_pattern=[kind == SLIDING for kind in kinds],
        logit_scale=config.float("output_multiplier"),
        final_logit_softcapping=config.float("final_logit_softcapping"),
        attention__key_length=found.dims["head_dim"],
        attention__value_length=found.dims["head_dim"],
    )
    found.biased = biases(config, ("attention_bias", ATTENTION))
    found.filled = {
        "blk.{i}.attn_q_norm.weight": ("head_dim", config.float("qk_scale_factor")),
        "blk.{i}.attn_k_norm.weight": ("head_dim", 1.0),
    }
    return found


def _check_turning(config: Config, kinds: list[str], turns: list[str]) -> None:
    """Raises if other layers turn than those with a window. A base of 0 means that one does not."""
    usual = [float(kind == SLIDING) for kind in turns]
    bases = config.floats("layer_rope_theta") if config.has("layer_rope_theta") else usual
    if len(bases) != len(kinds):
        raise FormatError(
            "{file}: key {key} is no list of {n_layer} layers",
            file=config.name,
            key="layer_rope_theta",
            n_layer=len(kinds),
        )
    if [base != 0 for base in bases] != [kind == SLIDING for kind in kinds]:
        raise UnsupportedError(
            "{file}: other layers turn their heads than those that look through a window (keys "
            "layer_rope_theta, layer_types); the architecture has no key for it",
            file=config.name,
        )


_AT = "layers.{i}.self_attn."
RULES = llama_rules(
    layer_norm("input_layernorm", "attn_norm", "plus_one"),
    layer_norm("post_attention_layernorm", "post_attention_norm", "plus_one"),
    layer_norm("pre_feedforward_layernorm", "ffn_norm", "plus_one"),
    layer_norm("post_feedforward_layernorm", "post_ffw_norm", "plus_one"),
    permuted=True,
    extra=(Rule(f"{_AT}gate_proj.weight", "blk.{i}.attn_gate.weight", ("q", "embd")),),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 202048,
    "hidden_size": 6656,
    "intermediate_size": 19968,
    "num_hidden_layers": 52,
    "num_attention_heads": 32,
    "num_key_value_heads": 2,
    "head_dim": 128,
    "hidden_activation": "silu",
    "max_position_embeddings": 131072,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
    "sliding_window": 2048,
    "final_logit_softcapping": 20.0,
    "qk_scale_factor": 3.87,
    "output_multiplier": 0.19611613513818404,
    "post_norm_eps": 1e-8,
}
SOURCE = Source(
    "muse_glimmer_text",
    ("MuseGlimmerTextModel",),
    RULES,
    settings,
    DEFAULTS,
    within={"muse_glimmer": "MuseGlimmerForConditionalGeneration"},
)
FAMILY = Family(build, (SOURCE,))
