"""Llama 1-3, Mistral 7B, TinyLlama, Yi, SmolLM, Vicuna and the many others of this shape."""

from engine.architectures.blocks import gated_feed_forward, logits, self_attention
from engine.architectures.hyper import Hyper, Keys, read_hyper
from engine.base.catalogue import Words
from engine.compute.graph import Graph


def build(keys: Keys) -> tuple[Hyper, Graph]:
    keys.refuse("expert_count", 0, Words("a mixture of experts"))
    h = read_hyper(keys, rope_style="normal")
    return h, declare(keys, h)


def declare(keys: Keys, h: Hyper, *, head_norm: bool = False) -> Graph:
    """Pre-norm transformer: attention and feed-forward, each added to the residual stream."""
    g = Graph()
    x = g.embed("token_embd.weight", h.n_vocab, h.n_embd)
    for i in range(h.n_layer):
        if h.n_head[i]:
            normed = g.rms_norm(x, f"blk.{i}.attn_norm.weight", h.eps)
            x = g.add(x, self_attention(g, keys, h, i, normed, head_norm=head_norm))
        if h.n_ff[i]:
            normed = g.rms_norm(x, f"blk.{i}.ffn_norm.weight", h.eps)
            x = g.add(x, gated_feed_forward(g, keys, h, i, normed))
    logits(g, keys, h, x)
    return g
