"""A vocabulary in the making: one entry per row of the embedding."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.text.own_keys import LSTRIP, RSTRIP, SINGLE_WORD, SPACED

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6  # as GGUF numbers them
PREFIX = "tokenizer.ggml."
SPACE, GOES_ON = "\u2581", "##"
SCORED = ("llama", "t5")
MOST_TOKENS = 1 << 22


@dataclass
class Added:
    """A token beside the model's own vocabulary; special ones are never part of a text."""

    id: int
    text: str
    special: bool
    lstrip: bool = False
    rstrip: bool = False
    single_word: bool = False
    normalized: bool = False
    spaced: bool = False  # found only behind a space, which it takes


@dataclass
class VocabularyLists:
    """`kind` is tokenizer.ggml.model; scores only for sentencepiece, merges only for BPE."""

    kind: str
    tokens: list[str | bytes]
    types: list[int]
    scores: list[float] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)  # the rest, without the prefix
    added: dict[int, Added] = field(default_factory=dict)
    # Ids before and behind every text, where the source tells; None where it is silent.
    ends: tuple[list[int], list[int]] | None = None
    between: list[int] | None = None  # ids between two texts that are read together
    notices: list[str] = field(default_factory=list)  # of reading it; told by fit()

    def add(self, added: Iterable[Added]) -> None:
        """Puts added tokens in their places; one that is there already only gets its type.

        A spelling that the vocabulary has keeps its place, whatever id the list gives it.
        """
        ids = self.index()
        moved, beyond = [], False
        for token in sorted(added, key=lambda each: each.id):
            if not 0 <= token.id < MOST_TOKENS:
                raise FormatError(
                    "the added token {token!r} has the id {token_id}",
                    token=token.text[:40],
                    token_id=token.id,
                )
            place = ids.get(token.text, token.id)
            if place == token.id and self._is_taken(place, token.text):
                place = len(self.tokens)
            if place > len(self.tokens) and not beyond:
                beyond = True
                self.notices.append(
                    Words(
                        "the added token {token!r} has the id {place}, though only {n_tokens} "
                        "tokens come before it; transformers numbers without gaps",
                        token=token.text[:40],
                        place=place,
                        n_tokens=len(self.tokens),
                    )
                )
            if place != token.id:
                moved.append(f"{token.text[:40]!r} is {place}, not {token.id}")
            self.put(replace(token, id=place))
            ids[token.text] = place
        if moved:
            self.notices.append(
                Words(
                    "{n_moved} added tokens have another id than their list says, as the "
                    "vocabulary counts: {moved}",
                    n_moved=len(moved),
                    moved="; ".join(moved[:3]),
                )
            )

    def _is_taken(self, token: int, text: str) -> bool:
        return (
            token < len(self.tokens)
            and self.types[token] != UNUSED
            and token not in self.added
            and self._text(token) != text
        )

    def put(self, token: Added) -> None:
        """One added token in its place."""
        self.pad(token.id + 1)
        kind = CONTROL if token.special else USER_DEFINED
        if self.types[token.id] == UNKNOWN and self._text(token.id) == token.text:
            kind = UNKNOWN  # <unk> is listed as an added token, too
        self.tokens[token.id] = token.text
        self.types[token.id] = kind
        self.added[token.id] = token

    def index(self) -> dict[str, int]:
        """Spellings and their ids, those of unused rows left out; the first of equals counts."""
        return {
            self._text(token): token
            for token in range(len(self.tokens) - 1, -1, -1)
            if self.types[token] != UNUSED
        }

    def _text(self, token: int) -> str:
        text = self.tokens[token]
        return text if isinstance(text, str) else text.decode("utf-8", "replace")

    def pad(self, size: int) -> None:
        """Rows of the embedding that no token uses."""
        for token in range(len(self.tokens), size):
            self.tokens.append(f"[PAD{token}]")
            self.types.append(UNUSED)
            if self.kind in SCORED:
                self.scores.append(-10000.0)

    def fit(self, n_vocab: int, notices: list[str]) -> None:
        """As many tokens as the embedding has rows; only added ones may be left out."""
        beyond = self.types[n_vocab:]
        if any(kind not in (CONTROL, USER_DEFINED, UNUSED) for kind in beyond):
            raise FormatError(
                "the tokenizer has {n_tokens} tokens but the embedding only {n_vocab} rows; "
                "tokenizer and weights do not belong together",
                n_tokens=len(self.tokens),
                n_vocab=n_vocab,
            )
        if beyond:
            notices.append(
                Words(
                    "{n_beyond} added tokens were left out: the embedding has no rows for them",
                    n_beyond=len(beyond),
                )
            )
        notices += self.notices
        self.notices = []
        del self.tokens[n_vocab:], self.types[n_vocab:], self.scores[n_vocab:]
        self.added = {token: entry for token, entry in self.added.items() if token < n_vocab}
        self.pad(n_vocab)

    def find(self, text: str) -> int | None:
        """The id of a spelling."""
        wanted: tuple[str | bytes, ...] = (text, text.encode())
        for token, found in enumerate(self.tokens):
            if found in wanted:
                return token
        return None

    def _flags(self) -> dict[str, list[int]]:
        """Ids of the added tokens with each flag; an empty list says that none has it."""
        added = sorted(self.added.values(), key=lambda each: each.id)
        found = {RSTRIP: [each.id for each in added if each.rstrip]} if added else {}
        names = ((LSTRIP, "lstrip"), (SINGLE_WORD, "single_word"), (SPACED, "spaced"))
        for key, name in names:
            if any(getattr(each, name) for each in added):
                found[key] = [each.id for each in added if getattr(each, name)]
        return found

    def _spelled(self) -> list[str | bytes]:
        """As GGUF wants them: WordPiece marks what begins a word instead of what goes on."""
        if self.kind != "bert":
            return self.tokens
        return [
            _begun(self._text(token)) if kind == NORMAL else self.tokens[token]
            for token, kind in enumerate(self.types)
        ]

    def metadata(self) -> dict[str, Any]:
        """As GGUF keys."""
        out: dict[str, Any] = {f"{PREFIX}model": self.kind}
        out |= {f"{PREFIX}{key}": value for key, value in self.keys.items() if "." not in key}
        out[f"{PREFIX}tokens"] = self._spelled()
        out[f"{PREFIX}token_type"] = np.array(self.types, np.int32)
        if self.scores:
            out[f"{PREFIX}scores"] = np.array(self.scores, np.float32)
        if self.merges or self.kind == "gpt2":
            out[f"{PREFIX}merges"] = self.merges
        for key, ids in self._flags().items():
            out[key] = np.array(ids, np.uint32)
        return out | {key: value for key, value in self.keys.items() if "." in key}


def _begun(text: str) -> str:
    return text.removeprefix(GOES_ON) if text.startswith(GOES_ON) else SPACE + text
