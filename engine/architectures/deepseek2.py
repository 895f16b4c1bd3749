"""DeepSeek V2 and V3, GLM 4.7 Flash: latent attention and experts (arXiv:2405.04434, 2412.19437).

What a token leaves behind is one short row, the latent, and a key part that turns, which all heads
share. Queries are taken into the latent's space and what is found there into each head's values,
so that attention sees one head of keys, whose last columns are the values (section 2.1.2). Older
files have no matrices for that: there all heads' keys and values are made and kept.
"""

import math
from dataclasses import dataclass, replace

from engine.architectures import deepseek, llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    biases,
    decoder_settings,
    expect_silu,
    layer_norm,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.leading import (
    NEUTRAL,
    SOFTMAX,
    grouped,
    leading_dense,
    routed_rules,
    routed_settings,
    sigmoid_settings,
)
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import (
    BUFFERS,
    Metadata,
    Rotation,
    Rule,
    Settings,
    Source,
)
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Gating, Graph, Grows, RopeSpec, Value
from engine.weights.formats.config import Config

EPSILON = 1e-6  # of the norms of latents, whatever that of the others is
LAYERS_FLASH, VOCAB_FLASH = (47, 48), 154880  # GLM 4.7 Flash, whose files may not say "sigmoid"
SCALINGS = {"default": "default", "none": "none", "yarn": "yarn"}


@dataclass(frozen=True)
class Latent:
    """The columns of a head: those that turn, those of keys that do not, those of values."""

    rank: int  # of keys and values
    turning: int
    nope: int
    value: int
    scale: float
    rope: RopeSpec


def build(keys: Keys) -> tuple[Common, Graph]:
    keys.refuse("attention.temperature_scale", 0.0, Words("scaling by position"))
    common = read_common(keys)
    latent, feed = _read(keys, common), deepseek.feed_of(keys, common, _gating(common))
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, _attention(L, L.norm(x, "attn_norm"), latent))
        x = L.add(x, feed(L, L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x))


def _read(keys: Keys, common: Common) -> Latent:
    heads = common.heads[0]
    rope, magnitude = _rope(keys, common)
    rank, turning = keys.int("attention.kv_lora_rank", 1, MAX_WIDTH), rope.n_dims
    key = keys.int("attention.key_length_mla", 1, MAX_WIDTH, default=heads.key)
    value = keys.int("attention.value_length_mla", 1, MAX_WIDTH, default=heads.value)
    kept = (heads.n_kv, heads.key, heads.value)
    if key <= turning or (_absorbs(keys) and kept != (1, rank + turning, rank)):
        raise FormatError(
            "{file}: heads of {key} columns, of which {turning} turn, and a latent of {rank} do "
            "not fit together (keys {key_1}, {key_2}, {key_3})",
            file=keys.file.path.name,
            key=key,
            turning=turning,
            rank=rank,
            key_1=keys.name("attention.key_length_mla"),
            key_2=keys.name("attention.key_length"),
            key_3=keys.name("attention.kv_lora_rank"),
        )
    return Latent(rank, turning, key - turning, value, magnitude * key**-0.5, rope)


def _absorbs(keys: Keys) -> bool:
    """Whether the file has matrices for queries and values in the latent's space."""
    return keys.has("attention.key_length_mla")


def _rope(keys: Keys, common: Common) -> tuple[RopeSpec, float]:
    """The rotation, and by how much YaRN scales the scores beside it.

    A multiplier of the logarithm stands in place of the usual magnitude; a tenth is in it.
    """
    rope = read_rope(keys, common, "normal")
    if rope.scaling not in ("none", "yarn"):
        raise UnsupportedError(
            "{file}: key {key} is {kind}; known for this family are none and yarn",
            file=keys.file.path.name,
            key=keys.name("rope.scaling.type"),
            kind=rope.scaling,
        )
    multiplier = keys.float("rope.scaling.yarn_log_multiplier", 0.0)
    if rope.scaling == "none" or rope.factor == 1:
        return rope, 1.0
    usual = 1.0 + 0.1 * math.log(rope.factor)
    turned = rope.attn_factor * (1.0 if multiplier else usual)
    scored = turned * (1.0 + multiplier * math.log(rope.factor))
    return replace(rope, attn_factor=turned / usual), scored**2


def _gating(common: Common) -> Gating:
    """How experts are chosen where the file does not say."""
    flash = common.n_layer in LAYERS_FLASH and common.n_vocab == VOCAB_FLASH
    return "sigmoid" if flash else "softmax"


def _attention(L: Layer, x: Value, m: Latent) -> Value:
    g, n = L.graph, L.heads.n
    q, head = _queries(L, x, n * (m.nope + m.turning)), m.nope + m.turning
    q_nope, q_pe = g.head_slice(q, head, 0, m.nope), g.head_slice(q, head, m.nope, m.turning)
    whole = L.linear(x, "attn_kv_a_mqa", m.rank + m.turning)
    latent = _latent_norm(L, g.slice(whole, 0, m.rank), "attn_kv_a_norm")
    k_pe = g.slice(whole, m.rank, m.turning)
    # What turns stands first, so that attention turns its queries and keys itself.
    if not _absorbs(L.keys):
        both = L.linear(latent, "attn_kv_b", n * (m.nope + m.value))
        k_nope = g.head_slice(both, m.nope + m.value, 0, m.nope)
        v = g.head_slice(both, m.nope + m.value, m.nope, m.value)
        k = g.head_join(k_pe, k_nope, n, shared=True)
        return L.attend(g.head_join(q_pe, q_nope, n), k, v, rope=m.rope, scale=m.scale)
    taken = g.head_linear(q_nope, f"{L.prefix}attn_k_b.weight", n, m.rank)
    q, k = g.head_join(q_pe, taken, n), g.head_join(k_pe, latent, 1)
    q, k = (g.rope(each, m.turning + m.rank, m.rope) for each in (q, k))
    cache = g.keep(Grows(1, m.turning + m.rank, m.rank, within=True))
    g.keep_rows(k, latent, cache)
    found = g.attention(q, cache, n, m.scale)
    mixed = g.head_linear(found, f"{L.prefix}attn_v_b.weight", n, m.value)
    return L.linear(mixed, "attn_output", L.common.n_embd)


def _queries(L: Layer, x: Value, width: int) -> Value:
    """By one matrix (V2 Lite), or by two with a norm between them."""
    if L.has("attn_q"):
        return L.linear(x, "attn_q", width)
    rank = L.keys.int("attention.q_lora_rank", 1, MAX_WIDTH)
    short = _latent_norm(L, L.linear(x, "attn_q_a", rank), "attn_q_a_norm")
    return L.linear(short, "attn_q_b", width)


def _latent_norm(L: Layer, x: Value, name: str) -> Value:
    return L.graph.rms_norm(x, f"{L.prefix}{name}.weight", EPSILON)


# --- checkpoints ---------------------------------------------------------------------------------
def settings(config: Config, out: Metadata) -> Settings:
    """What V2 and V3 have in common."""
    expect_silu(config)
    turning, nope = config.int("qk_rope_head_dim"), config.int("qk_nope_head_dim")
    rank, value = config.int("kv_lora_rank"), config.int("v_head_dim")
    q_rank, n_head = config.int("q_lora_rank", None), config.int("num_attention_heads")
    config.expect("num_key_value_heads", n_head)
    found = decoder_settings(_with(config, head_dim=turning, num_key_value_heads=n_head), out)
    found.biased = biases(config, ("attention_bias", r"self_attn\.(q_a|kv_a|o)_proj\w*"))
    out.own(
        attention__head_count_kv=1,
        attention__key_length=rank + turning,
        attention__value_length=rank,
        attention__key_length_mla=nope + turning,
        attention__value_length_mla=value,
        attention__kv_lora_rank=rank,
        attention__q_lora_rank=q_rank,
    )
    every = range(found.dims["n_layer"])
    found.dims |= {
        "rank": rank,
        "kv_a": rank + turning,
        "kv_b": n_head * (nope + value),
        "q_all": n_head * (nope + turning),
        "q_rank": q_rank or 0,
        "nope": nope,
        "v_head": value,
        "v_all": n_head * value,
    }
    whole, short = ((), every) if q_rank else (every, ())
    found.layers = {**found.layers, "whole_q": whole, "short_q": short}
    return found


def _with(config: Config, **values: int) -> Config:
    """The same with other values; it knows together with the first what was asked for."""
    found = Config(config.values | values, config.name)
    found.asked = config.asked
    return found


def v2_settings(config: Config, out: Metadata) -> Settings:
    """Softmax of all experts, whose probabilities are never divided by their sum."""
    config.expect("scoring_func", "softmax")
    config.expect("mlp_bias", False)
    found = settings(config, out)
    method = config.expect("topk_method", "greedy", "group_limited_greedy")
    grouped(config)
    alone = {"n_group": 1, "topk_group": 1} if method == "greedy" else {}
    routed_settings(_with(config, **alone), out, found)
    out.own(expert_gating_func=SOFTMAX)
    leading_dense(out, found, config.int("first_k_dense_replace", 0, low=0))
    return found


def v3_settings(config: Config, out: Metadata) -> Settings:
    found = _chosen_by_sigmoids(config, out)
    leading_dense(out, found, config.int("first_k_dense_replace", 0, low=0))
    return found


def _chosen_by_sigmoids(config: Config, out: Metadata) -> Settings:
    config.expect("topk_method", "noaux_tc")
    config.expect("rope_interleave", True)
    found = settings(config, out)
    sigmoid_settings(config, out, found)
    return found


def flash_settings(config: Config, out: Metadata) -> Settings:
    """Which layers are dense, a list says, or it is the first."""
    found = _chosen_by_sigmoids(config, out)
    n_layer = found.dims["n_layer"]
    kinds = config.get("mlp_layer_types", ["dense"] + ["sparse"] * (n_layer - 1))
    dense = kinds.count("dense") if isinstance(kinds, list) else 0
    if kinds != ["dense"] * dense + ["sparse"] * (n_layer - dense):
        raise UnsupportedError(
            "{file}: key mlp_layer_types is not {dense} and then {sparse} for {n_layer} layers",
            file=config.name,
            dense="dense",
            sparse="sparse",
            n_layer=n_layer,
        )
    leading_dense(out, found, dense)
    return found


_AT = "layers.{i}.self_attn."


def _matrix(source: str, target: str, *shape: str, layers: str = "") -> tuple[Rule, Rule]:
    return (
        Rule(f"{_AT}{source}.weight", f"blk.{{i}}.{target}.weight", shape, layers=layers),
        Rule(f"{_AT}{source}.bias", f"blk.{{i}}.{target}.bias", shape[:1], "", True, layers),
    )


def _latent_rule(source: str, target: str, width: str, layers: str = "") -> Rule:
    return Rule(f"{_AT}{source}.weight", f"blk.{{i}}.{target}.weight", (width,), layers=layers)


_KV_B = ("kv_b", "rank")
_ATTENTION = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *_matrix("q_proj", "attn_q", "q_all", "embd", layers="whole_q"),
    *_matrix("q_a_proj", "attn_q_a", "q_rank", "embd", layers="short_q"),
    _latent_rule("q_a_layernorm", "attn_q_a_norm", "q_rank", layers="short_q"),
    *_matrix("q_b_proj", "attn_q_b", "q_all", "q_rank", layers="short_q"),
    *_matrix("kv_a_proj_with_mqa", "attn_kv_a_mqa", "kv_a", "embd"),
    _latent_rule("kv_a_layernorm", "attn_kv_a_norm", "rank"),
    Rule(f"{_AT}kv_b_proj.weight", "blk.{i}.attn_k_b.weight", _KV_B, "key_parts"),
    Rule(f"{_AT}kv_b_proj.weight", "blk.{i}.attn_v_b.weight", _KV_B, "value_parts"),
    *_matrix("o_proj", "attn_output", "embd", "v_all"),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
_V2_RULES, _V3_RULES = (*_ATTENTION, *routed_rules("")), (*_ATTENTION, *routed_rules())
_V2 = llama.DEFAULTS | {
    "vocab_size": 102400,
    "first_k_dense_replace": 0,
    "kv_lora_rank": 512,
    "q_lora_rank": 1536,
    "n_routed_experts": 64,
    "n_shared_experts": 2,
    "qk_nope_head_dim": 128,
    "qk_rope_head_dim": 64,
    "routed_scaling_factor": 1.0,
    "topk_method": "greedy",
    "v_head_dim": 128,
    "moe_intermediate_size": 1407,
}
_V3 = {
    "vocab_size": 129280,
    "hidden_size": 7168,
    "intermediate_size": 18432,
    "moe_intermediate_size": 2048,
    "num_hidden_layers": 61,
    "num_attention_heads": 128,
    "n_shared_experts": 1,
    "n_routed_experts": 256,
    "routed_scaling_factor": 2.5,
    "kv_lora_rank": 512,
    "q_lora_rank": 1536,
    "qk_rope_head_dim": 64,
    "v_head_dim": 128,
    "qk_nope_head_dim": 128,
    "n_group": 8,
    "topk_group": 4,
    "num_experts_per_tok": 8,
    "first_k_dense_replace": 3,
    "norm_topk_prob": True,
    "hidden_act": "silu",
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": False,
}
_FLASH = {
    "vocab_size": 154880,
    "hidden_size": 2048,
    "intermediate_size": 10240,
    "moe_intermediate_size": 1536,
    "num_hidden_layers": 47,
    "num_attention_heads": 20,
    "n_shared_experts": 1,
    "n_routed_experts": 64,
    "routed_scaling_factor": 1.8,
    "kv_lora_rank": 512,
    "q_lora_rank": 768,
    "qk_rope_head_dim": 64,
    "v_head_dim": 256,
    "qk_nope_head_dim": 192,
    "n_group": 1,
    "topk_group": 1,
    "num_experts_per_tok": 4,
    "norm_topk_prob": True,
    "hidden_act": "silu",
    "max_position_embeddings": 202752,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
}
_ROTATION = Rotation(SCALINGS, scores=True)
FAMILY = Family(
    build,
    (
        Source(
            "deepseek_v2",
            ("DeepseekV2ForCausalLM",),
            _V2_RULES,
            v2_settings,
            _V2,
            _ROTATION,
            neutral=(*NEUTRAL, "norm_topk_prob"),
        ),
        Source(
            "deepseek_v3",
            ("DeepseekV3ForCausalLM",),
            _V3_RULES,
            v3_settings,
            _V3,
            _ROTATION,
            ignored=rf"{BUFFERS}|^layers\.61\.",
            neutral=(*NEUTRAL, "num_nextn_predict_layers", "num_mtp_layers"),
        ),
        Source(
            "glm4_moe_lite",
            ("Glm4MoeLiteForCausalLM",),
            _V3_RULES,
            flash_settings,
            _FLASH,
            _ROTATION,
            ignored=rf"{BUFFERS}|^layers\.47\.",
            neutral=(*NEUTRAL, "num_nextn_predict_layers"),
        ),
    ),
)
