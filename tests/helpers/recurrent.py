"""Models that remember by states of a fixed size: a gated delta rule behind a short convolution in
most layers, attention in some. Written from the paper (arXiv:2412.06464); no family is built so. Or
with a selective scan instead.
They are files of an architecture that is known, with tensors of their own, and a graph that is put
in the place of that architecture's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from helpers.open_tiny import drive
from helpers.random_models import blocks, tokenizer_metadata

from engine.architectures import build_graph
from engine.architectures.shared.common import Common
from engine.base.settings import LoadOptions
from engine.compute.graph import Fixed, Graph, Grows, RopeSpec, Value
from engine.model import Model, open_model
from engine.weights.formats.gguf import GGUFFile
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

PIECE = 1 << 24  # bytes


@dataclass(frozen=True)
class Recurrent:
    """`heads` of `key` × `value` numbers in each layer; attention in layers 1, 1 + every ... (none
    where that is 0), with heads of `key`; `n_ff`: of a feed-forward behind each, 0: none."""

    n_layer: int = 3
    n_embd: int = 64
    heads: int = 4
    key: int = 16
    value: int = 16
    every: int = 2
    n_ff: int = 0
    n_vocab: int = 512
    n_ctx: int = 1024
    taps: int = 4
    scans: bool = False  # a selective scan in the delta rule's place (arXiv:2405.21060)
    wkv: bool = False  # RWKV's in its place (arXiv:2404.05892 in every second layer, or 2503.14456)
    type: TensorType = TensorType.F32

    @property
    def graph(self) -> Graph:
        g = Graph()
        x = g.embed("token_embd.weight", self.n_vocab, self.n_embd)
        for i in range(self.n_layer):
            looks = self.every and i % self.every == 1 % self.every
            layer = self._attention if looks else self._rule
            y = g.rms_norm(x, f"r{i}.norm", 1e-5)
            x = g.add(x, g.linear(layer(g, y, f"r{i}"), f"r{i}.out", self.n_embd))
            if self.n_ff:
                y = g.rms_norm(x, f"r{i}.norm2", 1e-5)
                gate, up = (g.linear(y, f"r{i}.{name}", self.n_ff) for name in ("gate2", "up"))
                x = g.add(x, g.linear(g.gated(gate, up, "silu"), f"r{i}.down", self.n_embd))
        few = g.rms_norm(g.select(x), "r.norm", 1e-5)
        g.linear(few, "token_embd.weight", self.n_vocab)
        return g

    def _rule(self, g: Graph, y: Value, name: str) -> Value:
        if self.scans:
            return self._scan(g, y, name)
        if self.wkv:
            return self._wkv(g, y, name)
        keys, values = self.heads * self.key, self.heads * self.value
        whole = g.linear(y, f"{name}.qkv", 2 * keys + values)
        tail = g.keep(Fixed((self.taps - 1, whole.width)))
        mixed = g.activate(g.conv(whole, f"{name}.conv", tail), "silu")
        q, k = g.slice(mixed, 0, keys), g.slice(mixed, keys, keys)
        q, k = (g.rms_norm(each, None, 1e-6, group=self.key) for each in (q, k))
        q, k = (g.scale(each, self.key**-0.5) for each in (q, k))  # of length one
        fade = g.activate(g.linear(y, f"{name}.a", self.heads), "softplus")
        decay = g.scale(fade, -0.3)
        beta = g.activate(g.linear(y, f"{name}.b", self.heads), "sigmoid")
        state = g.keep(Fixed((self.heads, self.key, self.value)))
        out = g.delta_rule(q, k, g.slice(mixed, 2 * keys, values), decay, beta, state)
        return g.gated(g.linear(y, f"{name}.gate", values), out, "silu")

    def _scan(self, g: Graph, y: Value, name: str) -> Value:
        """All heads share what is written and read of the state, `key` numbers."""
        values = self.heads * self.value
        whole = g.linear(y, f"{name}.qkv", values + 2 * self.key)
        tail = g.keep(Fixed((self.taps - 1, whole.width)))
        mixed = g.activate(g.conv(whole, f"{name}.conv", tail), "silu")
        b, c = (g.slice(mixed, values + i * self.key, self.key) for i in range(2))
        steps = g.activate(g.linear(y, f"{name}.a", self.heads), "softplus")
        dt, state = g.scale(steps, 0.3), g.keep(Fixed((self.heads, self.key, self.value)))
        names = f"{name}.fading", f"{name}.skip"
        out = g.scan(g.slice(mixed, 0, values), dt, b, c, *names, state)
        return g.gated(g.linear(y, f"{name}.gate", values), out, "silu")

    def _wkv(self, g: Graph, y: Value, name: str) -> Value:
        """Half of each input is of the token before."""
        keys, values = self.heads * self.key, self.heads * self.value
        y = g.lerp(y, g.before(y), more=g.activate(g.linear(y, f"{name}.a", y.width), "sigmoid"))
        r, k = (g.linear(y, f"{name}.{part}", keys) for part in "rk")
        v, gate = (g.linear(y, f"{name}.{part}", values) for part in ("v", "gate"))
        fade = g.activate(g.linear(y, f"{name}.w", keys), "softplus")
        w = g.activate(g.scale(fade, -0.3), "exp")
        removed = g.scale(g.rms_norm(k, None, 1e-6, group=self.key), self.key**-0.5)
        back = g.gated(g.linear(y, f"{name}.b", keys), removed, "sigmoid")
        state = g.keep(Fixed((self.heads, self.key, self.value)))
        if int(name[1:]) % 2:
            out = g.wkv6(r, w, k, v, state)
        else:
            out = g.wkv7(r, w, k, v, g.scale(removed, -1.0), back, state)
        out = g.rms_norm(out, None, 1e-5, group=self.value)
        return g.mul(gate, g.add(out, g.bonus(r, k, v, f"{name}.bonus", self.heads)))

    def _attention(self, g: Graph, y: Value, name: str) -> Value:
        q, k, v = (g.linear(y, f"{name}.{part}", self.heads * self.key) for part in "qkv")
        spec = RopeSpec(self.key)
        q, k = g.rope(q, self.key, spec), g.rope(k, self.key, spec)
        state = g.keep(Grows(self.heads, self.key, self.key))
        g.keep_rows(k, v, state)
        return g.attention(q, state, self.heads, self.key**-0.5)


def _is_matrix(name: str, shape: tuple[int, ...]) -> bool:
    return len(shape) > 1 and shape[-1] > 1 and "conv" not in name


def write_recurrent(path: Path, shape: Recurrent) -> Path:
    """Random weights, near one where they are vectors."""
    chance, graph = np.random.default_rng(5), shape.graph
    with GGUFWriter(path) as writer:
        metadata, n_vocab = tokenizer_metadata(shape.n_vocab, None)
        assert n_vocab == shape.n_vocab
        writer.set_all(
            metadata
            | {
                "general.architecture": "llama",
                "general.name": path.stem,
                "llama.context_length": shape.n_ctx,
                "llama.embedding_length": shape.n_embd,
                "llama.block_count": shape.n_layer,
                "llama.feed_forward_length": max(1, shape.n_ff),
                "llama.attention.head_count": shape.heads,
                "llama.attention.layer_norm_rms_epsilon": 1e-5,
            }
        )
        kinds = {
            name: shape.type if _is_matrix(name, spec.shape) else TensorType.F32
            for name, spec in graph.weights.items()
        }
        for name, spec in graph.weights.items():
            writer.declare(name, spec.shape, kinds[name])
        for name, spec in graph.weights.items():
            kind, columns = kinds[name], spec.shape[-1]
            if kind is TensorType.F32:
                flat = len(spec.shape) == 1
                scale = np.float32(0.2 if flat else 1 / np.sqrt(columns))
                values = chance.standard_normal(spec.shape, np.float32) * scale
                values = -abs(values) if name.endswith(".fading") else values
                writer.write(name, values + np.float32(flat))
                continue
            step = max(1, PIECE // kind.row_bytes(columns))
            for start in range(0, spec.shape[0], step):
                n = min(step, spec.shape[0] - start)
                writer.write_rows(name, blocks(kind, n, columns, chance))
    return path


@contextmanager
def recurrent_family(shape: Recurrent) -> Iterator[None]:
    """Files that are opened meanwhile have this graph."""
    graph = shape.graph

    def instead(file: GGUFFile, pooling: str = "") -> tuple[Common, Graph]:
        return build_graph(file, pooling)[0], graph

    with patch("engine.model.build_graph", instead):
        yield


def open_recurrent(folder: Path, options: LoadOptions, shape: Recurrent = Recurrent()) -> Model:  # noqa: B008
    """Closed by whoever asked."""
    path = write_recurrent(folder / "recurrent.gguf", shape)
    with recurrent_family(shape):
        made = drive(open_model(path, options, "recurrent"))
    assert isinstance(made, Model)
    return made
