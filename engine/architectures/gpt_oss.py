"""gpt-oss: experts behind clamped gates, biases everywhere, windows in every other layer.

Each head's softmax has a sink, a score that no token has. YaRN's ramp is not cut to whole pairs.
"""

from dataclasses import replace

from engine.architectures.shared.common import Common, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    attention_rules,
    biases,
    decoder_settings,
    expect_silu,
    expert_settings,
    layer_norm,
    sliding_windows,
)
from engine.architectures.shared.experts import (
    Experts,
    expert_linear,
    gate_and_up,
    read_experts,
    route,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Bend, Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config

ALPHA, LIMIT = 1.702, 7.0  # of the clamped gate


def build(keys: Keys) -> tuple[Common, Graph]:
    common = read_common(keys)
    windows = read_windows(keys, common, period=2)
    rope = replace(read_rope(keys, common, "neox"), truncate=False)
    experts = read_experts(keys, common, gating="softmax_used")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        q, k, v = L.qkv(L.norm(x, "attn_norm"))
        x = L.add(x, L.attend(q, k, v, rope=rope, window=windows[L.i], sinks=True))
        x = L.add(x, _routed(L, L.norm(x, "post_attention_norm"), experts))
    return model.finished(model.logits(x))


def _routed(L: Layer, x: Value, e: Experts) -> Value:
    g, way = L.graph, route(L, x, e)
    rows = g.dispatch(x, way)
    gate, up = gate_and_up(L, rows, way, e.ff)
    mixed = g.clamped_gate(gate, up, ALPHA, LIMIT)
    return g.combine(expert_linear(L, mixed, way, "ffn_down_exps", L.common.n_embd), way)


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    config.expect("swiglu_alpha", ALPHA)
    config.expect("swiglu_limit", LIMIT)
    found = decoder_settings(config, out)
    out.own(
        attention__key_length=found.dims["head_dim"],
        attention__value_length=found.dims["head_dim"],
    )
    found.biased = biases(config, ("attention_bias", r"self_attn\.[qkvo]_proj")) + r"|mlp\.router"
    names = {"n": "num_local_experts", "used": "num_experts_per_tok", "ff": "intermediate_size"}
    expert_settings(config, out, found, **names)
    sliding_windows(config, out, found, period=2)
    return found


def _weight(source: str, target: str, shape: tuple[str, ...], bend: Bend = "") -> Rule:
    """A tensor of all experts, in one of its forms."""
    return Rule(f"{_AT}experts.{source}", f"{_TO}ffn_{target}_exps.weight", shape, bend, True)


def _bias(source: str, target: str, width: str, bend: Bend = "") -> Rule:
    return Rule(f"{_AT}experts.{source}", f"{_TO}ffn_{target}_exps.bias", ("expert", width), bend)


_INNER, _OUTER = ("expert", "expert_ff", "embd"), ("expert", "embd", "expert_ff")
_AT, _TO = "layers.{i}.mlp.", "blk.{i}."
RULES = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *attention_rules(),
    Rule("layers.{i}.self_attn.sinks", "blk.{i}.attn_sinks.weight", ("n_head",)),
    layer_norm("post_attention_layernorm", "post_attention_norm"),
    Rule(f"{_AT}router.weight", f"{_TO}ffn_gate_inp.weight", ("expert", "embd")),
    Rule(f"{_AT}router.bias", f"{_TO}ffn_gate_inp.bias", ("expert",)),
    # Gates and ups lie in turn; matrices of floats are turned, those of MXFP4 are not.
    _weight("gate_up_proj", "gate", _INNER, "even_turned"),
    _weight("gate_up_proj", "up", _INNER, "odd_turned"),
    _weight("down_proj", "down", _OUTER, "turned"),
    _weight("gate_up_proj_blocks", "gate", _INNER, "even"),
    _weight("gate_up_proj_blocks", "up", _INNER, "odd"),
    _weight("down_proj_blocks", "down", _OUTER),
    _bias("gate_up_proj_bias", "gate", "expert_ff", "even_columns"),
    _bias("gate_up_proj_bias", "up", "expert_ff", "odd_columns"),
    _bias("down_proj_bias", "down", "embd"),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = {
    "vocab_size": 201088,
    "hidden_size": 2880,
    "intermediate_size": 2880,
    "num_hidden_layers": 36,
    "num_attention_heads": 64,
    "num_key_value_heads": 8,
    "head_dim": 64,
    "hidden_act": "silu",
    "max_position_embeddings": 131072,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
    "sliding_window": 128,
    "num_local_experts": 128,
    "num_experts_per_tok": 4,
    "attention_bias": True,
    "swiglu_alpha": ALPHA,
    "swiglu_limit": LIMIT,
    "rope_parameters": {
        "rope_type": "yarn",
        "factor": 32.0,
        "beta_fast": 32.0,
        "beta_slow": 1.0,
        "truncate": False,
        "original_max_position_embeddings": 4096,
        "rope_theta": 150000.0,
    },
}
FAMILY = Family(
    build,
    (
        Source(
            "gpt_oss",
            ("GptOssForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            Rotation(base=150000.0, truncate=False),
            neutral=("experts_per_token", "initial_context_length"),  # said under other names, too
        ),
    ),
)
