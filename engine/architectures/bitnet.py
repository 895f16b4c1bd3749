"""BitNet b1.58: a llama whose matrices were trained for three values; norms stand before the output
of attention and before that of the feed-forward, whose gate is a squared ReLU in the 2B 4T."""

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    biases,
    decoder_settings,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.base.errors import UnsupportedError
from engine.base.words import quoted
from engine.compute.graph import Activation, Graph, Grows, RopeSpec, Value
from engine.weights.formats.config import Config

ACTIVATIONS: dict[str, Activation] = {"relu2": "relu2", "silu": "silu", "swish": "silu"}
SQUARED = 30  # layers of the 2B 4T, whose files may not say that its gate is another


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    _refuse_scales(keys)
    common = read_common(keys)
    rope, act = read_rope(keys, common, "neox"), _activation(keys, common)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, _attention(L, L.norm(x, "attn_norm"), rope))
        x = L.add(x, _feed(L, L.norm(x, "ffn_norm"), act))
    return model.finished(model.logits(x))


def _attention(L: Layer, x: Value, rope: RopeSpec) -> Value:
    g, heads = L.graph, L.heads
    q, k, v = L.qkv(x)
    cache = g.keep(Grows(heads.n_kv, heads.key, heads.value))
    q, k = g.rope(q, heads.key, rope), g.rope(k, heads.key, rope)
    g.keep_rows(k, v, cache)
    mixed = L.norm(g.attention(q, cache, heads.n, heads.key**-0.5), "attn_sub_norm")
    return L.linear(mixed, "attn_output", L.common.n_embd)


def _feed(L: Layer, x: Value, act: Activation) -> Value:
    gate, up = L.linear(x, "ffn_gate", L.n_ff), L.linear(x, "ffn_up", L.n_ff)
    return L.linear(
        L.norm(L.graph.gated(gate, up, act), "ffn_sub_norm"), "ffn_down", L.common.n_embd
    )


def _activation(keys: Keys, common: Common) -> Activation:
    usual = "relu2" if common.n_layer == SQUARED else "silu"
    name = keys.file.get_str(keys.name("hidden_activation"), usual)
    if name not in ACTIVATIONS:
        raise UnsupportedError(
            "{file}: key {key} is {name}; known are {known}",
            file=keys.file.path.name,
            key=keys.name("hidden_activation"),
            name=quoted(name),
            known=", ".join(ACTIVATIONS),
        )
    return ACTIVATIONS[name]


def _refuse_scales(keys: Keys) -> None:
    """Older files keep the size of three values apart."""
    apart = keys.tensor("blk.0.attn_q.scale")
    if apart:
        raise UnsupportedError(
            "{file}: tensor {tensor} is the scale of another one, which is not supported; get the "
            "model in another file",
            file=keys.file.path.name,
            tensor=apart,
        )


def settings(config: Config, out: Metadata) -> Settings:
    """Weights that have three values already are numbers again when they come here
    (convert/quantized.py)."""
    found = decoder_settings(config, out)
    out.own(hidden_activation=config.expect("hidden_act", *ACTIVATIONS))
    found.biased = biases(config, ("attention_bias", ATTENTION))
    return found


RULES = llama_rules(
    extra=(
        Rule("layers.{i}.self_attn.attn_sub_norm.weight", "blk.{i}.attn_sub_norm.weight", ("q",)),
        Rule("layers.{i}.mlp.ffn_sub_norm.weight", "blk.{i}.ffn_sub_norm.weight", ("ff",)),
    )
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 128256,
    "hidden_size": 2560,
    "intermediate_size": 6912,
    "num_hidden_layers": 30,
    "num_attention_heads": 20,
    "num_key_value_heads": 5,
    "hidden_act": "relu2",
    "rms_norm_eps": 1e-5,
}
CLASSES = ("BitNetForCausalLM", "BitnetForCausalLM")
FAMILY = Family(
    build, (Source("bitnet", CLASSES, RULES, settings, DEFAULTS, Rotation(base=500000.0)),)
)
