"""What a model will take in memory, told by the planner itself before anything is taken."""

import math
from dataclasses import dataclass

from engine.compute.backends.binding import check_weights
from engine.compute.backends.cpu_buffers import place
from engine.compute.backends.cpu_plan import layout_of, planned
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.graph import Graph
from engine.compute.kernels.activations import row_floats
from engine.weights.formats.gguf import GGUFFile

ROWS_WANTED = 16  # rows of logits in one pass while text is written; measuring takes more


@dataclass(frozen=True)
class Foretold:
    """Bytes of the weights, of one full sequence's cache, and of the workspace."""

    weights: int
    cache: int
    workspace: int


def foretell_cpu(
    graph: Graph,
    file: GGUFFile,
    *,
    n_ctx: int,
    max_batch: int,
    cache_type: str,
    threads: int,
) -> Foretold:
    """For the cpu backend; embeddings stay in the file.

    Raises FormatError where tensors and graph disagree, UnsupportedError for what cannot be run.
    """
    check_weights(graph, file)
    weights, layout = PackedWeights(graph, file), layout_of(graph, n_ctx, cache_type)
    plan = planned(graph, weights, layout, max_batch=max_batch, threads=threads)
    rows = min(max_batch, ROWS_WANTED)
    logits = 4 * rows * row_floats(graph.result.width)
    return Foretold(weights.nbytes, layout.size, place(plan.buffers) + logits)


def foretell_reference(graph: Graph, file: GGUFFile, *, n_ctx: int, max_batch: int) -> Foretold:
    """For the reference backend: every weight and every value of a pass as float32."""
    used = (file.tensors[name] for name in graph.weights if name in file.tensors)
    weights = sum(4 * math.prod(tensor.shape) for tensor in used)
    per_token = sum(a.n_head_kv * (a.head_dim + a.head_dim_v) for a in graph.attentions)
    return Foretold(weights, 4 * per_token * n_ctx, 4 * max_batch * sum(graph.widths))
