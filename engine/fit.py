"""How much memory a model will take, and the context that fits, before anything is loaded."""

from collections.abc import Mapping

from engine.architectures import Hyper
from engine.base.errors import MemoryTooSmallError, UnsupportedError
from engine.base.models import ModelMemory
from engine.base.settings import LoadOptions
from engine.base.sizes import memory as words
from engine.compute.graph import Graph, Linear
from engine.compute.kernels.panels import resident_bytes
from engine.hardware.limits import system_memory
from engine.hardware.machine import Machine
from engine.hardware.report import chosen_threads
from engine.weights.formats.gguf import GGUFFile, TensorInfo

USUAL_CONTEXT = 8192
SMALLEST_CONTEXT = 512
MARGIN = 256 << 20  # left to the rest of the system


def estimate(file: GGUFFile, hyper: Hyper, graph: Graph, n_ctx: int, o: LoadOptions) -> ModelMemory:
    """What the model will take, before anything is taken: the backend's planner tells.

    Raises FormatError or UnsupportedError where it cannot be run.
    """
    from engine.compute.backends import foretell  # brings the compiler along

    batch = min(o.batch, n_ctx)
    if o.backend == "reference":
        found = foretell.foretell_reference(graph, file, n_ctx=n_ctx, max_batch=batch)
    else:
        found = foretell.foretell_cpu(
            graph,
            file,
            n_ctx=n_ctx,
            max_batch=batch,
            cache_type=o.cache_type,
            threads=chosen_threads(o.threads),
        )
    return ModelMemory(found.weights, found.cache, found.workspace)


def resident_weights(tensors: Mapping[str, TensorInfo], graph: Graph | None) -> int:
    """Bytes of the weights once the cpu backend has packed them; the file says only what they
    take on the disk. Embeddings stay there, and count as they are. Without a
    graph (a family that cannot run) every matrix counts as packed.
    """
    if graph is None:
        return sum(_resident(t) if len(t.shape) > 1 else t.nbytes for t in tensors.values())
    products = {op.weight for op in graph.ops if isinstance(op, Linear)}
    used = [tensors[name] for name in graph.weights if name in tensors]
    return sum(_resident(t) if t.name in products else t.nbytes for t in used)


def _resident(tensor: TensorInfo) -> int:
    """Whole panels of the type; its bytes in the file where it cannot be run."""
    return resident_bytes(tensor.type, tensor.n_rows, tensor.n_cols) or tensor.nbytes


def usual_context(
    file: GGUFFile, hyper: Hyper, options: LoadOptions, *, any_context: bool = False
) -> int:
    """The context asked for, or a usual one; beyond the trained one is refused."""
    trained = hyper.n_ctx_train
    if options.n_ctx < 0 or (options.n_ctx > trained and not any_context):
        raise UnsupportedError(
            f"{file.path.name}: a context of {options.n_ctx} tokens was asked for, but the model "
            f"was trained for {trained}; beyond that it writes nonsense. Ask for 1 to {trained}"
        )
    return options.n_ctx or min(trained, USUAL_CONTEXT)


def fit(
    file: GGUFFile,
    hyper: Hyper,
    graph: Graph,
    options: LoadOptions,
    *,
    any_context: bool = False,
    promised: int = 0,
) -> tuple[ModelMemory, int]:
    """The context to open with and the memory for it; an error with figures if it cannot be.

    promised: bytes that the system holds to be free, but which open conversations may still fill.
    """
    n_ctx = usual_context(file, hyper, options, any_context=any_context)
    available = max(0, system_memory(Machine()).available - promised - MARGIN)
    memory = estimate(file, hyper, graph, n_ctx, options)
    while not options.n_ctx and memory.total > available and n_ctx // 2 >= SMALLEST_CONTEXT:
        n_ctx //= 2
        memory = estimate(file, hyper, graph, n_ctx, options)
    if memory.total > available:
        raise MemoryTooSmallError(
            f"{file.path.name} needs {words(memory.total)} of memory (weights "
            f"{words(memory.weights)}, context of {n_ctx:,} tokens {words(memory.cache)}, "
            f"workspace {words(memory.workspace)}) but {words(available)} is free; close other "
            "programs, or choose a smaller context, a smaller quantization or a smaller model"
        )
    return memory, n_ctx


def check_cache(cache: int, promised: int) -> None:
    """Raises MemoryTooSmallError if one more conversation's cache would not fit.

    Its pages are taken as it fills, so nothing would stop it before the system does.
    """
    available = max(0, system_memory(Machine()).available - promised - MARGIN // 2)
    if cache > available:
        raise MemoryTooSmallError(
            f"a conversation with this model needs {words(cache)} of memory for its context, "
            f"but {words(available)} is free; close other chats, models or programs, or open the "
            "model with a smaller context"
        )
