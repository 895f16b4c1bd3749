"""What perplexity is measured over: rows of tokens, and from which position on they count.

A JSON list of texts: each is one row, cut to the context, and all its positions count. Plain
text: the whole is cut into windows of the context's size, each beginning with BOS where the
model wants one, and only the second half of each counts, so that all have context (llama.cpp's
way, whose figures are compared with these).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.reading import MOST_TEXT, beginning, decoded, read_stream
from engine.text.tokenizer import Tokenizer

LEAST = 16  # predicted tokens in a sample
MOST_PER_TOKEN = 16  # characters: words are shorter, mostly


@dataclass(frozen=True)
class ScoredRow:
    """Tokens to read, and the first position whose prediction counts."""

    tokens: list[int]
    first: int

    @property
    def n_scored(self) -> int:
        return len(self.tokens) - self.first


def rows_of(path: Path, tokenizer: Tokenizer, n_ctx: int) -> list[ScoredRow]:
    """The rows of a file; an error where there is too little text to measure."""
    content = _read(path)
    if path.suffix.lower() == ".json":
        texts = _documents(path, content)
        rows = [_row_of_document(tokenizer.encode(text), n_ctx) for text in texts]
        rows = [row for row in rows if row.n_scored > 0]
    else:
        rows = _windows(tokenizer.encode(content), tokenizer, n_ctx)
    if not rows:
        raise ChaskiError(
            "{file} is too short to measure with a context of {n_ctx}: at least one window of "
            "tokens is needed; use a longer text or a smaller --ctx",
            file=path,
            n_ctx=n_ctx,
        )
    return rows


def sample_of(path: Path, tokenizer: Tokenizer, n_ctx: int, most: int) -> list[ScoredRow]:
    """Rows from the beginning of a file, about `most` tokens at the most.

    A text shorter than a window is one row, all of whose positions count.
    """
    if path.suffix.lower() == ".json":
        rows = rows_of(path, tokenizer, n_ctx)
    else:
        tokens = tokenizer.encode(_read(path, most * MOST_PER_TOKEN))
        rows = (
            _windows(tokens, tokenizer, n_ctx) if len(tokens) >= n_ctx else [ScoredRow(tokens, 1)]
        )
    kept: list[ScoredRow] = []
    total = 0
    for row in rows:
        if not kept or total + len(row.tokens) <= most:
            kept.append(row)
            total += len(row.tokens)
    n = sum(row.n_scored for row in kept)
    if n < LEAST:
        raise ChaskiError(
            "{file} is too short to measure: {n} tokens are predicted, and fewer than {least} say "
            "nothing; use a longer text",
            file=path,
            n=max(0, n),
            least=LEAST,
        )
    return kept


def _read(path: Path, most: int | None = None) -> str:
    """The text, or about its first `most` characters."""
    if most is None:
        return decoded(read_stream(path, MOST_TEXT), str(path)).replace("\r\n", "\n")
    return beginning(path, most).replace("\r\n", "\n")


def _documents(path: Path, content: str) -> list[str]:
    """The texts of a JSON list of strings."""
    try:
        value = json.loads(content.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ChaskiError(
            "{file} is no valid JSON ({error}); a plain text needs another ending, such as .txt",
            file=path,
            error=error,
        ) from None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ChaskiError(
            '{file} is JSON but no list of texts; write it as ["one text", "another"], or '
            "give it the ending .txt to be measured as it is",
            file=path,
        )
    return value


def _row_of_document(tokens: list[int], n_ctx: int) -> ScoredRow:
    return ScoredRow(tokens[:n_ctx], 1)


def _windows(tokens: Sequence[int], tokenizer: Tokenizer, n_ctx: int) -> list[ScoredRow]:
    rows = []
    for start in range(0, len(tokens) - n_ctx + 1, n_ctx):
        window = list(tokens[start : start + n_ctx])
        if tokenizer.add_bos and tokenizer.bos_id is not None:
            window[0] = tokenizer.bos_id
        rows.append(ScoredRow(window, n_ctx // 2 + 1))
    return rows


def key_of(rows: Sequence[ScoredRow]) -> str:
    """Of these very tokens."""
    digest = hashlib.sha256(repr([(row.tokens, row.first) for row in rows]).encode())
    return digest.hexdigest()[:32]
