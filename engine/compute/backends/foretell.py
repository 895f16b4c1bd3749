"""What a model will take in memory and what a token of it costs, told by the planner itself from
shapes and types alone: a header is enough, nothing is read or taken.
"""

from collections.abc import Mapping

from engine.base.models import CacheWork, ModelMemory, TokenWork, TypeWork
from engine.base.settings import LoadOptions
from engine.compute.backends.binding import check_weights
from engine.compute.backends.cpu_plan import layout_of, planned
from engine.compute.backends.cpu_program import place
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.graph import (
    GATES,
    DeltaRule,
    Embed,
    EmbedPosition,
    EmbedSegment,
    ExpertLinear,
    Graph,
    HeadLinear,
    Linear,
    Pool,
    Route,
    Scan,
    Select,
    Wkv6,
    Wkv7,
    select_early,
)
from engine.compute.kernels.activations import row_floats
from engine.weights.formats.gguf import TensorInfo

ROWS_WANTED = 16  # rows of logits in one pass while text is written; measuring takes more
TWO_STEPS = ("q16", "q8x2")  # forms of activations with 16 bits
Tensors = Mapping[str, TensorInfo]


def foretell_cpu(
    graph: Graph, tensors: Tensors, n_ctx: int, options: LoadOptions, name: str
) -> ModelMemory:
    """For the cpu backend; see interface.Backend.foretell.

    Embeddings stay in the file, but whoever answers reads there all the time: they count as
    weights, for the system's copy of their pages.
    """
    found = dict(tensors)
    check_weights(graph, found, name)
    batch = graph.batch(options.batch, n_ctx)
    weights = PackedWeights(graph, found, name)
    layout = layout_of(graph, n_ctx, options.cache_type, batch)
    plan = planned(graph, weights, layout, max_batch=batch, threads=max(1, options.threads))
    logits = 4 * min(batch, ROWS_WANTED) * row_floats(graph.result.width)
    return ModelMemory(
        weights.nbytes + looked_up_bytes(graph, found),
        layout.capacity,
        place(plan.buffers) + logits,
    )


def foretell_weights(graph: Graph, tensors: Tensors, name: str) -> int:
    """The part of it that changes where only the types do: bytes of the weights."""
    found = dict(tensors)
    check_weights(graph, found, name)
    return PackedWeights(graph, found, name).nbytes + looked_up_bytes(graph, found)


def looked_up_bytes(graph: Graph, tensors: Tensors) -> int:
    """Of the tables whose rows are read from the file, where they are no products' weights too."""
    products = {op.weight for op in graph.ops if isinstance(op, Linear | ExpertLinear)}
    tables = {op.weight for op in graph.ops if isinstance(op, Embed | EmbedPosition | EmbedSegment)}
    return sum(tensors[name].nbytes for name in tables - products if name in tensors)


def work_of(graph: Graph, tensors: Tensors, cache_type: str, name: str) -> TokenWork:
    """What a token costs the cpu backend: bytes as they lie packed in memory."""
    found = dict(tensors)
    check_weights(graph, found, name)
    matrices = PackedWeights(graph, found, name).matrices
    early = select_early(graph)
    few = (i for i, op in enumerate(early.ops) if isinstance(op, Select | Pool))
    first = next(few, len(early.ops))
    types: dict[str, list[int]] = {}
    for index, op in enumerate(early.ops):
        if isinstance(op, Linear | ExpertLinear | HeadLinear):
            matrix, used = matrices[op.weight], 1
            if isinstance(op, HeadLinear):
                used = op.heads
            if isinstance(op, ExpertLinear):  # of a token
                route = early.ops[op.route.index]
                assert isinstance(route, Route)
                used = route.used
            sums = types.setdefault(found[op.weight].type.name, [0] * 4)
            products = used * matrix.rows * matrix.columns
            sums[0] += used * matrix.each
            sums[1] += products
            if index < first:
                sums[2] += products
                gated = isinstance(early.ops[op.x.index], GATES)
                form = matrix.kind.way(logits=False, gated=gated)[0]
                sums[3] += products * (2 if form in TWO_STEPS else 1)
    works = tuple(TypeWork(kind, *sums) for kind, sums in sorted(types.items()))
    steps = sum(width > 0 for width in early.widths)  # keys and values are kept on the way
    fixed = layout_of(graph, 16, cache_type, 1).fixed.block
    remembering = DeltaRule | Scan | Wkv6 | Wkv7
    rules = [op.state.spec.numbers for op in graph.ops if isinstance(op, remembering)]
    return TokenWork(works, cache_work(graph, cache_type), steps, 2 * fixed, 3 * sum(rules))


def cache_work(graph: Graph, cache_type: str) -> tuple[CacheWork, ...]:
    """What looking at earlier tokens costs, by window: some layers may see less far than others."""
    found: dict[tuple[int, bool], list[int]] = {}
    places = layout_of(graph, 16, cache_type, 1).places
    for op in graph.attentions:
        sums = found.setdefault((op.window, op.chunked), [0, 0])
        sums[0] += places[op.state.index].position_bytes
        sums[1] += op.n_head * (op.head_dim + op.head_dim_v)
    return tuple(
        CacheWork(window, size, products, chunked)
        for (window, chunked), (size, products) in sorted(found.items())
    )
