"""Graphs made by hand or by chance, and random weights for them: no architecture needed."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from helpers.loaded import make_backend
from numpy.typing import NDArray

from engine.compute.backends import BatchEntry
from engine.compute.graph import (
    Activation,
    Fixed,
    Gating,
    Graph,
    Grows,
    RopeSpec,
    StateRef,
    TemperSpec,
    Value,
    Xielu,
)
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

VOCAB = 96
WINDOWS = (0, 0, 1, 9, 40)  # 0: everything
SPECS = (
    RopeSpec(8),
    RopeSpec(16, style="neox"),
    RopeSpec(8, base=500.0, scaling="linear", factor=3.0),
)
TEMPERS = (TemperSpec(0.5, 4), TemperSpec(-0.25, 3, 1.0))


def weights_of(graph: Graph, path: Path, kind: TensorType = TensorType.F32) -> GGUFFile:
    """A file with random tensors for all that the graph reads; matrices of type `kind`,
    where they have whole blocks."""
    chance = np.random.default_rng(7)
    with GGUFWriter(path) as writer:
        writer.set("general.architecture", "none")
        for name, spec in graph.weights.items():
            blocks = len(spec.shape) > 1 and spec.shape[-1] % 32 == 0
            writer.declare(name, spec.shape, kind if blocks else TensorType.F32)
        for name, spec in graph.weights.items():
            values = chance.standard_normal(spec.shape, np.float32)
            scale = 1 / math.sqrt(spec.shape[-1]) if len(spec.shape) > 1 else 0.2
            values = -abs(values) if name.endswith(".fading") else values
            writer.write(name, values * np.float32(scale) + np.float32(len(spec.shape) == 1))
    return open_gguf(path)


def apart(
    graph: Graph,
    path: Path,
    kind: TensorType = TensorType.F32,
    n: int = 23,
    *,
    n_ctx: int = 64,
    batch: int = 512,
    cache_type: str = "f32",
) -> float:
    """How far the logits of the two backends are from each other, relative to their spread."""
    file = weights_of(graph, path, kind)
    ids = np.random.default_rng(n).integers(0, VOCAB, n).astype(np.int32)
    asked = {"n_ctx": n_ctx, "max_batch": batch, "cache_type": cache_type, "threads": 2}
    rows: list[NDArray[np.float32]] = []
    for name in ("reference", "cpu"):
        backend = make_backend(name, graph, file, **asked)
        sequence, found = backend.new_sequence(), list[NDArray[np.float32]]()
        for at in range(0, n - 5, batch):
            found.append(backend.run([BatchEntry(sequence, ids[at : n - 5][:batch], "all")]).copy())
        found.append(backend.run([BatchEntry(sequence, ids[n - 5 :], "last")]).copy())
        rows.append(np.concatenate(found))
        backend.close()
    file.close()
    return float(np.sqrt(np.mean((rows[0] - rows[1]) ** 2)) / rows[0].std())


class Draft:
    """A graph of one layer, in which a test bends what it likes: queries and keys, mostly."""

    def __init__(self, width: int = 64, heads: int = 4, head_dim: int = 16) -> None:
        self.graph, self.heads, self.head_dim = Graph(), heads, head_dim
        self.x = self.graph.embed("embd", VOCAB, width)

    def linear(self, x: Value, name: str, width: int = 64) -> Value:
        return self.graph.linear(x, name, width)

    def attention(self, q: Value, k: Value, v: Value) -> Value:
        return self.look(q, self.keep(k, v))

    def keep(self, k: Value, v: Value, window: int = 0) -> StateRef[Grows]:
        g, dim = self.graph, self.head_dim
        state = g.keep(Grows(k.width // dim, dim, v.width * dim // k.width, window))
        g.keep_rows(k, v, state)
        return state

    def look(self, q: Value, state: StateRef[Grows], window: int = 0, **extras: Any) -> Value:
        return self.graph.attention(q, state, self.heads, 0.25, window=window, **extras)

    def conv(self, x: Value, name: str, taps: int, *, bias: bool = False) -> Value:
        state = self.graph.keep(Fixed((taps - 1, x.width)))
        return self.graph.conv(x, name, state, f"{name}.bias" if bias else None)

    def delta_rule(
        self, q: Value, k: Value, v: Value, x: Value, name: str, *, tiled: bool = False
    ) -> Value:
        """`heads` heads of values, keys of 16; decay and beta are made of x."""
        g, heads = self.graph, self.heads
        q, k = (g.scale(g.rms_norm(each, None, 1e-6, group=16), 0.25) for each in (q, k))
        decay = g.scale(g.activate(self.linear(x, f"{name}.a", heads), "softplus"), -0.3)
        beta = g.activate(self.linear(x, f"{name}.b", heads), "sigmoid")
        state = g.keep(Fixed((heads, 16, v.width // heads)))
        return g.delta_rule(q, k, v, decay, beta, state, tiled=tiled)

    def scan(self, x: Value, b: Value, c: Value, name: str, size: int, *, by_head: bool) -> Value:
        """`heads` heads, or a decay for each channel; steps are made of x."""
        g, heads = self.graph, self.heads
        steps = self.linear(x, f"{name}.dt", heads if by_head else x.width)
        dt = g.scale(g.activate(steps, "softplus"), 0.3)
        shape = (heads, size, x.width // heads) if by_head else (size, x.width)
        return g.scan(x, dt, b, c, f"{name}.fading", f"{name}.d", g.keep(Fixed(shape)))

    def logits(self, x: Value) -> Graph:
        self.graph.linear(self.graph.select(x), "output", VOCAB)
        return self.graph


Bend = Callable[[Draft, Value, Value, Value], tuple[Value, Value, Value]]


def one_layer(bend: Bend, *, fused: bool = False) -> Graph:
    """Embedding, norm, attention over what `bend` makes of queries, keys and values; logits."""
    d = Draft()
    x = d.graph.rms_norm(d.x, "norm", 1e-5)
    if fused:
        whole = d.linear(x, "qkv", 192)
        parts = [d.graph.slice(whole, 64 * i, 64) for i in range(3)]
    else:
        parts = [d.linear(x, name) for name in "qkv"]
    out = d.attention(*bend(d, *parts))
    return d.logits(d.graph.add(d.x, d.linear(out, "o")))


def random_graph(seed: int) -> Graph:
    """A legal graph of some fifteen ops in any order that keeps widths, with values read anywhere
    before; two heads now and then at the end. States may have windows, and are looked at once or
    more, at once or later."""
    chance, rare = random.Random(seed), random.Random(-1 - seed)
    d = Draft()
    g = d.graph
    pool, states = [d.x], list[StateRef[Grows]]()
    if chance.random() < 0.1:
        pool.append(g.add(d.x, g.embed_segment("segments", 2, 64)))
    for number in range(chance.randint(6, 16)):
        name, x = f"t{number}", chance.choice(pool[-4:])
        other = chance.choice(pool)
        match chance.randrange(25):
            case 0 | 1:
                value = d.linear(x, name)
            case 2:
                value = g.add(x, other)
            case 3:
                value = g.scale(x, chance.choice((0.5, -1.5)))
            case 4:
                value = g.rms_norm(x, name, 1e-5, group=chance.choice((0, 16, 32)))
            case 5:
                value = g.rope(x, 16, chance.choice(SPECS))
            case 6 if chance.random() < 0.2:
                value = g.clamped_gate(x, other, 1.7, 1.2)
            case 6:
                value = g.gated(x, other, chance.choice(("silu", "gelu_tanh")))
            case 7:
                whole = d.linear(x, name, 160)
                value = g.slice(whole, chance.choice((0, 8, 40, 96)), 64)
                pool.append(g.slice(whole, chance.choice((0, 8, 40, 96)), 64))
            case 8:
                value = g.add(x, d.linear(x, name))
            case 9:
                bend, own = chance.randrange(3), random.Random(f"{name}, {seed}")
                if own.random() < 0.5:
                    value = bent(d, x, other, name, own)
                elif bend == 1:
                    value = g.clamp(x, 1.5)
                else:
                    value = g.softcap(x, 3.0) if bend else g.scale_by(x, name)
            case 10 if states:
                seen = _seen(chance, chance.choice(states))
                value = d.look(x, *seen, **_extras(chance, name, seen[1]))
            case 11:
                k = g.rope(other, 16, chance.choice(SPECS)) if chance.random() < 0.5 else other
                states.append(d.keep(k, x, chance.choice(WINDOWS)))
                continue
            case 15:
                value = d.conv(x, name, chance.choice((2, 3, 4)), bias=chance.random() < 0.5)
            case 16:
                keys = g.slice(other, 0, 32) if chance.random() < 0.5 else other
                values = d.linear(x, name, 256) if chance.random() < 0.3 else x
                tiled = chance.random() < 0.5
                value = d.delta_rule(keys, keys, values, chance.choice(pool), name, tiled=tiled)
                value = value if value.width == 64 else g.slice(value, 64, 64)
            case 22:
                by_head, size = chance.random() < 0.5, chance.choice((8, 16, 5))
                b, c = (g.slice(chance.choice(pool), 16 * i, size) for i in range(2))
                values = d.linear(x, name, 128) if chance.random() < 0.3 else x
                own = random.Random(f"{name}, {seed}")
                if own.random() < 0.4:
                    value = faded(d, x, other, f"{name}.rwkv", own)
                else:
                    value = d.scan(values, b, c, name, size, by_head=by_head)
                value = value if value.width == 64 else g.slice(value, 64, 64)
            case 17 if chance.random() < 0.5:
                value = g.mul(x, other)
            case 17:
                value = g.mul_column(x, g.activate(d.linear(other, name, 1), "sigmoid"))
            case 14 if chance.random() < 0.7:
                value = g.activate(x, Xielu(0.8, 1.1, 0.5, chance.choice((-1e-6, -0.3))))
            case 13 if chance.random() < 0.7:
                value = g.temper(x, chance.choice(TEMPERS))
            case 12 if chance.random() < 0.7:
                value = g.layer_norm_heads(x, name, 1e-5, chance.choice((8, 16, 64)))
            case 20:
                value = g.head_slice(d.linear(x, name, 128), 32, chance.choice((0, 5, 16)), 16)
            case 21:
                value = experts(d, x, name, chance)
            case 24:
                halves = [g.head_slice(each, 16, 8 * i, 8) for i, each in enumerate((x, other))]
                shared = g.head_join(g.slice(other, 8, 4), halves[0], 4, shared=True)
                value = g.head_join(g.head_slice(shared, 12, 2, 8), halves[1], 4)
            case 23:
                value = g.head_linear(x, name, 2, chance.choice((32, 40)))
                value = value if value.width == 64 else g.slice(value, 16, 64)
            case 18:
                value = (g.add_vector, g.mul_vector)[chance.randrange(2)](x, name)
            case 19:
                act: Activation = "sigmoid" if chance.random() < 0.5 else "softplus"
                value = g.activate(x, act) if chance.random() < 0.5 else g.gated(x, other, act)
            case _:
                q, k, v = (chance.choice(pool[-3:]) for _ in range(3))
                spec = chance.choice(SPECS)
                q = g.rope(q, 16, spec) if chance.random() < 0.7 else q
                k = g.rope(k, 16, spec) if chance.random() < 0.7 else k
                states.append(d.keep(k, v, chance.choice(WINDOWS)))
                seen = _seen(chance, states[-1])
                value = d.look(q, *seen, **_extras(chance, name, seen[1]))
        if rare.random() < 0.1:
            value = _rare(rare, g, name, value)
        pool.append(g.rms_norm(value, None, 1e-5))  # so that nothing grows without bound
        if chance.random() < 0.5:
            pool.append(value)
    last = g.rms_norm(chance.choice(pool[-3:]), None, 1e-5)
    few = g.select(last)
    if chance.random() < 0.2:
        few = g.add(few, g.pool(last, chance.choice(("mean", "first"))))
    result = g.linear(few, "output", VOCAB)
    match chance.randrange(5):
        case 0:
            result = g.softcap(g.scale(result, 0.5), 4.0)
        case 1:
            result = g.add(result, g.linear(few, "second", VOCAB))
        case 2:
            result = g.add(result, g.scale(result, 0.5))
        case 3:
            result = g.rms_norm(result, None, 1e-5)
    if chance.random() < 0.3:  # further ops behind what the model gives
        g.give("logits", result)
        g.add(g.scale(result, 2.0), g.linear(few, "third", VOCAB))
        g.add(result, g.linear(few, "fourth", VOCAB))
    return g


def bent(d: Draft, x: Value, other: Value, name: str, chance: random.Random) -> Value:
    """One of the ops that bend a row or several, or a product with one matrix of a stack."""
    g = d.graph
    match chance.randrange(4):
        case 0:
            several = [x, other, g.scale(x, 0.5), x][: chance.randint(1, 4)]
            coefs = d.linear(other, name, 11)
            return g.blend(several, coefs, chance.choice((0, 3, 7)), plus=chance.choice((0.0, 1.0)))
        case 1:
            return g.resized(x, other, 1e-5)
        case 2:
            return g.sparse(x, chance.choice((-0.5, 0.25)))
    return g.linear(x, name, 64, part=chance.randrange(3), parts=3)


def faded(d: Draft, x: Value, other: Value, name: str, chance: random.Random) -> Value:
    """What RWKV is made of: one of its ops, or what it remembers by."""
    g, heads = d.graph, chance.choice((1, 2, 4))
    match chance.randrange(5):
        case 0:
            return g.lerp(x, g.before(other), name)
        case 1:
            more = chance.choice((None, other))
            return g.lerp(x, other, name, more=more, part=chance.randrange(3), parts=3)
        case 2:
            return g.bonus(x, other, g.lerp(x, other, more=other), name, heads)
    values = x if chance.random() < 0.5 else d.linear(x, name, 64 * heads)
    k = g.scale(g.rms_norm(other, None, 1e-6, group=64 // heads), heads**0.5 / 8)
    fade = g.activate(d.linear(x, f"{name}.w"), "softplus")
    w = g.activate(g.scale(fade, -0.3), "exp")
    state = g.keep(Fixed((heads, 64 // heads, values.width // heads)))
    if chance.random() < 0.5:
        return g.wkv6(x, w, k, values, state)
    back = g.gated(d.linear(x, f"{name}.b"), k, "sigmoid")
    return g.wkv7(x, w, other, values, g.scale(k, -1.0), back, state)


def experts(d: Draft, x: Value, name: str, chance: random.Random) -> Value:
    """A feed-forward of experts, with all that a router may ask for."""
    g, n, used = d.graph, *chance.choice(((4, 2), (5, 1), (8, 3), (24, 8)))
    grouped = n in (8, 24) and chance.random() < 0.5
    groups = {"groups": 4, "groups_used": 2, "group_top": chance.choice((1, 2))} if grouped else {}
    gating: Gating = chance.choice(("softmax", "sigmoid", "softmax_used"))
    used = min(used, n // 2) if grouped else used
    mixed = random.Random(f"{name}, {n}, {gating}").random() < 0.25  # drawn apart
    gating = "mixer" if mixed else gating
    route = g.route(
        d.linear(x, f"{name}.router", n),
        used,
        gating,
        normalized=chance.random() < 0.7,
        scale=chance.choice((1.0, 2.5)),
        bias=f"{name}.choice" if chance.random() < 0.3 else None,
        scales=f"{name}.scales" if n == 8 else None,
        margin=0.4 if mixed else 0.0,
        **groups,
    )
    weighted, width = chance.random() < 0.3, chance.choice((32, 48, 64, 20))
    rows = g.dispatch(x, route, weighted=weighted)
    up = g.expert_linear(rows, route, f"{name}.up", width)
    if chance.random() < 0.6:
        gate = g.expert_linear(rows, route, f"{name}.gate", width, f"{name}.gate.bias")
        up = g.gated(gate, up, "silu")
    if chance.random() < 0.3:
        up = g.activate(g.scale(up, 0.5), "gelu")
    down = g.expert_linear(up, route, f"{name}.down", 64)
    return g.combine(down, route, weighted=not weighted)


def _rare(chance: random.Random, g: Graph, name: str, x: Value) -> Value:
    """What few families have. Drawn apart, so that the graphs of all seeds stay as they are."""
    if chance.random() < 0.5:
        return g.add(x, g.embed_position(f"{name}.place", 256, x.width))
    bias = f"{name}.shift" if chance.random() < 0.5 else None
    return g.layer_norm(x, f"{name}.norm", 1e-5, bias)


def _seen(chance: random.Random, state: StateRef[Grows]) -> tuple[StateRef[Grows], int]:
    """A window that is not wider than what the state keeps."""
    kept = state.spec.window
    return state, chance.choice([w for w in WINDOWS if not kept or 0 < w <= kept])


def _extras(chance: random.Random, name: str, window: int) -> dict[str, Any]:
    """What attention may have besides, mostly nothing."""
    found: dict[str, Any] = {}
    if chance.random() < 0.2:
        found["alibi"] = chance.choice((8.0, 2.0))
    if chance.random() < 0.2:
        found["sinks"] = f"{name}.sinks"
    if chance.random() < 0.2:
        found["causal"] = False
    elif window and random.Random(f"{name}, {window}").random() < 0.3:
        found["chunked"] = True  # drawn apart, too
    return found


def with_ops(graph: Graph, change: Callable[[int], dict[str, object]]) -> Graph:
    """The same graph with fields of its ops exchanged, checked by nobody."""
    new = Graph()
    new.weights = dict(graph.weights)
    for at, (op, width) in enumerate(zip(graph.ops, graph.widths, strict=True)):
        new.append(replace(op, **change(at)), width)
    return new


def assert_cuts_agree(graph: Graph, path: Path) -> None:
    """It does not matter how a text is cut, nor beside which others it is read: the same bits."""
    file = weights_of(graph, path)
    asked = {"n_ctx": 64, "max_batch": 64, "cache_type": "f32", "threads": 2}
    backend = make_backend("cpu", graph, file, **asked)
    ids = np.random.default_rng(1).integers(0, VOCAB, 31).astype(np.int32)

    def read(cut: int, *, beside: bool = False) -> NDArray[np.float32]:
        sequence, rows = backend.new_sequence(), list[NDArray[np.float32]]()
        other = backend.new_sequence()
        for at in range(0, len(ids), cut):
            others = [BatchEntry(other, ids[:3], "last")] if beside else []
            found = backend.run([BatchEntry(sequence, ids[at : at + cut], "all"), *others])
            rows.append(found[: len(ids[at : at + cut])].copy())
        return np.concatenate(rows)

    truth = read(31)
    for cut in (1, 2, 3, 8):
        assert np.array_equal(read(cut), truth), f"{cut} at a time"
    assert np.array_equal(read(7, beside=True), truth)
    backend.close()
    file.close()


def drawn(*shapes: tuple[int, ...]) -> list[NDArray[np.float32]]:
    """Arrays by chance, always the same."""
    chance = np.random.default_rng(2)
    return [chance.standard_normal(shape).astype(np.float32) for shape in shapes]
