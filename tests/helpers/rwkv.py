"""Tiny random RWKV-6 and 7 as llama.cpp's converter lays them out, and what they say, token by
token in plain NumPy: from the papers (arXiv:2404.05892, arXiv:2503.14456), slow on purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from helpers.tiny_models import tiny_vocabulary
from numpy.typing import NDArray

from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

Floats = NDArray[np.float64]
Tensors = dict[str, NDArray[np.float32]]
EPSILON, GROUP_EPSILON = 1e-5, 64e-5


@dataclass(frozen=True)
class Tiny:
    """`size`: columns of a head; the low matrices have all different ranks, so that none can stand
    for another. one_by_one: the older layout of RWKV-6, its shares not in one stack; halved: every
    how many layers the stream is halved."""

    version: int = 7
    n_layer: int = 3
    n_embd: int = 64
    size: int = 32
    n_ff: int = 96
    n_vocab: int = 320
    one_by_one: bool = False
    halved: int = 0

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        n, found = self.n_embd, dict[str, tuple[int, ...]]()
        for name in ("token_embd", "output"):
            found[f"{name}.weight"] = (self.n_vocab, n)
        norms = ["token_embd_norm", "output_norm"]
        for i in range(self.n_layer):
            own = self._seven(i) if self.version == 7 else self._six()
            own |= {f"time_mix_{name}": (n, n) for name in ("key", "value", "receptance", "output")}
            own |= {"channel_mix_lerp_k": (n,)}
            own |= {"channel_mix_key": (self.n_ff, n), "channel_mix_value": (n, self.n_ff)}
            found |= {f"blk.{i}.{name}.weight": shape for name, shape in own.items()}
            norms += [f"blk.{i}.{name}" for name in ("attn_norm", "attn_norm_2", "time_mix_ln")]
        found |= {f"{name}.{part}": (n,) for name in norms for part in ("weight", "bias")}
        return found

    def _seven(self, layer: int) -> dict[str, tuple[int, ...]]:
        n, found = self.n_embd, dict[str, tuple[int, ...]]()
        ranks = self.ranks
        for name, rank in (("w", 0), ("a", 1), ("v", 2 if layer else 1), ("g", 3)):
            low = ranks[rank]
            found |= {f"time_mix_{name}1": (low, n), f"time_mix_{name}2": (n, low)}
            found |= {f"time_mix_{name}0": (n,)} if name != "g" else {}
        found |= {f"time_mix_{name}": (n,) for name in ("k_k", "k_a", "r_k")}
        return found | {"time_mix_lerp_fused": (6, 1, 1, n)}

    def _six(self) -> dict[str, tuple[int, ...]]:
        n, (extra, decay, *_) = self.n_embd, self.ranks
        shares: dict[str, tuple[int, ...]] = {"time_mix_lerp_fused": (5, 1, 1, n)}
        if self.one_by_one:
            shares = {f"time_mix_lerp_{name}": (n,) for name in "wkvrg"}
        return shares | {
            "time_mix_lerp_x": (n,),
            "time_mix_w1": (5 * extra, n),
            "time_mix_w2": (5, n, extra),
            "time_mix_first": (n // self.size, self.size),
            "time_mix_decay": (n,),
            "time_mix_decay_w1": (decay, n),
            "time_mix_decay_w2": (n, decay),
            "time_mix_gate": (n, n),
            "channel_mix_lerp_r": (n,),
            "channel_mix_receptance": (n, n),
        }

    @property
    def ranks(self) -> tuple[int, ...]:
        return (32, 64, 96, 128)

    @property
    def keys(self) -> dict[str, Any]:
        """What a file says, without the architecture's name."""
        found: dict[str, Any] = {
            "context_length": 1 << 20,
            "embedding_length": self.n_embd,
            "block_count": self.n_layer,
            "feed_forward_length": self.n_ff,
            "attention.head_count": 0,
            "attention.layer_norm_epsilon": EPSILON,
            "wkv.head_size": self.size,
        }
        if self.version == 6:
            names: tuple[str, ...] = ("time_mix_extra_dim", "time_decay_extra_dim")
            found["rescale_every_n_layers"] = self.halved
        else:
            parts = ("decay", "iclr", "value_residual_mix", "gate")
            names = tuple(f"attention.{name}_lora_rank" for name in parts)
        return found | dict(zip(names, self.ranks, strict=False))


def tensors_of(tiny: Tiny) -> Tensors:
    """Noise of the size that keeps rows near one; vectors around what they usually are."""
    chance, found = np.random.default_rng(tiny.version), Tensors()
    for name, shape in tiny.shapes.items():
        noise = chance.standard_normal(shape)
        if "lerp" in name:
            values = 0.5 + 0.3 * noise
        elif len(shape) > 1 and "first" not in name:
            values = noise / np.sqrt(shape[-1])
        else:
            values = (name.endswith("weight") and "0." not in name) + 0.3 * noise
        if "decay.weight" in name:
            values = noise - 2.0
        found[name] = (noise if name == "token_embd.weight" else values).astype(np.float32)
    return found


def write_rwkv(path: Path, tiny: Tiny, tensors: Tensors, more: Mapping[str, Any] = {}) -> Path:
    """more: keys that are changed; of None none is written."""
    tokens, scores, kinds = tiny_vocabulary(tiny.n_vocab)
    architecture = f"rwkv{tiny.version}"
    keys = {f"{architecture}.{key}": value for key, value in (tiny.keys | dict(more)).items()}
    with GGUFWriter(path) as writer:
        metadata: dict[str, Any] = {
            "general.architecture": architecture,
            "general.name": "tiny",
            "tokenizer.ggml.model": "llama",
            "tokenizer.ggml.tokens": tokens,
            "tokenizer.ggml.scores": scores,
            "tokenizer.ggml.token_type": kinds,
            "tokenizer.ggml.unknown_token_id": 0,
            "tokenizer.ggml.bos_token_id": 1,
            "tokenizer.ggml.eos_token_id": 2,
        } | {key: value for key, value in keys.items() if value is not None}
        writer.set_all(metadata)
        for name, values in tensors.items():
            writer.declare(name, values.shape, TensorType.F32)
        for name, values in tensors.items():
            writer.write(name, values)
    return path


# --- what they say ---------------------------------------------------------------------------
def norm(x: Floats, t: Mapping[str, NDArray[Any]], name: str) -> Floats:
    shifted = x - x.mean()
    scaled = shifted / np.sqrt((shifted**2).mean() + EPSILON)
    out: Floats = scaled * t[f"{name}.weight"] + t[f"{name}.bias"]
    return out


def sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


class Layer:
    """One layer, and what it remembers."""

    def __init__(self, tiny: Tiny, t: Tensors, i: int) -> None:
        self.tiny, self.at, self.i = tiny, f"blk.{i}.", i
        self.t = {name.removeprefix(self.at): v.astype(np.float64) for name, v in t.items()}
        self.heads = tiny.n_embd // tiny.size
        self.state = np.zeros((self.heads, tiny.size, tiny.size))  # [head, value, key]
        self.rows = [np.zeros(tiny.n_embd), np.zeros(tiny.n_embd)]  # of the token before

    def w(self, name: str) -> Floats:
        return self.t[f"{name}.weight"]

    def run(self, x: Floats, first: Floats | None) -> tuple[Floats, Floats]:
        y = norm(x, self.t, "attn_norm")
        mixed = self.seven(y, first) if self.tiny.version == 7 else (self.six(y), y)
        self.rows[0] = y
        x = x + mixed[0]
        y = norm(x, self.t, "attn_norm_2")
        x = x + self.channels(y, self.rows[1] - y)
        self.rows[1] = y
        if self.tiny.halved and (self.i + 1) % self.tiny.halved == 0:
            x = x / 2
        return x, mixed[1]

    def channels(self, x: Floats, step: Floats) -> Floats:
        k = x + step * self.w("channel_mix_lerp_k")
        out: Floats = (
            self.w("channel_mix_value") @ np.maximum(self.w("channel_mix_key") @ k, 0) ** 2
        )
        if self.tiny.version == 7:
            return out
        r = x + step * self.w("channel_mix_lerp_r")
        return sigmoid(self.w("channel_mix_receptance") @ r) * out

    def by_head(self, *rows: Floats) -> list[Floats]:
        return [row.reshape(self.heads, -1) for row in rows]

    def group_norm(self, out: Floats) -> Floats:
        shifted = out - out.mean(axis=1, keepdims=True)
        scaled = shifted / np.sqrt((shifted**2).mean(axis=1, keepdims=True) + GROUP_EPSILON)
        whole: Floats = scaled.reshape(-1) * self.w("time_mix_ln") + self.t["time_mix_ln.bias"]
        return whole

    def six(self, x: Floats) -> Floats:
        step, n = self.rows[0] - x, len(x)
        low = np.tanh(self.w("time_mix_w1") @ (x + step * self.w("time_mix_lerp_x")))
        more = np.einsum("pne,pe->pn", self.w("time_mix_w2"), low.reshape(5, -1))
        if self.tiny.one_by_one:
            shares = np.stack([self.w(f"time_mix_lerp_{name}") for name in "wkvrg"])
        else:
            shares = self.w("time_mix_lerp_fused").reshape(5, n)
        xw, xk, xv, xr, xg = x + step * (shares + more)
        names = ("key", "value", "receptance", "gate")
        k, v, r, gate = (
            self.w(f"time_mix_{name}") @ row
            for name, row in zip(names, (xk, xv, xr, xg), strict=True)
        )
        low = np.tanh(self.w("time_mix_decay_w1") @ xw)
        decay = np.exp(-np.exp(self.w("time_mix_decay") + self.w("time_mix_decay_w2") @ low))
        k, v, r, decay = self.by_head(k, v, r, decay)
        out = np.empty_like(v)
        for h, first in enumerate(self.w("time_mix_first")):
            now = np.outer(v[h], k[h])
            out[h] = (self.state[h] + now * first) @ r[h]
            self.state[h] = self.state[h] * decay[h] + now
        gated: Floats = self.w("time_mix_output") @ (self.group_norm(out) * gate * sigmoid(gate))
        return gated

    def bend(self, name: str, x: Floats) -> Floats:
        """Through two low matrices."""
        low = self.w(f"time_mix_{name}1") @ x
        bent = np.tanh(low) if name == "w" else sigmoid(low) if name == "g" else low
        out: Floats = self.w(f"time_mix_{name}2") @ bent
        return out if name == "g" else out + self.w(f"time_mix_{name}0")

    def seven(self, x: Floats, first: Floats | None) -> tuple[Floats, Floats]:
        shares = self.w("time_mix_lerp_fused").reshape(6, -1)
        xr, xw, xk, xv, xa, xg = x + (self.rows[0] - x) * shares
        names = ("receptance", "key", "value")
        r, k, v = (
            self.w(f"time_mix_{name}") @ row for name, row in zip(names, (xr, xk, xv), strict=True)
        )
        own = v
        if first is not None:
            v = v + (first - v) * sigmoid(self.bend("v", xv))
        decay = np.exp(-np.exp(-0.5) * sigmoid(self.bend("w", xw)))
        rate = sigmoid(self.bend("a", xa))
        removed = self.by_head(k * self.w("time_mix_k_k"))[0]
        removed = removed / np.linalg.norm(removed, axis=1, keepdims=True)
        k = k * (1 + (rate - 1) * self.w("time_mix_k_a"))
        r, k, v, decay, rate, bonus = self.by_head(r, k, v, decay, rate, self.w("time_mix_r_k"))
        out = np.empty_like(v)
        for h in range(self.heads):
            forget = np.diag(decay[h]) - np.outer(removed[h], removed[h] * rate[h])
            self.state[h] = self.state[h] @ forget + np.outer(v[h], k[h])
            out[h] = self.state[h] @ r[h]
        whole = self.group_norm(out) + ((r * k * bonus).sum(axis=1)[:, None] * v).reshape(-1)
        mixed: Floats = self.w("time_mix_output") @ (whole * self.bend("g", xg))
        return mixed, own if first is None else first


def told(tiny: Tiny, t: Tensors, ids: list[int]) -> Floats:
    """The logits of all tokens."""
    layers, rows = [Layer(tiny, t, i) for i in range(tiny.n_layer)], []
    for token in ids:
        x = norm(t["token_embd.weight"][token].astype(np.float64), t, "token_embd_norm")
        first: Floats | None = None
        for layer in layers:
            x, first = layer.run(x, first)
        rows.append(t["output.weight"] @ norm(x, t, "output_norm"))
    return np.stack(rows)
