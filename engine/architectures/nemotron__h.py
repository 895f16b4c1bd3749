"""Nemotron-H, Nemotron Nano 2 and 3: a layer is a scan, attention that does not turn, a gateless
feed-forward, or experts.

Each stands alone behind one norm. Files with experts are of nemotron_h_moe. The class in
transformers does not let steps fall below a thousandth where it reads a whole text, but does where
it reads one token; NVIDIA's own code and llama.cpp always do, as does the graph.
"""

from dataclasses import replace

from engine.architectures.shared.common import EPSILONS, Common, read_common
from engine.architectures.shared.decoder import (
    FULL,
    OUTPUT,
    biases,
    both,
    decoder_settings,
    expert_settings,
    layer_norm,
)
from engine.architectures.shared.experts import Experts, expert_linear, is_routed, read_experts
from engine.architectures.shared.experts import route as routes
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import BUFFERS, Metadata, Rule, Settings, Source
from engine.architectures.shared.state_space import (
    read_scanned,
    scan_layer,
    scan_rules,
    scan_settings,
)
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    eps = next((key for key in EPSILONS.values() if keys.has(key)), EPSILONS["rms"])
    common, scanned = read_common(keys, hybrid=True, eps=eps), read_scanned(keys)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        y = L.norm(x, "attn_norm")
        if is_routed(L):
            y = _experts(L, y)
        elif L.n_ff:
            y = L.plain(y, "relu2")
        else:
            y = L.attention(y) if L.heads.n else scan_layer(L, y, scanned)
        x = L.add(x, y)
    return model.finished(model.logits(x))


def _experts(L: Layer, x: Value) -> Value:
    """Some of many, in fewer columns where the file says so, and one that all tokens go to."""
    experts, n_embd = read_experts(L.keys, L.common, gating="sigmoid"), L.common.n_embd
    latent = L.keys.int("moe_latent_size", 0, MAX_WIDTH, default=0)
    shared = L.keys.int("expert_shared_feed_forward_length", 1, MAX_WIDTH)
    way = routes(L, x, experts)
    inside = L.linear(x, "ffn_latent_down", latent) if latent else x
    out = _routed(L, inside, way, experts)
    out = L.linear(out, "ffn_latent_up", n_embd) if latent else out
    squared = L.graph.activate(L.linear(x, "ffn_up_shexp", shared), "relu2")
    return L.add(out, L.linear(squared, "ffn_down_shexp", n_embd))


def _routed(L: Layer, x: Value, way: Value, e: Experts) -> Value:
    g = L.graph
    up = expert_linear(L, g.dispatch(x, way), way, "ffn_up_exps", e.ff)
    down = expert_linear(L, g.activate(up, "relu2"), way, "ffn_down_exps", x.width)
    return g.combine(down, way)


# --- checkpoints -----------------------------------------------------------------------------
SCANS, PLAIN, ROUTED = "linear_attention", "mlp", "moe"
USUAL = "ME*-"  # where nothing is said
LETTERS = {"M": SCANS, "*": FULL, "-": PLAIN, "E": ROUTED}
KINDS = {"mamba": SCANS, "attention": FULL} | {kind: kind for kind in LETTERS.values()}


def settings(config: Config, out: Metadata) -> Settings:
    kinds = _kinds(config)
    layers = {
        kind: [i for i, each in enumerate(kinds) if each == kind] for kind in LETTERS.values()
    }
    if layers[ROUTED]:
        out.becomes("nemotron_h_moe")
    config.expect("mlp_hidden_act", "relu2")
    config.expect("mamba_hidden_act", "silu")
    config.expect("tie_word_embeddings", False)
    counted = config.with_defaults(config.values | {"num_hidden_layers": len(kinds)})
    found = decoder_settings(counted, out, eps="layer_norm_epsilon")
    dims, eps = found.dims, config.float("layer_norm_epsilon")
    head_dim, n_ff = dims["head_dim"], {PLAIN: dims["ff"]}
    dims |= scan_settings(
        config,
        out,
        heads=config.int("mamba_num_heads"),
        value=config.int("mamba_head_dim"),
        groups=config.int("n_groups"),
        size=config.int("ssm_state_size"),
        taps=config.int("conv_kernel", low=2),
    )
    if layers[ROUTED]:
        n_ff[ROUTED] = _expert_settings(config, out, found)
    out.own(
        attention__layer_norm_epsilon=eps,
        attention__key_length=head_dim,
        attention__value_length=head_dim,
        attention__head_count_kv=[dims["n_head_kv"] if kind == FULL else 0 for kind in kinds],
        feed_forward_length=[n_ff.get(kind, 0) for kind in kinds],
    )
    found.layers = layers | {"latent": layers[ROUTED] if dims.get("latent") else []}
    found.biased = biases(
        config,
        ("mlp_bias", r"mixer\.(up|down)_proj"),
        ("use_bias", r"mixer\.(in|out)_proj"),
        ("use_conv_bias", r"mixer\.conv1d"),
    )
    return found


def _kinds(config: Config) -> list[str]:
    """What each layer is: a list of names, or a text with a letter for each."""
    pattern = config.get("hybrid_override_pattern", USUAL)
    given = config.get("layers_block_type", list(pattern) if isinstance(pattern, str) else pattern)
    known = KINDS | LETTERS
    if not isinstance(given, list) or len(given) != config.int("num_hidden_layers", len(given)):
        raise FormatError(
            "{file}: key layers_block_type (or hybrid_override_pattern) is no list of the layers",
            file=config.name,
        )
    for kind in given:
        if not isinstance(kind, str) or kind not in known:
            raise UnsupportedError(
                "{file}: key layers_block_type has {kind!r}; known are {known}",
                file=config.name,
                kind=str(kind)[:40],
                known=", ".join(LETTERS.values()),
            )
    return [known[kind] for kind in given]


def _expert_settings(config: Config, out: Metadata, found: Settings) -> int:
    """Returns the columns inside of an expert."""
    ff: int = config.int("moe_intermediate_size")
    names = {"n": "n_routed_experts", "used": "num_experts_per_tok", "ff": "moe_intermediate_size"}
    expert_settings(config, out, found, **names)
    shared, latent = (
        config.int("moe_shared_expert_intermediate_size"),
        config.int("moe_latent_size", 0),
    )
    out.own(
        moe_latent_size=latent or None,
        expert_shared_feed_forward_length=shared,
        expert_shared_count=config.int("n_shared_experts"),
        expert_weights_norm=config.bool("norm_topk_prob", True),
        expert_weights_scale=config.float("routed_scaling_factor"),
        expert_group_count=config.int("n_group"),
        expert_group_used_count=config.int("topk_group"),
    )
    found.dims |= {"shared_ff": shared, "latent": latent, "into": latent or found.dims["embd"]}
    return ff


_AT = "layers.{i}.mixer."
_ATTENTION = (
    Rule(f"{_AT}q_proj.weight", "blk.{i}.attn_q.weight", ("q", "embd")),
    Rule(f"{_AT}k_proj.weight", "blk.{i}.attn_k.weight", ("kv", "embd")),
    Rule(f"{_AT}v_proj.weight", "blk.{i}.attn_v.weight", ("kv", "embd")),
    Rule(f"{_AT}o_proj.weight", "blk.{i}.attn_output.weight", ("embd", "q")),
)
_MLP = (
    *both(f"{_AT}up_proj", "ffn_up", ("ff", "embd")),
    *both(f"{_AT}down_proj", "ffn_down", ("embd", "ff")),
)
_INNER, _OUTER = ("expert", "expert_ff", "into"), ("expert", "into", "expert_ff")
_UP, _DOWN = "blk.{i}.ffn_up_exps.weight", "blk.{i}.ffn_down_exps.weight"
_SHARED = f"{_AT}shared_experts."
_EXPERTS = (
    Rule(f"{_AT}gate.weight", "blk.{i}.ffn_gate_inp.weight", ("expert", "embd")),
    Rule(f"{_AT}gate.e_score_correction_bias", "blk.{i}.exp_probs_b.bias", ("expert",)),
    Rule(f"{_AT}experts.{{e}}.up_proj.weight", _UP, _INNER, optional=True),
    Rule(f"{_AT}experts.{{e}}.down_proj.weight", _DOWN, _OUTER, optional=True),
    Rule(f"{_AT}experts.up_proj", _UP, _INNER, optional=True),
    Rule(f"{_AT}experts.down_proj", _DOWN, _OUTER, optional=True),
    Rule(f"{_SHARED}up_proj.weight", "blk.{i}.ffn_up_shexp.weight", ("shared_ff", "embd")),
    Rule(f"{_SHARED}down_proj.weight", "blk.{i}.ffn_down_shexp.weight", ("embd", "shared_ff")),
)
_LATENT = (
    Rule(f"{_AT}fc1_latent_proj.weight", "blk.{i}.ffn_latent_down.weight", ("latent", "embd")),
    Rule(f"{_AT}fc2_latent_proj.weight", "blk.{i}.ffn_latent_up.weight", ("embd", "latent")),
)
_BY_KIND = {
    SCANS: scan_rules("mixer"),
    FULL: _ATTENTION,
    PLAIN: _MLP,
    ROUTED: _EXPERTS,
    "latent": _LATENT,
}
RULES = (
    Rule("embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    layer_norm("norm", "attn_norm"),
    *(replace(rule, layers=kind) for kind, rules in _BY_KIND.items() for rule in rules),
    Rule("norm_f.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = {
    "vocab_size": 131072,
    "hidden_size": 4096,
    "tie_word_embeddings": False,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "max_position_embeddings": 4096,
    "intermediate_size": 21504,
    "mlp_hidden_act": "relu2",
    "mlp_bias": False,
    "ssm_state_size": 128,
    "mamba_num_heads": 128,
    "mamba_head_dim": 64,
    "mamba_hidden_act": "silu",
    "n_groups": 8,
    "conv_kernel": 4,
    "use_conv_bias": True,
    "use_bias": False,
    "layer_norm_epsilon": 1e-5,
    "n_routed_experts": 8,
    "n_shared_experts": 1,
    "moe_intermediate_size": 7688,
    "moe_shared_expert_intermediate_size": 7688,
    "num_experts_per_tok": 2,
    "routed_scaling_factor": 1.0,
    "n_group": 1,
    "topk_group": 1,
    "norm_topk_prob": True,
}
# How weights were made or are run; what the class does not look at.
NEUTRAL = (
    "attention_bias",
    "attention_head_dim",
    "chunk_size",
    "expand",
    "mamba_proj_bias",
    "mamba_ssm_cache_dtype",
    "moe_shared_expert_overlap",
    "mtp_hybrid_override_pattern",
    "mtp_layers_block_type",
    "num_logits_to_keep",
    "num_nextn_predict_layers",
    "rescale_prenorm_residual",
    "residual_in_fp32",
    "sliding_window",
    "time_step_floor",
    "time_step_max",
    "time_step_min",
    "time_step_rank",
    "use_mamba_kernels",
)
FAMILY = Family(
    build,
    (
        Source(
            "nemotron_h",
            ("NemotronHForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            None,
            prefix="backbone.",
            ignored=f"{BUFFERS}|^mtp\\.",
            neutral=NEUTRAL,
        ),
    ),
)
