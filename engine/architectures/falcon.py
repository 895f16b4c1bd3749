"""Falcon 7B, 40B, 180B and 2 (11B): attention and feed-forward read the same stream beside each
other; few key/value heads; layer norms. The larger ones have a norm for each of the two.

Falcon-RW (ALiBi) is refused at conversion; no GGUF file of it exists.
"""

from typing import Any

from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import OUTPUT, both, figures_settings, norm_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """`attn_norm` is the feed-forward's, and attention's where the file has no `attn_norm_2`."""
    common = read_common(keys, norm="layer")
    rope = read_rope(keys, common, "neox")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        normed = L.norm(x, "attn_norm")
        looked = L.norm(x, "attn_norm_2") if L.has("attn_norm_2") else normed
        x = L.add(L.add(x, L.attention(looked, rope=rope)), L.plain(normed, "gelu"))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    """In files of the 7B `num_kv_heads` counts the query heads; `multi_query` says that all share
    one key/value head. Blocks in a row (`parallel_attn` false) were Falcon-RW's alone."""
    config.expect("alibi", False)
    config.expect("activation", "gelu")
    grouped = config.bool("new_decoder_architecture", False)
    shared = config.bool("multi_query", True)
    n_head = config.int("num_attention_heads")
    n_embd = config.int("n_embed", config.int("hidden_size"))
    n_head_kv = config.int("num_kv_heads", n_head)
    if not grouped:
        config.expect("parallel_attn", True)
        n_head_kv = 1 if shared else n_head
    norms = config.int("num_ln_in_parallel_attn", 2 if grouped else 1, low=1)
    found = figures_settings(
        config,
        out,
        n_ctx=config.int("max_position_embeddings"),
        n_embd=n_embd,
        n_layer=config.int("num_hidden_layers"),
        n_head=n_head,
        n_head_kv=n_head_kv,
        n_ff=config.int("ffn_hidden_size", 4 * n_embd),
        eps=config.float("layer_norm_epsilon"),
    )
    every = range(found.dims["n_layer"])
    two = grouped and norms == 2
    found.layers = {"two": every if two else (), "one": () if two else every}
    found.biased = r"ln_\w+" if two else "input_layernorm"
    if config.bool("bias", False):
        found.biased += r"|self_attention\.\w+|mlp\.\w+"
    return found


def _norm(source: str, target: str, layers: str) -> tuple[Rule, Rule]:
    at = f"blk.{{i}}.{target}"
    return (
        Rule(f"h.{{i}}.{source}.weight", f"{at}.weight", ("embd",), layers=layers),
        Rule(f"h.{{i}}.{source}.bias", f"{at}.bias", ("embd",), layers=layers),
    )


RULES = (
    Rule("word_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    *_norm("input_layernorm", "attn_norm", "one"),
    *_norm("ln_mlp", "attn_norm", "two"),
    *_norm("ln_attn", "attn_norm_2", "two"),
    *both("h.{i}.self_attention.query_key_value", "attn_qkv", ("qkv", "embd"), "grouped"),
    *both("h.{i}.self_attention.dense", "attn_output", ("embd", "embd")),
    *both("h.{i}.mlp.dense_h_to_4h", "ffn_up", ("ff", "embd")),
    *both("h.{i}.mlp.dense_4h_to_h", "ffn_down", ("embd", "ff")),
    *norm_rules("ln_f", "output_norm"),
    OUTPUT,
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 65024,
    "hidden_size": 4544,
    "num_hidden_layers": 32,
    "num_attention_heads": 71,
    "layer_norm_epsilon": 1e-5,
    "max_position_embeddings": 2048,
    "activation": "gelu",
    "alibi": False,
    "new_decoder_architecture": False,
    "multi_query": True,
    "parallel_attn": True,
    "bias": False,
    "tie_word_embeddings": True,
}
SOURCE = Source("falcon", ("FalconForCausalLM",), RULES, settings, DEFAULTS, prefix="transformer.")
FAMILY = Family(build, (SOURCE,))
