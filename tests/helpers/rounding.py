"""What the rounding of activations does, by arithmetic alone: tolerances are taken from here.

A form of activations (engine/compute/kernels/activations.py) keeps whole multiples of a step, the
largest value of a block over the largest whole number. An error of rounding is at most half a step
and behaves like a uniform draw from -1/2 to 1/2 of it: mean 0, variance step²/12, independent from
value to value. Two things follow.

One product: y = Σ w·x has an error of variance Σ w²·step²/12 (`product_error`).

A whole graph: the same draws, added to what goes into each product of the reference, go through
norms, gates and attention as the real errors do (`RoundedReference`: subtractive dither, whose
errors are exactly uniform whatever the values are). Several draws give the size of what rounding
alone changes in any figure. The cpu's own roundings are one more draw, not the same one: they
depend on the last bit of a float, and a model turns one step's difference into others.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.architectures import build_graph
from engine.compute.backends.cpu_weights import kinds
from engine.compute.backends.reference import ReferenceBackend
from engine.compute.graph import ops as g
from engine.compute.kernels.activations import Q8_MOST, Q8X2_MOST, Q16_MOST
from engine.weights.formats.gguf import GGUFFile

F32 = NDArray[np.float32]

# Columns that share a step, and the largest whole number of steps.
GRIDS = {
    "q8": (32, Q8_MOST),
    "q8f": (16, Q8_MOST),
    "q16": (32, Q16_MOST),
    "q8x2": (32, Q8X2_MOST),
}


def steps(x: F32, form: str) -> F32:
    """The distance of neighbouring values of `form` at each value of x [n, columns]."""
    if form == "f32":
        return np.zeros_like(x)
    if form == "bf16":  # eight bits of mantissa, the first of which is not kept
        distance: F32 = np.ldexp(np.float32(1), np.frexp(x)[1] - 8).astype(np.float32)
        return distance
    block, most = GRIDS[form]
    tops = np.abs(x).reshape(len(x), x.shape[1] // block, block).max(axis=2) / np.float32(most)
    return np.repeat(tops, block, axis=1)


def product_error(x: F32, form: str, weights: NDArray[np.float64]) -> float:
    """Root mean square error of x [n, columns] · weights [rows, columns] by rounding alone."""
    variance = np.square(steps(x, form), dtype=np.float64) / 12
    return float(np.sqrt((variance @ np.square(weights).T).mean()))


class RoundedReference(ReferenceBackend):
    """The reference with what goes into each product rounded as the cpu backend does it here, by
    another draw of errors each time it runs; exact before `draw` is called."""

    def __init__(self, file: GGUFFile, **options: Any) -> None:
        _, graph = build_graph(file)
        super().__init__(graph, file, **options)
        for _ in self.load():
            pass
        self._random: np.random.Generator | None = None
        known = kinds()
        products = [op for op in graph.ops if isinstance(op, g.Linear)]
        self._forms = {}
        for op in products:
            gated = isinstance(graph.ops[op.x.index], g.Gated | g.Activate)
            kind = known[file.tensors[op.weight].type]
            self._forms[op.weight], _ = kind.way(logits=op is products[-1], gated=gated)

    def draw(self, seed: int) -> None:
        """Errors of this seed from now on."""
        self._random = np.random.default_rng(seed)

    def product(self, op: g.Linear, x: F32) -> F32:
        if self._random is None:
            return super().product(op, x)
        step = steps(x, self._forms[op.weight])
        error = self._random.uniform(-0.5, 0.5, x.shape)
        with np.errstate(invalid="ignore", divide="ignore"):
            rounded = (np.rint(x / step + error) - error) * step
        return super().product(op, np.where(step > 0, rounded, x).astype(np.float32))
