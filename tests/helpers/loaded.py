"""A backend that is loaded, where nobody else waits for this thread."""

from typing import Any

from engine.compute.backends import Backend, new_backend
from engine.compute.graph import Graph
from engine.weights.formats.gguf import GGUFFile


def make_backend(name: str, graph: Graph, weights: GGUFFile, **options: Any) -> Backend:
    """`options` are new_backend's."""
    backend = new_backend(name, graph, weights, **options)
    for _ in backend.load():
        pass
    return backend
