"""Apertus: a llama in neox order with normed heads; its feed-forward has no gate but an activation
with parameters, which each layer has learned."""

import math
from collections.abc import Iterator

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    EMBEDDING,
    OUTPUT,
    attention_rules,
    biases,
    decoder_settings,
    head_norms,
    layer_norm,
    plain_rules,
    rope_part,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.base.errors import FormatError
from engine.compute.graph import Graph, Xielu
from engine.weights.formats.config import Config

FIGURES = ("alpha_n", "alpha_p", "beta", "eps")  # of an activation, as in keys and tensors
MOST = 1e3  # of such a figure; those of models are below 10


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    common = read_common(keys)
    rope, acts = read_rope(keys, common, "neox"), [*_read_acts(keys, common.n_layer)]
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=rope, head_norm=True))
        up = L.linear(L.norm(x, "ffn_norm"), "ffn_up", L.n_ff)
        bent = L.graph.activate(up, acts[L.i])
        x = L.add(x, L.linear(bent, "ffn_down", common.n_embd))
    return model.finished(model.logits(x))


def _read_acts(keys: Keys, n_layer: int) -> Iterator[Xielu]:
    """The alphas are kept as they were trained: log(1 + e^x) of them is meant."""
    values = {name: _read_figures(keys, f"xielu.{name}", n_layer) for name in FIGURES}
    for n, p, beta, eps in zip(*(values[name] for name in FIGURES), strict=True):
        yield Xielu(_softplus(p), beta + _softplus(n), beta, eps)


def _read_figures(keys: Keys, key: str, n_layer: int) -> list[float]:
    """One for each layer; a single number stands for all. Nothing is in front of these keys."""
    given = keys.file.metadata.get(key)
    plain = isinstance(given, int | float) or given is None
    values = [keys.file.need_float(key)] if plain else keys.file.need_floats(key).tolist()
    values = values * n_layer if plain else values
    if len(values) != n_layer or not all(abs(value) <= MOST for value in values):
        raise FormatError(
            "{file}: key {key} is no list of {n_layer} figures, one for each layer",
            file=keys.file.path.name,
            key=key,
            n_layer=n_layer,
        )
    return values


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_act", "xielu")
    config.expect("qk_norm", True)
    config.expect("post_norm", False)
    config.expect("mlp_bias", False)
    if not rope_part(config).values:  # the class would take a rope of its own
        raise FormatError(
            "{name} has no key {key}, which this model family needs",
            name=config.name,
            key="rope_parameters",
        )
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    found.dims["one"] = 1
    return found


RULES = (
    EMBEDDING,
    layer_norm("attention_layernorm", "attn_norm"),
    *attention_rules(),
    *head_norms("head_dim", "head_dim"),
    layer_norm("feedforward_layernorm", "ffn_norm"),
    *plain_rules(),
    *(
        Rule(f"layers.{{i}}.mlp.act_fn.{name}", f"xielu.{name}.{{i}}", ("one",), "figure")
        for name in FIGURES
    ),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 131072,
    "intermediate_size": 14336,
    "hidden_act": "xielu",
    "max_position_embeddings": 65536,
    "rms_norm_eps": 1e-5,
    "rope_parameters": {
        "rope_type": "llama3",
        "rope_theta": 1.2e7,
        "factor": 8.0,
        "original_max_position_embeddings": 8192,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
    },
}
SOURCE = Source("apertus", ("ApertusForCausalLM",), RULES, settings, DEFAULTS, Rotation(base=1.2e7))
FAMILY = Family(build, (SOURCE,))
