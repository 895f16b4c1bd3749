"""Llama 4 (Scout, Maverick) and MobileLLM R1: three of four layers look no further back than where
their chunk of the text begins; the fourth turns no heads and sharpens its scores far into a text
(Nakanishi 2025, arXiv:2501.19399).

Experts beside a shared one; what an expert counts is multiplied with what it reads.
"""

from dataclasses import dataclass, replace
from typing import Any

from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    FULL,
    biases,
    decoder_settings,
    dense_rules,
    expect_silu,
    expert_settings,
    layer_types,
    llama_rules,
    shared_expert_rules,
    turning_layers,
)
from engine.architectures.shared.experts import (
    Experts,
    is_routed,
    read_experts,
    routed,
    shared_expert,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_CONTEXT, MAX_EXPERTS, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import (
    Bend,
    Metadata,
    Rotation,
    Rule,
    Settings,
    Source,
)
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph, RopeSpec, TemperSpec, Value
from engine.weights.formats.config import Config

CHUNKED = "chunked_attention"
PERIOD = 4  # of layers that turn no heads; GGUF has no key for it
CHUNK = 8192  # positions, where a file does not say
SCALE, FLOOR = 0.1, 8192  # how scores are sharpened, likewise
MOST = 1e3  # of the former
NORMLESS = 128  # experts: with so many, heads are not normed, where a file does not say


@dataclass(frozen=True)
class Look:
    """How layers look at what came before; chunk 0: all turn their heads and see everything."""

    rope: RopeSpec
    chunk: int
    normed: bool
    temper: TemperSpec | None

    def turns(self, i: int) -> bool:
        return self.chunk == 0 or (i + 1) % PERIOD != 0


def build(keys: Keys) -> tuple[Common, Graph]:
    """Which layers have experts is said by their tensors, whatever the keys say of a step."""
    keys.refuse("attention.sliding_window_pattern", PERIOD, Words("another pattern of layers"))
    common = read_common(keys)
    n = keys.int("expert_count", 0, MAX_EXPERTS, default=0)
    look = _read_look(keys, common, n)
    experts = read_experts(keys, common, gating="sigmoid", normalized=False) if n else None
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, _attention(L, L.norm(x, "attn_norm"), look))
        x = L.add(x, _feed(L, L.norm(x, "ffn_norm"), experts))
    return model.finished(model.logits(x))


def _read_look(keys: Keys, common: Common, n_experts: int) -> Look:
    scale = keys.positive("attention.temperature_scale", SCALE, MOST, low=0.0)
    floor = keys.int("attention.temperature_length", 1, MAX_CONTEXT, default=FLOOR)
    return Look(
        read_rope(keys, common, "normal"),
        keys.int("attention.sliding_window", 0, MAX_CONTEXT, default=CHUNK),
        keys.bool("attention.qk_norm", n_experts != NORMLESS),
        TemperSpec(scale, floor, 1.0) if scale else None,
    )


def _attention(L: Layer, x: Value, look: Look) -> Value:
    """Heads are normed, without weights, after they turned."""
    g, dim = L.graph, L.heads.key
    q, k, v = L.qkv(x)
    if not look.turns(L.i):
        return L.attend(g.temper(q, look.temper), k, v)
    q, k = g.rope(q, dim, look.rope), g.rope(k, dim, look.rope)
    if look.normed:
        q, k = (g.rms_norm(each, None, L.common.eps, group=dim) for each in (q, k))
    return L.attend(q, k, v, window=look.chunk, chunked=look.chunk > 0)


def _feed(L: Layer, x: Value, e: Experts | None) -> Value:
    if e is None or not is_routed(L):
        return L.gated(x)
    return L.add(routed(L, x, e, before=True), shared_expert(L, x, e.ff))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out, ff="intermediate_size_mlp")
    found.biased = biases(config, ("attention_bias", ATTENTION))
    n = config.int("num_local_experts", low=0)
    _set_experts(config, out, found, n)
    out.own(attention__sliding_window=_chunk(config, found.dims["n_layer"]))
    normed = config.bool("use_qk_norm", True)
    # A key of our own, where it is not what other programs take for granted.
    out.own(attention__qk_norm=normed if normed is (n == NORMLESS) else None)
    _set_temper(config, out)
    return found


def _set_experts(config: Config, out: Metadata, found: Settings, n: int) -> None:
    """Each so many layers have them, or those that a list names."""
    n_layer = found.dims["n_layer"]
    step = config.int("interleave_moe_layer_step", low=0)
    listed = config.get("moe_layers", [i for i in range(n_layer) if step and (i + 1) % step == 0])
    if not isinstance(listed, list) or not all(type(i) is int and i >= 0 for i in listed):
        raise FormatError("{file}: key moe_layers is no list of layers", file=config.name)
    sparse = {i for i in listed if i < n_layer}
    if sparse:
        names = {"n": "num_local_experts", "used": "num_experts_per_tok", "ff": "intermediate_size"}
        expert_settings(config, out, found, **names)
    else:
        width = config.int("intermediate_size")
        found.dims |= {"expert": n, "expert_ff": width}
        out.own(expert_feed_forward_length=width)
    found.layers = {"routed": sparse, "dense": set(range(n_layer)) - sparse}
    found.dims["shared_ff"] = found.dims["expert_ff"]
    steps = (s for s in range(1, n_layer + 1) if sparse == set(range(s - 1, n_layer, s)))
    out.own(interleave_moe_layer_step=next(steps, None) if sparse else 0)


def _chunk(config: Config, n_layer: int) -> int | None:
    """What the file says of chunks: 0 if there are none and all layers turn their heads."""
    size = config.int("attention_chunk_size", None)
    turns = turning_layers(config, n_layer)
    usual = [CHUNKED if turn and size else FULL for turn in turns]
    kinds = layer_types(config, n_layer, CHUNKED) or usual
    if all(turns) and CHUNKED not in kinds:
        return 0
    chunked = [kind == CHUNKED for kind in kinds]
    known = turns == [(i + 1) % PERIOD != 0 for i in range(n_layer)]
    if not known or (any(chunked) and (chunked != turns or not size)):
        raise UnsupportedError(
            "{file}: other layers than three of four look at their chunk and turn their heads "
            "(keys no_rope_layers, no_rope_layer_interval, layer_types, attention_chunk_size); "
            "the architecture has no key for it",
            file=config.name,
        )
    if not any(chunked):  # one chunk of all there is
        return int(config.int("max_position_embeddings"))
    return int(size) if size != CHUNK else None


def _set_temper(config: Config, out: Metadata) -> None:
    tuned = config.get("attn_temperature_tuning", True)
    if not isinstance(tuned, bool | int):  # older files have a number
        config.bool("attn_temperature_tuning", True)
    scale, floor = config.float("attn_scale"), config.int("floor_scale")
    if scale < 0:
        raise FormatError(
            "{file}: key attn_scale is {scale:g}, below 0", file=config.name, scale=scale
        )
    scale = scale if tuned else 0.0
    out.own(
        attention__temperature_scale=scale if scale != SCALE else None,
        attention__temperature_length=floor if scale and floor != FLOOR else None,
    )


def _weight(
    source: str, target: str, shape: tuple[str, ...] = ("expert", "embd"), bend: Bend = ""
) -> Rule:
    return Rule(f"{_AT}{source}", f"blk.{{i}}.{target}.weight", shape, bend, layers="routed")


_AT = "layers.{i}.feed_forward."
_INNER, _OUTER = ("expert", "expert_ff", "embd"), ("expert", "embd", "expert_ff")
_FEED = (
    *(replace(each, source=each.source.replace("mlp", "feed_forward")) for each in dense_rules()),
    *shared_expert_rules(f"{_AT}shared_expert.", layers="routed"),
    _weight("router.weight", "ffn_gate_inp"),
    _weight("experts.gate_up_proj", "ffn_gate_exps", _INNER, "first_half_turned"),
    _weight("experts.gate_up_proj", "ffn_up_exps", _INNER, "second_half_turned"),
    _weight("experts.down_proj", "ffn_down_exps", _OUTER, "turned"),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 202048,
    "hidden_size": 5120,
    "intermediate_size": 8192,
    "intermediate_size_mlp": 16384,
    "num_hidden_layers": 48,
    "num_attention_heads": 40,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "hidden_act": "silu",
    "max_position_embeddings": 131072,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
    "num_experts_per_tok": 1,
    "num_local_experts": 16,
    "interleave_moe_layer_step": 1,
    "use_qk_norm": True,
    "no_rope_layer_interval": 4,
    "attention_chunk_size": 8192,
    "attn_temperature_tuning": True,
    "floor_scale": 8192,
    "attn_scale": 0.1,
    "attention_bias": False,
}
FAMILY = Family(
    build,
    (
        Source(
            "llama4_text",
            ("Llama4ForCausalLM",),
            llama_rules(feed=_FEED),
            settings,
            DEFAULTS,
            Rotation(base=5e5),
            neutral=("for_llm_compressor", "cache_implementation"),
            within={"llama4": "Llama4ForConditionalGeneration"},
        ),
    ),
)
