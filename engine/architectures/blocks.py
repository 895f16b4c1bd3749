"""Paragraphs that many families share: self-attention and the gated feed-forward of one layer."""

from engine.architectures.hyper import Hyper, Keys
from engine.compute.graph import Attention, Graph, Value


def self_attention(
    g: Graph, keys: Keys, h: Hyper, layer: int, x: Value, *, head_norm: bool = False
) -> Value:
    """Query, key, value, rope, attention, output. Biases where the file has them.

    head_norm: RMS norm of each query and key head before rope (Qwen3).
    """
    b = f"blk.{layer}."
    heads, shared = h.n_head[layer], h.n_head_kv[layer]

    def project(name: str, width: int) -> Value:
        return g.linear(x, f"{b}{name}.weight", width, keys.tensor(f"{b}{name}.bias"))

    q = project("attn_q", heads * h.head_dim)
    k = project("attn_k", shared * h.head_dim)
    v = project("attn_v", shared * h.head_dim_v)
    if head_norm:
        q = g.rms_norm(q, f"{b}attn_q_norm.weight", h.eps, group=h.head_dim)
        k = g.rms_norm(k, f"{b}attn_k_norm.weight", h.eps, group=h.head_dim)
    mixed = g.attention(
        Attention(
            q=g.rope(q, h.head_dim, h.rope),
            k=g.rope(k, h.head_dim, h.rope),
            v=v,
            layer=layer,
            n_head=heads,
            n_head_kv=shared,
            head_dim=h.head_dim,
            head_dim_v=h.head_dim_v,
            scale=h.head_dim**-0.5,
            window=h.window[layer],
        )
    )
    return g.linear(mixed, f"{b}attn_output.weight", h.n_embd, keys.tensor(f"{b}attn_output.bias"))


def gated_feed_forward(g: Graph, keys: Keys, h: Hyper, layer: int, x: Value) -> Value:
    """down(silu(gate(x)) * up(x)), Shazeer 2020, arXiv:2002.05202."""
    b = f"blk.{layer}."
    width = h.n_ff[layer]

    def bias(name: str) -> str | None:
        return keys.tensor(f"{b}{name}.bias")

    gate = g.linear(x, f"{b}ffn_gate.weight", width, bias("ffn_gate"))
    up = g.linear(x, f"{b}ffn_up.weight", width, bias("ffn_up"))
    return g.linear(g.gated(gate, up, "silu"), f"{b}ffn_down.weight", h.n_embd, bias("ffn_down"))


def logits(g: Graph, keys: Keys, h: Hyper, x: Value) -> Value:
    """Final norm and output matrix; without one of its own, the embedding serves (tied)."""
    x = g.rms_norm(g.select(x), "output_norm.weight", h.eps)
    weight = keys.tensor("output.weight") or "token_embd.weight"
    return g.linear(x, weight, h.n_vocab, keys.tensor("output.bias"))
