"""What a model will take in memory, told by the planner itself before anything is taken."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from engine.compute.backends.binding import check_weights
from engine.compute.backends.cpu_buffers import place
from engine.compute.backends.cpu_plan import layout_of, planned
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.graph import Embed, EmbedPosition, Graph, Linear
from engine.compute.kernels.activations import row_floats
from engine.weights.formats.gguf import GGUFFile, TensorInfo

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
    """For the cpu backend. Embeddings stay in the file, but whoever answers reads there all the
    time: they count as weights, for the system's copy of their pages.

    Raises FormatError where tensors and graph disagree, UnsupportedError for what cannot be run.
    """
    check_weights(graph, file)
    weights, layout = PackedWeights(graph, file), layout_of(graph, n_ctx, cache_type)
    plan = planned(graph, weights, layout, max_batch=max_batch, threads=threads)
    rows = min(max_batch, ROWS_WANTED)
    logits = 4 * rows * row_floats(graph.result.width)
    return Foretold(
        weights.nbytes + looked_up_bytes(graph, file.tensors),
        layout.position_bytes * (-(-n_ctx // 16) * 16),
        place(plan.buffers) + logits,
    )


def looked_up_bytes(graph: Graph, tensors: Mapping[str, TensorInfo]) -> int:
    """Of the tables whose rows are read from the file, where they are no products' weights too."""
    products = {op.weight for op in graph.ops if isinstance(op, Linear)}
    tables = {op.weight for op in graph.ops if isinstance(op, Embed | EmbedPosition)}
    return sum(tensors[name].nbytes for name in tables - products if name in tensors)


def foretell_reference(graph: Graph, file: GGUFFile, *, n_ctx: int, max_batch: int) -> Foretold:
    """For the reference backend: every weight and every value of a pass as float32."""
    used = (file.tensors[name] for name in graph.weights if name in file.tensors)
    weights = sum(4 * math.prod(tensor.shape) for tensor in used)
    per_token = sum(a.n_head_kv * (a.head_dim + a.head_dim_v) for a in graph.attentions)
    return Foretold(weights, 4 * per_token * n_ctx, 4 * max_batch * sum(graph.widths))
