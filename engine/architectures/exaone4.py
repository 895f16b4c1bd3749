"""EXAONE 4: norms stand behind each block and on each query and key head. Where some layers look
through a window, the others see everything and turn no heads."""

from collections.abc import Callable

from engine.architectures import llama
from engine.architectures.shared.common import (
    Common,
    read_common,
    read_rope,
    read_windows,
)
from engine.architectures.shared.decoder import (
    FULL,
    SLIDING,
    decoder_settings,
    expect_silu,
    head_norms,
    layer_norm,
    layer_types,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_CONTEXT, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import BUFFERS, Metadata, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph, RopeSpec
from engine.weights.formats.config import Config

PERIOD = 4  # each fourth layer sees everything


def build(keys: Keys) -> tuple[Common, Graph]:
    """Attention and feed-forward read the residual stream as it is; their norms are added to it."""
    common = read_common(keys)
    look = look_of(keys, common)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        rope, window = look(L)
        mixed = L.attention(x, rope=rope, window=window, head_norm=True)
        x = L.add(x, L.norm(mixed, "post_attention_norm"))
        x = L.add(x, L.norm(L.gated(x), "post_ffw_norm"))
    return model.finished(model.logits(x))


def look_of(keys: Keys, common: Common) -> Callable[[Layer], tuple[RopeSpec | None, int]]:
    """The rope of a layer, if its heads turn, and its window; 0: it sees everything."""
    rope = read_rope(keys, common, "neox")
    keys.refuse("rope.freq_base_swa", rope.base, Words("a rope of two bases"))
    windows = read_windows(keys, common, PERIOD)
    limited = keys.int("attention.sliding_window", 0, MAX_CONTEXT, default=0) > 0

    def look(L: Layer) -> tuple[RopeSpec | None, int]:
        window = windows[L.i]
        return rope if window or not limited else None, window

    return look


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    set_windows(config, out, found.dims["n_layer"])
    return found


def set_windows(config: Config, out: Metadata, n_layer: int) -> None:
    """Which layers look through the window is always written: others guess it from their number.
    The pattern of config.json is a number, or a letter for each layer in turn."""
    window, pattern = config.int("sliding_window", None), config.get("sliding_window_pattern")
    if isinstance(pattern, str) and pattern and not set(pattern) - set("LG"):  # local, global
        slides = [pattern[i % len(pattern)] == "L" for i in range(n_layer)]
    else:
        period = config.int("sliding_window_pattern", PERIOD)
        slides = [(i + 1) % period != 0 for i in range(n_layer)]
    usual = [SLIDING if each and window else FULL for each in slides]
    kinds = layer_types(config, n_layer) or usual
    if window or SLIDING in kinds:
        out.own(
            attention__sliding_window=config.int("sliding_window"),
            attention__sliding_window_pattern=[kind == SLIDING for kind in kinds],
        )


RULES = llama_rules(
    layer_norm("post_attention_layernorm", "post_attention_norm"),
    layer_norm("post_feedforward_layernorm", "post_ffw_norm"),
    extra=head_norms("head_dim", "head_dim"),
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 102400,
    "intermediate_size": 16384,
    "num_key_value_heads": 32,
    "rms_norm_eps": 1e-5,
    "sliding_window": 4096,
    "sliding_window_pattern": 4,
}
SOURCE = Source(
    "exaone4",
    ("Exaone4ForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    ignored=rf"{BUFFERS}|^mtp\.",
    neutral=("num_nextn_predict_layers", "mtp_share_layers"),
    within={"exaone4_5": "Exaone4_5_ForConditionalGeneration"},
)
FAMILY = Family(build, (SOURCE,))
