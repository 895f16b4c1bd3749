"""Gemma 2: norms before and behind each block, capped scores and logits, a window in turn."""

from engine.base.errors import UnsupportedError
from engine.workshop.convert.config import Config
from engine.workshop.convert.families import gemma
from engine.workshop.convert.families.family import Family, Settings, layer_norm, llama_rules
from engine.workshop.convert.plan import Metadata

LAYERS_27B = 46  # whose score scale goes without saying


def settings(config: Config, out: Metadata) -> Settings:
    found = gemma.settings(config, out)
    dims = found.dims
    out.own(
        attn_logit_softcapping=config.float("attn_logit_softcapping", 0.0),
        final_logit_softcapping=config.float("final_logit_softcapping", 0.0),
        attention__sliding_window=config.int("sliding_window", 4096),
    )
    turns = ["sliding_attention", "full_attention"] * dims["n_layer"]
    if config.values.get("layer_types", turns[: dims["n_layer"]]) != turns[: dims["n_layer"]]:
        raise UnsupportedError(
            f"{config.name}: key layer_types is not sliding and full attention in turn"
        )
    usual = dims["embd"] // dims["n_head"] if dims["n_layer"] == LAYERS_27B else dims["head_dim"]
    scalar = config.float("query_pre_attn_scalar", 256.0)
    if scalar != usual:
        out.own(attention__scale=scalar**-0.5)
    return found


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
