"""What the machine allows at best, held against the speeds that were reached.

Measured several times around the timings, with the same threads: the bandwidth of a shared machine
moves by half within minutes, so one figure says little and the spread belongs to it.
"""

from dataclasses import dataclass
from math import prod
from statistics import median

from engine.measure.memory_use import peak_rss, rss
from engine.measure.speed import Speed
from engine.model import Model


@dataclass(frozen=True)
class Roof:
    """What this machine allows at best, and the share of it that was reached.

    Decode must read all weights, and the cache so far, once a token; prefill must do one
    multiply-add per weight and token. Shares are of the medians.
    """

    memory_gb_s: float  # the median of the runs
    products_g_s: float  # 10^9 multiply-adds a second, of the tile kernel in the cache
    decode_tok_s: float
    prefill_tok_s: float
    decode_share: float
    prefill_share: float
    memory_runs_gb_s: tuple[float, ...]  # in the order in which they were taken
    products_runs_g_s: tuple[float, ...]


class Roofs:
    """Measurements of one model's limits; `peak` is the most memory held, without theirs."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._memory: list[float] = []
        self._products: list[float] = []
        self._peak = 0

    def measure(self) -> None:
        """Once more."""
        from engine.compute.kernels.roof import memory_bandwidth, product_rate

        self._peak = self.peak
        threads = self._model.info.threads
        self._memory.append(memory_bandwidth(threads) / 1e9)
        self._products.append(product_rate(threads, tile=_tile(self._model)) / 1e9)

    @property
    def peak(self) -> int:
        """Bytes. What a measurement takes would count in the system's own peak, so after the first
        one it is what is held between two of them that counts."""
        return max(self._peak, rss() if self._memory else peak_rss())

    def result(self, speed: Speed) -> Roof:
        """Held against the speeds; `measure` was called at least once."""
        model = self._model
        read, rate = median(self._memory), median(self._products)
        each = model.info.memory.weights + _cache_bytes(model, speed.depth + speed.n_decode // 2)
        decode, prefill = read * 1e9 / each, rate * 1e9 / tile_products(model)
        return Roof(
            read,
            rate,
            decode,
            prefill,
            median(speed.decode) / decode if speed.decode else 0.0,
            median(speed.prompt) / prefill if speed.prompt else 0.0,
            tuple(self._memory),
            tuple(self._products),
        )


def prompt_matrices(model: Model) -> dict[str, int]:
    """Weights of the matrices that every token of a prompt goes through, by name: all but the
    looked-up one and those that only the last token needs (see compute/graph/early.py)."""
    tensors, last = model.file.tensors, f"blk.{model.hyper.n_layer - 1}."
    late = (f"{last}attn_output.", f"{last}ffn_")
    names = (n for n in tensors if n.startswith("blk.") and not n.startswith(late))
    return {n: prod(tensors[n].shape) for n in names if len(tensors[n].shape) == 2}


def tile_products(model: Model) -> int:
    """Products of the measured tile that a prompt token costs: one for each weight, two where
    activations have 16 bits."""
    from engine.compute.backends.cpu_weights import kinds

    known, total = kinds(), 0
    for name, weights in prompt_matrices(model).items():
        kind = known.get(model.file.tensors[name].type)
        form = kind.way(logits=False, gated="ffn_down" in name)[0] if kind else ""
        total += weights * (2 if form in ("q16", "q8x2") else 1)
    return total


def _tile(model: Model) -> str:
    """Which of roof.TILES multiplies the weights; the first layer's queries stand for all."""
    from engine.compute.simd.isa import isa

    kinds = (t.type.name for n, t in model.file.tensors.items() if n.endswith("attn_q.weight"))
    kind = next(kinds, "")
    if kind == "BF16" and isa().bfloat:
        return "pairs"
    return "floats" if kind in ("F32", "F16", "BF16") else "bytes"


def _cache_bytes(model: Model, length: int) -> int:
    """What a token must read of the cache after `length` others."""
    from engine.compute.backends.foretell import cache_work

    works = cache_work(model.backend.graph, model.backend.cache_type)
    return sum(each.bytes * each.seen(length) for each in works)
