"""Gemma 1: a llama in neox order with a scaled embedding and a GELU gate.

Its norm weights are stored as 1 + w (bent at conversion), so the graph has plain norms.
"""

from engine.architectures.blocks import gated_feed_forward, logits, self_attention
from engine.architectures.hyper import Hyper, Keys, read_hyper
from engine.compute.graph import Graph


def build(keys: Keys) -> tuple[Hyper, Graph]:
    h = read_hyper(keys, rope_style="neox", windowed=False)
    return h, declare(keys, h)


def declare(keys: Keys, h: Hyper) -> Graph:
    """Pre-norm transformer; the output matrix is the embedding."""
    g = Graph()
    x = g.scale(g.embed("token_embd.weight", h.n_vocab, h.n_embd), h.n_embd**0.5)
    for i in range(h.n_layer):
        normed = g.rms_norm(x, f"blk.{i}.attn_norm.weight", h.eps)
        x = g.add(x, self_attention(g, keys, h, i, normed))
        normed = g.rms_norm(x, f"blk.{i}.ffn_norm.weight", h.eps)
        x = g.add(x, gated_feed_forward(g, keys, h, i, normed, act="gelu_tanh"))
    logits(g, keys, h, x)
    return g
