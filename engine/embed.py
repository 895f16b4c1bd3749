"""Vectors of texts, and scores of a question with passages: what encoders are for.

Texts that are short share passes. One that is longer than the context is cut; how many were is
told. Knows nothing of files and jobs.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UsageError
from engine.base.events import Event, Progress, Stage
from engine.compute.backends import Backend, BatchEntry, RowsWanted
from engine.text.metadata import Metadata
from engine.text.prompt import Prompt
from engine.text.tokenizer import Tokenizer

Rows = NDArray[np.float32]
MOST_TEXTS = 16  # in one pass
RANK_TEMPLATE = "tokenizer.chat_template.rerank"
PLACES = re.compile(r"\{(query|document)\}")
YES_OR_NO = ("yes", "no")  # labels of a decoder that scores: how likely its answer is the first


@dataclass(frozen=True)
class Reading:
    """A text in tokens; `second`: where the second text of a pair begins; `whole`: it cannot be
    cut."""

    ids: list[int]
    second: int | None = None
    cut: bool = False
    whole: bool = False

    @property
    def segments(self) -> NDArray[np.int32] | None:
        if self.second is None:
            return None
        return (np.arange(len(self.ids)) >= self.second).astype(np.int32)


@dataclass(frozen=True)
class Embedded:
    """One row for each text: its vector, or with labels its scores; of pooling "none", one for each
    token, text after text. lengths: tokens of each text; n_cut: texts that were longer than the
    context."""

    rows: Rows
    lengths: tuple[int, ...]
    n_cut: int
    pooling: str
    labels: tuple[str, ...] = ()

    @property
    def n_tokens(self) -> int:
        return sum(self.lengths)


def readings(
    tokenizer: Tokenizer, metadata: Metadata, texts: Sequence[str], query: str | None
) -> list[Reading]:
    """The texts in tokens, whatever their length. Raises UsageError for one without any."""
    found = [_reading(tokenizer, metadata, text, query) for text in texts]
    for number, reading in enumerate(found, 1):
        if not reading.ids:
            raise UsageError("text {number} is empty, of which nothing can be made", number=number)
    return found


def _reading(tokenizer: Tokenizer, metadata: Metadata, text: str, query: str | None) -> Reading:
    if query is None:
        return Reading(tokenizer.encode(text))
    template = metadata.get(RANK_TEMPLATE)
    if isinstance(template, str):
        return Reading(tokenizer.encode_prompt(_filled(template, query, text)), whole=True)
    return Reading(*tokenizer.encode_pair(query, text))


def _filled(template: str, query: str, document: str) -> Prompt:
    """A template with both texts in their places, where they stay text."""
    out, literal = "", list[tuple[int, int]]()
    for i, part in enumerate(PLACES.split(template)):
        given = {"query": query, "document": document}[part] if i % 2 else part
        if i % 2:
            literal.append((len(out), len(out) + len(given)))
        out += given
    return Prompt(out, tuple(literal))


def shortened(reading: Reading, n_ctx: int, last: Sequence[int]) -> Reading:
    """At most n_ctx tokens of a text, which end as texts do; of a pair the second one is cut. Of
    what a template has written nothing can be left out."""
    if len(reading.ids) <= n_ctx:
        return reading
    if reading.whole:
        raise UsageError(
            "question and passage have {n} tokens together, more than the context of {n_ctx}; give "
            "shorter ones, or a larger context (-c)",
            n=len(reading.ids),
            n_ctx=n_ctx,
        )
    ends = list(last) if reading.ids[len(reading.ids) - len(last) :] == list(last) else []
    if reading.second is not None and reading.second + len(ends) >= n_ctx:
        raise UsageError(
            "the question alone has {n_query} tokens, which leaves no room for a passage in a "
            "context of {n_ctx}",
            n_query=reading.second,
            n_ctx=n_ctx,
        )
    ids = [*reading.ids[: n_ctx - len(ends)], *ends][:n_ctx]
    return Reading(ids, reading.second, cut=True)


def embed(
    backend: Backend, found: Sequence[Reading], *, every: bool, paired: bool
) -> Generator[Event | None, None, Rows]:
    """Rows of the texts in order. every: of each token; paired: the model tells segments apart."""
    wanted: RowsWanted = "all" if every else "last"
    total, done, rows = sum(len(one.ids) for one in found), 0, list[Rows]()
    yield Progress(Stage.TEXT, 0, total)
    for group in _groups(found, backend.max_batch):
        with ExitStack() as stack:
            entries = []
            for one in group:
                sequence = backend.new_sequence()
                stack.callback(sequence.close)
                ids = np.asarray(one.ids, np.int32)
                segments = one.segments if paired else None
                entries.append(BatchEntry(sequence, ids, wanted, segments))
            rows.append((yield from _read(backend, entries)))
        done += sum(len(one.ids) for one in group)
        yield Progress(Stage.TEXT, done, total)
    return np.concatenate(rows)


def _groups(found: Sequence[Reading], room: int) -> Iterator[list[Reading]]:
    """Neighbours that fit into one pass together; one that does not is alone."""
    group, used = list[Reading](), 0
    for one in found:
        if group and (used + len(one.ids) > room or len(group) == MOST_TEXTS):
            yield group
            group, used = [], 0
        group.append(one)
        used += len(one.ids)
    if group:
        yield group


def _read(backend: Backend, entries: list[BatchEntry]) -> Generator[None, None, Rows]:
    """A copy of what is wanted; a text that is longer than a pass is read in pieces."""
    most, first = backend.max_batch, entries[0]
    n, rows = len(first.tokens), list[Rows]()
    if n <= most:
        return (yield from backend.run_in_turns(entries)).copy()
    for at in range(0, n, most):
        wanted = first.wanted if at + most >= n or first.wanted == "all" else "none"
        piece = BatchEntry(first.sequence, first.tokens[at : at + most], wanted)
        rows.append((yield from backend.run_in_turns([piece])).copy())
    return np.concatenate(rows)


def unit(rows: Rows) -> Rows:
    """Each row with a length of 1; zeros stay zeros."""
    length = np.sqrt(np.sum(rows.astype(np.float64) ** 2, axis=1, keepdims=True))
    found: Rows = (rows / np.where(length > 0, length, 1)).astype(np.float32)
    return found


def scores(rows: Rows, labels: Sequence[str]) -> Rows:
    """Scores of each label as the model gives them; of yes and no how likely yes is."""
    if tuple(labels) != YES_OR_NO or rows.shape[1] != 2:
        return rows
    apart = rows[:, 1:].astype(np.float64) - rows[:, :1]
    found: Rows = (1 / (1 + np.exp(np.clip(apart, -700, 700)))).astype(np.float32)
    return found
