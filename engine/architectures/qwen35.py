"""Qwen 3.5, dense: three layers of a gated delta rule, then one of gated attention, and so on.

The delta rule (Yang et al. 2024, arXiv:2412.06464) stands behind a short convolution. Value heads
lie in turn (the first of every key head, then the second), as GGUF has them. Layers that draft
tokens (`nextn`) stand behind the others and are not used.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    EMBEDDING,
    FULL,
    OUTPUT,
    biases,
    both,
    decoder_settings,
    expect_silu,
    gated_rules,
    layer_norm,
    layer_types,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_LAYERS, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import (
    BUFFERS,
    Metadata,
    Rotation,
    Rule,
    Settings,
    Source,
)
from engine.architectures.shared.state_space import read_scanned
from engine.base.errors import FormatError
from engine.compute.graph import Fixed, Graph, RopeSpec, Value
from engine.weights.formats.config import Config

LENGTH_EPSILON = 1e-6  # of the length that queries and keys are divided by


@dataclass(frozen=True)
class Rules:
    """The figures of the delta rule's layers."""

    taps: int
    heads: int
    key_heads: int
    key: int
    value: int
    tiled: bool


Feed = Callable[[Layer, Value], Value]
# Of a row: query, key and value of all heads, their gate, and what makes beta and decay.
Inputs = Callable[[Layer, Value, Rules], tuple[Value, Value, Value, Value]]


def gated(L: Layer, x: Value) -> Value:
    return L.gated(x)


def apart(L: Layer, x: Value, r: Rules) -> tuple[Value, Value, Value, Value]:
    """A matrix for each of them."""
    values = r.heads * r.value
    return (
        L.linear(x, "attn_qkv", 2 * r.key_heads * r.key + values),
        L.linear(x, "attn_gate", values),
        L.linear(x, "ssm_beta", r.heads),
        L.linear(x, "ssm_alpha", r.heads),
    )


def build(
    keys: Keys, *, feed: Feed = gated, inputs: Inputs = apart, tiled: bool = True
) -> tuple[Common, Graph]:
    """feed: the feed-forward; tiled: value heads lie in turn (see ops.DeltaRule)."""
    common = read_common(keys)
    rules, rope = _read(keys, tiled), read_rope(keys, common, "neox")
    recurrent = _recurrent(keys)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        y = L.norm(x, "attn_norm")
        x = L.add(x, _rule(L, y, inputs, rules) if recurrent[L.i] else _attention(L, y, rope))
        x = L.add(x, feed(L, L.norm(x, "post_attention_norm")))
    return model.finished(model.logits(x))


def _read(keys: Keys, tiled: bool) -> Rules:
    found = read_scanned(keys)
    return Rules(
        taps=found.taps,
        heads=found.heads,
        key_heads=found.groups,
        key=found.size,
        value=found.value,
        tiled=tiled,
    )


def _recurrent(keys: Keys) -> tuple[int, ...]:
    """Whether a layer is one of the delta rule, for all there are: a list says so, or else each so
    many is one of attention instead."""
    n = keys.int("block_count", 1, MAX_LAYERS)
    every = keys.int("full_attention_interval", 1, MAX_LAYERS, default=4)
    usual = tuple(int((i + 1) % every != 0) for i in range(n))
    return keys.ints("attention.recurrent_layers", n, 0, 1, default=usual)


def _attention(L: Layer, x: Value, rope: RopeSpec) -> Value:
    """Each head's query is followed by its gate."""
    g, heads = L.graph, L.heads
    whole = L.linear(x, "attn_q", 2 * heads.n * heads.key)
    q = g.head_slice(whole, 2 * heads.key, 0, heads.key)
    gate = g.head_slice(whole, 2 * heads.key, heads.key, heads.key)
    k = L.linear(x, "attn_k", heads.n_kv * heads.key)
    v = L.linear(x, "attn_v", heads.n_kv * heads.value)
    q = L.norm(q, "attn_q_norm", group=heads.key)
    k = L.norm(k, "attn_k_norm", group=heads.key)
    return L.attend(q, k, v, rope=rope, gate=gate)


def _rule(L: Layer, x: Value, inputs: Inputs, r: Rules) -> Value:
    g, keys, values = L.graph, r.key_heads * r.key, r.heads * r.value
    whole, gate, beta, fade = inputs(L, x, r)
    tail = g.keep(Fixed((r.taps - 1, whole.width)))
    mixed = g.activate(g.conv(whole, f"{L.prefix}ssm_conv1d.weight", tail), "silu")
    q, k = (_of_length_one(L, g.slice(mixed, at, keys), r.key) for at in (0, keys))
    q = g.scale(q, r.key**-0.5)
    fade = g.activate(g.add_vector(fade, f"{L.prefix}ssm_dt.bias"), "softplus")
    decay, beta = g.mul_vector(fade, f"{L.prefix}ssm_a"), g.activate(beta, "sigmoid")
    state = g.keep(Fixed((r.heads, r.key, r.value)))
    v = g.slice(mixed, 2 * keys, values)
    out = g.delta_rule(q, k, v, decay, beta, state, tiled=r.tiled)
    out = g.gated(gate, L.norm(out, "ssm_norm", group=r.value), "silu")
    return L.linear(out, "ssm_out", L.common.n_embd)


def _of_length_one(L: Layer, x: Value, key: int) -> Value:
    """Each head divided by its length: an RMS norm, but for the root of its columns."""
    return L.graph.scale(L.graph.rms_norm(x, None, LENGTH_EPSILON / key, group=key), key**-0.5)


def settings(config: Config, out: Metadata, ff: str = "intermediate_size") -> Settings:
    """ff: the key of a feed-forward's width."""
    expect_silu(config)
    found = decoder_settings(config, out, ff=ff)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    shared, heads = config.int("linear_num_key_heads"), config.int("linear_num_value_heads")
    key, value = config.int("linear_key_head_dim"), config.int("linear_value_head_dim")
    taps, dims = config.int("linear_conv_kernel_dim"), found.dims
    every, looking = _order(config, dims["n_layer"])
    if heads % shared or value != key:
        raise FormatError(
            "{file}: {heads} value heads of {value} columns cannot share {shared} key heads of "
            "{n_key} (keys linear_num_value_heads, linear_num_key_heads and their widths)",
            file=config.name,
            heads=heads,
            value=value,
            shared=shared,
            n_key=key,
        )
    head_dim = dims["head_dim"]
    out.own(
        attention__key_length=head_dim,
        attention__value_length=head_dim,
        ssm__conv_kernel=taps,
        ssm__state_size=key,
        ssm__group_count=shared,
        ssm__time_step_rank=heads,
        ssm__inner_size=heads * value,
        full_attention_interval=every or None,
        attention__recurrent_layers=None if every else [not looks for looks in looking],
    )
    dims |= {
        "k_heads": shared,
        "v_heads": heads,
        "value": value,
        "v": heads * value,
        "qkv": 2 * shared * key + heads * value,
        "taps": taps,
        "one": 1,
        "q_and_gate": 2 * dims["q"],
    }
    look = {i for i, looks in enumerate(looking) if looks}
    found.layers = {"look": look, "rule": set(range(dims["n_layer"])) - look}
    return found


def _order(config: Config, n_layer: int) -> tuple[int, list[bool]]:
    """Whether each layer is one of attention, and each how many are; 0: they stand otherwise."""
    every: int = config.int("full_attention_interval", 4)
    kinds = layer_types(config, n_layer, LINEAR)
    if kinds is None:
        return every, [(i + 1) % every == 0 for i in range(n_layer)]
    looking = [kind == FULL for kind in kinds]
    found = looking.index(True) + 1 if any(looking) else n_layer + 1
    in_turn = [(i + 1) % found == 0 for i in range(n_layer)]
    return (found if looking == in_turn else 0), looking


LINEAR = "linear_attention"
_QKV, _HEADS, _OUT = ("qkv", "embd"), ("v_heads", "embd"), ("embd", "v")
_CONV = ("qkv", "one", "taps")
_RULE, _LOOK = "layers.{i}.linear_attn.", "layers.{i}.self_attn."


def rules(inputs: tuple[Rule, ...], feed: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """inputs: the matrices that a layer of the delta rule reads its row with; feed: those of
    feed-forwards."""
    return (
        EMBEDDING,
        layer_norm("input_layernorm", "attn_norm", "plus_one"),
        *(replace(rule, layers="rule") for rule in (*inputs, *_BEHIND)),
        *(replace(rule, layers="look") for rule in _ATTENTION),
        layer_norm("post_attention_layernorm", "post_attention_norm", "plus_one"),
        *feed,
        Rule("norm.weight", "output_norm.weight", ("embd",), "plus_one"),
        OUTPUT,
    )


INPUTS = (
    Rule(f"{_RULE}in_proj_qkv.weight", "blk.{i}.attn_qkv.weight", _QKV, "tiled_end"),
    Rule(f"{_RULE}in_proj_z.weight", "blk.{i}.attn_gate.weight", ("v", "embd"), "tiled"),
    Rule(f"{_RULE}in_proj_b.weight", "blk.{i}.ssm_beta.weight", _HEADS, "tiled"),
    Rule(f"{_RULE}in_proj_a.weight", "blk.{i}.ssm_alpha.weight", _HEADS, "tiled"),
)
_BEHIND = (
    Rule(f"{_RULE}conv1d.weight", "blk.{i}.ssm_conv1d.weight", _CONV, "tiled_end"),
    Rule(f"{_RULE}dt_bias", "blk.{i}.ssm_dt.bias", ("v_heads",), "tiled"),
    Rule(f"{_RULE}A_log", "blk.{i}.ssm_a", ("v_heads",), "decay"),
    Rule(f"{_RULE}norm.weight", "blk.{i}.ssm_norm.weight", ("value",)),
    Rule(f"{_RULE}out_proj.weight", "blk.{i}.ssm_out.weight", _OUT, "tiled_columns"),
)
_ATTENTION = (
    *both(f"{_LOOK}q_proj", "attn_q", ("q_and_gate", "embd")),
    *both(f"{_LOOK}k_proj", "attn_k", ("kv", "embd")),
    *both(f"{_LOOK}v_proj", "attn_v", ("kv", "embd")),
    *both(f"{_LOOK}o_proj", "attn_output", ("embd", "q")),
    Rule(f"{_LOOK}q_norm.weight", "blk.{i}.attn_q_norm.weight", ("head_dim",), "plus_one"),
    Rule(f"{_LOOK}k_norm.weight", "blk.{i}.attn_k_norm.weight", ("head_dim",), "plus_one"),
)
RULES = rules(INPUTS, gated_rules())
# Of layers that draft tokens, and of what the class always does.
NEUTRAL = (
    *("mtp_num_hidden_layers", "mtp_use_dedicated_embeddings"),
    *("attn_output_gate", "mamba_ssm_dtype"),
)
DEFAULTS = {
    "vocab_size": 248320,
    "hidden_size": 4096,
    "intermediate_size": 12288,
    "num_hidden_layers": 32,
    "num_attention_heads": 16,
    "num_key_value_heads": 4,
    "hidden_act": "silu",
    "max_position_embeddings": 32768,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": False,
    "attention_bias": False,
    "head_dim": 256,
    "linear_conv_kernel_dim": 4,
    "linear_key_head_dim": 128,
    "linear_value_head_dim": 128,
    "linear_num_key_heads": 16,
    "linear_num_value_heads": 32,
}
FAMILY = Family(
    build,
    (
        Source(
            "qwen3_5_text",
            ("Qwen3_5ForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            Rotation(partial=0.25, sections=True),
            ignored=f"{BUFFERS}|^mtp\\.",
            neutral=NEUTRAL,
            within={"qwen3_5": "Qwen3_5ForConditionalGeneration"},
        ),
    ),
)
