"""DeepSeek's first models with experts: a llama, and beside the experts one that all tokens go to.

What stands here builds dots.llm1, GLM 4.5 and Ling 2, too, which are the same but for norms of
heads, the rope's order and how experts are chosen. A checkpoint of the first models brings code of
its own, which is never run: its names and settings are read.
"""

from collections.abc import Callable

from engine.architectures import llama
from engine.architectures.shared.common import Common, Style, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    biases,
    decoder_settings,
    expect_silu,
    llama_rules,
)
from engine.architectures.shared.experts import (
    Experts,
    is_routed,
    read_experts,
    routed,
    shared_expert,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_EXPERTS, MAX_WIDTH, Keys
from engine.architectures.shared.leading import NEUTRAL, leading_dense, routed_rules, some_routed
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.compute.graph import Gating, Graph, Value
from engine.weights.formats.config import Config


def build(
    keys: Keys,
    *,
    style: Style = "normal",
    gating: Gating = "softmax",
    ffn_norm: str = "ffn_norm",
) -> tuple[Common, Graph]:
    """Pre-norm transformer; heads of queries and keys are normed where the file has weights for it.

    style: of the rope; gating: where the file does not say; ffn_norm: the norm behind attention.
    """
    common = read_common(keys)
    rope, feed = read_rope(keys, common, style), feed_of(keys, common, gating)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        y = L.norm(x, "attn_norm")
        x = L.add(x, L.attention(y, rope=rope, head_norm=L.has("attn_q_norm")))
        x = L.add(x, feed(L, L.norm(x, ffn_norm)))
    return model.finished(model.logits(x))


def feed_of(
    keys: Keys, common: Common, gating: Gating, *, whole: bool = False
) -> Callable[[Layer, Value], Value]:
    """Experts and the one that all tokens go to; in the first layers a single feed-forward. whole:
    where the file says how wide shared experts are, it is all of them together."""
    experts = _read(keys, common, gating)
    shared = keys.int("expert_shared_count", 0, MAX_EXPERTS, default=0)
    each = keys.int(
        "expert_shared_feed_forward_length", 1, MAX_WIDTH, default=experts.ff if experts else 1
    )

    if whole and keys.has("expert_shared_feed_forward_length"):
        shared = min(shared, 1)

    def feed(L: Layer, x: Value) -> Value:
        if experts is None or not is_routed(L):
            return L.gated(x)
        found = routed(L, x, experts)
        return L.add(found, shared_expert(L, x, shared * each)) if shared else found

    return feed


def _read(keys: Keys, common: Common, gating: Gating) -> Experts | None:
    """None where all layers are dense. Groups are as good as their best expert where experts share
    one softmax, else as the sum of the two best."""
    if not keys.int("expert_count", 0, MAX_EXPERTS, default=0):
        return None
    top = 1 if keys.int("expert_gating_func", 0, MAX_EXPERTS, default=0) == 1 else 2
    if not keys.has("expert_gating_func"):
        top = 1 if gating == "softmax" else 2
    return read_experts(keys, common, gating=gating, normalized=False, group_top=top)


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    config.expect("scoring_func", "softmax")
    config.expect("moe_layer_freq", 1)
    first = config.int("first_k_dense_replace", 0, low=0)
    normalized = config.bool("norm_topk_prob", False)
    config.int("moe_intermediate_size")
    if config.has("n_routed_experts"):
        some_routed(config, out, found, n="n_routed_experts", shared="n_shared_experts")
        out.own(expert_weights_norm=normalized)
    leading_dense(out, found, first if config.has("n_routed_experts") else found.dims["n_layer"])
    return found


DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 102400,
    "moe_intermediate_size": 1407,
    "num_hidden_layers": 30,
}
SOURCE = Source(
    "deepseek",
    ("DeepseekForCausalLM",),
    llama_rules(permuted=True, feed=routed_rules("", shared="shared")),
    settings,
    DEFAULTS,
    neutral=NEUTRAL,
)
FAMILY = Family(build, (SOURCE,))
