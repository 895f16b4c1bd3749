"""Command R7B and Command A: Command R whose layers look through a window, but for each fourth,
which sees everything and turns no heads."""

from engine.architectures import command_r
from engine.architectures.shared.common import Common, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import sliding_windows
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_CONTEXT, Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

PERIOD = 4  # each fourth layer sees everything


def build(keys: Keys) -> tuple[Common, Graph]:
    """Attention and feed-forward beside each other."""
    common = read_common(keys, norm="layer")
    keys.int("attention.sliding_window", 1, MAX_CONTEXT)  # without it nobody knows who turns
    rope, windows = read_rope(keys, common, "normal"), read_windows(keys, common, PERIOD)
    keys.refuse("rope.freq_base_swa", rope.base, Words("a rope of two bases"))
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        normed, window = L.norm(x, "attn_norm"), windows[L.i]
        mixed = L.attention(normed, rope=rope if window else None, window=window)
        x = L.add(L.add(x, mixed), L.gated(normed))
    scale = command_r.read_logit_scale(keys)
    return model.finished(model.graph.scale(model.logits(x), scale))


def settings(config: Config, out: Metadata) -> Settings:
    """The class reads but a few of the keys that the published files have."""
    config.expect("use_qk_norm", False)
    config.expect("use_parallel_block", True)
    config.expect("use_gated_activation", True)
    config.expect("position_embedding_type", "rope_gptj")
    config.expect("rotary_pct", 1.0, 1)
    config.expect("head_dim", config.int("hidden_size") // config.int("num_attention_heads"))
    found = command_r.decoder(config, out)
    sliding_windows(config, out, found, config.int("sliding_window_pattern", PERIOD))
    return found


DEFAULTS = command_r.DEFAULTS | {"sliding_window": 4096}
SOURCE = Source(
    "cohere2",
    ("Cohere2ForCausalLM",),
    command_r.RULES,
    settings,
    DEFAULTS,
    neutral=(
        "layer_switch",
        "order_of_interleaved_layers",
        "use_embedding_sharing",
        "use_parallel_embedding",
    ),
)
FAMILY = Family(build, (SOURCE,))
