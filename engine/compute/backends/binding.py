"""Checks that a file has what a graph needs, in the shape it needs. Reads no weights."""

from dataclasses import replace

from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph
from engine.weights.formats.gguf import TensorInfo


def check_weights(graph: Graph, tensors: dict[str, TensorInfo], name: str) -> None:
    """Raises FormatError naming the first tensor that is missing or has another shape; `name` is
    the file's.

    A shape that is spelled with other ones in front is then spelled as the graph has it.
    """
    for spec in graph.weights.values():
        info = tensors.get(spec.name)
        if info is None:
            raise FormatError(
                "{name}: tensor {spec} is missing, which models of this architecture need; the "
                "file is incomplete, or a variant that is not known here",
                name=name,
                spec=spec.name,
            )
        if not info.has_shape(spec.shape):
            raise FormatError(
                "{name}: tensor {spec} is {shape} but the model's metadata ask for {shape_2}; the "
                "file is of another architecture, or made badly",
                name=name,
                spec=spec.name,
                shape=_text(info.shape),
                shape_2=_text(spec.shape),
            )
        if info.shape != spec.shape:
            tensors[spec.name] = replace(info, shape=spec.shape)


def check_context(graph: Graph, n_ctx: int) -> None:
    """Raises UnsupportedError where the model has learned fewer positions than the context has."""
    limit = graph.position_limit
    if limit is not None and n_ctx > limit:
        raise UnsupportedError(
            "this model has learned {limit} positions, so a context of {n_ctx} tokens is not "
            "possible; choose a smaller one",
            limit=limit,
            n_ctx=n_ctx,
        )


def _text(shape: tuple[int, ...]) -> str:
    return " x ".join(str(n) for n in shape)
