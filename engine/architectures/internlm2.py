"""InternLM 2 and 2.5: a llama whose checkpoints have names of their own, and in one matrix queries,
keys and values, group by group."""

from engine.architectures import llama
from engine.architectures.shared.decoder import both, decoder_settings, expect_silu
from engine.architectures.shared.family import Family
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.weights.formats.config import Config


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    if config.bool("bias", True):
        found.biased = r"attention\.w(qkv|o)"
    return found


AT = "layers.{i}."
RULES = (
    Rule("tok_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    Rule(f"{AT}attention_norm.weight", "blk.{i}.attn_norm.weight", ("embd",)),
    *both(f"{AT}attention.wqkv", "attn_q", ("q", "embd"), "grouped_q"),
    *both(f"{AT}attention.wqkv", "attn_k", ("kv", "embd"), "grouped_k"),
    *both(f"{AT}attention.wqkv", "attn_v", ("kv", "embd"), "grouped_v"),
    *both(f"{AT}attention.wo", "attn_output", ("embd", "q")),
    Rule(f"{AT}ffn_norm.weight", "blk.{i}.ffn_norm.weight", ("embd",)),
    *both(f"{AT}feed_forward.w1", "ffn_gate", ("ff", "embd")),
    *both(f"{AT}feed_forward.w3", "ffn_up", ("ff", "embd")),
    *both(f"{AT}feed_forward.w2", "ffn_down", ("embd", "ff")),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    Rule("output.weight", "output.weight", ("vocab", "embd"), optional=True),
)
DEFAULTS = llama.DEFAULTS | {"vocab_size": 103168, "bias": True}
FAMILY = Family(
    llama.build, (Source("internlm2", ("InternLM2ForCausalLM",), RULES, settings, DEFAULTS),)
)
