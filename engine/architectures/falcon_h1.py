"""Falcon-H1: attention and a selective scan of the same input side by side in every layer.

The checkpoint's many multipliers are in the file's matrices already; no key tells of them. GGUF
calls the norm of the feed-forward `ffn_norm`, with nothing behind it.
"""

from dataclasses import replace
from typing import Any

from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    attention_rules,
    decoder_settings,
    expect_silu,
    gated_rules,
    layer_norm,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rule, Scales, Settings, Source
from engine.architectures.shared.state_space import (
    heads_settings,
    read_scanned,
    scan_layer,
    scan_rules,
)
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    common = read_common(keys)
    scanned, rope = read_scanned(keys), read_rope(keys, common, "neox")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        y = L.norm(x, "attn_norm")
        x = L.add(x, L.add(scan_layer(L, y, scanned), L.attention(y, rope=rope)))
        x = L.add(x, L.gated(_ff_norm(L, x)))
    return model.finished(model.logits(x))


def _ff_norm(L: Layer, x: Value) -> Value:
    name = f"{L.prefix}ffn_norm"
    weight = L.keys.tensor(f"{name}.weight") or name
    return L.graph.rms_norm(x, weight, L.common.eps)


# --- checkpoints -----------------------------------------------------------------------------
def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    for key in ("attention_bias", "mlp_bias", "mamba_proj_bias", "projectors_bias"):
        config.expect(key, False)
    found = decoder_settings(config, out)
    head_dim, dims = found.dims["head_dim"], found.dims
    out.own(attention__key_length=head_dim, attention__value_length=head_dim)
    groups = config.int("mamba_n_groups")
    dims |= heads_settings(config, out, dims["embd"], groups)
    if config.bool("mamba_norm_before_gate", True):
        config.expect("mamba_rms_norm", False)
    found.biased = "mamba\\.conv1d" if config.bool("mamba_conv_bias", True) else ""
    found.scales = _scales(config, dims, groups * config.int("mamba_d_state"))
    _expect_apart(config, found)
    return found


def _scales(config: Config, dims: dict[str, int], shared: int) -> Scales:
    """Whose rows are multiplied by what."""
    factor: Any = config.float
    gate, down = _factors(config, "mlp_multipliers", 2)
    parts = _factors(config, "ssm_multipliers", 5)
    into, look = factor("ssm_in_multiplier"), factor("attention_in_multiplier")
    rows = (dims["inner"], dims["inner"], shared, shared, dims["ssm_heads"])
    embd = dims["embd"]
    return {
        "embedding": [(dims["vocab"], factor("embedding_multiplier"))],
        "output": [(dims["vocab"], factor("lm_head_multiplier"))],
        "scan_in": [(n, into * part) for n, part in zip(rows, parts, strict=True)],
        "scan_out": [(embd, factor("ssm_out_multiplier"))],
        "q": [(dims["q"], look)],
        "k": [(dims["kv"], look * factor("key_multiplier"))],
        "v": [(dims["kv"], look)],
        "o": [(embd, factor("attention_out_multiplier"))],
        "gate": [(dims["ff"], gate)],
        "down": [(embd, down)],
    }


def _factors(config: Config, key: str, n: int) -> list[float]:
    """A list of so many; none at all are ones."""
    found = [float(x) for x in config.floats(key)] if config.has(key) else [1.0] * n
    if len(found) != n:
        raise FormatError(
            "{file}: key {key} has {n_found} numbers, not {n}",
            file=config.name,
            key=key,
            n_found=len(found),
            n=n,
        )
    return found


def _expect_apart(config: Config, found: Settings) -> None:
    """One matrix cannot be multiplied by two numbers."""
    if found.tied and found.scales["embedding"] != found.scales["output"]:
        raise UnsupportedError(
            "{file}: keys embedding_multiplier and lm_head_multiplier differ, but both are for one "
            "matrix (tie_word_embeddings); such a model cannot be converted",
            file=config.name,
        )


SCALES = {
    "token_embd.weight": "embedding",
    "output.weight": "output",
    "blk.{i}.ssm_in.weight": "scan_in",
    "blk.{i}.ssm_out.weight": "scan_out",
    "blk.{i}.attn_q.weight": "q",
    "blk.{i}.attn_k.weight": "k",
    "blk.{i}.attn_v.weight": "v",
    "blk.{i}.attn_output.weight": "o",
    "blk.{i}.ffn_gate.weight": "gate",
    "blk.{i}.ffn_down.weight": "down",
}
RULES = tuple(
    replace(rule, scale=SCALES.get(rule.target, ""))
    for rule in (
        EMBEDDING,
        layer_norm("input_layernorm", "attn_norm"),
        *scan_rules("mamba"),
        *attention_rules(),
        Rule("layers.{i}.pre_ff_layernorm.weight", "blk.{i}.ffn_norm", ("embd",)),
        *(
            replace(rule, source=rule.source.replace(".mlp.", ".feed_forward."))
            for rule in gated_rules()
        ),
        Rule("final_layernorm.weight", "output_norm.weight", ("embd",)),
        OUTPUT,
    )
)
DEFAULTS = {
    "vocab_size": 128000,
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-5,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": False,
    "attention_bias": False,
    "mlp_bias": False,
    "projectors_bias": False,
    "mamba_proj_bias": False,
    "mamba_conv_bias": True,
    "mamba_d_ssm": 1024,
    "mamba_n_heads": 128,
    "mamba_d_head": "auto",
    "mamba_n_groups": 1,
    "mamba_d_state": 256,
    "mamba_d_conv": 4,
    "mamba_expand": 2,
    "mamba_norm_before_gate": True,
    "mamba_rms_norm": False,
    "embedding_multiplier": 1.0,
    "lm_head_multiplier": 1.0,
    "key_multiplier": 1.0,
    "attention_in_multiplier": 1.0,
    "attention_out_multiplier": 1.0,
    "ssm_in_multiplier": 1.0,
    "ssm_out_multiplier": 1.0,
}
FAMILY = Family(
    build,
    (
        Source(
            "falcon_h1",
            ("FalconH1ForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            neutral=("mamba_chunk_size", "num_logits_to_keep", "mamba_use_mlp"),
        ),
    ),
)
