"""Gemma 1: a llama in neox order with a scaled embedding and a GELU gate.

Its norms are 1 + w: added at conversion, so the graph has plain norms. The embedding is the output.
"""

from typing import Any

from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import ATTENTION, biases, decoder_settings, llama_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

TANH = ("gelu_pytorch_tanh", "gelu_new", "gelu_fast", "gelu_python_tanh")  # all the same


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    common = read_common(keys)
    rope = read_rope(keys, common, "neox")
    model = Model(keys, common)
    x = model.graph.scale(model.embed(), common.n_embd**0.5)
    for L in model.layers():
        x = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=rope))
        x = L.add(x, L.gated(L.norm(x, "ffn_norm"), "gelu_tanh"))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    # The first files said "gelu" and meant the tanh form, and transformers reads them so.
    config.expect("hidden_act", *TANH, "gelu")
    config.get("hidden_activation")  # never read by the class; files of 2024 have it
    return decoder(config, out)


def decoder(config: Config, out: Metadata) -> Settings:
    """What Gemma 1 and 2 share."""
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    head_dim = found.dims["head_dim"]
    out.own(attention__key_length=head_dim, attention__value_length=head_dim)
    return found


DEFAULTS: dict[str, Any] = {
    "rms_norm_eps": 1e-6,
    "vocab_size": 256000,
    "hidden_size": 3072,
    "intermediate_size": 24576,
    "num_hidden_layers": 28,
    "num_attention_heads": 16,
    "num_key_value_heads": 16,
    "head_dim": 256,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": True,
}
RULES = llama_rules(norm="plus_one")
_OWN = DEFAULTS | {"hidden_act": "gelu_pytorch_tanh"}
FAMILY = Family(
    build, (Source("gemma", ("GemmaForCausalLM",), RULES, settings, _OWN),), template="gemma"
)
