"""Paragraphs that many families share: self-attention and the gated feed-forward of one layer."""

from engine.architectures.hyper import Hyper, Keys
from engine.compute.graph import Activation, Graph, Grows, Value


def self_attention(
    g: Graph,
    keys: Keys,
    h: Hyper,
    layer: int,
    x: Value,
    *,
    head_norm: bool = False,
    rotate: bool = True,
    scale: float | None = None,
    softcap: float = 0.0,
) -> Value:
    """Query, key, value, rope, attention, output. Biases where the file has them.

    head_norm: RMS norm of each query and key head before rope (Qwen3). scale: of the scores,
    where it is not 1 / sqrt(head_dim).
    """
    b = f"blk.{layer}."
    q, k, v = _project(g, keys, h, layer, x)
    if head_norm:
        q = g.rms_norm(q, f"{b}attn_q_norm.weight", h.eps, group=h.head_dim)
        k = g.rms_norm(k, f"{b}attn_k_norm.weight", h.eps, group=h.head_dim)
    if rotate:
        q, k = g.rope(q, h.head_dim, h.rope), g.rope(k, h.head_dim, h.rope)
    cache = g.keep(Grows(h.n_head_kv[layer], h.head_dim, h.head_dim_v, h.window[layer]))
    g.keep_rows(k, v, cache)
    scale = h.head_dim**-0.5 if scale is None else scale
    window = h.window[layer]
    mixed = g.attention(q, cache, h.n_head[layer], scale, window=window, softcap=softcap)
    return g.linear(mixed, f"{b}attn_output.weight", h.n_embd, keys.tensor(f"{b}attn_output.bias"))


def _project(g: Graph, keys: Keys, h: Hyper, layer: int, x: Value) -> tuple[Value, Value, Value]:
    """Query, key and value: three matrices, or one (`attn_qkv`) that holds them one after another.

    A file has the one or the other, whatever the family (Phi-3 and GPT-2 mostly have one).
    """
    b = f"blk.{layer}."
    q_width, k_width = h.n_head[layer] * h.head_dim, h.n_head_kv[layer] * h.head_dim
    v_width = h.n_head_kv[layer] * h.head_dim_v

    def linear(name: str, width: int) -> Value:
        return g.linear(x, f"{b}{name}.weight", width, keys.tensor(f"{b}{name}.bias"))

    if keys.tensor(f"{b}attn_qkv.weight"):
        fused = linear("attn_qkv", q_width + k_width + v_width)
        return (
            g.slice(fused, 0, q_width),
            g.slice(fused, q_width, k_width),
            g.slice(fused, q_width + k_width, v_width),
        )
    return linear("attn_q", q_width), linear("attn_k", k_width), linear("attn_v", v_width)


def gated_feed_forward(
    g: Graph,
    keys: Keys,
    h: Hyper,
    layer: int,
    x: Value,
    *,
    act: Activation = "silu",
    fused: bool = False,
) -> Value:
    """down(act(gate(x)) * up(x)), Shazeer 2020, arXiv:2002.05202.

    fused: without an `ffn_gate` of its own, the upper half of `ffn_up` is the gate (Phi-3).
    """
    b = f"blk.{layer}."
    width = h.n_ff[layer]

    def linear(name: str, width: int) -> Value:
        return g.linear(x, f"{b}{name}.weight", width, keys.tensor(f"{b}{name}.bias"))

    if fused and not keys.tensor(f"{b}ffn_gate.weight"):
        both = linear("ffn_up", 2 * width)
        gate, up = g.slice(both, 0, width), g.slice(both, width, width)
    else:
        gate, up = linear("ffn_gate", width), linear("ffn_up", width)
    inner = g.gated(gate, up, act)
    return g.linear(inner, f"{b}ffn_down.weight", h.n_embd, keys.tensor(f"{b}ffn_down.bias"))


def plain_feed_forward(
    g: Graph, keys: Keys, h: Hyper, layer: int, x: Value, act: Activation
) -> Value:
    """down(act(up(x))): the feed-forward of the first transformers."""
    b = f"blk.{layer}."
    up = g.linear(x, f"{b}ffn_up.weight", h.n_ff[layer], keys.tensor(f"{b}ffn_up.bias"))
    inner = g.activate(up, act)
    return g.linear(inner, f"{b}ffn_down.weight", h.n_embd, keys.tensor(f"{b}ffn_down.bias"))


def logits(g: Graph, keys: Keys, h: Hyper, x: Value) -> Value:
    """Final norm and output matrix; without one of its own, the embedding serves (tied)."""
    return output(g, keys, h, g.rms_norm(g.select(x), "output_norm.weight", h.eps))


def output(g: Graph, keys: Keys, h: Hyper, x: Value) -> Value:
    """The output matrix, or the embedding in its place."""
    weight = keys.tensor("output.weight") or "token_embd.weight"
    return g.linear(x, weight, h.n_vocab, keys.tensor("output.bias"))
