"""StarCoder 2: rope and windows like a llama's; layer norms, biases and no gate, as before it."""

from typing import Any

from engine.architectures.gemma import TANH
from engine.architectures.shared.common import Common, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    attention_rules,
    both,
    decoder_settings,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    common = read_common(keys, norm="layer")
    rope, windows = read_rope(keys, common, "neox"), read_windows(keys, common)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=rope, window=windows[L.i]))
        x = L.add(x, L.plain(L.norm(x, "ffn_norm"), "gelu_tanh"))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_act", *TANH)
    found = decoder_settings(config, out, norm="layer", eps="norm_epsilon")
    out.own(attention__sliding_window=config.int("sliding_window", None))
    found.biased = r"\w+_layernorm"
    if config.bool("use_bias", True):
        found.biased += r"|self_attn\.[qkvo]_proj|mlp\.c_(fc|proj)"
    return found


RULES = (
    EMBEDDING,
    *both("layers.{i}.input_layernorm", "attn_norm", ("embd",)),
    *attention_rules(),
    *both("layers.{i}.post_attention_layernorm", "ffn_norm", ("embd",)),
    *both("layers.{i}.mlp.c_fc", "ffn_up", ("ff", "embd")),
    *both("layers.{i}.mlp.c_proj", "ffn_down", ("embd", "ff")),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    Rule("norm.bias", "output_norm.bias", ("embd",)),
    OUTPUT,
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 49152,
    "hidden_size": 3072,
    "intermediate_size": 12288,
    "num_hidden_layers": 30,
    "num_attention_heads": 24,
    "num_key_value_heads": 2,
    "hidden_act": "gelu_pytorch_tanh",
    "max_position_embeddings": 4096,
    "norm_epsilon": 1e-5,
    "use_bias": True,
    "tie_word_embeddings": True,
}
SOURCE = Source(
    "starcoder2",
    ("Starcoder2ForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    neutral=("residual_dropout", "embedding_dropout"),
)
FAMILY = Family(build, (SOURCE,))
