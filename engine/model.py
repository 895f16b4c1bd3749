"""Opens a model file: architecture, tokenizer, chat template, backend; says what memory it takes.

The only room that puts these together. Knows nothing of conversations.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psutil

from engine.architectures import Hyper, build_graph
from engine.base.errors import FormatError, MemoryTooSmallError, UsageError
from engine.base.events import Event, Notice, Progress
from engine.base.models import ModelInfo, ModelMemory
from engine.base.settings import LoadOptions, SamplingParams
from engine.compute.backends import Backend, make_backend
from engine.compute.graph import Graph
from engine.sampling import Sampler, make_sampler
from engine.sampling.own import params_from_metadata
from engine.text.template import ChatTemplate, make_template
from engine.text.tokenizer import Tokenizer, make_tokenizer
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.names import file_type_name

OnProgress = Callable[[Progress], None]

USUAL_CONTEXT = 8192
SMALLEST_CONTEXT = 512
MARGIN = 256 << 20  # left to the rest of the system


@dataclass
class Model:
    """A model that is open. Whoever opened it closes it, after its conversations."""

    info: ModelInfo
    file: GGUFFile
    hyper: Hyper
    tokenizer: Tokenizer
    template: ChatTemplate
    backend: Backend

    def make_sampler(self, params: SamplingParams) -> Sampler:
        """A fresh sampler chain for one reply."""
        return make_sampler(
            params,
            n_vocab=self.hyper.n_vocab,
            token_text=self.tokenizer.text_of,
            n_ctx=self.info.n_ctx,
        )

    def close(self) -> None:
        self.backend.close()
        self.file.close()


def open_model(
    path: Path, options: LoadOptions, ident: str, on_progress: OnProgress
) -> Generator[Event | None, None, Model]:
    """Steps of opening a model; `on_progress` hears of the long one, and may raise to stop it."""
    begun = perf_counter()
    yield Progress("reading the file", 0, 0)
    file = open_gguf(path)
    try:
        hyper, graph = build_graph(file)
        memory, n_ctx = fit(file, hyper, graph, options)
        yield Progress("preparing the tokenizer", 0, 0)
        tokenizer = make_tokenizer(file.metadata)
        check_vocabulary(file, hyper, tokenizer)
        template = make_template(file.metadata)
        yield Notice(template.notice) if template.notice else None
        threads = options.threads or usable_cores()
        backend = make_backend(
            options.backend,
            graph,
            file,
            n_ctx=n_ctx,
            max_batch=min(options.batch, n_ctx),
            cache_type=options.cache_type,
            threads=threads,
            progress=lambda stage, done, total: on_progress(Progress(stage, done, total)),
        )
    except BaseException:
        file.close()
        raise
    info = ModelInfo(
        id=ident,
        path=path,
        name=file.get_str("general.name", "") or path.stem,
        architecture=hyper.architecture,
        type_name=file_type_name(file),
        parameters=file.n_parameters,
        file_bytes=file.file_bytes,
        n_ctx=n_ctx,
        n_ctx_train=hyper.n_ctx_train,
        memory=_measured(backend, memory),
        template_source=template.source,
        default_sampling=params_from_metadata(file.metadata, SamplingParams()),
        threads=threads,
        load_s=perf_counter() - begun,
    )
    return Model(info, file, hyper, tokenizer, template, backend)


def usable_cores() -> int:
    """Physical cores this process may run on; a core's second thread does not help kernels."""
    physical = psutil.cpu_count(logical=False) or 1
    logical = psutil.cpu_count() or physical
    process = psutil.Process()
    allowed = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else logical
    return max(1, min(physical, allowed))


def check_vocabulary(file: GGUFFile, hyper: Hyper, tokenizer: Tokenizer) -> None:
    """A tokenizer that does not match the embedding would give wrong text or read out of bounds."""
    if tokenizer.n_vocab != hyper.n_vocab:
        raise FormatError(
            f"{file.path.name}: the vocabulary (tokenizer.ggml.tokens) has "
            f"{tokenizer.n_vocab} tokens but token_embd.weight has {hyper.n_vocab} rows; "
            "the file is broken, get it again"
        )


def estimate(file: GGUFFile, hyper: Hyper, graph: Graph, n_ctx: int, o: LoadOptions) -> ModelMemory:
    """What the model will take, before anything is loaded."""
    used = [file.tensors[name] for name in graph.weights if name in file.tensors]
    if o.backend == "reference":
        weights = sum(4 * _elements(t.shape) for t in used)
    else:
        weights = sum(t.nbytes for t in used)
    element = 4 if o.cache_type == "f32" or o.backend == "reference" else 2
    per_token = sum(a.n_head_kv * (a.head_dim + a.head_dim_v) for a in graph.attentions)
    batch = min(o.batch, n_ctx)
    rows = 4 * (6 * hyper.n_embd + 3 * max(hyper.n_ff))
    return ModelMemory(weights, per_token * element * n_ctx, batch * rows + 4 * hyper.n_vocab)


def fit(
    file: GGUFFile, hyper: Hyper, graph: Graph, options: LoadOptions
) -> tuple[ModelMemory, int]:
    """The context to open with and the memory for it; an error with figures if it cannot be."""
    trained = hyper.n_ctx_train
    if options.n_ctx < 0 or options.n_ctx > trained:
        raise UsageError(
            f"{file.path.name}: a context of {options.n_ctx} tokens was asked for, but the model "
            f"was trained for {trained}; beyond that it writes nonsense. Ask for 1 to {trained}"
        )
    available = max(0, psutil.virtual_memory().available - MARGIN)
    n_ctx = options.n_ctx or min(trained, USUAL_CONTEXT)
    memory = estimate(file, hyper, graph, n_ctx, options)
    while not options.n_ctx and memory.total > available and n_ctx // 2 >= SMALLEST_CONTEXT:
        n_ctx //= 2
        memory = estimate(file, hyper, graph, n_ctx, options)
    if memory.total > available:
        raise MemoryTooSmallError(
            f"{file.path.name} needs {_gib(memory.total)} of memory (weights "
            f"{_gib(memory.weights)}, context of {n_ctx} tokens {_gib(memory.cache)}, workspace "
            f"{_gib(memory.workspace)}) but {_gib(available)} is free; close other programs, or "
            "choose a smaller context, a smaller quantization or a smaller model"
        )
    return memory, n_ctx


def _measured(backend: Backend, estimated: ModelMemory) -> ModelMemory:
    """The backend's own figures; the estimate where it gives none."""
    have = backend.memory()
    return ModelMemory(
        have.get("weights", estimated.weights),
        have.get("cache", estimated.cache),
        have.get("workspace", estimated.workspace),
    )


def _elements(shape: tuple[int, ...]) -> int:
    n = 1
    for extent in shape:
        n *= extent
    return n


def _gib(n: int) -> str:
    return f"{n / (1 << 30):.1f} GiB" if n >= 100 << 20 else f"{n / (1 << 20):.1f} MiB"
