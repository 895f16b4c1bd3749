"""What a model lost against the model it was made from, over a sample of text, and keeping it.

The two are never in memory together: the source reads first and its predictions are kept on the
disk, compactly; every further type that is tried is held against them.
"""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.architectures import build_graph
from engine.base.errors import UsageError
from engine.base.events import Event
from engine.base.settings import LoadOptions
from engine.fit import fit
from engine.hub.names import model_of, quant_of
from engine.measure.documents import ScoredRow, key_of, sample_of
from engine.measure.known_losses import names_of, sha256_of
from engine.measure.losses import Loss, keep_loss, mark_of
from engine.measure.perplexity import USUAL_WINDOW, Perplexity, Totals, log_softmax, read_rows
from engine.measure.predictions import Predictions, Writer, kept
from engine.model import Model, open_model, type_name
from engine.text.tokenizer import make_tokenizer
from engine.weights.formats.gguf import GGUFFile, open_gguf

MOST_TOKENS = 2048  # of a text; a minute or two on small machines


@dataclass(frozen=True)
class Sample:
    """What both models read."""

    rows: tuple[ScoredRow, ...]
    n_vocab: int
    key: str  # of these very tokens

    @property
    def n_scored(self) -> int:
        return sum(row.n_scored for row in self.rows)

    @property
    def longest(self) -> int:
        return max(len(row.tokens) for row in self.rows)


@dataclass(frozen=True)
class Compared:
    """Perplexity and divergence of the made model, and the source's own perplexity."""

    made: Perplexity
    source_ppl: float


def sample(file: GGUFFile, text: Path, options: LoadOptions) -> Sample:
    """The tokens to measure over. Raises MemoryTooSmallError if the model could not read them."""
    hyper, graph = build_graph(file)
    window = min(USUAL_WINDOW, hyper.n_ctx_train)
    rows = tuple(sample_of(text, make_tokenizer(file.metadata), window, MOST_TOKENS))
    found = Sample(rows, hyper.n_vocab, key_of(rows))
    fit(file, hyper, graph, replace(options, n_ctx=found.longest))
    return found


def check_source(file: GGUFFile, text: Path, options: LoadOptions, made: Sample) -> None:
    """The source must fit into memory, too, and read the text as the same tokens."""
    found = sample(file, text, options)
    if (found.key, found.n_vocab) != (made.key, made.n_vocab):
        raise UsageError(
            "{file} splits the text into other tokens than the model that is measured; only "
            "models with the same vocabulary can be compared",
            file=file.name,
        )


def known_predictions(folder: Path, over: Sample) -> Predictions | None:
    """What the source predicted in an earlier run."""
    return kept(folder, over.n_scored, over.n_vocab)


def predict(
    source: Path, over: Sample, folder: Path, options: LoadOptions
) -> Generator[Event | None, None, Predictions]:
    """A job: the source reads; its predictions are kept in `folder`. Closing it leaves nothing."""
    model = yield from _opened(source, over, options)
    with closing(model), closing(Writer(folder, over.n_scored, over.n_vocab)) as writer:

        def take(rows: np.ndarray, targets: np.ndarray) -> None:
            logs = log_softmax(rows)
            writer.add(logs, -logs[np.arange(len(targets)), targets])

        yield from read_rows(model, over.rows, take)
        return writer.finish()


def compare(
    made: Path, over: Sample, source: Predictions, options: LoadOptions
) -> Generator[Event | None, None, Compared]:
    """A job: the made model reads the same, and is held against the source's predictions."""
    model = yield from _opened(made, over, options)
    totals, done = Totals(), 0

    def take(rows: np.ndarray, targets: np.ndarray) -> None:
        nonlocal done
        totals.add([log_softmax(rows), source.logs(done, done + len(targets))], targets)
        done += len(targets)

    with closing(model):
        yield from read_rows(model, over.rows, take)
    return Compared(totals.result(), float(np.exp(source.losses.mean())))


def _opened(path: Path, over: Sample, options: LoadOptions) -> Generator[Event | None, None, Model]:
    return (yield from open_model(path, replace(options, n_ctx=over.longest), path.stem))


LEAST_BITS = 8.0  # per weight, of what may stand for an original
SMALLER = 0.95  # of the original's bytes


@dataclass(frozen=True)
class ModelHead:
    """What a file's head says of the model in it."""

    path: Path
    architecture: str
    parameters: int
    bytes: int
    type: str
    names: tuple[str, ...]

    @property
    def bits(self) -> float:
        return 8 * self.bytes / max(1, self.parameters)


def model_head(path: Path) -> ModelHead:
    """Reads the head."""
    with open_gguf(path) as file:
        return ModelHead(
            path,
            file.told_str("general.architecture"),
            file.n_parameters,
            file.file_bytes,
            type_of(path, file),
            names_of(file, model_of(path.name)),
        )


def type_of(path: Path, file: GGUFFile) -> str:
    """As a hub would call it: by the name, which also tells other people's mixes."""
    return quant_of(path.name) or type_name(file)


def is_made_of(made: ModelHead, source: ModelHead) -> bool:
    """Whether one can be the other in a smaller type: what is measured then is what was lost."""
    return (
        (made.architecture, made.parameters) == (source.architecture, source.parameters)
        and made.bytes < SMALLER * source.bytes
        and source.bits >= LEAST_BITS
    )


def keep_comparison(
    losses: Path, made: Path, source: Path, rows: Sequence[ScoredRow], text: Path, found: Perplexity
) -> Generator[None, None, bool]:
    """As a job: whether it is kept. Two other models that were compared are no loss."""
    one, other = model_head(made), model_head(source)
    if not is_made_of(one, other) or not found.reference_ppl or found.kl_mean is None:
        return False
    digest = yield from sha256_of(made)
    loss = Loss(
        name=one.type,
        file=made.name,
        mark=mark_of(made),
        bytes=one.bytes,
        bits=one.bits,
        text=text.name,
        text_key=key_of(rows),
        tokens=found.n_tokens,
        source_ppl=found.reference_ppl,
        ppl=found.ppl,
        kl_mean=found.kl_mean,
        kl_99=found.kl_99 or 0.0,
        top1=found.top1 or 0.0,
        models=tuple(dict.fromkeys((*one.names, *other.names))),
        parameters=one.parameters,
        sha256=digest,
    )
    keep_loss(losses, mark_of(source), loss)
    return True
