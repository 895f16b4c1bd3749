"""MPT 7B and 30B: distances instead of positions (ALiBi), no biases; in some limits of queries,
keys and values (StoryWriter).

GGUF files may have learned positions, and norms of queries and keys, instead.
"""

from typing import Any

from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import OUTPUT, both, figures_settings
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_CONTEXT, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config

MOST_ALIBI = 64.0  # of the largest exponent of slopes; that of all models is 8


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer; `attention.max_alibi_bias` 0: no distances."""
    common = read_common(keys, norm="layer")
    alibi = keys.positive("attention.max_alibi_bias", 0.0, MOST_ALIBI, low=0.0)
    clamp = keys.positive("attention.clamp_kqv", 0.0, low=0.0)
    model = Model(keys, common)
    x = model.embed()
    if model.has("position_embd"):
        places = keys.int("context_length", 1, MAX_CONTEXT)
        x = model.add(x, model.graph.embed_position("position_embd.weight", places, common.n_embd))
    for L in model.layers():
        q, k, v = _qkv(L, L.norm(x, "attn_norm"), clamp)
        x = L.add(x, L.attend(q, k, v, alibi=alibi))
        x = L.add(x, L.plain(L.norm(x, "ffn_norm"), "gelu"))
    return model.finished(model.logits(x))


def _qkv(L: Layer, x: Value, clamp: float) -> tuple[Value, Value, Value]:
    """Query, key and value within limits, then with the norms that the file has."""
    scales = f"{L.prefix}ffn.act.scales"
    if L.keys.tensor(scales):
        raise UnsupportedError(
            "{file}: tensor {tensor} scales what is activated, as weights of AWQ want it, which is "
            "not supported; get the model in another quantization",
            file=L.keys.file.path.name,
            tensor=scales,
        )
    q, k, v = (L.graph.clamp(each, clamp) for each in L.qkv(x))
    q = L.norm(q, "attn_q_norm") if L.has("attn_q_norm") else q
    return q, L.norm(k, "attn_k_norm") if L.has("attn_k_norm") else k, v


def settings(config: Config, out: Metadata) -> Settings:
    """As the class of transformers has it: always distances, never learned positions, no biases,
    a feed-forward four times as wide."""
    config.expect("no_bias", True)
    config.expect("expansion_ratio", 4)
    config.expect("logit_scale", None)
    config.expect("norm_type", "low_precision_layernorm", "layernorm")
    n_embd = config.int("d_model")
    found = figures_settings(
        config,
        out,
        n_ctx=config.int("max_seq_len"),
        n_embd=n_embd,
        n_layer=config.int("n_layers"),
        n_head=config.int("n_heads"),
        n_ff=4 * n_embd,
        eps=config.float("layer_norm_epsilon"),
    )
    _attention(config.part("attn_config") or Config({}, config.name), out)
    return found


def _attention(config: Config, out: Metadata) -> None:
    """The settings that stand in an object of their own."""
    config.expect("attn_type", "multihead_attention")
    config.expect("qk_ln", False)
    config.expect("prefix_lm", False)
    config.expect("softmax_scale", None)
    config.expect("alibi", True)
    clip = config.float("clip_qkv", 0.0)
    if clip < 0:
        raise FormatError(
            "{file}: key {key} is {value}, below 0", file=config.name, key="clip_qkv", value=clip
        )
    out.own(
        attention__max_alibi_bias=float(config.expect("alibi_bias_max", 8)),
        attention__clamp_kqv=clip or None,
    )


def _norm(source: str, target: str) -> Rule:
    return Rule(f"{source}.weight", f"{target}.weight", ("embd",))


RULES = (
    Rule("wte.weight", "token_embd.weight", ("vocab", "embd")),
    _norm("blocks.{i}.norm_1", "blk.{i}.attn_norm"),
    *both("blocks.{i}.attn.Wqkv", "attn_qkv", ("qkv", "embd")),
    *both("blocks.{i}.attn.out_proj", "attn_output", ("embd", "embd")),
    _norm("blocks.{i}.norm_2", "blk.{i}.ffn_norm"),
    *both("blocks.{i}.ffn.up_proj", "ffn_up", ("ff", "embd")),
    *both("blocks.{i}.ffn.down_proj", "ffn_down", ("embd", "ff")),
    _norm("norm_f", "output_norm"),
    OUTPUT,
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 50368,
    "d_model": 2048,
    "n_heads": 16,
    "n_layers": 24,
    "expansion_ratio": 4,
    "max_seq_len": 2048,
    "layer_norm_epsilon": 1e-5,
    "no_bias": True,
    "norm_type": "low_precision_layernorm",
    "tie_word_embeddings": True,
}
SOURCE = Source(
    "mpt",
    ("MptForCausalLM", "MPTForCausalLM"),
    RULES,
    settings,
    DEFAULTS,
    rotation=None,
    prefix="transformer.",
    neutral=("emb_pdrop", "embedding_fraction", "init_device", "learned_pos_emb"),
)
FAMILY = Family(build, (SOURCE,))
