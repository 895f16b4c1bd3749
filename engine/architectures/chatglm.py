"""ChatGLM 2 and 3, GLM 4 of 2024: half of each head turns, in pairs; gate and up are one matrix."""

from engine.architectures import glm4
from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    attention_rules,
    both,
    layer_norm,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.rope import read_rope
from engine.architectures.shared.source import Rotation, Rule, Source
from engine.compute.graph import Graph


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    common = read_common(keys)
    rope = read_rope(keys, common, "normal")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=rope))
        x = L.add(x, L.gated_fused(L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x))


RULES = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *attention_rules(),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    *both("layers.{i}.mlp.gate_up_proj", "ffn_up", ("gate_up", "embd")),
    *both("layers.{i}.mlp.down_proj", "ffn_down", ("embd", "ff")),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
SOURCE = Source(
    "glm", ("GlmForCausalLM",), RULES, glm4.settings, glm4.DEFAULTS, Rotation(partial=0.5)
)
FAMILY = Family(build, (SOURCE,))
