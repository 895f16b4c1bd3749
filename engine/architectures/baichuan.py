"""Baichuan and Baichuan 2: a llama; the 13B has distances (ALiBi) instead of a rope.

No key of other programs' files says which: they go by the number of layers. Files that are made
here say it themselves (attention.max_alibi_bias).
"""

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    EMBEDDING,
    both,
    decoder_settings,
    expect_silu,
    gated_rules,
    layer_norm,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.base.errors import UnsupportedError
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

ALIBI = {32: 0.0, 40: 8.0}  # the largest exponent of slopes by layers; 0: a rope
MOST_ALIBI = 64.0


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    common = read_common(keys)
    alibi = _alibi(keys, common)
    rope = None if alibi else read_rope(keys, common, "normal")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        q, k, v = L.qkv(L.norm(x, "attn_norm"))
        x = L.add(x, L.attend(q, k, v, rope=rope, alibi=alibi))
        x = L.add(x, L.gated(L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x))


def _alibi(keys: Keys, common: Common) -> float:
    if not keys.has("attention.max_alibi_bias") and common.n_layer not in ALIBI:
        raise UnsupportedError(
            "{file}: key {key} is {n_layer}; known are 32 layers, which turn heads, and 40, which "
            "weigh distances",
            file=keys.file.path.name,
            key=keys.name("block_count"),
            n_layer=common.n_layer,
        )
    usual = ALIBI.get(common.n_layer, 0.0)
    return keys.positive("attention.max_alibi_bias", usual, MOST_ALIBI, low=0.0)


def settings(config: Config, out: Metadata) -> Settings:
    """The larger ones say model_max_length alone, the second version z_loss_weight."""
    expect_silu(config)
    turns = config.has("max_position_embeddings")
    if not turns:
        config.values["max_position_embeddings"] = config.int("model_max_length")
    found = decoder_settings(config, out)
    out.own(attention__max_alibi_bias=0.0 if turns else 8.0)
    found.dims["unit"] = int(config.has("z_loss_weight"))
    return found


PACK = "layers.{i}.self_attn.W_pack"
RULES = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *both(PACK, "attn_q", ("q", "embd"), "packed_q"),
    *both(PACK, "attn_k", ("kv", "embd"), "packed_k"),
    *both(PACK, "attn_v", ("kv", "embd"), "packed_v"),
    *both("layers.{i}.self_attn.o_proj", "attn_output", ("embd", "q")),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    *gated_rules(),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    Rule("lm_head.weight", "output.weight", ("vocab", "embd"), "unit_rows"),
)
DEFAULTS = {k: v for k, v in llama.DEFAULTS.items() if k != "max_position_embeddings"} | {
    "vocab_size": 64000,
    "hidden_size": 5120,
    "intermediate_size": 13696,
    "num_hidden_layers": 40,
    "num_attention_heads": 40,
    "model_max_length": 4096,
}
CLASSES = ("BaichuanForCausalLM", "BaiChuanForCausalLM")
FAMILY = Family(build, (Source("baichuan", CLASSES, RULES, settings, DEFAULTS),))
