"""GPT-NeoX 20B, Pythia, the first StableLM, Dolly 2, RedPajama: attention and feed-forward beside
each other, each with a norm of its own, or one after the other; a part of each head turns."""

from typing import Any

from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import both, figures_settings, norm_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """`use_parallel_residual` says whether the feed-forward reads what attention reads."""
    common = read_common(keys, norm="layer")
    rope, beside = read_rope(keys, common, "neox"), keys.bool("use_parallel_residual", True)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        looked = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=rope))
        x = L.add(looked, L.plain(L.norm(x if beside else looked, "ffn_norm"), "gelu"))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_act", "gelu")
    found = figures_settings(
        config,
        out,
        n_ctx=config.int("max_position_embeddings"),
        n_embd=config.int("hidden_size"),
        n_layer=config.int("num_hidden_layers"),
        n_head=config.int("num_attention_heads"),
        n_ff=config.int("intermediate_size"),
        eps=config.float("layer_norm_eps"),
    )
    out.own(use_parallel_residual=config.bool("use_parallel_residual", True))
    found.biased = r"\w+_layernorm|mlp\.\w+"
    if config.bool("attention_bias", True):
        found.biased += r"|attention\.(dense|query_key_value)"
    return found


RULES = (
    Rule("embed_in.weight", "token_embd.weight", ("vocab", "embd")),
    *both("layers.{i}.input_layernorm", "attn_norm", ("embd",)),
    *both("layers.{i}.attention.query_key_value", "attn_qkv", ("qkv", "embd"), "grouped"),
    *both("layers.{i}.attention.dense", "attn_output", ("embd", "embd")),
    *both("layers.{i}.post_attention_layernorm", "ffn_norm", ("embd",)),
    *both("layers.{i}.mlp.dense_h_to_4h", "ffn_up", ("ff", "embd")),
    *both("layers.{i}.mlp.dense_4h_to_h", "ffn_down", ("embd", "ff")),
    *norm_rules("final_layer_norm", "output_norm"),
    Rule("embed_out.weight", "output.weight", ("vocab", "embd"), optional=True),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 50432,
    "hidden_size": 6144,
    "num_hidden_layers": 44,
    "num_attention_heads": 64,
    "intermediate_size": 24576,
    "hidden_act": "gelu",
    "max_position_embeddings": 2048,
    "layer_norm_eps": 1e-5,
    "use_parallel_residual": True,
    "attention_bias": True,
    "tie_word_embeddings": False,
}
SOURCE = Source(
    "gpt_neox",
    ("GPTNeoXForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    Rotation(
        partial=0.25, names={"rotary_pct": "partial_rotary_factor", "rotary_emb_base": "rope_theta"}
    ),
    prefix="gpt_neox.",
    ignored=r"\.attention\.(masked_)?bias$|rotary_emb\.\w+$",
    neutral=("classifier_dropout",),
)
FAMILY = Family(build, (SOURCE,))
