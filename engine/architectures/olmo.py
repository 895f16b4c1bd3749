"""OLMo 1: a llama whose layer norms have no weights; queries, keys and values may be kept within
limits."""

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    EMBEDDING,
    OUTPUT,
    attention_rules,
    biases,
    decoder_settings,
    expect_silu,
    gated_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model, Pen
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.base.errors import FormatError
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config

EPS = 1e-5  # of all its norms, whatever a configuration says
MOST = 1e6  # of a limit; those of models are near 8


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    common = read_common(keys, norm="layer")
    rope = read_rope(keys, common, "normal")
    limit = keys.positive("attention.clamp_kqv", 0.0, MOST, low=0.0)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        q, k, v = (L.graph.clamp(each, limit) for each in L.qkv(_norm(L, x)))
        x = L.add(x, L.attend(q, k, v, rope=rope))
        x = L.add(x, L.gated(_norm(L, x)))
    last = _norm(model, model.graph.select(x))
    output = "output" if model.has("output") else "token_embd"
    return model.finished(model.linear(last, output, common.n_vocab))


def _norm(pen: Pen, x: Value) -> Value:
    return pen.graph.layer_norm(x, None, pen.common.eps, None)


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    config.expect("layer_norm_eps", EPS)
    found = decoder_settings(config, out, norm="layer", eps="layer_norm_eps")
    found.biased = biases(config, ("attention_bias", ATTENTION))
    limit = config.float("clip_qkv", None)
    if limit is not None and limit <= 0:
        raise FormatError(
            "{name}: key {key} is {value}, not above 0",
            name=config.name,
            key="clip_qkv",
            value=limit,
        )
    out.own(attention__clamp_kqv=limit)
    return found


RULES = (EMBEDDING, *attention_rules(permuted=True), *gated_rules(), OUTPUT)
DEFAULTS = {key: value for key, value in llama.DEFAULTS.items() if key != "rms_norm_eps"} | {
    "vocab_size": 50304,
    "layer_norm_eps": EPS,
}
FAMILY = Family(build, (Source("olmo", ("OlmoForCausalLM",), RULES, settings, DEFAULTS),))
