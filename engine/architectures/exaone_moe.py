"""K-EXAONE: a llama with EXAONE 4's windows (layers that see everything turn no heads), and behind
the first layers DeepSeek 3's experts. Layers that draft tokens (`nextn`) are not used.
"""

from engine.architectures import llama
from engine.architectures.deepseek import feed_of
from engine.architectures.exaone4 import look_of, set_windows
from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import (
    decoder_settings,
    expect_silu,
    head_norms,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.leading import SIGMOID, grouped, routed_rules, some_routed
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import BUFFERS, Metadata, Settings, Source
from engine.base.errors import FormatError
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

KINDS = {"dense", "sparse"}  # of layers, by their feed-forward


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    common = read_common(keys)
    look, feed = look_of(keys, common), feed_of(keys, common, "sigmoid", whole=True)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        rope, window = look(L)
        y = L.norm(x, "attn_norm")
        x = L.add(x, L.attention(y, rope=rope, window=window, head_norm=True))
        x = L.add(x, feed(L, L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    config.expect("scoring_func", "sigmoid", "noaux_tc")
    config.expect("topk_method", "noaux_tc")
    found = decoder_settings(config, out)
    head_dim = found.dims["head_dim"]
    out.own(attention__key_length=head_dim, attention__value_length=head_dim)
    set_windows(config, out, found.dims["n_layer"])
    some_routed(config, out, found, n="num_experts", shared="num_shared_experts")
    groups, used = grouped(config, "num_experts")
    out.own(
        expert_shared_feed_forward_length=found.dims["shared_ff"] or None,
        expert_gating_func=SIGMOID,
        expert_weights_norm=config.bool("norm_topk_prob", True),
        expert_weights_scale=config.float("routed_scaling_factor"),
        expert_group_count=groups if groups > 1 else None,
        expert_group_used_count=used if groups > 1 else None,
    )
    _set_dense(config, out, found)
    return found


def _set_dense(config: Config, out: Metadata, found: Settings) -> None:
    """The first layers have no experts, or those that a list says."""
    n_layer, old = found.dims["n_layer"], "first_last_k_dense_replace"
    key = old if config.has(old) and "first_k_dense_replace" not in config.given else ""
    first = config.int(key or "first_k_dense_replace", low=0)
    usual = ["dense" if i < first else "sparse" for i in range(n_layer)]
    kinds = config.get("mlp_layer_types", usual)
    if not isinstance(kinds, list) or len(kinds) != n_layer or set(map(str, kinds)) - KINDS:
        raise FormatError(
            "{file}: key mlp_layer_types is no list of dense and sparse for {n_layer} layers",
            file=config.name,
            n_layer=n_layer,
        )
    dense = {i for i, kind in enumerate(kinds) if kind == "dense"}
    sparse = set(range(n_layer)) - dense
    out.own(leading_dense_block_count=min(sparse, default=n_layer))
    shared = sparse if found.dims["shared_ff"] else ()
    found.layers = {"dense": dense, "routed": sparse, "shared": shared}


DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 102400,
    "intermediate_size": 16384,
    "num_key_value_heads": 32,
    "rms_norm_eps": 1e-5,
    "sliding_window": 4096,
    "sliding_window_pattern": 4,
    "first_k_dense_replace": 1,
    "moe_intermediate_size": 1024,
    "num_experts": 64,
    "num_experts_per_tok": 8,
    "num_shared_experts": 1,
    "norm_topk_prob": True,
    "routed_scaling_factor": 2.5,
    "n_group": 1,
    "topk_group": 1,
}
FAMILY = Family(
    build,
    (
        Source(
            "exaone_moe",
            ("ExaoneMoeForCausalLM", "ExaoneMoEForCausalLM"),
            llama_rules(
                extra=head_norms("head_dim", "head_dim"),
                feed=routed_rules("e_score_correction_bias", shared="shared"),
            ),
            settings,
            DEFAULTS,
            ignored=rf"{BUFFERS}|^mtp\.",
            # Which layers have experts is said otherwise, too.
            neutral=("num_nextn_predict_layers", "output_router_logits", "is_moe_layer"),
        ),
    ),
)
