"""Granite 4 H: selective scans in most layers, attention (which does not turn) in some, Granite's
scales; a feed-forward that all tokens go through, and experts beside it in some models.
"""

from dataclasses import replace

from engine.architectures import granite
from engine.architectures.granite import read_scales, read_turning
from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import (
    EMBEDDING,
    FULL,
    OUTPUT,
    attention_rules,
    expert_settings,
    layer_norm,
)
from engine.architectures.shared.experts import is_routed, read_experts, routed, shared_expert
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.architectures.shared.state_space import (
    heads_settings,
    read_scanned,
    scan_layer,
    scan_rules,
)
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    common = read_common(keys, hybrid=True)
    rope, own, scanned = read_turning(keys, common), read_scales(keys), read_scanned(keys)
    model = Model(keys, common)
    scale = model.graph.scale
    x = scale(model.embed(), own.embedding)
    for L in model.layers():
        y = L.norm(x, "attn_norm")
        looks = L.heads.n > 0
        mixed = L.attention(y, rope=rope, scale=own.scores) if looks else scan_layer(L, y, scanned)
        x = L.add(x, scale(mixed, own.residual))
        x = L.add(x, scale(feed(L, L.norm(x, "ffn_norm")), own.residual))
    return model.finished(scale(model.logits(x), 1 / own.logits))


def feed(L: Layer, x: Value) -> Value:
    """Experts, where there are any, and one that all tokens go to, if it is there."""
    if not is_routed(L):
        return L.gated(x)
    ff = L.keys.int("expert_shared_feed_forward_length", 0, MAX_WIDTH, default=0)
    out = routed(L, x, read_experts(L.keys, L.common))
    return L.add(out, shared_expert(L, x, ff)) if ff else out


# --- checkpoints -----------------------------------------------------------------------------
SCANS = "linear_attention"
KINDS = {"mamba": SCANS, "attention": FULL, SCANS: SCANS, FULL: FULL}  # with old names


def settings(config: Config, out: Metadata) -> Settings:
    looks = _looks(config)
    n_layer, experts = config.int("num_hidden_layers"), config.int("num_local_experts", 0, low=0)
    shared, scans = config.int("shared_intermediate_size"), set(range(n_layer)) - looks
    if not scans and not experts:
        out.becomes("granite")  # which it is then, and other programs call it
    found = granite.settings(config, out)
    dims, every = found.dims, range(n_layer)
    turns = config.expect("position_embedding_type", None, "nope", "rope") == "rope"
    out.own(rope__scaling__finetuned=turns)
    groups = config.int("mamba_n_groups")
    sizes = heads_settings(config, out if scans else Metadata(""), dims["embd"], groups)
    found.dims |= sizes | {"shared_ff": shared}
    found.layers = {"plain": every, "routed": (), "dense": ()}
    if scans:
        shares = [dims["n_head_kv"] if i in looks else 0 for i in every]
        out.own(attention__head_count_kv=shares)
    if experts:
        names = {"n": "num_local_experts", "used": "num_experts_per_tok", "ff": "intermediate_size"}
        expert_settings(config, out, found, **names)
        out.own(expert_shared_feed_forward_length=shared)
        found.layers = {**found.layers, "plain": ()}
    else:
        out.own(feed_forward_length=shared)
    found.layers = {**found.layers, "look": looks, "scan": scans}
    biased = (("mamba_proj_bias", r"mamba\.(in|out)_proj"), ("mamba_conv_bias", r"mamba\.conv1d"))
    more = [modules for key, modules in biased if config.bool(key, False)]
    found.biased = "|".join(each for each in (found.biased, *more) if each)
    return found


def _looks(config: Config) -> set[int]:
    """The layers with attention; all others scan."""
    n_layer, kinds = config.int("num_hidden_layers"), config.get("layer_types")
    if kinds is None:
        return set()
    if not isinstance(kinds, list) or len(kinds) != n_layer:
        raise FormatError(
            "{file}: key layer_types is no list of {n_layer} layers",
            file=config.name,
            n_layer=n_layer,
        )
    for kind in kinds:
        if not isinstance(kind, str) or kind not in KINDS:
            raise UnsupportedError(
                "{file}: key layer_types has {kind!r}; known are {full} and {other}",
                file=config.name,
                kind=str(kind)[:40],
                full=FULL,
                other=SCANS,
            )
    return {i for i, kind in enumerate(kinds) if KINDS[kind] == FULL}


_AT, _EXPERTS = "layers.{i}.shared_mlp.", "layers.{i}.block_sparse_moe."
_IN, _OUT = ("shared_ff", "embd"), ("embd", "shared_ff")
_INNER, _OUTER = ("expert", "expert_ff", "embd"), ("expert", "embd", "expert_ff")


def shared_rules(suffix: str, layers: str) -> tuple[Rule, ...]:
    """The feed-forward of all tokens: GGUF names it as experts, where there are others."""
    to = "blk.{i}.ffn_"
    both = f"{_AT}input_linear.weight"
    return (
        Rule(both, f"{to}gate{suffix}.weight", _IN, "first_half", layers=layers),
        Rule(both, f"{to}up{suffix}.weight", _IN, "second_half", layers=layers),
        Rule(f"{_AT}output_linear.weight", f"{to}down{suffix}.weight", _OUT, layers=layers),
    )


_BOTH = f"{_EXPERTS}input_linear.weight"
ROUTED = tuple(
    replace(rule, layers="routed")
    for rule in (
        Rule(f"{_EXPERTS}router.layer.weight", "blk.{i}.ffn_gate_inp.weight", ("expert", "embd")),
        Rule(_BOTH, "blk.{i}.ffn_gate_exps.weight", _INNER, "first_half"),
        Rule(_BOTH, "blk.{i}.ffn_up_exps.weight", _INNER, "second_half"),
        Rule(f"{_EXPERTS}output_linear.weight", "blk.{i}.ffn_down_exps.weight", _OUTER),
    )
)
RULES = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *(replace(rule, layers="scan") for rule in scan_rules("mamba")),
    *(replace(rule, layers="look") for rule in attention_rules(permuted=True)),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    *shared_rules("", "plain"),
    *shared_rules("_shexp", "routed"),
    *ROUTED,
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = granite.DEFAULTS | {
    "num_local_experts": 8,
    "num_experts_per_tok": 2,
    "shared_intermediate_size": 1024,
    "attention_bias": False,
    "mamba_n_heads": 128,
    "mamba_n_groups": 1,
    "mamba_d_state": 256,
    "mamba_d_head": "auto",
    "mamba_d_conv": 4,
    "mamba_expand": 2,
    "mamba_conv_bias": True,
    "mamba_proj_bias": False,
}
FAMILY = Family(
    build,
    (
        Source(
            "granitemoehybrid",
            ("GraniteMoeHybridForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            neutral=(
                *("mamba_chunk_size", "normalization_function", "init_method"),
                "num_experts_per_tok",  # of models without experts
            ),
        ),
    ),
)
