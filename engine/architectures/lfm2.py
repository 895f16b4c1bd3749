"""LFM2 and LFM2.5: short gated convolutions in most layers, attention in some.

A convolution (its gates are of the same product) sees the latest few tokens only; layers without
key/value heads are such. GGUF calls the last norm `token_embd_norm`. Files with experts, behind a
few layers without, are of lfm2moe.
"""

from dataclasses import replace

from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    EMBEDDING,
    FULL,
    OUTPUT,
    decoder_settings,
    expert_rules,
    expert_settings,
    layer_norm,
    layer_types,
)
from engine.architectures.shared.experts import is_routed, read_experts, routed
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_TAPS, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Fixed, Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    common = read_common(keys, hybrid=True)
    taps, rope = keys.int("shortconv.l_cache", 2, MAX_TAPS), read_rope(keys, common, "neox")
    keys.refuse("attention.sliding_window", 0, Words("a sliding window"))
    keys.refuse("attention.causal", True, Words("attention to later tokens"))
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        y = L.norm(x, "attn_norm")
        mixed = L.attention(y, rope=rope, head_norm=True) if L.heads.n else _convolved(L, y, taps)
        x = L.add(x, mixed)
        x = L.add(x, _feed(L, L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x, "token_embd_norm"))


def _feed(L: Layer, x: Value) -> Value:
    if not is_routed(L):
        return L.gated(x)
    return routed(L, x, read_experts(L.keys, L.common, gating="sigmoid"))


def _convolved(L: Layer, x: Value, taps: int) -> Value:
    g, width = L.graph, L.common.n_embd
    whole = L.linear(x, "shortconv.in_proj", 3 * width)
    into, out_of, x = (g.slice(whole, i * width, width) for i in range(3))
    tail = g.keep(Fixed((taps - 1, width)))
    mixed = g.conv(g.mul(into, x), f"{L.prefix}shortconv.conv.weight", tail)
    return L.linear(g.mul(out_of, mixed), "shortconv.out_proj", width)


def settings(config: Config, out: Metadata) -> Settings:
    ff = "block_ff_dim" if config.has("block_ff_dim") else "intermediate_size"
    found = _settings(config, out, ff)
    by_index = _by_index(config, found.dims["n_layer"])
    n_ff = _n_ff(config, found.dims["ff"])
    out.own(feed_forward_length=n_ff)
    found.dims |= {"ff": n_ff}
    _mix(config, out, found, by_index)
    every = range(found.dims["n_layer"])
    found.layers = {**found.layers, "dense": every, "routed": (), "moved": ()}
    return found


def settings_moe(config: Config, out: Metadata) -> Settings:
    out.becomes("lfm2moe")
    found = _settings(config, out, "intermediate_size")
    n_layer = found.dims["n_layer"]
    _mix(config, out, found, [FULL] * n_layer)
    names = {"n": "num_experts", "used": "num_experts_per_tok", "ff": "moe_intermediate_size"}
    expert_settings(config, out, found, **names)
    dense = min(n_layer, config.int("num_dense_layers", low=0))
    normed, scale = config.bool("norm_topk_prob", True), config.float("routed_scaling_factor")
    out.own(
        leading_dense_block_count=dense,
        expert_gating_func=SIGMOID,
        expert_weights_norm=None if normed else False,  # which is the family's
        expert_weights_scale=None if scale == 1 else scale,
    )
    moved = range(dense, n_layer) if config.bool("use_expert_bias", True) else ()
    layers = {"dense": range(dense), "routed": range(dense, n_layer), "moved": moved}
    found.layers = {**found.layers, **layers}
    return found


def _settings(config: Config, out: Metadata, ff: str) -> Settings:
    found = decoder_settings(config, out, eps="norm_eps", ff=ff)
    found.tied = config.bool("tie_embedding", found.tied)
    config.expect("conv_bias", False)
    return found


def _mix(config: Config, out: Metadata, found: Settings, usual: list[str]) -> None:
    """Which layers look, and which convolve."""
    n_layer, n_head_kv = found.dims["n_layer"], found.dims["n_head_kv"]
    kinds = layer_types(config, n_layer, CONVOLVES) or usual
    looks = {i for i, kind in enumerate(kinds) if kind == FULL}
    taps = config.int("conv_L_cache", low=2)
    out.own(
        attention__head_count_kv=[n_head_kv if i in looks else 0 for i in range(n_layer)],
        shortconv__l_cache=taps,
    )
    found.dims |= {"taps": taps, "one": 1, "three": 3 * found.dims["embd"]}
    found.layers = {"look": looks, "convolve": set(range(n_layer)) - looks}


def _by_index(config: Config, n_layer: int) -> list[str]:
    """Without `layer_types`: the layers with attention by their numbers, or all."""
    given = config.has("full_attn_idxs")
    looks = config.floats("full_attn_idxs") if given else range(n_layer)
    return [FULL if i in looks else CONVOLVES for i in range(n_layer)]


def _n_ff(config: Config, n_ff: int) -> int:
    """The width of the feed-forward: of what config.json says two thirds, in whole steps."""
    if not config.bool("block_auto_adjust_ff_dim", True):
        return n_ff
    step, factor = config.int("block_multiple_of"), config.float("block_ffn_dim_multiplier", None)
    n_ff = 2 * n_ff // 3
    return n_ff if factor is None else -(-int(factor * n_ff) // int(step)) * int(step)


CONVOLVES = "conv"
SIGMOID = 2  # of expert_gating_func
_LOOK, _CONVOLVE, _MLP = "layers.{i}.self_attn.", "layers.{i}.conv.", "layers.{i}.feed_forward."
_HEAD = ("head_dim",)
RULES = (
    EMBEDDING,
    layer_norm("operator_norm", "attn_norm"),
    *(
        replace(rule, layers="look")
        for rule in (
            Rule(f"{_LOOK}q_proj.weight", "blk.{i}.attn_q.weight", ("q", "embd")),
            Rule(f"{_LOOK}k_proj.weight", "blk.{i}.attn_k.weight", ("kv", "embd")),
            Rule(f"{_LOOK}v_proj.weight", "blk.{i}.attn_v.weight", ("kv", "embd")),
            Rule(f"{_LOOK}out_proj.weight", "blk.{i}.attn_output.weight", ("embd", "q")),
            Rule(f"{_LOOK}q_layernorm.weight", "blk.{i}.attn_q_norm.weight", _HEAD),
            Rule(f"{_LOOK}k_layernorm.weight", "blk.{i}.attn_k_norm.weight", _HEAD),
        )
    ),
    *(
        replace(rule, target=f"blk.{{i}}.shortconv.{rule.target}", layers="convolve")
        for rule in (
            Rule(f"{_CONVOLVE}in_proj.weight", "in_proj.weight", ("three", "embd")),
            Rule(f"{_CONVOLVE}conv.weight", "conv.weight", ("embd", "one", "taps"), "taps"),
            Rule(f"{_CONVOLVE}out_proj.weight", "out_proj.weight", ("embd", "embd")),
        )
    ),
    layer_norm("ffn_norm", "ffn_norm"),
    Rule(f"{_MLP}w1.weight", "blk.{i}.ffn_gate.weight", ("ff", "embd"), layers="dense"),
    Rule(f"{_MLP}w3.weight", "blk.{i}.ffn_up.weight", ("ff", "embd"), layers="dense"),
    Rule(f"{_MLP}w2.weight", "blk.{i}.ffn_down.weight", ("embd", "ff"), layers="dense"),
    *expert_rules(_MLP, ("w1", "w3", "w2"), layers="routed"),
    Rule(f"{_MLP}expert_bias", "blk.{i}.exp_probs_b.bias", ("expert",), layers="moved"),
    Rule("embedding_norm.weight", "token_embd_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = {
    "vocab_size": 65536,
    "hidden_size": 2560,
    "intermediate_size": 12288,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "max_position_embeddings": 128000,
    "norm_eps": 1e-5,
    "tie_word_embeddings": True,
    "conv_bias": False,
    "conv_L_cache": 3,
    "block_multiple_of": 256,
    "block_ffn_dim_multiplier": 1.0,
    "block_auto_adjust_ff_dim": True,
}
_MOE = {key: DEFAULTS[key] for key in DEFAULTS if not key.startswith("block_")} | {
    "hidden_size": 2048,
    "intermediate_size": 7168,
    "moe_intermediate_size": 1792,
    "num_dense_layers": 2,
    "num_experts": 32,
    "num_experts_per_tok": 4,
    "use_expert_bias": True,
    "routed_scaling_factor": 1.0,
    "norm_topk_prob": True,
}
# What the first checkpoints say besides: how they were made, and sizes that others say too.
NEUTRAL = (
    "use_pos_enc",
    "theta",
    "block_dim",
    "block_mlp_init_scale",
    "block_norm_eps",
    "block_out_init_scale",
    "block_use_swiglu",
    "block_use_xavier_init",
    "conv_dim",
    "conv_dim_out",
    "conv_use_xavier_init",
    "num_heads",
)
FAMILY = Family(
    build,
    (
        Source(
            "lfm2",
            ("Lfm2ForCausalLM", "LFM2ForCausalLM"),
            RULES,
            settings,
            DEFAULTS,
            Rotation(base=1000000.0),
            neutral=NEUTRAL,
        ),
        Source(
            "lfm2_moe",
            ("Lfm2MoeForCausalLM",),
            RULES,
            settings_moe,
            _MOE,
            Rotation(base=1000000.0),
            neutral=NEUTRAL,
        ),
    ),
)
