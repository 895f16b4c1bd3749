"""Gemma 2: norms before and behind each block, capped scores and logits, a window in turn."""

import numpy as np

from engine.base.catalogue import Words
from engine.workshop.convert.config import Config
from engine.workshop.convert.families import gemma
from engine.workshop.convert.families.family import Family, Settings, layer_norm, llama_rules
from engine.workshop.convert.families.windows import FULL, SLIDING, layer_types
from engine.workshop.convert.plan import Metadata

TURNS = ("sliding_attention", "full_attention")
LAYERS_27B = 46  # whose score scale goes without saying


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_activation", *gemma.TANH)
    config.get("hidden_act")  # Gemma 1's key, which this class does not read
    found = gemma.decoder(config, out)
    dims = found.dims
    # Absent, these keys have the class's defaults; null means "no cap".
    out.own(
        attn_logit_softcapping=config.float("attn_logit_softcapping", 0.0),
        final_logit_softcapping=config.float("final_logit_softcapping", 0.0),
        attention__sliding_window=config.int("sliding_window"),
    )
    turns = ([SLIDING, FULL] * dims["n_layer"])[: dims["n_layer"]]
    kinds = layer_types(config, dims["n_layer"]) or turns
    if kinds != turns:
        slides = np.array([kind == SLIDING for kind in kinds], np.int32)
        out.own(attention__sliding_window_pattern=slides)
        found.notices.append(
            Words(
                "{file}: key layer_types is not sliding and full attention in turn, as other "
                "programs take for granted; the file says so in a key that they may not read",
                file=config.name,
            )
        )
    usual = dims["embd"] // dims["n_head"] if dims["n_layer"] == LAYERS_27B else dims["head_dim"]
    scalar = config.float("query_pre_attn_scalar")
    if scalar != usual:
        out.own(attention__scale=scalar**-0.5)
    return found


def _in_turn(kinds: object, n_layer: int) -> bool:
    """Whether the layers are as they are where nobody says."""
    if kinds is None:
        return True
    if not isinstance(kinds, list) or len(kinds) != n_layer:
        return False
    return all(kind == TURNS[i % 2] for i, kind in enumerate(kinds))


FAMILY = Family(
    "gemma2",
    llama_rules(
        permuted=False,
        norm="plus_one",
        extra=(
            layer_norm("post_attention_layernorm", "post_attention_norm", "plus_one"),
            layer_norm("pre_feedforward_layernorm", "ffn_norm", "plus_one"),
            layer_norm("post_feedforward_layernorm", "post_ffw_norm", "plus_one"),
        ),
    ),
    settings,
)
