"""EmbeddingGemma: Gemma 3 whose tokens see each other both ways, with two matrices behind the mean.

Layers with a window see half of it to each side.
"""

from dataclasses import replace

from engine.architectures import gemma3
from engine.architectures.shared.common import Common
from engine.architectures.shared.encoder import both_ways, ended
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Metadata, Settings
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Layers as in Gemma 3; the last norm, then the pooling and what follows it."""
    both_ways(keys)
    model, x = gemma3.layered(keys, causal=False)
    return ended(model, model.norm(x, "output_norm"))


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("use_bidirectional_attention", True)
    return gemma3.settings(config, out)


SOURCE = replace(
    gemma3.SOURCE,
    kind="gemma3_text:use_bidirectional_attention",
    classes=("Gemma3TextModel",),
    rules=tuple(rule for rule in gemma3.RULES if rule.target != "output.weight"),
    settings=settings,
    neutral=(*gemma3.SOURCE.neutral, "use_bidirectional_attention"),
    within={},
)
FAMILY = Family(build, (SOURCE,))
