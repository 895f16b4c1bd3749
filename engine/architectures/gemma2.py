"""Gemma 2: Gemma with norms behind each block, capped scores and logits, and windows in turn.

Its norm weights are stored as 1 + w (bent at conversion), so the graph has plain norms.
"""

from dataclasses import replace

from engine.architectures.blocks import gated_feed_forward, logits, self_attention
from engine.architectures.hyper import Hyper, Keys, read_hyper
from engine.base.errors import FormatError
from engine.compute.graph import Graph

LAYERS_27B = 46  # this one scales its scores by the width of a head of an even split


def build(keys: Keys) -> tuple[Hyper, Graph]:
    h = read_hyper(keys, rope_style="neox")
    if not keys.has("attention.sliding_window_pattern"):
        # Without a pattern in the file every other layer sees everything, beginning with layer 1.
        h = replace(h, window=tuple(0 if i % 2 else w for i, w in enumerate(h.window)))
    return h, declare(keys, h)


def declare(keys: Keys, h: Hyper) -> Graph:
    """Norms before and behind attention and feed-forward; what is behind is added."""
    scale = _score_scale(keys, h)
    attn_cap, final_cap = (_cap(keys, name) for name in ("attn_logit", "final_logit"))
    g = Graph()
    x = g.scale(g.embed("token_embd.weight", h.n_vocab, h.n_embd), h.n_embd**0.5)
    for i in range(h.n_layer):
        b = f"blk.{i}."
        normed = g.rms_norm(x, f"{b}attn_norm.weight", h.eps)
        mixed = self_attention(g, keys, h, i, normed, scale=scale, softcap=attn_cap)
        x = g.add(x, g.rms_norm(mixed, f"{b}post_attention_norm.weight", h.eps))
        normed = g.rms_norm(x, f"{b}ffn_norm.weight", h.eps)
        mixed = gated_feed_forward(g, keys, h, i, normed, act="gelu_tanh")
        x = g.add(x, g.rms_norm(mixed, f"{b}post_ffw_norm.weight", h.eps))
    g.softcap(logits(g, keys, h, x), final_cap)
    return g


def _score_scale(keys: Keys, h: Hyper) -> float:
    """`attention.scale` where the file has it; else what the sizes that were published use."""
    usual = h.n_embd // max(h.n_head) if h.n_layer == LAYERS_27B else h.head_dim
    return keys.float("attention.scale", float(usual) ** -0.5)


def _cap(keys: Keys, which: str) -> float:
    value = keys.float(f"{which}_softcapping", {"attn_logit": 50.0, "final_logit": 30.0}[which])
    if value < 0:
        name = keys.name(f"{which}_softcapping")
        raise FormatError(
            "{file}: key {name} is {value}, below 0",
            file=keys.file.path.name,
            name=name,
            value=value,
        )
    return value
