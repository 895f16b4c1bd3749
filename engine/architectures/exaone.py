"""EXAONE 3 and 3.5: a llama in neox order whose checkpoints have the names of GPT-2's time."""

from engine.architectures import llama
from engine.architectures.shared.decoder import biases, both, decoder_settings, expect_silu
from engine.architectures.shared.family import Family
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.architectures.shared.usual import usual
from engine.weights.formats.config import Config

# What the published files call keys that the class names as a llama's.
OLD = {
    "num_layers": "num_hidden_layers",
    "layer_norm_epsilon": "rms_norm_eps",
    "activation_function": "hidden_act",
}


def settings(config: Config, out: Metadata) -> Settings:
    known = _renamed(config)
    expect_silu(known)
    found = decoder_settings(known, out)
    config.asked |= known.asked - {new for old, new in OLD.items() if config.has(old)}
    found.biased = biases(
        config,
        ("attention_bias", r"attn\.attention\.(q|k|v|out)_proj"),
        ("mlp_bias", r"mlp\.c_(fc_0|fc_1|proj)"),
    )
    return found


def _renamed(config: Config) -> Config:
    """The same under the class's names; where a file has both, the old ones count."""
    new = {name: config.get(old) for old, name in OLD.items() if config.has(old)}
    return Config(config.values | new, config.name)


_AT = "h.{i}."
_Q, _KV = ("q", "embd"), ("kv", "embd")
RULES = (
    Rule("wte.weight", "token_embd.weight", ("vocab", "embd")),
    Rule(f"{_AT}ln_1.weight", "blk.{i}.attn_norm.weight", ("embd",)),
    *both(f"{_AT}attn.attention.q_proj", "attn_q", _Q),
    *both(f"{_AT}attn.attention.k_proj", "attn_k", _KV),
    *both(f"{_AT}attn.attention.v_proj", "attn_v", _KV),
    *both(f"{_AT}attn.attention.out_proj", "attn_output", ("embd", "q")),
    Rule(f"{_AT}ln_2.weight", "blk.{i}.ffn_norm.weight", ("embd",)),
    *both(f"{_AT}mlp.c_fc_0", "ffn_gate", ("ff", "embd")),
    *both(f"{_AT}mlp.c_fc_1", "ffn_up", ("ff", "embd")),
    *both(f"{_AT}mlp.c_proj", "ffn_down", ("embd", "ff")),
    Rule("ln_f.weight", "output_norm.weight", ("embd",)),
    Rule("lm_head.weight", "output.weight", ("vocab", "embd"), optional=True),
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 102400,
    "intermediate_size": 14336,
    "num_key_value_heads": 8,
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-5,
}
SOURCE = Source(
    "exaone",
    ("ExaoneForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    Rotation(base=5e5),
    prefix="transformer.",
    neutral=("embed_dropout",),
)
FAMILY = Family(usual, (SOURCE,))
