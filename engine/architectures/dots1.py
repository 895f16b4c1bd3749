"""dots.llm1: Qwen 3's attention and DeepSeek 3's experts."""

from engine.architectures import deepseek, qwen2
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    ATTENTION,
    FULL,
    SLIDING,
    biases,
    decoder_settings,
    expect_silu,
    head_norms,
    layer_types,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.leading import (
    NEUTRAL,
    leading_dense,
    routed_rules,
    sigmoid_settings,
)
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.base.errors import UnsupportedError
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return deepseek.build(keys, style="neox", gating="sigmoid")


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    sigmoid_settings(config, out, found)
    leading_dense(out, found, config.int("first_k_dense_replace", 0, low=0))
    _expect_no_window(config, found.dims["n_layer"])
    return found


def _expect_no_window(config: Config, n_layer: int) -> None:
    begin = config.int("max_window_layers", n_layer, low=0)
    slides = [SLIDING if config.has("sliding_window") and begin < n_layer else FULL]
    if SLIDING in (layer_types(config, n_layer) or slides):
        raise UnsupportedError(
            "{file}: some layers look through a sliding window (keys max_window_layers, "
            "layer_types); the architecture has no key for it",
            file=config.name,
        )


RULES = llama_rules(extra=head_norms("head_dim", "head_dim"), feed=routed_rules())
DEFAULTS = qwen2.DEFAULTS | {
    "vocab_size": 152064,
    "hidden_size": 4608,
    "intermediate_size": 10944,
    "moe_intermediate_size": 1408,
    "num_hidden_layers": 62,
    "n_group": 1,
    "topk_group": 1,
    "first_k_dense_replace": 0,
    "norm_topk_prob": False,
    "max_position_embeddings": 2048,
    "routed_scaling_factor": 1.0,
    "max_window_layers": 62,
}
FAMILY = Family(
    build,
    (Source("dots1", ("Dots1ForCausalLM",), RULES, settings, DEFAULTS, neutral=NEUTRAL),),
)
