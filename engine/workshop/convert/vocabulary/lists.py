"""A vocabulary in the making: one entry per row of the embedding."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.base.errors import FormatError

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6  # as GGUF numbers them
PREFIX = "tokenizer.ggml."
MOST_TOKENS = 1 << 22


@dataclass
class Added:
    """A token beside the model's own vocabulary; special ones are never part of a text."""

    id: int
    text: str
    special: bool


@dataclass
class Vocabulary:
    """`kind` is tokenizer.ggml.model; scores only for sentencepiece, merges only for BPE."""

    kind: str
    tokens: list[str | bytes]
    types: list[int]
    scores: list[float] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)  # the rest, without the prefix

    def add(self, added: Iterable[Added]) -> None:
        """Puts added tokens in their places; one that is there already only gets its type."""
        for token in sorted(added, key=lambda each: each.id):
            if not 0 <= token.id < MOST_TOKENS:
                raise FormatError(f"the added token {token.text[:40]!r} has the id {token.id}")
            self.pad(token.id + 1)
            kind = CONTROL if token.special else USER_DEFINED
            if self.types[token.id] == UNKNOWN and self._text(token.id) == token.text:
                kind = UNKNOWN  # <unk> is listed as an added token, too
            self.tokens[token.id] = token.text
            self.types[token.id] = kind

    def _text(self, token: int) -> str:
        text = self.tokens[token]
        return text if isinstance(text, str) else text.decode("utf-8", "replace")

    def pad(self, size: int) -> None:
        """Rows of the embedding that no token uses."""
        for token in range(len(self.tokens), size):
            self.tokens.append(f"[PAD{token}]")
            self.types.append(UNUSED)
            if self.kind == "llama":
                self.scores.append(-10000.0)

    def fit(self, n_vocab: int, notices: list[str]) -> None:
        """As many tokens as the embedding has rows; only added ones may be left out."""
        beyond = self.types[n_vocab:]
        if any(kind not in (CONTROL, USER_DEFINED, UNUSED) for kind in beyond):
            raise FormatError(
                f"the tokenizer has {len(self.tokens)} tokens but the embedding only {n_vocab} "
                "rows; tokenizer and weights do not belong together"
            )
        if beyond:
            notices.append(
                f"{len(beyond)} added tokens were left out: the embedding has no rows for them"
            )
        del self.tokens[n_vocab:], self.types[n_vocab:], self.scores[n_vocab:]
        self.pad(n_vocab)

    def find(self, text: str) -> int | None:
        """The id of a spelling."""
        wanted: tuple[str | bytes, ...] = (text, text.encode())
        for token, found in enumerate(self.tokens):
            if found in wanted:
                return token
        return None

    def metadata(self) -> dict[str, Any]:
        """As GGUF keys."""
        out: dict[str, Any] = {f"{PREFIX}model": self.kind}
        out |= {f"{PREFIX}{key}": value for key, value in self.keys.items() if "." not in key}
        out[f"{PREFIX}tokens"] = self.tokens
        out[f"{PREFIX}token_type"] = np.array(self.types, np.int32)
        if self.scores:
            out[f"{PREFIX}scores"] = np.array(self.scores, np.float32)
        if self.merges or self.kind == "gpt2":
            out[f"{PREFIX}merges"] = self.merges
        return out | {key: value for key, value in self.keys.items() if "." in key}
