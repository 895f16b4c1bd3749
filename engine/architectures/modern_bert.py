"""ModernBERT: an encoder with norms before each block, rope, and a window in two of three layers.

Layers with a window see half of it to each side, and turn with a base of their own. The first layer
has no norm before its attention, as the embedding was normed.
"""

from dataclasses import dataclass
from typing import Any

from engine.architectures.shared.common import (
    Common,
    read_common,
    read_local_rope,
    read_rope,
    read_windows,
)
from engine.architectures.shared.decoder import (
    FULL,
    SLIDING,
    biases,
    both,
    decoder_settings,
    layer_types,
)
from engine.architectures.shared.encoder import (
    attended,
    both_ways,
    embedded,
    encoder_settings,
    ended,
    score_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.base.catalogue import Words
from engine.base.errors import UnsupportedError
from engine.base.words import quoted
from engine.compute.graph import Activation, Graph, RopeSpec
from engine.weights.formats.config import Config

BASE, LOCAL = 160_000.0, 10_000.0  # of the rope
PERIOD = 3
# A key of our own: of what the score is made, where that is not the mean, as other programs have.
SCORED = "chaski.score_pooling"
ACTIVATIONS: dict[str, Activation] = {"gelu": "gelu", "silu": "silu"}


@dataclass(frozen=True)
class ModernBert:
    """What it has beside the figures of all; windows: 0 where a layer sees everything."""

    rope: RopeSpec
    local: RopeSpec
    windows: tuple[int, ...]
    act: Activation


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm; the first half of `ffn_up` is what the activation bends."""
    both_ways(keys)
    common = read_common(keys, norm="layer")
    own = _read(keys, common)
    model = Model(keys, common)
    x = embedded(model, positions=False)
    for L in model.layers():
        window = own.windows[L.i]
        normed = L.norm(x, "attn_norm") if L.has("attn_norm") else x
        rope = own.local if window else own.rope
        x = L.add(x, attended(L, normed, rope=rope, window=window // 2 + 1 if window else 0))
        x = L.add(x, L.gated_fused(L.norm(x, "ffn_norm"), own.act))
    scored = keys.file.get_str(SCORED, "mean")
    if scored not in ("mean", "cls"):
        raise UnsupportedError(
            "{file}: key {key} is {scored}; known are mean and cls",
            file=keys.file.path.name,
            key=SCORED,
            scored=quoted(scored),
        )
    return ended(model, model.norm(x, "output_norm"), scored=scored, act="gelu")


def _read(keys: Keys, common: Common) -> ModernBert:
    rope = read_rope(keys, common, "neox")
    name = keys.file.get_str(keys.name("hidden_activation"), "gelu")
    if name not in ACTIVATIONS:
        keys.refuse("hidden_activation", "gelu", Words("this activation"))
    return ModernBert(
        rope, read_local_rope(keys, rope, LOCAL), _windows(keys, common), ACTIVATIONS[name]
    )


def _windows(keys: Keys, common: Common) -> tuple[int, ...]:
    """Of a pattern n each n-th layer sees everything, the first one among them."""
    found = read_windows(keys, common)
    pattern = keys.file.metadata.get(keys.name("attention.sliding_window_pattern"), PERIOD)
    if not isinstance(pattern, int) or isinstance(pattern, bool):
        return found
    width = max(found)
    return tuple(width if pattern and i % pattern else 0 for i in range(common.n_layer))


def settings(config: Config, out: Metadata) -> Settings:
    named = Config(config.values | {"intermediate_size": config.int("intermediate_size")}, "")
    named.name, named.asked, named.given = config.name, config.asked, config.given
    found = decoder_settings(named, out, norm="layer", eps="norm_eps")
    dims = found.dims
    dims |= {"qkv": 3 * dims["embd"], "both": 2 * dims["ff"]}
    act = config.expect("hidden_activation", "gelu", "silu")
    out.own(hidden_activation=None if act == "gelu" else act)
    out.own(attention__sliding_window=config.int("local_attention"))
    _pattern(config, out, dims["n_layer"])
    known = ("attention_bias", r"attn\.W\w+"), ("mlp_bias", r"mlp\.W\w+")
    found.biased = biases(config, *known)
    if config.bool("norm_bias", False):
        found.biased += r"|\w+_norm"
    encoder_settings(config, out, found)
    if f"{out.architecture}.pooling_type" in out:
        if config.expect("classifier_pooling", "cls", "mean") == "cls":
            out[SCORED] = "cls"
            found.notices.append(
                Words(
                    "the score is made of the first token, as config.json says "
                    "(classifier_pooling); other programs make it of the mean of all"
                )
            )
        config.expect("classifier_activation", "gelu")
        config.bool("classifier_bias", False)
    return found


def _pattern(config: Config, out: Metadata, n_layer: int) -> None:
    period = config.int("global_attn_every_n_layers", PERIOD)
    turns = [SLIDING if i % period else FULL for i in range(n_layer)]
    kinds = layer_types(config, n_layer) or turns
    if kinds == turns:
        out.own(attention__sliding_window_pattern=period)
    else:
        out.own(attention__sliding_window_pattern=[int(kind == SLIDING) for kind in kinds])


def _norm(source: str, target: str, *, optional: bool = False) -> tuple[Rule, Rule]:
    return (
        Rule(f"{source}.weight", f"{target}.weight", ("embd",), optional=optional),
        Rule(f"{source}.bias", f"{target}.bias", ("embd",), optional=True),
    )


_AT = "layers.{i}."
RULES = (
    Rule("embeddings.tok_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    *_norm("embeddings.norm", "token_embd_norm"),
    *_norm(f"{_AT}attn_norm", "blk.{i}.attn_norm", optional=True),
    *both(f"{_AT}attn.Wqkv", "attn_qkv", ("qkv", "embd")),
    *both(f"{_AT}attn.Wo", "attn_output", ("embd", "embd")),
    *_norm(f"{_AT}mlp_norm", "blk.{i}.ffn_norm"),
    *both(f"{_AT}mlp.Wi", "ffn_up", ("both", "embd")),
    *both(f"{_AT}mlp.Wo", "ffn_down", ("embd", "ff")),
    *_norm("final_norm", "output_norm"),
    *score_rules("head.dense", "classifier"),
    *_norm("head.norm", "cls.norm", optional=True),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 50368,
    "hidden_size": 768,
    "intermediate_size": 1152,
    "num_hidden_layers": 22,
    "num_attention_heads": 12,
    "hidden_activation": "gelu",
    "max_position_embeddings": 8192,
    "norm_eps": 1e-5,
    "local_attention": 128,
    "tie_word_embeddings": True,
}
FAMILY = Family(
    build,
    (
        Source(
            "modernbert",
            ("ModernBertModel", "ModernBertForSequenceClassification", "ModernBertForMaskedLM"),
            RULES,
            settings,
            DEFAULTS,
            Rotation(
                base=BASE,
                local=LOCAL,
                names={"global_rope_theta": "rope_theta"},
                local_key="local_rope_theta",
            ),
            ignored=r"inv_freq$|^decoder\.",
            neutral=(
                "initializer_cutoff_factor",
                "embedding_dropout",
                "mlp_dropout",
                "decoder_bias",
                "classifier_dropout",
                "deterministic_flash_attn",
                "sparse_prediction",
                "sparse_pred_ignore_index",
                "cls_token_id",
                "reference_compile",
                "repad_logits_with_grad",
                "classifier_pooling",
                "classifier_activation",
                "classifier_bias",
                "type_vocab_size",
            ),  # fmt: skip
        ),
    ),
)
