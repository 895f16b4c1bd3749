"""Gemma 3n, text: four streams beside each other, of which a layer reads one (AltUp, Baykal et al.
2023, arXiv:2301.13310), a narrow residual layer (LAuReL, Menghani et al. 2024, arXiv:2411.07501),
inputs for each layer and shared caches.

A layer guesses what all streams become, goes on with one of them and corrects all by what it has
found. The gates of its first feed-forwards are sparse: what does not stand far above the mean is 0.
Norms are plain (not 1 + w), scores are not scaled.
"""

import math
import re
from dataclasses import dataclass, replace
from statistics import NormalDist

from engine.architectures import gemma
from engine.architectures.shared.common import (
    Common,
    read_common,
    read_local_rope,
    read_rope,
    read_windows,
)
from engine.architectures.shared.decoder import (
    FULL,
    SLIDING,
    head_norms,
    layer_norm,
    layer_types,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.shared_caches import (
    Caches,
    per_layer_inputs,
    per_layer_rules,
    per_layer_settings,
    read_caches,
    shared_layers,
    with_input,
)
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config

BASE, LOCAL = 1e6, 1e4  # of the rope
MOST_STREAMS = 4
LEAST = 1e-5  # mean square of a stream that is made as large as another one
ALL = float("-inf")  # a cutoff below everything
SPARSE_LAYERS, SPARSITY = 10, 0.95  # usual: a twentieth is kept in the first layers
Streams = list[Value]


@dataclass(frozen=True)
class Gemma3n:
    """What Gemma 3n has beside the figures of all."""

    caches: Caches
    streams: int
    active: int  # the stream that layers read
    rank: int  # of LAuReL
    sparse: tuple[float, ...]  # standard deviations of a layer's cutoff; -inf: it is not sparse
    logit_cap: float


def build(keys: Keys) -> tuple[Common, Graph]:
    common = read_common(keys)
    own = _read(keys, common)
    model = Model(keys, common)
    g = model.graph
    x = g.scale(model.embed(), common.n_embd**0.5)
    inputs = per_layer_inputs(model, x, needed=True)
    streams = [x, *_others(model, own, [x] * (own.streams - 1), x, "altup_proj.weight")]
    for L in model.layers():
        guessed = _guess(L, streams, own)
        found = _layer(L, guessed[own.active], own)
        streams = _corrected(L, guessed, found, own)
        first = g.mul_vector(streams[own.active], f"{L.prefix}altup_correct_scale.weight")
        more = with_input(L, first, inputs[L.i])
        streams = [streams[0], *(L.add(each, more) for each in streams[1:])]
    others = _others(model, own, streams[1:], streams[0], "altup_unembd_proj.weight")
    x = streams[0]
    for other in others:
        x = g.add(x, other)
    logits = model.logits(g.scale(x, 1 / own.streams))
    return model.finished(g.softcap(logits, own.logit_cap))


def _others(model: Model, own: Gemma3n, read: Streams, like: Value, weight: str) -> Streams:
    """A product of each stream but the first, as large as that one."""
    g, parts = model.graph, own.streams - 1
    made = (
        g.linear(x, weight, model.common.n_embd, part=i, parts=parts) for i, x in enumerate(read)
    )
    return [g.resized(each, like, LEAST) for each in made]


def _guess(L: Layer, streams: Streams, own: Gemma3n) -> Streams:
    """What the streams become, as far as the active one tells."""
    n = own.streams
    coefs = L.linear(_modalities(L, streams[own.active], n), "altup_predict_coef", n * n)
    return [L.add(x, L.graph.blend(streams, coefs, n * i)) for i, x in enumerate(streams)]


def _corrected(L: Layer, guessed: Streams, found: Value, own: Gemma3n) -> Streams:
    """All guesses and a share of what the layer found beyond the one of its stream."""
    g = L.graph
    coefs = L.linear(_modalities(L, found, own.streams), "altup_correct_coef", own.streams)
    new = g.add(found, g.scale(guessed[own.active], -1.0))
    return [g.add(x, g.blend([new], coefs, i, plus=1.0)) for i, x in enumerate(guessed)]


def _modalities(L: Layer, x: Value, n: int) -> Value:
    asked = L.graph.scale(L.norm(x, "altup_router_norm"), 1 / L.common.n_embd)
    return L.graph.softcap(L.linear(asked, "altup_router", n), 1.0)


def _layer(L: Layer, x: Value, own: Gemma3n) -> Value:
    """Attention beside the narrow layer, then the feed-forward."""
    g, normed = L.graph, L.norm(x, "attn_norm")
    mixed = L.norm(own.caches.attention(L, normed), "post_attention_norm")
    narrow = L.linear(L.linear(normed, "laurel_l", own.rank), "laurel_r", L.common.n_embd)
    beside = L.add(normed, L.norm(narrow, "laurel_post_norm"))
    x = g.scale(g.add(L.add(x, mixed), beside), 2**-0.5)
    normed = L.norm(x, "ffn_norm")
    gate, up = L.linear(normed, "ffn_gate", L.n_ff), L.linear(normed, "ffn_up", L.n_ff)
    gate = g.sparse(gate, own.sparse[L.i]) if own.sparse[L.i] > ALL else gate
    down = L.linear(g.gated(gate, up, "gelu_tanh"), "ffn_down", L.common.n_embd)
    return L.add(x, L.norm(down, "post_ffw_norm"))


def _read(keys: Keys, common: Common) -> Gemma3n:
    rope = read_rope(keys, common, "neox")
    local = read_local_rope(keys, rope, LOCAL)
    streams = keys.int("altup.num_inputs", 2, MOST_STREAMS)
    return Gemma3n(
        read_caches(keys, common, read_windows(keys, common, period=5), rope, local),
        streams,
        keys.int("altup.active_idx", 0, streams - 1),
        _rank(keys, common),
        _cutoffs(keys, common.n_layer),
        keys.positive("final_logit_softcapping", 30.0, low=0.0),
    )


def _rank(keys: Keys, common: Common) -> int:
    """The narrow layer's width, for which there is no key."""
    info = keys.file.tensors.get("blk.0.laurel_l.weight")
    if info is None or len(info.shape) != 2 or not 0 < info.n_rows <= MAX_WIDTH:
        raise FormatError(
            "{file}: tensor blk.0.laurel_l.weight is missing, or no matrix; the file is "
            "incomplete, get it again",
            file=keys.file.path.name,
        )
    return info.n_rows


def _cutoffs(keys: Keys, n_layer: int) -> tuple[float, ...]:
    """Layers that are not sparse have minus infinity there, as far as one can be below a mean."""
    name = keys.name("activation_sparsity_scale")
    found = keys.file.need_floats(name)
    if len(found) != n_layer or not all(value < math.inf for value in found):
        raise FormatError(
            "{file}: key {name} has not one figure for each of {n_layer} layers",
            file=keys.file.path.name,
            name=name,
            n_layer=n_layer,
        )
    return tuple(float(value) for value in found)


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_activation", *gemma.TANH)
    config.expect("altup_correct_scale", True)
    _one_width(config)
    found = gemma.decoder(config, out)
    n_layer = found.dims["n_layer"]
    kinds = layer_types(config, n_layer) or [
        FULL if i % 5 == 4 else SLIDING for i in range(n_layer)
    ]
    streams, active = config.int("altup_num_inputs"), config.int("altup_active_idx", low=0)
    if not 1 < streams <= MOST_STREAMS or active >= streams:
        raise UnsupportedError(
            "{file}: stream {active} of {streams} cannot be the active one of two to {most} (keys "
            "altup_active_idx, altup_num_inputs)",
            file=config.name,
            active=active,
            streams=streams,
            most=MOST_STREAMS,
        )
    own = shared_layers(config, found)
    out.own(
        attention__sliding_window=config.int("sliding_window"),
        attention__sliding_window_pattern=[kind == SLIDING for kind in kinds],
        attention__shared_kv_layers=n_layer - own,
        embedding_length_per_layer_input=per_layer_settings(config, found),
        final_logit_softcapping=config.float("final_logit_softcapping", 0.0),
        altup__num_inputs=streams,
        altup__active_idx=active,
        activation_sparsity_scale=_sparsity(config, n_layer),
    )
    found.dims |= {
        "expert": streams - 1,  # matrices of a stack
        "streams": streams,
        "pairs": streams * streams,
        "rank": config.int("laurel_rank"),
    }
    found.layers = {"own": range(own), "shared": range(own, n_layer)}
    found.unused = NOTHING  # llama.cpp wants matrices of all layers, though it does not use them
    return found


def _one_width(config: Config) -> None:
    """The feed-forwards' width may be said layer by layer."""
    widths = config.get("intermediate_size")
    if isinstance(widths, list):
        if len(widths) != config.int("num_hidden_layers") or any(w != widths[0] for w in widths):
            raise UnsupportedError(
                "{file}: key intermediate_size is not the same figure for each layer",
                file=config.name,
            )
        config.values["intermediate_size"] = widths[0]


def _sparsity(config: Config, n_layer: int) -> list[float]:
    """Where the cutoff must stand, in standard deviations, so that this share lies below it."""
    few = SPARSE_LAYERS if n_layer > SPARSE_LAYERS else 0
    shares = [SPARSITY] * few + [0.0] * (n_layer - few)
    if config.has("activation_sparsity_pattern"):
        shares = config.floats("activation_sparsity_pattern")
    if len(shares) != n_layer or not all(0 <= share < 1 for share in shares):
        raise FormatError(
            "{file}: key activation_sparsity_pattern is not {n_layer} shares below 1",
            file=config.name,
            n_layer=n_layer,
        )
    return [NormalDist().inv_cdf(share) if share else ALL for share in shares]


NOTHING = r"$^"
_AT, _OWN_OF = "layers.{i}.", r"self_attn\.(k_proj|v_proj|k_norm)"


def _stack(source: str, target: str) -> Rule:
    """A matrix for each stream but the first."""
    shape = ("expert", "embd", "embd")
    return Rule(f"{source}.{{e}}.weight", f"{target}.weight", shape)


def _layer_rule(source: str, target: str, *shape: str) -> Rule:
    return Rule(f"{_AT}{source}", f"blk.{{i}}.{target}.weight", shape)


def _with_shared(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Layers that share a cache need no keys and values."""
    found: list[Rule] = []
    for rule in rules:
        if re.search(_OWN_OF, rule.source):
            found += [
                replace(rule, layers="own"),
                replace(rule, layers="shared", optional=True),
            ]
        else:
            found.append(rule)
    return tuple(found)


RULES = _with_shared(
    (
        *llama_rules(
            layer_norm("input_layernorm", "attn_norm"),
            layer_norm("post_attention_layernorm", "post_attention_norm"),
            layer_norm("pre_feedforward_layernorm", "ffn_norm"),
            layer_norm("post_feedforward_layernorm", "post_ffw_norm"),
            extra=(
                *head_norms("head_dim", "head_dim"),
                _layer_rule("altup.correct_output_scale", "altup_correct_scale", "embd"),
                _layer_rule(
                    "altup.correction_coefs.weight", "altup_correct_coef", "streams", "streams"
                ),
                _layer_rule(
                    "altup.prediction_coefs.weight", "altup_predict_coef", "pairs", "streams"
                ),
                _layer_rule("altup.modality_router.weight", "altup_router", "streams", "embd"),
                _layer_rule("altup.router_norm.weight", "altup_router_norm", "embd"),
                _layer_rule("laurel.linear_left.weight", "laurel_l", "rank", "embd"),
                _layer_rule("laurel.linear_right.weight", "laurel_r", "embd", "rank"),
                _layer_rule("laurel.post_laurel_norm.weight", "laurel_post_norm", "embd"),
            ),
        ),
        *per_layer_rules(),
        _stack("altup_projections", "altup_proj"),
        _stack("altup_unembed_projections", "altup_unembd_proj"),
    )
)
DEFAULTS = gemma.DEFAULTS | {
    "vocab_size": 262400,
    "hidden_size": 2048,
    "intermediate_size": [16384] * 35,
    "num_hidden_layers": 35,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "hidden_activation": "gelu_pytorch_tanh",
    "max_position_embeddings": 32768,
    "sliding_window": 512,
    "final_logit_softcapping": 30.0,
    "vocab_size_per_layer_input": 262144,
    "hidden_size_per_layer_input": 256,
    "altup_active_idx": 0,
    "altup_num_inputs": 4,
    "num_kv_shared_layers": 15,
    "laurel_rank": 64,
}
SOURCE = Source(
    "gemma3n_text",
    ("Gemma3nForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    Rotation(base=BASE, local=LOCAL),
    neutral=("altup_coef_clip",),
    within={"gemma3n": "Gemma3nForConditionalGeneration"},
)
FAMILY = Family(build, (SOURCE,), template="gemma")
