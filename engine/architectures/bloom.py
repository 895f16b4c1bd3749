"""BLOOM and BLOOMZ: distances instead of positions (ALiBi), a norm of the embedding; layer norms
and biases everywhere."""

from typing import Any

from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import OUTPUT, both, figures_settings, norm_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

ALIBI = 8.0  # the largest exponent of slopes; no file says it


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    common = read_common(keys, norm="layer")
    model = Model(keys, common)
    x = model.norm(model.embed(), "token_embd_norm")
    for L in model.layers():
        q, k, v = L.qkv(L.norm(x, "attn_norm"))
        x = L.add(x, L.attend(q, k, v, alibi=ALIBI))
        x = L.add(x, L.plain(L.norm(x, "ffn_norm"), "gelu_tanh"))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    """Old files have other names of three figures, which count where both are there."""
    config.expect("apply_residual_connection_post_layernorm", False)
    n_embd = config.int("n_embed", config.int("hidden_size"))
    found = figures_settings(
        config,
        out,
        n_ctx=config.int("seq_length", 2048),
        n_embd=n_embd,
        n_layer=config.int("num_hidden_layers", config.int("n_layer")),
        n_head=config.int("num_attention_heads", config.int("n_head")),
        n_ff=config.int("n_inner", 4 * n_embd),
        eps=config.float("layer_norm_epsilon"),
    )
    found.biased = r"\w+_layernorm|self_attention\.\w+|mlp\.\w+"
    return found


RULES = (
    Rule("word_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    *norm_rules("word_embeddings_layernorm", "token_embd_norm"),
    *both("h.{i}.input_layernorm", "attn_norm", ("embd",)),
    *both("h.{i}.self_attention.query_key_value", "attn_qkv", ("qkv", "embd"), "grouped"),
    *both("h.{i}.self_attention.dense", "attn_output", ("embd", "embd")),
    *both("h.{i}.post_attention_layernorm", "ffn_norm", ("embd",)),
    *both("h.{i}.mlp.dense_h_to_4h", "ffn_up", ("ff", "embd")),
    *both("h.{i}.mlp.dense_4h_to_h", "ffn_down", ("embd", "ff")),
    *norm_rules("ln_f", "output_norm"),
    OUTPUT,
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 250880,
    "hidden_size": 64,
    "n_layer": 2,
    "n_head": 8,
    "layer_norm_epsilon": 1e-5,
    "tie_word_embeddings": True,
}
SOURCE = Source(
    "bloom",
    ("BloomForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    rotation=None,
    prefix="transformer.",
    neutral=(  # of sums in another order, and of the program that trained it
        "slow_but_exact",
        "bias_dropout_fusion",
        "masked_softmax_fusion",
        "attention_softmax_in_fp32",
        "skip_bias_add",
        "skip_bias_add_qkv",
        "offset_alibi",
    ),
)
FAMILY = Family(build, (SOURCE,))
