"""What is special about how a model computes, for people: told by its graph, so that no family has
to say it of itself."""

from engine.base import sizes
from engine.base.catalogue import Words
from engine.compute.graph import (
    Attention,
    Conv,
    DeltaRule,
    ExpertLinear,
    Graph,
    Route,
    Scan,
)


def specials(graph: Graph, parameters: int) -> tuple[Words, ...]:
    """Sentences without an end; none of a plain decoder. parameters: of the whole file."""
    found = (_experts(graph, parameters), _states(graph), _windows(graph), _latent(graph))
    both = None if graph.causal else Words("reads a text in both directions")
    return tuple(words for words in (*found, both) if words is not None)


def active_parameters(graph: Graph, parameters: int) -> int:
    """Those that a token goes through: of experts the ones that it goes to."""
    idle = 0
    for op in graph.ops:
        if isinstance(op, ExpertLinear):
            n, rows, columns = graph.weights[op.weight].shape
            idle += (n - _route(graph, op).used) * rows * columns
    return max(0, parameters - idle)


def _route(graph: Graph, op: ExpertLinear) -> Route:
    route = graph.ops[op.route.index]
    assert isinstance(route, Route)
    return route


def _experts(graph: Graph, parameters: int) -> Words | None:
    routes = [op for op in graph.ops if isinstance(op, Route)]
    if not routes:
        return None
    most = max(routes, key=lambda op: op.logits.width)
    return Words(
        "{n} experts, of which a token goes to {used}: {active} of {all} parameters are active",
        n=most.logits.width,
        used=most.used,
        active=sizes.parameters(active_parameters(graph, parameters)),
        all=sizes.parameters(parameters),
    )


def _states(graph: Graph) -> Words | None:
    """A layer that scans has a convolution before it: the same layer."""
    scans = sum(isinstance(op, DeltaRule | Scan) for op in graph.ops)
    n = scans or sum(isinstance(op, Conv) for op in graph.ops)
    if not n:
        return None
    return Words(
        "{n} layers keep a state of a fixed size, {attentions} look at earlier tokens",
        n=n,
        attentions=len(graph.attentions),
    )


def _windows(graph: Graph) -> Words | None:
    windows = [op.window for op in graph.attentions if op.window]
    if not windows:
        return None
    return Words(
        "{n} of {attentions} layers look {most} tokens back at most",
        n=len(windows),
        attentions=len(graph.attentions),
        most=max(windows),
    )


def _latent(graph: Graph) -> Words | None:
    """All heads share one row, of which the values are a part."""
    shared = (op for op in graph.attentions if op.n_head_kv == 1 < op.n_head)
    op: Attention | None = next((op for op in shared if op.head_dim_v < op.head_dim), None)
    if op is None:
        return None
    return Words("of each token and layer a latent of {size} numbers is kept", size=op.head_dim)
