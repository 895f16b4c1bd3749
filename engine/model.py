"""Opens a model file: architecture, tokenizer, chat template, backend; says what memory it takes.

The only room that puts these together. Knows nothing of conversations.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from engine.architectures import build_graph
from engine.architectures.shared.adapters import with_adapters
from engine.architectures.shared.common import Common
from engine.architectures.shared.find import usual_template
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.base.events import Event, Notice, Progress, Stage
from engine.base.models import ModelInfo, ModelMemory
from engine.base.settings import LoadOptions, SamplingParams
from engine.base.stopwatch import Stopwatch
from engine.base.turns import aside
from engine.compute.backends import Backend, Squares, new_backend
from engine.compute.backends.make import import_backend
from engine.compute.graph import Graph
from engine.fit import fit
from engine.hardware.report import chosen_threads
from engine.sampling.chain import Sampler, make_sampler
from engine.sampling.params import params_from_metadata
from engine.text.router import has_thinking_tags
from engine.text.template import ChatTemplate, has_switch, make_template
from engine.text.tokenizer import Tokenizer, make_tokenizer
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.types import main_type_name

# Products per chunk of the prompt: a second or two on two cores. Stop is heeded between chunks,
# and progress told. Where others wait, batch.py reads a chunk in shorter passes.
CHUNK_WORK = 500_000_000_000
SMALLEST_CHUNK = 64


@dataclass
class Model:
    """A model that is open. Whoever opened it closes it, after its conversations."""

    info: ModelInfo
    file: GGUFFile
    hyper: Common
    tokenizer: Tokenizer
    template: ChatTemplate
    backend: Backend
    others: Callable[[], int] = int  # what conversations with other open models may still fill
    before_close: list[Callable[[], object]] = field(default_factory=list)

    @property
    def promised(self) -> int:
        """Bytes that open conversations may still fill, with whatever model."""
        return self.backend.promised + self.others()

    def make_sampler(self, params: SamplingParams) -> Sampler:
        """A fresh sampler chain for one reply."""
        return make_sampler(
            params,
            n_vocab=self.hyper.n_vocab,
            token_text=self.token_text,
            n_ctx=self.info.n_ctx,
        )

    @property
    def chunk(self) -> int:
        """Prompt tokens to read in one step."""
        wanted = CHUNK_WORK // max(1, self.info.parameters) // 32 * 32
        return min(self.backend.max_batch, max(SMALLEST_CHUNK, wanted))

    def token_text(self, token: int) -> str:
        """What a token adds to the text; half a character shows as a replacement mark."""
        return self.tokenizer.piece(token).decode("utf-8", "replace")

    def close(self) -> None:
        for done in self.before_close:
            done()
        self.backend.close()
        self.file.close()


def open_model(
    path: Path,
    options: LoadOptions,
    ident: str,
    *,
    squares: Squares | None = None,
    promised: int = 0,
    embeds: bool = False,
    opened: tuple[GGUFFile, Tokenizer] | None = None,
) -> Generator[Event | None, None, Model]:
    """Steps of opening a model, none longer than a tenth of a second or so.

    `squares`: filled with what goes into each product; `promised`: what conversations with other
    open models may still fill, in bytes; `embeds`: to make vectors of texts, not to write;
    `opened`: the file and its tokenizer, where somebody had to look first; the file is the model's
    then.
    """
    begun, watch = perf_counter(), Stopwatch()
    threads = chosen_threads(options.threads)
    yield Progress(Stage.OPENING, 0, 0)
    with watch.part("header"):
        if opened is None:
            file = yield from aside(lambda: open_gguf(path), lost=GGUFFile.close)
        else:
            file = opened[0]
    backend: Backend | None = None
    try:
        with watch.part("header"):
            hyper, graph = build_graph(file, options.pooling)
            check_purpose(file, graph, embeds=embeds, asked=bool(options.pooling))
            graph = with_adapters(graph, file, options.adapters)
        with watch.part("compiler"):
            # Heavy: here, so that it is timed.
            yield from aside(lambda: import_backend(options.backend))
        with watch.part("plan"):
            memory, n_ctx = fit(file, hyper, graph, options, promised=promised)
        yield Progress(Stage.TOKENIZER, 0, 0)
        with watch.part("tokenizer"):
            if opened is None:
                tokenizer = yield from aside(lambda: _tokenizer(file))
            else:
                tokenizer = opened[1]
            check_vocabulary(file, hyper, tokenizer)
            usual = usual_template(hyper.architecture)
            template = make_template(file.metadata, tokenizer.vocabulary, usual)
        sampling, complaint = own_sampling(file)
        for notice in (tokenizer.notice, complaint):
            yield Notice(notice) if notice else None
        with watch.part("plan"):
            backend = new_backend(
                options.backend,
                graph,
                file,
                n_ctx=n_ctx,
                max_batch=graph.batch(options.batch, n_ctx),
                cache_type=options.cache_type,
                threads=threads,
                squares=squares,
            )
            yield from backend.load()
        info = ModelInfo(
            id=ident,
            path=path,
            name=file.told_str("general.name") or path.stem,
            architecture=hyper.architecture,
            type_name=type_name(file),
            parameters=file.n_parameters,
            file_bytes=file.file_bytes,
            n_ctx=n_ctx,
            n_ctx_train=hyper.n_ctx_train,
            memory=_measured(backend, memory),
            template_source=template.source,
            thinks=has_switch(template.text),
            thinks_in_tags=has_thinking_tags(template.text),
            default_sampling=sampling,
            threads=threads,
            load_s=perf_counter() - begun,
            load_parts_s=_parts(watch, backend),
            kernels_compiled=backend.kernels_compiled,
        )
    except BaseException:
        if backend is not None:
            backend.close()
        file.close()
        raise
    return Model(info, file, hyper, tokenizer, template, backend)


def _tokenizer(file: GGUFFile) -> Tokenizer:
    """With all that a first text needs: of a large vocabulary that takes half a second."""
    tokenizer = make_tokenizer(file.metadata)
    tokenizer.prepare()
    return tokenizer


def _parts(watch: Stopwatch, backend: Backend) -> dict[str, float]:
    """Seconds of opening a model by part, in the order of the work."""
    inner = backend.watch.seconds
    outer = watch.seconds | {"plan": watch.seconds["plan"] - sum(inner.values())}
    return outer | inner


def type_name(file: GGUFFile) -> str:
    """What the file says it was quantized to; else the type of most of its bytes."""
    tensors = ((tensor.type.name, tensor.nbytes) for tensor in file.tensors.values())
    return main_type_name(file.told_int("general.file_type", None), tensors)


def own_sampling(file: GGUFFile) -> tuple[SamplingParams, str]:
    """The sampling values the file brings; if they make no sense the usual ones, and a notice."""
    try:
        return params_from_metadata(file.metadata, SamplingParams()), ""
    except FormatError as error:
        return SamplingParams(), Words(
            "{file}: {error} The usual sampling values are used.", file=file.path.name, error=error
        )


def check_vocabulary(file: GGUFFile, hyper: Common, tokenizer: Tokenizer) -> None:
    """A tokenizer that does not match the embedding would give wrong text or read out of bounds."""
    if tokenizer.n_vocab != hyper.n_vocab:
        raise FormatError(
            "{file}: the vocabulary (tokenizer.ggml.tokens) has {n_vocab} tokens but "
            "token_embd.weight has {hyper_n_vocab} rows; tokenizer and weights do not belong "
            "together: convert the model again, or get another file of it",
            file=file.path.name,
            n_vocab=tokenizer.n_vocab,
            hyper_n_vocab=hyper.n_vocab,
        )


def check_purpose(file: GGUFFile, graph: Graph, *, embeds: bool, asked: bool = False) -> None:
    """Raises UnsupportedError where a model is to write that only makes vectors, or the other way
    round. asked: for a certain way of pooling."""
    if graph.embeds and not embeds:
        raise UnsupportedError(
            "{file} makes vectors of texts, for searching, and cannot write or chat; use it with "
            "`chaski embed`, and choose another model to talk to",
            file=file.path.name,
        )
    if embeds and not graph.embeds:
        if asked:
            raise UnsupportedError(
                "{file} is of a family whose texts cannot be made into vectors here; choose a "
                "model that is made for that",
                file=file.path.name,
            )
        raise UnsupportedError(
            "{file} writes texts, and its file does not say how to make vectors of them; models "
            "made for that do so best, others of some families with --pooling mean or last",
            file=file.path.name,
        )


def _measured(backend: Backend, estimated: ModelMemory) -> ModelMemory:
    """The backend's own figures; the estimate where it gives none."""
    have = backend.memory()
    return ModelMemory(
        have.get("weights", estimated.weights),
        have.get("cache", estimated.cache),
        have.get("workspace", estimated.workspace),
        estimated.vocabulary,
    )
