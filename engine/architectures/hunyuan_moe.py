"""Hunyuan with experts (A13B): the dense one's layers, and beside experts one that all tokens go
to, as wide as each of them."""

from engine.architectures import hunyuan_dense
from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import (
    expert_rules,
    expert_settings,
    llama_rules,
    shared_expert_rules,
)
from engine.architectures.shared.experts import read_experts, routed, shared_expert
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer
from engine.architectures.shared.source import Metadata, Rotation, Settings, Source
from engine.base.errors import UnsupportedError
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    common = read_common(keys)
    experts = read_experts(keys, common)
    ff = keys.int("expert_shared_feed_forward_length", 1, MAX_WIDTH, default=experts.ff)

    def feed(L: Layer, x: Value) -> Value:
        return L.add(routed(L, x, experts), shared_expert(L, x, ff))

    return hunyuan_dense.decoder(keys, common, feed)


def settings(config: Config, out: Metadata) -> Settings:
    found = hunyuan_dense.settings(config, out)
    width = found.dims["ff"]
    same = {
        "moe_topk": None,
        "num_experts": None,
        "moe_intermediate_size": width,
        "num_shared_expert": 1,
    }
    config = Config(
        config.values | {key: _alike(config, key, known) for key, known in same.items()},
        config.name,
    )
    names = {"n": "num_experts", "used": "moe_topk", "ff": "intermediate_size"}
    expert_settings(config, out, found, **names)
    out.own(expert_shared_feed_forward_length=width)
    found.dims["shared_ff"] = width
    return found


def _alike(config: Config, key: str, known: int | None) -> object:
    """The one value that all layers have."""
    value = config.get(key, known)
    each = value if isinstance(value, list) and value else [value]
    if any(one != each[0] for one in each) or known not in (None, each[0]):
        raise UnsupportedError(
            "{file}: key {key} is {value}; the architecture has one value for all layers, and "
            "experts of one width",
            file=config.name,
            key=key,
            value=str(value)[:40],
        )
    return each[0]


RULES = llama_rules(
    extra=hunyuan_dense.NORMS,
    feed=(
        *expert_rules(router="gate.wg"),
        *shared_expert_rules("layers.{i}.mlp.shared_mlp."),
    ),
)
DEFAULTS = hunyuan_dense.DEFAULTS | {"num_experts": 1, "moe_topk": 1}
FAMILY = Family(
    build,
    (
        Source(
            "hunyuan_v1_moe",
            ("HunYuanMoEV1ForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            Rotation(alpha=True),
            neutral=("eod_token_id",),
        ),
    ),
)
