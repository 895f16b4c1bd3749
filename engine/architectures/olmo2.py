"""OLMo 2 and 3: a llama whose norms stand behind each block.

Queries and keys are normed over the whole row, not head by head. OLMo 3 looks through windows in
three of four layers, and stretches its rope in the others alone.
"""

from engine.architectures import llama
from engine.architectures.shared.common import (
    Common,
    read_common,
    read_local_rope,
    read_rope,
    read_windows,
)
from engine.architectures.shared.decoder import (
    ATTENTION,
    biases,
    decoder_settings,
    expect_silu,
    head_norms,
    layer_norm,
    llama_rules,
    sliding_windows,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Attention and feed-forward read the residual stream as it is; their norms are added to it."""
    common = read_common(keys)
    windows = read_windows(keys, common, period=4)
    rope = read_rope(keys, common, "neox")
    local = read_local_rope(keys, rope, rope.base)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        q, k, v = L.qkv(x)
        q, k = L.norm(q, "attn_q_norm"), L.norm(k, "attn_k_norm")
        window = windows[L.i]
        mixed = L.attend(q, k, v, rope=local if window else rope, window=window)
        x = L.add(x, L.norm(mixed, "post_attention_norm"))
        x = L.add(x, L.norm(L.gated(x), "post_ffw_norm"))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    return found


def olmo3_settings(config: Config, out: Metadata) -> Settings:
    found = settings(config, out)
    sliding_windows(config, out, found, period=4)
    return found


RULES = llama_rules(
    layer_norm("post_attention_layernorm", "post_attention_norm"),
    layer_norm("post_feedforward_layernorm", "post_ffw_norm"),
    extra=head_norms("q", "kv"),
)
DEFAULTS = llama.DEFAULTS | {"vocab_size": 50304, "rms_norm_eps": 1e-5}
_OLMO3 = DEFAULTS | {"sliding_window": 4096}
_ROTATION = Rotation(base=5e5, local=5e5)
FAMILY = Family(
    build,
    (
        Source("olmo2", ("Olmo2ForCausalLM",), RULES, settings, DEFAULTS),
        Source("olmo3", ("Olmo3ForCausalLM",), RULES, olmo3_settings, _OLMO3, _ROTATION),
    ),
)
