"""Checkpoints whose first layers are dense; behind them each token goes to some experts, all to a
shared one (DeepSeek and its kin)."""

from engine.architectures.shared.decoder import (
    dense_rules,
    expert_rules,
    expert_settings,
    shared_expert_rules,
)
from engine.architectures.shared.source import Metadata, Rule, Settings
from engine.base.errors import FormatError
from engine.weights.formats.config import Config

# Fields of config.json that change nothing.
NEUTRAL = (
    "head_dim",
    "qk_head_dim",
    "ep_size",
    "seq_aux",
    "aux_loss_alpha",
    "output_router_logits",
)
SOFTMAX, SIGMOID = 1, 2  # expert_gating_func


def routed_rules(
    choice: str = "gate.e_score_correction_bias", shared: str = "routed"
) -> tuple[Rule, ...]:
    """Both kinds of layers; `choice`: a bias for the choice of experts alone, "": there is none;
    `shared`: the layers that have an expert for all."""
    at = "layers.{i}.mlp."
    bias = Rule(f"{at}{choice}", "blk.{i}.exp_probs_b.bias", ("expert",), layers="routed")
    return (
        *dense_rules(),
        *expert_rules(layers="routed"),
        *((bias,) if choice else ()),
        *shared_expert_rules(f"{at}shared_experts.", layers=shared),
    )


def routed_settings(config: Config, out: Metadata, found: Settings) -> None:
    """Keys and sizes of experts. Where config.json says of none how many are taken, no layer may
    have any: a tensor of theirs does not fit."""
    width, shared = config.int("moe_intermediate_size"), config.int("n_shared_experts", 1)
    config.expect("moe_layer_freq", 1)
    groups, used = grouped(config)
    if config.has("num_experts_per_tok") and config.has("n_routed_experts"):
        names = {"n": "n_routed_experts", "used": "num_experts_per_tok"}
        expert_settings(config, out, found, **names, ff="moe_intermediate_size")
    else:
        found.dims |= {"expert": 0, "expert_ff": width}
    found.dims["shared_ff"] = shared * width
    scale = config.float("routed_scaling_factor")
    out.own(expert_shared_count=shared, expert_weights_scale=scale)
    if groups > 1:
        out.own(expert_group_count=groups, expert_group_used_count=used)


def grouped(config: Config, key: str = "n_routed_experts") -> tuple[int, int]:
    """In how many groups experts stand, and at how many of them a token looks; `key` says how many
    experts there are."""
    groups, used = config.int("n_group", 1), config.int("topk_group", 1)
    n = config.int(key, groups)
    if n % groups or used > groups:
        raise FormatError(
            "{file}: {n} experts cannot stand in {groups} groups of which {used} are looked at "
            "(keys {key}, n_group, topk_group)",
            file=config.name,
            key=key,
            n=n,
            groups=groups,
            used=used,
        )
    return groups, used


def sigmoid_settings(config: Config, out: Metadata, found: Settings) -> None:
    """A sigmoid of each expert, and a bias for the choice alone."""
    config.expect("scoring_func", "sigmoid", "noaux_tc")
    routed_settings(config, out, found)
    normalized = config.bool("norm_topk_prob", False)
    out.own(expert_gating_func=SIGMOID, expert_weights_norm=normalized)


def leading_dense(out: Metadata, found: Settings, n: int) -> None:
    """The first `n` layers have no experts."""
    n_layer = found.dims["n_layer"]
    out.own(leading_dense_block_count=min(n, n_layer))
    routed = range(n, n_layer)
    shared = routed if found.dims.get("shared_ff") else ()
    own = {"dense": range(min(n, n_layer)), "routed": routed, "shared": shared}
    found.layers = {**found.layers, **own}


def some_routed(config: Config, out: Metadata, found: Settings, *, n: str, shared: str) -> None:
    """Keys and sizes of experts, and of those that all tokens go to, of which there may be none;
    `n` and `shared` say how many of each."""
    names = {"n": n, "used": "num_experts_per_tok", "ff": "moe_intermediate_size"}
    expert_settings(config, out, found, **names)
    count = config.int(shared, 0, low=0)
    found.dims["shared_ff"] = count * found.dims["expert_ff"]
    out.own(expert_shared_count=count)
