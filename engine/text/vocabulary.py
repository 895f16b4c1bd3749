"""The vocabulary of a model file: spellings, scores, types and the tokens with a meaning.

Checked before use. Nothing of the 150,000 spellings is decoded until somebody needs them.
"""

from collections.abc import Iterable
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.text.metadata import (
    Metadata,
    bad_token_ids,
    get_numbers,
    get_str,
    get_strings,
    get_token_id,
    wrong_type,
)
from engine.text.own_keys import END_TOKENS, MERGES, TEMPLATE_BOS, get_ids
from engine.text.specials import (
    END_IF_SPECIAL,
    END_OF_INFILL,
    END_ONLY_CLOSES,
    END_SURE,
    STRUCTURE,
)

PREFIX = "tokenizer.ggml."
LOWEST = -1e9  # of scores
# Bytes in memory for each entry of the lists, with what the libraries make of them: measured with
# vocabularies of 32,000 to 152,000 tokens.
TOKEN_BYTES, MERGE_BYTES = 440, 220


class TokenType(IntEnum):
    """What the file says a token is for; the numbers are those of GGUF and of sentencepiece."""

    UNDEFINED = 0
    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


SPECIAL_TYPES = (TokenType.UNKNOWN, TokenType.CONTROL, TokenType.USER_DEFINED)


def vocabulary_bytes(metadata: Metadata) -> int:
    """About what a tokenizer of these lists takes in memory."""
    sizes = {PREFIX + "tokens": TOKEN_BYTES, PREFIX + "merges": MERGE_BYTES, MERGES: MERGE_BYTES}
    lists = {key: metadata[key] for key in sizes if hasattr(metadata.get(key), "__len__")}
    return sum(sizes[key] * len(found) for key, found in lists.items())


class Vocabulary:
    """Tokens by id and by spelling; `types` are the file's, mended where models are known wrong."""

    def __init__(self, metadata: Metadata) -> None:
        self.metadata = metadata
        spellings = get_strings(metadata, PREFIX + "tokens")
        if spellings is None or not len(spellings):
            raise FormatError(
                "{prefix}tokens is missing: the model file has no vocabulary.", prefix=PREFIX
            )
        self._spellings = spellings
        self.n_vocab = len(spellings)
        self.notices: list[str] = []
        self.scores = self._read_scores()
        self._file_types = self._read_types()
        self.notices += self._bad_ids()

    def _bad_ids(self) -> list[str]:
        """Ids beyond the vocabulary are common for padding, and no reason to refuse a model."""
        found = bad_token_ids(self.metadata, PREFIX, self.n_vocab)
        if not found:
            return []
        return [
            Words(
                "The file names special tokens beyond its {n_vocab} tokens, which is ignored: "
                "{found}.",
                n_vocab=self.n_vocab,
                found=", ".join(found),
            )
        ]

    def _read_scores(self) -> npt.NDArray[np.float32] | None:
        scores = get_numbers(self.metadata, PREFIX + "scores", self.n_vocab)
        if scores is None:
            return None
        odd = np.isnan(scores)
        if odd.all():
            raise FormatError(
                "{prefix}scores holds values that are no numbers; file damaged.", prefix=PREFIX
            )
        if odd.any():
            self.notices.append(
                Words(
                    "{sum} of {prefix}scores are no numbers; these tokens come last.",
                    sum=int(odd.sum()),
                    prefix=PREFIX,
                )
            )
        # A token without a score loses against all others, but is found where nothing else fits.
        with np.errstate(over="ignore"):
            return np.where(odd, LOWEST, scores).astype(np.float32)

    def _read_types(self) -> npt.NDArray[np.int32]:
        types = get_numbers(self.metadata, PREFIX + "token_type", self.n_vocab)
        if types is None:
            return np.full(self.n_vocab, TokenType.NORMAL, np.int32)
        if types.dtype.kind == "f":
            raise wrong_type(PREFIX + "token_type", Words("a list of whole numbers"))
        known = (types >= 0) & (types <= max(TokenType))
        return np.where(known, types, TokenType.UNDEFINED).astype(np.int32)

    def token_id(self, name: str, default: int | None = None) -> int | None:
        """The id under `tokenizer.ggml.<name>_token_id`."""
        return get_token_id(self.metadata, f"{PREFIX}{name}_token_id", self.n_vocab, default)

    def template_token(self, name: str) -> int | None:
        """What `<name>_token` means in a chat template; None where that cannot be told."""
        if name == "bos" and (found := self._template_bos()) is not None:
            return found
        try:
            return self.token_id(name)
        except FormatError:  # of a wrong type; reading text needs some of them, templates none
            return None

    def _template_bos(self) -> int | None:
        return get_token_id(self.metadata, TEMPLATE_BOS, self.n_vocab, None)

    def value(self, name: str, default: str) -> str:
        return get_str(self.metadata, PREFIX + name, default)

    def text(self, token: int) -> str:
        """The vocabulary's own spelling; a stand-in for ids that only pad the embedding."""
        if not 0 <= token < self.n_vocab:
            return f"[PAD{token}]"
        return self._spellings[token] or f"[EMPTY_{token}]"

    @cached_property
    def tokens(self) -> list[str]:
        found = list(self._spellings)
        if "" in found:
            found = [text or f"[EMPTY_{i}]" for i, text in enumerate(found)]
        return found

    @cached_property
    def ids(self) -> dict[str, int]:
        """Spelling to id; the first of two equal spellings counts."""
        ids = dict(zip(self.tokens, range(self.n_vocab), strict=True))
        if len(ids) < self.n_vocab:
            for token in range(self.n_vocab - 1, -1, -1):
                ids[self.tokens[token]] = token
        return ids

    @cached_property
    def types(self) -> npt.NDArray[np.int32]:
        """The file's types, except that what surely ends a reply is control whatever it says."""
        types = self._file_types.copy()
        for text in END_SURE:
            if text in self.ids:
                types[self.ids[text]] = TokenType.CONTROL
        if self._end_only_closes:
            types[self.ids["<|end|>"]] = TokenType.USER_DEFINED
        return types

    @cached_property
    def _end_only_closes(self) -> bool:
        if "<|end|>" not in self.ids:
            return False
        return any(all(text in self.ids for text in group) for group in END_ONLY_CLOSES)

    def of_type(self, wanted: Iterable[TokenType]) -> dict[str, int]:
        """Spelling to id of all tokens of these types."""
        ids = np.flatnonzero(np.isin(self.types, list(wanted))).tolist()
        return {self.text(token): token for token in reversed(ids)}

    @cached_property
    def special(self) -> dict[str, int]:
        """All tokens that are found in text before anything else is done with it."""
        return self.of_type(SPECIAL_TYPES)

    @cached_property
    def structure(self) -> frozenset[int]:
        """Control tokens that are nevertheless shown, because the router needs them."""
        found = {self.ids[text] for text in STRUCTURE if text in self.ids}
        if self._end_only_closes:
            found.add(self.ids["<|end|>"])
        return frozenset(found)

    @cached_property
    def end_ids(self) -> frozenset[int]:
        """All tokens that end a reply: named by the file, or known by their spelling."""
        names = ("eos", "eot", "eom", "fim_pad", "fim_rep", "fim_sep")
        ends = {token for name in names if (token := self.token_id(name)) is not None}
        ends |= set(get_ids(self.metadata, END_TOKENS, self.n_vocab))
        ends |= {self.ids[text] for text in END_SURE if text in self.ids}
        maybe = END_IF_SPECIAL | END_OF_INFILL
        ends |= {self.special[text] for text in maybe if text in self.special}
        if self._end_only_closes:
            ends.discard(self.ids["<|end|>"])
        if "<|tool_response>" in self.ids and "</s>" in self.ids:
            ends.discard(self.ids["</s>"])  # a model of the Gemma 4 kind writes HTML with it
        return frozenset(ends)
