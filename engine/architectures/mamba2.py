"""Mamba-2: every layer is a selective scan by heads, and nothing else; no attention at all.

Dao & Gu 2024, arXiv:2405.21060. Files say nothing of a length that was learned.
"""

from engine.architectures.shared.common import EPSILONS, Common, read_common
from engine.architectures.shared.decoder import OUTPUT, biases, expect_silu, layer_norm
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.architectures.shared.state_space import (
    read_scanned,
    scan_layer,
    scan_rules,
    scan_settings,
)
from engine.base.errors import FormatError
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

CONTEXT = 1 << 20  # tokens; any number would do
# Modules that have a bias in transformers, by the key that says so.
INOUT, CONV = r"mixer\.(in|out)_proj", r"mixer\.conv1d"


def build(keys: Keys) -> tuple[Common, Graph]:
    common, scanned = read_common(keys, hybrid=True), read_scanned(keys)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, scan_layer(L, L.norm(x, "attn_norm"), scanned))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    n_embd, heads, value = (config.int(key) for key in ("hidden_size", "num_heads", "head_dim"))
    if config.int("expand") * n_embd != heads * value:
        raise FormatError(
            "{file}: {heads} heads of {value} columns are not {expand} times {n_embd} (keys "
            "num_heads, head_dim, expand, hidden_size)",
            file=config.name,
            heads=heads,
            value=value,
            expand=config.int("expand"),
            n_embd=n_embd,
        )
    sizes = scan_settings(
        config,
        out,
        heads=heads,
        value=value,
        groups=config.int("n_groups"),
        size=config.int("state_size"),
        taps=config.int("conv_kernel", low=2),
    )
    return scanning(config, out, sizes)


def scanning(config: Config, out: Metadata, sizes: dict[str, int]) -> Settings:
    """What models that only scan say besides."""
    n_embd, n_layer = config.int("hidden_size"), config.int("num_hidden_layers")
    vocab = config.int("vocab_size")
    out.own(
        vocab_size=vocab,
        context_length=CONTEXT,
        embedding_length=n_embd,
        block_count=n_layer,
        feed_forward_length=0,
        attention__head_count=0,
        **{EPSILONS["rms"]: config.float("layer_norm_epsilon")},
    )
    dims = {"n_layer": n_layer, "vocab": vocab, "embd": n_embd} | sizes
    found = Settings(dims, config.bool("tie_word_embeddings", False))
    found.biased = biases(config, ("use_bias", INOUT), ("use_conv_bias", CONV))
    return found


RULES = (
    Rule("embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    layer_norm("norm", "attn_norm"),
    *scan_rules("mixer"),
    Rule("norm_f.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = {
    "vocab_size": 32768,
    "hidden_size": 4096,
    "num_hidden_layers": 64,
    "num_heads": 128,
    "head_dim": 64,
    "state_size": 128,
    "n_groups": 8,
    "expand": 2,
    "conv_kernel": 4,
    "layer_norm_epsilon": 1e-5,
    "use_bias": False,
    "use_conv_bias": True,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
}
# How weights were made, and how transformers runs them.
NEUTRAL = (
    "chunk_size",
    "rescale_prenorm_residual",
    "residual_in_fp32",
    "time_step_floor",
    "time_step_max",
    "time_step_min",
)
FAMILY = Family(
    build,
    (
        Source(
            "mamba2",
            ("Mamba2ForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            None,
            prefix="backbone.",
            neutral=(*NEUTRAL, "rms_norm", "time_step_rank"),
        ),
    ),
)
