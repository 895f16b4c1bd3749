"""Makes vectors of texts with a model file: opened for the longest of them, and closed again."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from engine.architectures import build_graph
from engine.architectures.shared.encoder import pooling_of
from engine.architectures.shared.keys import Keys
from engine.base.catalogue import Words
from engine.base.errors import UnsupportedError, UsageError
from engine.base.events import Notice
from engine.base.paths import Paths
from engine.base.turns import aside
from engine.compute.graph import EmbedSegment
from engine.embed import Embedded, Reading, embed, readings, scores, shortened, unit
from engine.hardware.report import chosen_threads
from engine.jobs.orders import Embed, Steps
from engine.model import Model, check_purpose, open_model
from engine.text.metadata import get_strings
from engine.text.tokenizer import make_tokenizer
from engine.weights.formats.gguf import GGUFFile, open_gguf

SHORT = 512  # tokens of a pass, where all texts are shorter


def embedding(order: Embed, place: Paths) -> Steps[Embedded]:
    """Tells Progress and Notice."""
    if not order.texts:
        raise UsageError("there is no text to make a vector of")
    file = yield from aside(lambda: open_gguf(order.model), lost=GGUFFile.close)
    try:
        hyper, graph = build_graph(file, order.options.pooling)
        check_purpose(file, graph, embeds=True, asked=bool(order.options.pooling))
        pooling = _pooling(file, order)
        tokenizer = make_tokenizer(file.metadata)
        found = yield from aside(
            lambda: readings(tokenizer, file.metadata, order.texts, order.query)
        )
        n_ctx = order.options.n_ctx or min(hyper.n_ctx_train, _longest(found))
        found = [shortened(one, n_ctx, tokenizer.last_ids) for one in found]
        threads = chosen_threads(order.options.threads, place.rates_file)
        options = replace(order.options, n_ctx=n_ctx, threads=threads)
        name, opened = order.model.stem, (file, tokenizer)
        model = yield from open_model(order.model, options, name, embeds=True, opened=opened)
    except BaseException:
        file.close()
        raise
    with closing(model):
        return (yield from _embedded(order, model, found, pooling))


def _longest(found: Sequence[Reading]) -> int:
    return -(-max(SHORT, *(len(one.ids) for one in found)) // 32) * 32


def _embedded(
    order: Embed, model: Model, found: Sequence[Reading], pooling: str
) -> Steps[Embedded]:
    n_cut = sum(one.cut for one in found)
    if n_cut:
        yield Notice(
            Words(
                "{n_cut} of {n} texts are longer than the {n_ctx} tokens that the model reads, and "
                "were cut there",
                n_cut=n_cut,
                n=len(found),
                n_ctx=model.info.n_ctx,
            )
        )
    graph = model.backend.graph
    segments = [graph.weights[op.weight] for op in graph.ops if isinstance(op, EmbedSegment)]
    paired = bool(segments) and min(spec.shape[0] for spec in segments) > 1
    rows = yield from embed(model.backend, found, every=pooling == "none", paired=paired)
    lengths = tuple(len(one.ids) for one in found)
    if pooling == "rank":
        labels = _labels(model.file, rows.shape[1])
        return Embedded(scores(rows, labels), lengths, n_cut, pooling, labels)
    return Embedded(unit(rows) if order.normalized else rows, lengths, n_cut, pooling)


def _labels(file: GGUFFile, n: int) -> tuple[str, ...]:
    named = get_strings(file.metadata, f"{file.architecture}.classifier.output_labels") or ()
    return tuple(named) if len(named) == n else tuple(f"LABEL_{i}" for i in range(n))


def _pooling(file: GGUFFile, order: Embed) -> str:
    """How this file makes vectors; an error where nobody says, or it is not what was asked for."""
    pooling = pooling_of(Keys(file, file.architecture, order.options.pooling))
    if not pooling:
        raise UnsupportedError(
            "{file} does not say how the tokens of a text become one vector; choose how with "
            "--pooling: mean or cls for most, as the model's page says",
            file=file.path.name,
        )
    if (pooling == "rank") != (order.query is not None):
        raise UsageError(
            "{file} scores passages for a question: give that with --query"
            if pooling == "rank"
            else "{file} makes vectors of texts and scores none: leave --query out",
            file=file.path.name,
        )
    return pooling
