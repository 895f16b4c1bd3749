"""OLMoE (1B-7B): a llama of experts that norms queries and keys over the whole row."""

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    biases,
    decoder_settings,
    expect_silu,
    expert_rules,
    expert_settings,
    head_norms,
    llama_rules,
)
from engine.architectures.shared.experts import read_experts, routed
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """What its experts count is not made to have the sum 1."""
    common = read_common(keys)
    rope, experts = read_rope(keys, common, "neox"), read_experts(keys, common, normalized=False)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        q, k, v = L.qkv(L.norm(x, "attn_norm"))
        q, k = L.norm(q, "attn_q_norm"), L.norm(k, "attn_k_norm")
        x = L.add(x, L.attend(q, k, v, rope=rope))
        x = L.add(x, routed(L, L.norm(x, "ffn_norm"), experts))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    config.expect("clip_qkv", None)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    names = {"n": "num_experts", "used": "num_experts_per_tok", "ff": "intermediate_size"}
    expert_settings(config, out, found, **names)
    if config.bool("norm_topk_prob", False):
        out.own(expert_weights_norm=True)
    return found


RULES = llama_rules(extra=head_norms("q", "kv"), feed=expert_rules())
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 50304,
    "hidden_size": 2048,
    "intermediate_size": 2048,
    "num_hidden_layers": 16,
    "num_attention_heads": 16,
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-5,
    "num_experts": 64,
    "num_experts_per_tok": 8,
    "norm_topk_prob": False,
    "attention_bias": False,
    "clip_qkv": None,
}
FAMILY = Family(build, (Source("olmoe", ("OlmoeForCausalLM",), RULES, settings, DEFAULTS),))
