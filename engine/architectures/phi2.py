"""Phi 1, 1.5 and 2: attention and feed-forward read one norm beside each other; biases everywhere,
also of the output; a part of each head turns."""

from typing import Any

from engine.architectures import gptj
from engine.architectures.gemma import TANH
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    both,
    decoder_settings,
    norm_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """As GPT-J, where halves turn together."""
    return gptj.build(keys, style="neox")


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_act", *TANH)
    config.expect("qk_layernorm", False)
    found = decoder_settings(config, out, norm="layer", eps="layer_norm_eps")
    found.biased = r"input_layernorm|self_attn\.\w+|mlp\.fc[12]"
    return found


RULES = (
    EMBEDDING,
    *both("layers.{i}.input_layernorm", "attn_norm", ("embd",)),
    *both("layers.{i}.self_attn.q_proj", "attn_q", ("q", "embd")),
    *both("layers.{i}.self_attn.k_proj", "attn_k", ("kv", "embd")),
    *both("layers.{i}.self_attn.v_proj", "attn_v", ("kv", "embd")),
    *both("layers.{i}.self_attn.dense", "attn_output", ("embd", "q")),
    *both("layers.{i}.mlp.fc1", "ffn_up", ("ff", "embd")),
    *both("layers.{i}.mlp.fc2", "ffn_down", ("embd", "ff")),
    *norm_rules("final_layernorm", "output_norm"),
    OUTPUT,
    Rule("lm_head.bias", "output.bias", ("vocab",)),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 51200,
    "hidden_size": 2048,
    "intermediate_size": 8192,
    "num_hidden_layers": 24,
    "num_attention_heads": 32,
    "hidden_act": "gelu_new",
    "max_position_embeddings": 2048,
    "layer_norm_eps": 1e-5,
    "qk_layernorm": False,
    "tie_word_embeddings": False,
}
FAMILY = Family(
    build,
    (Source("phi", ("PhiForCausalLM",), RULES, settings, DEFAULTS, Rotation(partial=0.5)),),
)
