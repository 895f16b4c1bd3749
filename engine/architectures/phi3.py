"""Phi 3, 3.5 and 4: a llama in neox order whose query, key, value and gate, up are one matrix."""

from engine.architectures.blocks import gated_feed_forward, logits, self_attention
from engine.architectures.hyper import Hyper, Keys, read_hyper
from engine.base.catalogue import Words
from engine.compute.graph import Graph


def build(keys: Keys) -> tuple[Hyper, Graph]:
    keys.refuse("expert_count", 0, Words("a mixture of experts"))
    h = read_hyper(keys, rope_style="neox")
    return h, declare(keys, h)


def declare(keys: Keys, h: Hyper) -> Graph:
    """Pre-norm transformer."""
    g = Graph()
    x = g.embed("token_embd.weight", h.n_vocab, h.n_embd)
    for i in range(h.n_layer):
        normed = g.rms_norm(x, f"blk.{i}.attn_norm.weight", h.eps)
        x = g.add(x, self_attention(g, keys, h, i, normed))
        normed = g.rms_norm(x, f"blk.{i}.ffn_norm.weight", h.eps)
        x = g.add(x, gated_feed_forward(g, keys, h, i, normed, fused=True))
    logits(g, keys, h, x)
    return g
