"""Chooses a backend by name. The cpu backend is imported only when asked for (numba is heavy)."""

from collections.abc import Mapping
from importlib import import_module

from engine.base.errors import UsageError
from engine.base.models import ModelMemory, TokenWork
from engine.base.settings import LoadOptions
from engine.compute.backends.interface import Backend, Squares
from engine.compute.cache import CACHE_TYPES
from engine.compute.graph import Graph
from engine.compute.place import take_kernel_folder
from engine.weights.formats.gguf import GGUFFile, TensorInfo

BACKENDS = ("cpu", "reference")


def foretell(
    graph: Graph, tensors: Mapping[str, TensorInfo], n_ctx: int, options: LoadOptions, name: str
) -> ModelMemory:
    """What the backend that `options` name will take; see interface.Backend.foretell."""
    check_names(options.backend, options.cache_type)
    if options.backend == "reference":
        from engine.compute.backends.reference import ReferenceBackend

        return ReferenceBackend.foretell(graph, tensors, n_ctx, options, name)
    # What CpuBackend.foretell does, too; its own file would have kernels compiled.
    from engine.compute.backends.foretell import foretell_cpu

    return foretell_cpu(graph, tensors, n_ctx, options, name)


def work(
    graph: Graph, tensors: Mapping[str, TensorInfo], options: LoadOptions, name: str
) -> TokenWork:
    """What a token will cost the backend that `options` name; see interface.Backend.work."""
    check_names(options.backend, options.cache_type)
    if options.backend == "reference":
        from engine.compute.backends.reference import ReferenceBackend

        return ReferenceBackend.work(graph, tensors, options.cache_type, name)
    # What CpuBackend.work does, too; see `foretell`.
    from engine.compute.backends.foretell import work_of

    return work_of(graph, tensors, options.cache_type, name)


def check_names(name: str, cache_type: str) -> None:
    """Raises UsageError for a backend or a type of cache that there is not."""
    if name not in BACKENDS:
        raise UsageError("unknown backend {name!r}: use cpu or reference", name=name)
    if cache_type not in CACHE_TYPES:
        raise UsageError(
            "unknown cache type {type!r}: use {cache_types}",
            type=cache_type,
            cache_types=", ".join(CACHE_TYPES),
        )


def import_backend(name: str) -> None:
    """What the backend is made of, which is heavy, and a place for what it compiles."""
    if name == "cpu":
        take_kernel_folder()
        import_module("engine.compute.backends.cpu")


def new_backend(
    name: str,
    graph: Graph,
    weights: GGUFFile,
    *,
    n_ctx: int,
    max_batch: int = 512,
    cache_type: str = "f16",
    threads: int = 1,
    squares: Squares | None = None,
) -> Backend:
    """A backend for `graph` with the tensors of `weights`, which its load() puts in place; it
    fills `squares` if given.

    Raises UsageError for an unknown name or cache type, FormatError where a tensor is missing or
    has another shape than the graph needs.
    """
    check_names(name, cache_type)
    if name == "reference":
        from engine.compute.backends.reference import ReferenceBackend

        return ReferenceBackend(graph, weights, n_ctx=n_ctx, max_batch=max_batch, squares=squares)
    import_backend(name)
    from engine.compute.backends.cpu import CpuBackend

    return CpuBackend(
        graph,
        weights,
        n_ctx=n_ctx,
        max_batch=max_batch,
        cache_type=cache_type,
        threads=threads,
        squares=squares,
    )
