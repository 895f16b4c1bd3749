"""Phi 3, 3.5 and 4: query, key, value in one matrix, gate and up in another; long rope factors."""

from engine.base.errors import FormatError
from engine.workshop.convert.config import Config
from engine.workshop.convert.families.family import (
    Family,
    Settings,
    both,
    decoder_settings,
    expect_silu,
    layer_norm,
)
from engine.workshop.convert.plan import Metadata, Rule
from engine.workshop.convert.rope import convert_rope, rope_settings

# What this class understands; it takes two old names for longrope.
ROPE = {"default": "default", "longrope": "longrope", "su": "longrope", "yarn": "longrope"}
_ATTN, _MLP = "layers.{i}.self_attn.", "layers.{i}.mlp."


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out, partial_rope=True)
    dims = found.dims
    share = rope_settings(config, []).float("partial_rotary_factor", 1.0)
    if not 0 < share <= 1:
        raise FormatError(
            "{file}: key partial_rotary_factor is {share}, not above 0 to 1",
            file=config.name,
            share=share,
        )
    n_dims = int(dims["head_dim"] * share) // 2 * 2
    out.own(attention__sliding_window=config.int("sliding_window", 0, low=0))
    found.extra = convert_rope(config, out, n_dims, found.notices, known=ROPE)
    dims["qkv"] = dims["q"] + 2 * dims["kv"]
    dims["gate_up"] = 2 * dims["ff"]
    return found


FAMILY = Family(
    "phi3",
    (
        Rule("embed_tokens.weight", "token_embd.weight", ("vocab", "embd")),
        layer_norm("input_layernorm", "attn_norm"),
        *both(f"{_ATTN}qkv_proj", "attn_qkv", ("qkv", "embd")),
        *both(f"{_ATTN}o_proj", "attn_output", ("embd", "q")),
        layer_norm("post_attention_layernorm", "ffn_norm"),
        *both(f"{_MLP}gate_up_proj", "ffn_up", ("gate_up", "embd")),
        *both(f"{_MLP}down_proj", "ffn_down", ("embd", "ff")),
        Rule("norm.weight", "output_norm.weight", ("embd",)),
        Rule("lm_head.weight", "output.weight", ("vocab", "embd"), optional=True),
    ),
    settings,
)
