"""Writes a model's graph, layer by layer: names, widths and optional biases are told once, here.

Paragraphs that many families share are methods of Layer; a family with a twist of its own takes
their parts (`qkv`, `attend`, `linear`).
"""

from collections.abc import Iterator

from engine.architectures.shared.common import Common
from engine.architectures.shared.keys import Keys
from engine.compute.graph import Activation, Graph, Grows, RopeSpec, Value


class Pen:
    """Writes into one graph. Tensors are called `prefix` + name + .weight, biases .bias.

    A bias is read where the file has it, whatever the family.
    """

    prefix = ""

    def __init__(self, graph: Graph, keys: Keys, common: Common) -> None:
        self.graph, self.keys, self.common = graph, keys, common

    def norm(self, x: Value, name: str, *, group: int = 0) -> Value:
        """The family's kind of norm, over the whole row or over groups of columns (RMS only)."""
        weight = f"{self.prefix}{name}.weight"
        if self.common.norm == "layer":
            return self.graph.layer_norm(x, weight, self.common.eps, self._bias(name))
        return self.graph.rms_norm(x, weight, self.common.eps, group=group)

    def linear(self, x: Value, name: str, width: int) -> Value:
        return self.graph.linear(x, f"{self.prefix}{name}.weight", width, self._bias(name))

    def add(self, a: Value, b: Value) -> Value:
        return self.graph.add(a, b)

    def has(self, name: str) -> bool:
        """Whether the file has this matrix."""
        return self.keys.tensor(f"{self.prefix}{name}.weight") is not None

    def _bias(self, name: str) -> str | None:
        return self.keys.tensor(f"{self.prefix}{name}.bias")


class Model(Pen):
    """What stands around the layers."""

    def __init__(self, keys: Keys, common: Common) -> None:
        super().__init__(Graph(), keys, common)

    def embed(self) -> Value:
        """Row of the embedding for each token."""
        return self.graph.embed("token_embd.weight", self.common.n_vocab, self.common.n_embd)

    def layers(self) -> Iterator["Layer"]:
        """A pen for each layer, in order."""
        for i in range(self.common.n_layer):
            yield Layer(self.graph, self.keys, self.common, i)

    def finished(self, logits: Value) -> tuple[Common, Graph]:
        """What `build` of a family returns."""
        self.graph.give("logits", logits)
        return self.common, self.graph

    def logits(self, x: Value, norm: str = "output_norm") -> Value:
        """Final norm and output matrix; without one of its own, the embedding serves (tied)."""
        x = self.norm(self.graph.select(x), norm)
        weight = self.keys.tensor("output.weight") or "token_embd.weight"
        return self.graph.linear(x, weight, self.common.n_vocab, self._bias("output"))


class Layer(Pen):
    """Layer `i`."""

    def __init__(self, graph: Graph, keys: Keys, common: Common, i: int) -> None:
        super().__init__(graph, keys, common)
        self.i, self.prefix = i, f"blk.{i}."
        self.heads, self.n_ff = common.heads[i], common.n_ff[i]

    def attention(
        self,
        x: Value,
        *,
        rope: RopeSpec | None = None,
        window: int = 0,
        scale: float | None = None,
        softcap: float = 0.0,
        head_norm: bool = False,
    ) -> Value:
        """Query, key, value, rope, attention, output.

        head_norm: a norm of each query and key head before rope (Qwen3). For the rest see `attend`.
        """
        q, k, v = self.qkv(x)
        if head_norm:
            q = self.norm(q, "attn_q_norm", group=self.heads.key)
            k = self.norm(k, "attn_k_norm", group=self.heads.key)
        return self.attend(q, k, v, rope=rope, window=window, scale=scale, softcap=softcap)

    def qkv(self, x: Value) -> tuple[Value, Value, Value]:
        """Query, key and value: three matrices, or one (`attn_qkv`) that holds them in a row.

        A file has the one or the other, whatever the family (Phi-3 and GPT-2 mostly have one).
        """
        heads = self.heads
        q, k, v = heads.n * heads.key, heads.n_kv * heads.key, heads.n_kv * heads.value
        if not self.has("attn_qkv"):
            names = (("attn_q", q), ("attn_k", k), ("attn_v", v))
            query, key, value = (self.linear(x, name, width) for name, width in names)
            return query, key, value
        fused, cut = self.linear(x, "attn_qkv", q + k + v), self.graph.slice
        return cut(fused, 0, q), cut(fused, q, k), cut(fused, q + k, v)

    def attend(
        self,
        q: Value,
        k: Value,
        v: Value,
        *,
        rope: RopeSpec | None = None,
        window: int = 0,
        scale: float | None = None,
        softcap: float = 0.0,
        gate: Value | None = None,
        alibi: float = 0.0,
        sinks: bool = False,
        causal: bool = True,
        chunked: bool = False,
    ) -> Value:
        """Rope, attention over all that came before (window > 0: the latest of it), output.

        scale: of the scores, where it is not 1 / sqrt(columns of a head); gate: whose sigmoid is
        multiplied with what comes out, before the output matrix; sinks: `attn_sinks` has a score
        for each head; for the rest see ops.Attention.
        """
        g, heads = self.graph, self.heads
        if rope is not None:
            q, k = g.rope(q, heads.key, rope), g.rope(k, heads.key, rope)
        cache = g.keep(Grows(heads.n_kv, heads.key, heads.value, window))
        g.keep_rows(k, v, cache)
        scale = heads.key**-0.5 if scale is None else scale
        mixed = g.attention(
            q,
            cache,
            heads.n,
            scale,
            window=window,
            softcap=softcap,
            alibi=alibi,
            sinks=f"{self.prefix}attn_sinks.weight" if sinks else None,
            causal=causal,
            chunked=chunked,
        )
        mixed = g.gated(gate, mixed, "sigmoid") if gate is not None else mixed
        return self.linear(mixed, "attn_output", self.common.n_embd)

    def gated(self, x: Value, act: Activation = "silu") -> Value:
        """down(act(gate(x)) * up(x)), Shazeer 2020, arXiv:2002.05202."""
        gate, up = self.linear(x, "ffn_gate", self.n_ff), self.linear(x, "ffn_up", self.n_ff)
        return self._down(self.graph.gated(gate, up, act))

    def gated_fused(self, x: Value, act: Activation = "silu") -> Value:
        """The same where the first half of `ffn_up` is the gate, unless it has its own (Phi-3)."""
        if self.has("ffn_gate"):
            return self.gated(x, act)
        both, cut = self.linear(x, "ffn_up", 2 * self.n_ff), self.graph.slice
        gate, up = cut(both, 0, self.n_ff), cut(both, self.n_ff, self.n_ff)
        return self._down(self.graph.gated(gate, up, act))

    def plain(self, x: Value, act: Activation) -> Value:
        """down(act(up(x))): the feed-forward of the first transformers."""
        return self._down(self.graph.activate(self.linear(x, "ffn_up", self.n_ff), act))

    def _down(self, x: Value) -> Value:
        return self.linear(x, "ffn_down", self.common.n_embd)
