"""Perplexity of a text, and how far a model is from a reference model on the same tokens.

Two models that are open read the same chunk in turn; of two that do not fit into memory together
one reads after the other. Nothing larger than a chunk of logits is ever held.
"""

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import ChaskiError
from engine.base.events import Event, Progress, Stage
from engine.base.jobs import Job
from engine.measure.documents import ScoredRow, rows_of
from engine.measure.predictions import KeptLogits, parts
from engine.model import Model
from engine.tape import Logits, Tape, reading_in_turns

Floats = NDArray[np.float64]
Tokens = NDArray[np.int64]
MOST_LOSS = 700.0  # beyond it the exponential is no number any more
USUAL_WINDOW = 512  # tokens, what published figures are measured with


@dataclass(frozen=True)
class Perplexity:
    """exp of the mean negative log-likelihood, and its standard error; KL where compared."""

    ppl: float
    ppl_error: float
    n_tokens: int
    kl_mean: float | None = None
    kl_99: float | None = None
    top1: float | None = None  # share of positions with the same likeliest token
    reference_ppl: float | None = None


def perplexity(model: Model, path: Path, n_ctx: int, reference: Model | None = None) -> Job:
    """Measure a text file; the job's result is a Perplexity."""
    if reference is not None:
        check_alike(model, reference.info.path.name, reference.hyper.n_vocab)
    rows = rows_to_measure(model, path, n_ctx)
    totals = Totals()
    tapes = [Tape(m.backend) for m in (model, reference) if m is not None]
    total = sum(len(row.tokens) for row in rows)
    done = 0
    try:
        for row in rows:
            for tape in tapes:
                tape.rewind([])
            for found in scored(tapes, row):
                if found is None:
                    yield None
                    continue
                end, both, targets = found
                if len(targets):
                    totals.add([log_softmax(rows) for rows in both], targets)
                yield Progress(Stage.TEXT, done + end, total)
            done += len(row.tokens)
    finally:
        for tape in tapes:
            tape.close()
    return totals.result()


def keep_predictions(model: Model, rows: Sequence[ScoredRow], kept: KeptLogits) -> Job:
    """The first of two readings: a model reads, and what it predicts is kept."""
    yield from read_rows(model, rows, lambda logits, targets: kept.add(logits))
    return None


def compare_with(reference: Model, rows: Sequence[ScoredRow], kept: KeptLogits) -> Job:
    """The second: the reference reads the same; the result is a Perplexity of the first model."""
    totals = Totals()

    def take(logits: Logits, targets: Tokens) -> None:
        own = log_softmax(kept.take(len(targets)))
        totals.add([own, log_softmax(logits)], targets)

    kept.begin()
    yield from read_rows(reference, rows, take)
    return totals.result()


def read_rows(
    model: Model, rows: Sequence[ScoredRow], take: Callable[[Logits, Tokens], None]
) -> Generator[Event | None, None, None]:
    """Tells Progress; `take` gets logits [n, n_vocab] and the tokens that came [n], in order, a
    few rows at a time: all of a large vocabulary in float64 at once would take much memory."""
    total, done = sum(len(row.tokens) for row in rows), 0
    with closing(Tape(model.backend)) as tape:
        for row in rows:
            tape.rewind([])
            for found in scored([tape], row):
                if found is None:
                    yield None
                    continue
                end, (logits,), targets = found
                for part in parts(len(targets)):
                    take(logits[part], targets[part])
                    yield None
                yield Progress(Stage.TEXT, done + end, total)
            done += len(row.tokens)


def rows_to_measure(model: Model, path: Path, n_ctx: int) -> list[ScoredRow]:
    """The rows of a text; an error where nothing in them counts."""
    rows = [row for row in rows_of(path, model.tokenizer, n_ctx) if row.n_scored > 0]
    if not rows:
        raise ChaskiError(
            "a context of {n_ctx} tokens is too small to measure {file} with: the second half of "
            "each window counts, so 3 is the least (--ctx)",
            n_ctx=n_ctx,
            file=path,
        )
    return rows


def check_alike(model: Model, name: str, n_vocab: int) -> None:
    """Whether a reference, of that name and so many tokens, can be compared with the model."""
    if model.hyper.n_vocab != n_vocab:
        raise ChaskiError(
            "{name} has {n_vocab} tokens and {tensor} {hyper_n_vocab}: only models with the same "
            "vocabulary can be compared",
            name=name,
            n_vocab=n_vocab,
            tensor=model.info.path.name,
            hyper_n_vocab=model.hyper.n_vocab,
        )


def scored(tapes: list[Tape], row: ScoredRow) -> Iterator[tuple[int, list[Logits], Tokens] | None]:
    """Read one row in chunks; the logits after position i predict token i + 1.

    Yields how much of the row is read, each model's logits of the positions that count
    [n, n_vocab] (n may be 0; the next pass may overwrite them), and the tokens that came [n]; None
    where others may have their turn.
    """
    readings = [reading_in_turns(tape, row.tokens) for tape in tapes]
    begin = 0
    while begin < len(row.tokens):
        both = []
        for one in readings:
            while (found := next(one)) is None:
                yield None
            both.append(found)
        end = both[0][0]
        # Rows begin..end-1 predict tokens begin+1..end; the last one of the row predicts nothing.
        first = max(begin, row.first - 1)
        last = max(first, min(end, len(row.tokens) - 1))
        targets = np.asarray(row.tokens[first + 1 : last + 1], np.int64)
        yield end, [rows[first - begin : last - begin] for _, rows in both], targets
        begin = end


def log_softmax(logits: Logits) -> Floats:
    """Natural logarithms of the probabilities, in float64 [n, n_vocab].

    Raises ChaskiError where a model writes what are no numbers.
    """
    if not np.isfinite(logits).all():
        raise ChaskiError(
            "the model's predictions are no numbers (NaN or infinite), so nothing can be measured; "
            "its weights are damaged or too large for this computer's arithmetic"
        )
    wide = logits.astype(np.float64)
    wide -= wide.max(axis=1, keepdims=True)
    wide -= np.log(np.exp(wide).sum(axis=1, keepdims=True))
    return wide


class Totals:
    """What is kept of each position: a few numbers."""

    def __init__(self) -> None:
        self.losses: list[Floats] = []
        self.others: list[Floats] = []  # the losses of what it is compared with
        self.divergences: list[Floats] = []
        self.same_top: list[NDArray[np.bool_]] = []

    def add(self, logs: list[Floats], targets: Tokens) -> None:
        own = logs[0]
        self.losses.append(-own[np.arange(len(targets)), targets])
        for other in logs[1:]:
            self.others.append(-other[np.arange(len(targets)), targets])
            self.divergences.append((np.exp(other) * (other - own)).sum(axis=1))
            self.same_top.append(own.argmax(axis=1) == other.argmax(axis=1))

    def result(self) -> Perplexity:
        losses = np.concatenate(self.losses)
        n = len(losses)
        ppl = _ppl(losses)
        spread = float(losses.std(ddof=1)) / math.sqrt(n) if n > 1 else 0.0
        if not self.divergences:
            return Perplexity(ppl, ppl * spread, n)
        # Rounding can leave a hair below zero where two models agree.
        divergences = np.maximum(np.concatenate(self.divergences), 0.0)
        return Perplexity(
            ppl=ppl,
            ppl_error=ppl * spread,
            n_tokens=n,
            kl_mean=float(divergences.mean()),
            kl_99=float(np.percentile(divergences, 99)),
            top1=float(np.concatenate(self.same_top).mean()),
            reference_ppl=_ppl(np.concatenate(self.others)),
        )


def _ppl(losses: Floats) -> float:
    return math.exp(losses.mean()) if losses.mean() < MOST_LOSS else math.inf
