"""Granite 3 and 4, dense, and MiniCPM 1, 2 and 4: a llama that scales its embedding, its scores,
what each block adds to the residual stream, and its logits. MiniCPM's checkpoints bring code of
their own, which is never run, and say the scales otherwise."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import llama_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph, RopeSpec, Value
from engine.weights.formats.config import Config

MOST = 1e6  # of a scale; those of models are between 0.001 and 100


@dataclass(frozen=True)
class Scales:
    """By what is multiplied; scores None: as usual; logits are divided."""

    embedding: float
    scores: float | None
    residual: float
    logits: float


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    keys.refuse("expert_count", 0, Words("a mixture of experts"))
    return decoder(keys, lambda L, x: L.gated(x))


def decoder(keys: Keys, feed: Callable[[Layer, Value], Value]) -> tuple[Common, Graph]:
    """feed: the feed-forward of each layer."""
    common = read_common(keys)
    rope, own = read_turning(keys, common), read_scales(keys)
    model = Model(keys, common)
    scale = model.graph.scale
    x = scale(model.embed(), own.embedding)
    for L in model.layers():
        mixed = L.attention(L.norm(x, "attn_norm"), rope=rope, scale=own.scores)
        x = L.add(x, scale(mixed, own.residual))
        x = L.add(x, scale(feed(L, L.norm(x, "ffn_norm")), own.residual))
    return model.finished(scale(model.logits(x), 1 / own.logits))


def read_turning(keys: Keys, common: Common) -> RopeSpec | None:
    """The rope; None where a key that elsewhere says nothing switches it off."""
    turns = keys.file.get_bool(keys.name("rope.scaling.finetuned"), True)
    return read_rope(keys, common, "normal") if turns else None


def read_scales(keys: Keys) -> Scales:
    """Absent or 0, all but the last mean that nothing is scaled."""
    return Scales(
        keys.positive("embedding_scale", 0.0, MOST, low=0.0) or 1.0,
        keys.positive("attention.scale", 0.0, MOST, low=0.0) or None,
        keys.positive("residual_scale", 0.0, MOST, low=0.0) or 1.0,
        keys.positive("logit_scale", most=MOST, low=1 / MOST),
    )


def settings(config: Config, out: Metadata) -> Settings:
    found = llama.settings(config, out)
    out.own(
        embedding_scale=config.float("embedding_multiplier"),
        attention__scale=config.float("attention_multiplier"),
        residual_scale=config.float("residual_multiplier"),
        logit_scale=config.float("logits_scaling"),
    )
    return found


def cpm_settings(config: Config, out: Metadata) -> Settings:
    """MiniCPM: what a block adds by the number of layers, logits by how wide the model is."""
    out.becomes("minicpm")
    config.expect("num_experts", 0)
    found = llama.settings(config, out)
    width, layers = config.int("hidden_size"), config.int("num_hidden_layers")
    out.own(
        embedding_scale=config.float("scale_emb"),
        residual_scale=config.float("scale_depth") / math.sqrt(layers),
        logit_scale=width / config.float("dim_model_base"),
    )
    return found


DEFAULTS = llama.DEFAULTS | {
    "embedding_multiplier": 1.0,
    "attention_multiplier": 1.0,
    "residual_multiplier": 1.0,
    "logits_scaling": 1.0,
}
SOURCE = Source("granite", ("GraniteForCausalLM",), llama_rules(permuted=True), settings, DEFAULTS)
CPM_DEFAULTS = llama.DEFAULTS | {
    "tie_word_embeddings": True,
    "scale_emb": 1,
    "dim_model_base": 1,
    "scale_depth": 1,
}
CPM_SOURCE = Source(
    "minicpm",
    ("MiniCPMForCausalLM",),
    llama_rules(permuted=True),
    cpm_settings,
    CPM_DEFAULTS,
    neutral=("mup_denominator",),
)
FAMILY = Family(build, (SOURCE, CPM_SOURCE))
