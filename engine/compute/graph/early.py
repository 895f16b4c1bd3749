"""Selects rows early: what only the logits need is done for the wanted tokens alone.

Other tokens need their keys and values in the last layer and nothing behind it: what follows the
last attention is most of a layer, so a prompt gets through a model of 22 layers in 4 % less time.
"""

from dataclasses import replace

from engine.compute.graph.graph import Graph
from engine.compute.graph.ops import Attention, Select, Value


def select_early(graph: Graph) -> Graph:
    """The same graph with its selection behind the last attention: one Select for each earlier
    value that is read from there on. The graph itself where it has no such place."""
    kinds = [type(op) for op in graph.ops]
    last = max((i for i, kind in enumerate(kinds) if kind is Attention), default=len(kinds))
    if Select not in kinds[last:]:
        return graph
    early = Graph()
    early.weights = dict(graph.weights)
    for op, width in zip(graph.ops[: last + 1], graph.widths, strict=False):
        early.append(op, width)
    few: dict[int, Value] = {}  # by its old index: a value of the wanted rows
    for op in graph.ops[last + 1 :]:
        for value in op.inputs:
            if value.index <= last and value.index not in few:
                few[value.index] = early.select(value)
    for index in range(last + 1, len(graph.ops)):
        op = graph.ops[index]
        if isinstance(op, Select):
            few[index] = few[op.x.index]
            continue
        fields = {k: few[v.index] for k, v in vars(op).items() if isinstance(v, Value)}
        few[index] = early.append(replace(op, **fields), graph.widths[index])
    return early
