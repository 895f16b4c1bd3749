"""Granite 3 with experts (1B-A400M, 3B-A800M): Granite's scales; in some models an expert that all
tokens go to."""

from dataclasses import replace

from engine.architectures import granite, granitehybrid
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import expert_settings, llama_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return granite.decoder(keys, granitehybrid.feed)


def settings(config: Config, out: Metadata) -> Settings:
    found = granite.settings(config, out)
    names = {"n": "num_local_experts", "used": "num_experts_per_tok", "ff": "intermediate_size"}
    expert_settings(config, out, found, **names)
    shared = config.int("shared_intermediate_size", 0, low=0)
    if shared:
        out.own(expert_shared_feed_forward_length=shared)
    found.dims["shared_ff"] = shared
    found.layers = {**found.layers, "shared": range(found.dims["n_layer"]) if shared else ()}
    return found


FEED = (*granitehybrid.ROUTED, *granitehybrid.shared_rules("_shexp", "shared"))
RULES = llama_rules(permuted=True, feed=FEED)
DEFAULTS = granite.DEFAULTS | {"num_local_experts": 8, "num_experts_per_tok": 2}
SOURCE = Source("granitemoe", ("GraniteMoeForCausalLM",), RULES, settings, DEFAULTS)
FAMILY = Family(
    build,
    (
        SOURCE,
        replace(
            SOURCE,
            kind="granitemoeshared",
            classes=("GraniteMoeSharedForCausalLM",),
            defaults=DEFAULTS | {"shared_intermediate_size": 0},
        ),
    ),
)
