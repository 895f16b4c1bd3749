"""How fast this machine computes: what was measured, by thread count and by tensor type.

Products are multiply-adds, one for each weight and token. An empty record says that nothing was
measured; whoever predicts then takes usual figures (engine/hardware/speeds.py).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TypeRate:
    """Products a second of matrices of one tensor type, with `Rates.threads` threads.

    decode: one token, weights read from main memory as a model's are (a matrix larger than the
    caches); prefill: a whole chunk of a prompt (256 tokens or more). 0: not measured.
    """

    type: str  # as in GGUF: "Q4_K"
    decode: float
    prefill: float


@dataclass(frozen=True)
class Rates:
    """Measured with the program's own kernels; stored with the report."""

    threads: int = 0  # the best count, and the one that `types` was measured with; 0: none was
    path: str = ""  # which kernels: "avx512-vnni", "avx2", "neon-dotprod" …
    bandwidth: tuple[tuple[int, float], ...] = ()  # (threads, bytes/s)
    types: tuple[TypeRate, ...] = ()
    attention: float = 0.0  # products a second of a prompt's attention; 0: not measured
    others: float = 0.0  # share of the processor that other programs took meanwhile, 0 to 1

    def of(self, type_name: str) -> TypeRate | None:
        """The measured rate of a tensor type, None where there is none."""
        return next((rate for rate in self.types if rate.type == type_name), None)

    def bandwidth_of(self, threads: int) -> float:
        """Bytes/s with so many threads, or with the next smaller count; 0.0 if not measured."""
        known = [speed for count, speed in sorted(self.bandwidth) if count <= threads]
        return known[-1] if known else 0.0
