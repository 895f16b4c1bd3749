"""GPT-2: learned positions, layer norms with biases, no gate. As OpenAI published it in 2019.

In its checkpoints the matrices have rows and columns exchanged.
"""

from typing import Any

from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import OUTPUT, both, norm_rules
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer; positions are added to the embedding."""
    common = read_common(keys, norm="layer")
    model = Model(keys, common)
    g, n_embd = model.graph, common.n_embd
    places = g.embed_position("position_embd.weight", common.n_ctx_train, n_embd)
    x = g.add(model.embed(), places)
    for L in model.layers():
        x = L.add(x, L.attention(L.norm(x, "attn_norm")))
        x = L.add(x, L.plain(L.norm(x, "ffn_norm"), "gelu_tanh"))
    return model.finished(model.logits(x))


_GELU = ("gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh")
# Names that transformers takes for GPT-2's own; where both are there, these count.
ALIASES = {
    "n_positions": "max_position_embeddings",
    "n_embd": "hidden_size",
    "n_layer": "num_hidden_layers",
    "n_head": "num_attention_heads",
}


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("activation_function", *_GELU)
    config.expect("scale_attn_weights", True)
    config.expect("scale_attn_by_inverse_layer_idx", False)
    notices: list[str] = []
    n_ctx, n_embd, n_layer, n_head = (_either(config, key, notices) for key in ALIASES)
    if n_embd % n_head:
        raise FormatError(
            "{file}: {n_head} heads do not fit a width of {n_embd}",
            file=config.name,
            n_head=n_head,
            n_embd=n_embd,
        )
    found = gpt2_settings(
        out,
        n_ctx=n_ctx,
        n_embd=n_embd,
        n_layer=n_layer,
        n_head=n_head,
        n_ff=config.int("n_inner", 4 * n_embd),
        vocab=config.int("vocab_size"),
        eps=config.float("layer_norm_epsilon"),
        tied=config.bool("tie_word_embeddings", False),
    )
    found.notices += notices
    return found


def _either(config: Config, key: str, notices: list[str]) -> int:
    """A figure under its own name or the other one."""
    if not config.has(ALIASES[key]):
        return int(config.int(key))
    value = int(config.int(ALIASES[key]))
    if key in config.given and config.int(key) != value:
        notices.append(
            Words(
                "{file} has {key} and {alias}, which differ; the second was taken ({value}), as "
                "transformers does",
                file=config.name,
                key=key,
                alias=ALIASES[key],
                value=value,
            )
        )
    return value


def gpt2_settings(
    out: Metadata,
    *,
    n_ctx: int,
    n_embd: int,
    n_layer: int,
    n_head: int,
    n_ff: int,
    vocab: int,
    eps: float = 1e-5,
    tied: bool = True,
) -> Settings:
    """The keys of a GPT-2, whatever file it comes from."""
    out.own(
        context_length=n_ctx,
        embedding_length=n_embd,
        block_count=n_layer,
        feed_forward_length=n_ff,
        attention__head_count=n_head,
        attention__layer_norm_epsilon=eps,
    )
    dims = {"n_layer": n_layer, "n_head": n_head, "vocab": vocab, "embd": n_embd, "ctx": n_ctx}
    return Settings(dims | {"qkv": 3 * n_embd, "ff": n_ff}, tied, biased=r"(attn|mlp)\.c_\w+|ln_\d")


RULES = (
    Rule("wte.weight", "token_embd.weight", ("vocab", "embd")),
    Rule("wpe.weight", "position_embd.weight", ("ctx", "embd")),
    *norm_rules("h.{i}.ln_1", "blk.{i}.attn_norm"),
    *both("h.{i}.attn.c_attn", "attn_qkv", ("qkv", "embd"), "turned"),
    *both("h.{i}.attn.c_proj", "attn_output", ("embd", "embd"), "turned"),
    *norm_rules("h.{i}.ln_2", "blk.{i}.ffn_norm"),
    *both("h.{i}.mlp.c_fc", "ffn_up", ("ff", "embd"), "turned"),
    *both("h.{i}.mlp.c_proj", "ffn_down", ("embd", "ff"), "turned"),
    *norm_rules("ln_f", "output_norm"),
    OUTPUT,
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 50257,
    "n_positions": 1024,
    "n_embd": 768,
    "n_layer": 12,
    "n_head": 12,
    "activation_function": "gelu_new",
    "layer_norm_epsilon": 1e-5,
    "tie_word_embeddings": True,
}
SOURCE = Source(
    "gpt2",
    ("GPT2LMHeadModel",),
    RULES,
    settings,
    DEFAULTS,
    rotation=None,
    prefix="transformer.",
)
FAMILY = Family(build, (SOURCE,))
