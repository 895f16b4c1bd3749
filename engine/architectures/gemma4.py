"""Gemma 4, text: E2B and E4B with inputs for each layer and shared caches, 12B and 31B without.

Layers with a window have heads of their own size and a rope in which all columns turn; in the
others a quarter of the pairs does, and larger models have no matrix for values there. Scores are
not scaled, and what leaves a layer is multiplied by one number. Norms are plain (not 1 + w). In
26B-A4B experts stand beside each feed-forward.
"""

from dataclasses import dataclass, replace

from engine.architectures import gemma
from engine.architectures.shared.common import Common, Heads, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import (
    EMBEDDING,
    FULL,
    MOST_COLUMNS,
    OUTPUT,
    SLIDING,
    both,
    expert_settings,
    gated_rules,
    layer_norm,
    layer_types,
)
from engine.architectures.shared.experts import (
    expert_linear,
    gate_and_up,
    is_routed,
    read_experts,
    route,
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
from engine.compute.graph import Graph, RopeSpec, Value
from engine.weights.formats.config import Config

BASE, LOCAL = 1e6, 1e4  # of the rope
GLOBAL_HEAD = 512  # columns of a head that sees everything, where config.json does not say
ROPES = {
    FULL: {"rope_type": "proportional", "partial_rotary_factor": 0.25, "rope_theta": BASE},
    SLIDING: {"rope_type": "default", "rope_theta": LOCAL},
}
USUAL_CAP = 30.0  # of logits, where a file does not say


@dataclass(frozen=True)
class Gemma4:
    """What Gemma 4 has beside the figures of all."""

    caches: Caches
    logit_cap: float


def build(keys: Keys) -> tuple[Common, Graph]:
    """Norms before and behind attention and feed-forward; then the layer's own input."""
    common, own = _read(keys)
    model = Model(keys, common)
    x = model.graph.scale(model.embed(), common.n_embd**0.5)
    inputs = per_layer_inputs(model, x)
    for L in model.layers():
        mixed = own.caches.attention(L, L.norm(x, "attn_norm"))
        x = L.add(x, L.norm(mixed, "post_attention_norm"))
        mixed = L.gated(L.norm(x, "ffn_norm"), "gelu_tanh")
        mixed = _with_experts(L, x, mixed) if is_routed(L) else mixed
        x = L.add(x, L.norm(mixed, "post_ffw_norm"))
        if inputs:
            x = L.add(x, with_input(L, x, inputs[L.i]))
        if L.has("layer_output_scale"):
            x = L.graph.scale_by(x, f"{L.prefix}layer_output_scale.weight")
    return model.finished(model.graph.softcap(model.logits(x), own.logit_cap))


def _with_experts(L: Layer, x: Value, mixed: Value) -> Value:
    """The feed-forward's result and that of the experts. The router has a norm of its own, and each
    expert a number that its weight is multiplied with."""
    g, e = L.graph, read_experts(L.keys, L.common)
    asked = g.scale(g.rms_norm(x, None, L.common.eps), L.common.n_embd**-0.5)
    asked = g.mul_vector(asked, f"{L.prefix}ffn_gate_inp.scale")
    way = route(L, asked, e, L.keys.tensor(f"{L.prefix}ffn_down_exps.scale"))
    rows = g.dispatch(L.norm(x, "pre_ffw_norm_2"), way)
    gate, up = gate_and_up(L, rows, way, e.ff)
    rows = expert_linear(L, g.gated(gate, up, "gelu_tanh"), way, "ffn_down_exps", L.common.n_embd)
    chosen = L.norm(g.combine(rows, way), "post_ffw_norm_2")
    return L.add(L.norm(mixed, "post_ffw_norm_1"), chosen)


def _read(keys: Keys) -> tuple[Common, Gemma4]:
    common = read_common(keys)
    windows = read_windows(keys, common)
    full = common.heads[0]
    key = keys.int("attention.key_length_swa", 1, MAX_WIDTH, default=full.key)
    value = keys.int("attention.value_length_swa", 1, MAX_WIDTH, default=key)
    heads = tuple(
        Heads(each.n, each.n_kv, key, value) if window else each
        for each, window in zip(common.heads, windows, strict=True)
    )
    rope = read_rope(keys, common, "neox")
    common = replace(common, heads=heads)
    caches = read_caches(keys, common, windows, rope, _local_rope(keys, key))
    return common, Gemma4(caches, keys.positive("final_logit_softcapping", USUAL_CAP, low=0.0))


def _local_rope(keys: Keys, head_dim: int) -> RopeSpec:
    n_dims = keys.int("rope.dimension_count_swa", 2, head_dim, default=head_dim)
    if n_dims % 2:
        raise FormatError(
            "{file}: key {key} is odd",
            file=keys.file.path.name,
            key=keys.name("rope.dimension_count_swa"),
        )
    return RopeSpec(n_dims=n_dims, base=keys.positive("rope.freq_base_swa", LOCAL), style="neox")


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_activation", *gemma.TANH)
    config.expect("use_bidirectional_attention", None, "vision", False)  # of pictures alone
    config.values.setdefault("rope_parameters", ROPES)  # where it is null, too
    found = gemma.decoder(config, out)
    dims, n_layer = found.dims, found.dims["n_layer"]
    kinds = _kinds(config, n_layer)
    full, n_kv_full = _full_heads(config, kinds)
    own, alike = shared_layers(config, found), config.bool("attention_k_eq_v", False)
    n_kv, n_ff = dims["n_head_kv"], dims["ff"]
    wide = n_ff * (2 if config.bool("use_double_wide_mlp", False) else 1)
    out.own(
        attention__head_count_kv=[n_kv if kind == SLIDING else n_kv_full for kind in kinds],
        attention__key_length=full,
        attention__value_length=full,
        attention__key_length_swa=dims["head_dim"],
        attention__value_length_swa=dims["head_dim"],
        attention__sliding_window=config.int("sliding_window"),
        attention__sliding_window_pattern=[kind == SLIDING for kind in kinds],
        attention__shared_kv_layers=n_layer - own,
        embedding_length_per_layer_input=per_layer_settings(config, found),
        feed_forward_length=[n_ff if i < own else wide for i in range(n_layer)],
        final_logit_softcapping=config.float("final_logit_softcapping", 0.0),
        rope__dimension_count_swa=dims["head_dim"],
    )
    dims |= {
        "one": 1,
        "ff_wide": wide,
        "head_dim_swa": dims["head_dim"],
        "q_swa": dims["q"],
        "kv_swa": dims["kv"],
        "head_dim": full,
        "q": dims["n_head"] * full,
        "kv": n_kv_full * full,
    }
    slides = {i for i, kind in enumerate(kinds) if kind == SLIDING}
    _name_layers(found, slides, own, alike)
    names = {"n": "num_experts", "used": "top_k_experts", "ff": "moe_intermediate_size"}
    if config.bool("enable_moe_block", False):
        expert_settings(config, out, found, **names)
        dims["expert_ff_twice"] = 2 * dims["expert_ff"]
    else:
        config.asked |= set(names.values())  # where they say nothing
    return found


def _name_layers(found: Settings, slides: set[int], own: int, alike: bool) -> None:
    """Those that rules are for; alike: without a window, values are the keys."""
    everyone = set(range(found.dims["n_layer"]))
    keeps = set(range(own))
    found.layers = {
        "slides": slides,
        "looks": everyone - slides,
        "slides_own": slides & keeps,
        "looks_own": keeps - slides,
        "looks_values": set() if alike else keeps - slides,
        "narrow": keeps,
        "wide": everyone - keeps,
        "input": everyone if found.dims["per_layer"] else set(),
        "routed": (),
    }


def _kinds(config: Config, n_layer: int) -> list[str]:
    """The last layer sees everything, whatever is said, as in transformers."""
    usual = [FULL if i % 6 == 5 else SLIDING for i in range(n_layer)]
    kinds = layer_types(config, n_layer) or usual
    return [*kinds[:-1], FULL]


def _full_heads(config: Config, kinds: list[str]) -> tuple[int, int]:
    """Columns of a head and key/value heads of the layers without a window: as older files say it,
    or layer by layer."""
    n_kv = config.int("num_key_value_heads")
    named = config.int("num_global_key_value_heads", None)
    one_matrix = config.bool("attention_k_eq_v", False)
    head = config.int("global_head_dim", GLOBAL_HEAD)
    heads = named if one_matrix and named else n_kv
    part = config.part("per_layer_config")
    if part is not None and part.values:
        head, heads = _layer_by_layer(part, kinds, config.int("head_dim"), n_kv)
    if head % 2 or head > MOST_COLUMNS or config.int("num_attention_heads") % heads:
        raise FormatError(
            "{file}: {n_head} heads of {head_dim} columns cannot share {n_head_kv} key/value "
            "heads in layers that see everything",
            file=config.name,
            n_head=config.int("num_attention_heads"),
            head_dim=head,
            n_head_kv=heads,
        )
    return head, heads


def _layer_by_layer(part: Config, kinds: list[str], head: int, heads: int) -> tuple[int, int]:
    """The same two where each layer's number, which may begin with zeros, has what is its own."""
    told = {key.lstrip("0") or "0": key for key in part.values}
    each = [part.part(key) for key in told.values()]
    full = {str(i) for i, kind in enumerate(kinds) if kind == FULL}
    found = {
        (own.int("head_dim", head), own.int("num_key_value_heads", heads)) for own in each if own
    }
    strange = any(own.unasked() for own in each if own)
    if set(told) != full or len(found) != 1 or strange:
        raise UnsupportedError(
            "{file}: it is not head_dim and num_key_value_heads alone, the same for all layers "
            "that see everything and nothing for others",
            file=part.name,
        )
    return found.pop()


_AT = "layers.{i}.self_attn."


def _attention_rules(kind: str, q: str, kv: str, head: str, values: str) -> tuple[Rule, ...]:
    """Of layers with or without a window; values: those that have a matrix for them."""
    of_all = (
        *both(f"{_AT}q_proj", "attn_q", (q, "embd")),
        *both(f"{_AT}o_proj", "attn_output", ("embd", q)),
        Rule(f"{_AT}q_norm.weight", "blk.{i}.attn_q_norm.weight", (head,)),
    )
    own = (
        *both(f"{_AT}k_proj", "attn_k", (kv, "embd")),
        Rule(f"{_AT}k_norm.weight", "blk.{i}.attn_k_norm.weight", (head,)),
    )
    of_values = both(f"{_AT}v_proj", "attn_v", (kv, "embd"))
    return (
        *(replace(rule, layers=kind) for rule in of_all),
        *(replace(rule, layers=f"{kind}_own") for rule in own),
        *(replace(rule, layers=values) for rule in of_values),
    )


def _expert_rules() -> tuple[Rule, ...]:
    at = "layers.{i}."
    rules = (
        Rule(f"{at}router.proj.weight", "blk.{i}.ffn_gate_inp.weight", ("expert", "embd")),
        Rule(f"{at}router.scale", "blk.{i}.ffn_gate_inp.scale", ("embd",)),
        Rule(f"{at}router.per_expert_scale", "blk.{i}.ffn_down_exps.scale", ("expert",)),
        Rule(
            f"{at}experts.gate_up_proj",
            "blk.{i}.ffn_gate_up_exps.weight",
            ("expert", "expert_ff_twice", "embd"),
        ),
        Rule(
            f"{at}experts.down_proj",
            "blk.{i}.ffn_down_exps.weight",
            ("expert", "embd", "expert_ff"),
        ),
        layer_norm("post_feedforward_layernorm_1", "post_ffw_norm_1"),
        layer_norm("pre_feedforward_layernorm_2", "pre_ffw_norm_2"),
        layer_norm("post_feedforward_layernorm_2", "post_ffw_norm_2"),
    )
    return tuple(replace(rule, layers="routed") for rule in rules)


RULES = (
    EMBEDDING,
    *per_layer_rules("input"),
    layer_norm("input_layernorm", "attn_norm"),
    *_attention_rules("slides", "q_swa", "kv_swa", "head_dim_swa", "slides_own"),
    *_attention_rules("looks", "q", "kv", "head_dim", "looks_values"),
    layer_norm("post_attention_layernorm", "post_attention_norm"),
    layer_norm("pre_feedforward_layernorm", "ffn_norm"),
    *(replace(rule, layers="narrow") for rule in gated_rules()),
    *(
        replace(
            rule,
            layers="wide",
            shape=tuple("ff_wide" if name == "ff" else name for name in rule.shape),
        )
        for rule in gated_rules()
    ),
    *_expert_rules(),
    layer_norm("post_feedforward_layernorm", "post_ffw_norm"),
    Rule("layers.{i}.layer_scalar", "blk.{i}.layer_output_scale.weight", ("one",), optional=True),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
_UNIFIED = gemma.DEFAULTS | {
    "vocab_size": 262144,
    "hidden_size": 2304,
    "intermediate_size": 9216,
    "num_hidden_layers": 30,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "hidden_activation": "gelu_pytorch_tanh",
    "max_position_embeddings": 262144,
    "sliding_window": 1024,
    "final_logit_softcapping": None,
    "attention_k_eq_v": False,
    "num_kv_shared_layers": 0,
    "use_double_wide_mlp": False,
    "rope_parameters": ROPES,
}
DEFAULTS = _UNIFIED | {
    "max_position_embeddings": 131072,
    "sliding_window": 512,
    "vocab_size_per_layer_input": 262144,
    "hidden_size_per_layer_input": 256,
    "enable_moe_block": False,
}
_ROTATION = Rotation(
    scalings={name: name for name in ("default", "proportional")},
    base=BASE,
    local=LOCAL,
    still=True,
)
SOURCE = Source(
    "gemma4_text",
    ("Gemma4ForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    _ROTATION,
    reads=("per_layer_config", "use_bidirectional_attention"),
    within={"gemma4": "Gemma4ForConditionalGeneration"},
)
UNIFIED = Source(
    "gemma4_unified_text",
    ("Gemma4UnifiedForCausalLM",),
    RULES,
    settings,
    _UNIFIED,
    _ROTATION,
    reads=SOURCE.reads,
    within={"gemma4_unified": "Gemma4UnifiedForConditionalGeneration"},
)
FAMILY = Family(build, (SOURCE, UNIFIED))
