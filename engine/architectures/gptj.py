"""GPT-J 6B: attention and feed-forward read one norm beside each other; neighbours turn, in a part
of each head; the output has a bias."""

from typing import Any

from engine.architectures.shared.common import Common, Style, read_common, read_rope
from engine.architectures.shared.decoder import OUTPUT, both, figures_settings, norm_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.base.errors import FormatError
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

GELU = ("gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh")  # all the same


def build(keys: Keys, style: Style = "normal") -> tuple[Common, Graph]:
    """Pre-norm transformer of blocks side by side; style: which columns turn together."""
    common = read_common(keys, norm="layer")
    rope = read_rope(keys, common, style)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        normed = L.norm(x, "attn_norm")
        x = L.add(L.add(x, L.attention(normed, rope=rope)), L.plain(normed, "gelu_tanh"))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("activation_function", *GELU)
    n_embd = config.int("n_embd")
    found = figures_settings(
        config,
        out,
        n_ctx=config.int("n_positions"),
        n_embd=n_embd,
        n_layer=config.int("n_layer"),
        n_head=config.int("n_head"),
        n_ff=config.int("n_inner", 4 * n_embd),
        eps=config.float("layer_norm_epsilon"),
    )
    turning, head_dim = config.int("rotary_dim"), found.dims["head_dim"]
    if turning % 2 or turning > head_dim:
        raise FormatError(
            "{file}: {turning} of the {head_dim} columns of a head cannot turn (key rotary_dim)",
            file=config.name,
            turning=turning,
            head_dim=head_dim,
        )
    out.own(rope__dimension_count=turning)
    found.biased = r"ln_1|mlp\.\w+"
    return found


RULES = (
    Rule("wte.weight", "token_embd.weight", ("vocab", "embd")),
    *both("h.{i}.ln_1", "attn_norm", ("embd",)),
    *both("h.{i}.attn.q_proj", "attn_q", ("q", "embd")),
    *both("h.{i}.attn.k_proj", "attn_k", ("kv", "embd")),
    *both("h.{i}.attn.v_proj", "attn_v", ("kv", "embd")),
    *both("h.{i}.attn.out_proj", "attn_output", ("embd", "embd")),
    *both("h.{i}.mlp.fc_in", "ffn_up", ("ff", "embd")),
    *both("h.{i}.mlp.fc_out", "ffn_down", ("embd", "ff")),
    *norm_rules("ln_f", "output_norm"),
    OUTPUT,
    Rule("lm_head.bias", "output.bias", ("vocab",)),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 50400,
    "n_positions": 2048,
    "n_embd": 4096,
    "n_layer": 28,
    "n_head": 16,
    "rotary_dim": 64,
    "activation_function": "gelu_new",
    "layer_norm_epsilon": 1e-5,
    "tie_word_embeddings": False,
}
SOURCE = Source(
    "gptj",
    ("GPTJForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    rotation=None,
    prefix="transformer.",
)
FAMILY = Family(build, (SOURCE,))
