"""Qwen 3, dense: Qwen 2 with a norm on each query and key head, heads of any width, no biases."""

from engine.architectures import qwen2
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import ATTENTION, biases, head_norms, llama_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.architectures.shared.usual import usual
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return usual(keys, head_norm=True)


def settings(config: Config, out: Metadata) -> Settings:
    found = qwen2.decoder(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    head_dim = found.dims["head_dim"]
    out.own(attention__key_length=head_dim, attention__value_length=head_dim)
    return found


RULES = llama_rules(extra=head_norms("head_dim", "head_dim"))
DEFAULTS = qwen2.DEFAULTS | {"head_dim": 128}
FAMILY = Family(build, (Source("qwen3", ("Qwen3ForCausalLM",), RULES, settings, DEFAULTS),))
