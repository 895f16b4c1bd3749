"""How well a model predicts a text, and how far it is from a reference model.

One model after the other, so that the larger of the two is all that must fit.
"""

from collections.abc import Generator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import cast

from engine.architectures import build_graph
from engine.base.errors import ChaskiError
from engine.base.events import Event, Notice
from engine.base.paths import Paths
from engine.base.settings import LoadOptions
from engine.hardware.report import chosen_threads
from engine.jobs.orders import Perplex, Steps
from engine.measure.comparison import keep_comparison
from engine.measure.perplexity import (
    USUAL_WINDOW,
    Perplexity,
    check_alike,
    compare_with,
    keep_predictions,
    perplexity,
    rows_to_measure,
)
from engine.measure.predictions import KeptLogits
from engine.model import Model, open_model
from engine.weights.formats.gguf import open_gguf


def perplexing(order: Perplex, place: Paths) -> Steps[Perplexity]:
    """Tells Progress and Notice."""
    with ExitStack() as stack:
        model = yield from _opened(order.model, order.options, place)
        stack.callback(model.close)
        window = order.window or min(USUAL_WINDOW, model.info.n_ctx)
        if order.reference is not None:
            return (yield from _against(order, place, stack, model, window))
        return cast(Perplexity, (yield from perplexity(model, order.text, window)))


def _opened(path: Path, options: LoadOptions, place: Paths) -> Generator[Event | None, None, Model]:
    options = replace(options, threads=chosen_threads(options.threads, place.rates_file))
    return (yield from open_model(path, options, path.stem))


def _against(
    order: Perplex, place: Paths, stack: ExitStack, model: Model, window: int
) -> Steps[Perplexity]:
    """stack: has the first model open."""
    assert order.reference is not None
    with open_gguf(order.reference) as file:
        check_alike(model, order.reference.name, build_graph(file)[0].n_vocab)
    rows = rows_to_measure(model, order.text, window)
    n = sum(row.n_scored for row in rows)
    with closing(KeptLogits(place.cache, n, model.hyper.n_vocab)) as kept:
        yield from keep_predictions(model, rows, kept)
        stack.close()
        reference = yield from _opened(order.reference, replace(order.options, adapters=()), place)
        with closing(reference):
            found = cast(Perplexity, (yield from compare_with(reference, rows, kept)))
    with suppress(ChaskiError):  # the figures are there; only what was to be kept of them is not
        keeping = keep_comparison(
            place.losses_file, order.model, order.reference, rows, order.text, found
        )
        if (yield from keeping):
            yield Notice("kept: search and info tell what this type loses, as measured")
    return found
