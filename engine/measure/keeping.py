"""Keeps what a comparison of two model files told, where one was made from the other."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.hub.quants import model_of, quant_of
from engine.measure.documents import Row, key_of
from engine.measure.known_losses import names_of, sha256_of
from engine.measure.losses import Loss
from engine.measure.losses_kept import keep_loss, mark_of
from engine.measure.perplexity import Perplexity
from engine.model import type_name
from engine.weights.formats.gguf import GGUFFile, open_gguf

LEAST_BITS = 8.0  # per weight, of what may stand for an original
SMALLER = 0.95  # of the original's bytes


@dataclass(frozen=True)
class Told:
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


def told_of(path: Path) -> Told:
    """Reads the head."""
    with open_gguf(path) as file:
        return Told(
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


def is_made_of(made: Told, source: Told) -> bool:
    """Whether one can be the other in a smaller type: what is measured then is what was lost."""
    return (
        (made.architecture, made.parameters) == (source.architecture, source.parameters)
        and made.bytes < SMALLER * source.bytes
        and source.bits >= LEAST_BITS
    )


def keep_comparison(
    losses: Path, made: Path, source: Path, rows: Sequence[Row], text: Path, found: Perplexity
) -> Generator[None, None, bool]:
    """As a job: whether it is kept. Two other models that were compared are no loss."""
    one, other = told_of(made), told_of(source)
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
