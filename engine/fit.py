"""What a model will take and cost, and the context that fits, before anything is loaded."""

from dataclasses import replace

from engine.architectures import build_graph
from engine.architectures.shared.common import Common
from engine.architectures.shared.special import specials
from engine.base.errors import MemoryTooSmallError, UnsupportedError
from engine.base.models import Forecast, ModelMemory
from engine.base.settings import LoadOptions
from engine.compute.backends.make import foretell, work
from engine.compute.graph import Graph
from engine.hardware.limits import RESERVE, system_memory
from engine.hardware.machine import Machine
from engine.hardware.report import chosen_threads
from engine.text.vocabulary import vocabulary_bytes
from engine.weights.formats.gguf import GGUFFile

USUAL_CONTEXT = 8192
SMALLEST_CONTEXT = 512
MARGIN = RESERVE


def forecast(
    file: GGUFFile,
    options: LoadOptions = LoadOptions(),  # noqa: B008 (frozen)
    *,
    shorten: bool = False,
) -> Forecast:
    """All that a header tells before a model is loaded, at the context that is asked for, or the
    usual one. `file` need not be there: a GGUFFile of headers alone serves, too.

    shorten: a context beyond the trained one counts as that, instead of being refused. Raises
    FormatError or UnsupportedError where it cannot be run.
    """
    hyper, graph = build_graph(file, options.pooling)
    if shorten:
        options = replace(options, n_ctx=min(options.n_ctx, hyper.n_ctx_train))
    n_ctx = usual_context(file, hyper, options)
    memory = estimate(file, graph, n_ctx, options)
    costs = work(graph, file.tensors, options, file.name)
    return Forecast(n_ctx, memory, costs, specials(graph, file.n_parameters))


def estimate(file: GGUFFile, graph: Graph, n_ctx: int, options: LoadOptions) -> ModelMemory:
    """What the model will take, before anything is taken: the backend tells, and the vocabulary.

    Raises FormatError or UnsupportedError where it cannot be run.
    """
    asked = replace(options, threads=chosen_threads(options.threads))
    found = foretell(graph, file.tensors, n_ctx, asked, file.name)
    return replace(found, vocabulary=vocabulary_bytes(file.metadata))


def usual_context(file: GGUFFile, hyper: Common, options: LoadOptions) -> int:
    """The context asked for, or a usual one; beyond the trained one is refused."""
    trained = hyper.n_ctx_train
    if options.n_ctx < 0 or (options.n_ctx > trained and not options.any_context):
        raise UnsupportedError(
            "{file}: a context of {n_ctx} tokens was asked for, but the model was trained for "
            "{trained}; beyond that it writes nonsense. Ask for 1 to {trained}",
            file=file.path.name,
            n_ctx=options.n_ctx,
            trained=trained,
        )
    return options.n_ctx or min(trained, USUAL_CONTEXT)


def fit(
    file: GGUFFile,
    hyper: Common,
    graph: Graph,
    options: LoadOptions,
    *,
    promised: int = 0,
) -> tuple[ModelMemory, int]:
    """The context to open with and the memory for it; an error with figures if it cannot be.

    promised: bytes that the system holds to be free, but which open conversations may still fill.
    """
    n_ctx = usual_context(file, hyper, options)
    available = max(0, system_memory(Machine()).available - promised - MARGIN)
    memory = estimate(file, graph, n_ctx, options)
    while not options.n_ctx and memory.total > available and n_ctx // 2 >= SMALLEST_CONTEXT:
        n_ctx //= 2
        memory = estimate(file, graph, n_ctx, options)
    if memory.total > available:
        raise MemoryTooSmallError(
            "{file} needs {total:memory} of memory (weights {weights:memory}, context of "
            "{n_ctx:,} tokens {cache:memory}, workspace {workspace:memory}) but "
            "{available:memory} is free; close other programs, or choose a smaller context, a "
            "smaller quantization or a smaller model",
            file=file.path.name,
            total=memory.total,
            weights=memory.weights,
            n_ctx=n_ctx,
            cache=memory.cache,
            workspace=memory.workspace,
            available=available,
        )
    return memory, n_ctx


def check_cache(cache: int, promised: int) -> None:
    """Raises MemoryTooSmallError if one more conversation's cache would not fit.

    Its pages are taken as it fills, so nothing would stop it before the system does.
    """
    available = max(0, system_memory(Machine()).available - promised - MARGIN // 2)
    if cache > available:
        raise MemoryTooSmallError(
            "a conversation with this model needs {cache:memory} of memory for its context, but "
            "{available:memory} is free; close other chats, models or programs, or open the model "
            "with a smaller context",
            cache=cache,
            available=available,
        )
