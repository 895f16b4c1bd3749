"""Byte-pair encoding (`gpt2` in GGUF) through the Hugging Face tokenizers library.

Special tokens never reach the library: text arrives already split at them.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.text.metadata import get_bool, get_strings
from engine.text.own_keys import get_forms
from engine.text.pretokenizers import (
    DEFAULT,
    PRE_IGNORE,
    PRE_PATTERNS,
    OwnCuts,
    PreTokenizer,
    find_pretokenizer,
)
from engine.text.prompt import Splitter
from engine.text.tokenizer import CANNOT_READ, Tokenizer, foreign
from engine.text.vocabulary import PREFIX, TokenType, Vocabulary

if TYPE_CHECKING:
    import tokenizers

FROM_RIGHT = r"\d{3})"  # stands in expressions that group digits from the right
LONG_NUMBER = re.compile(r"\d{3000,}(?![\w\u0080-\U0010FFFF])")
HIDDEN = (TokenType.CONTROL, TokenType.UNKNOWN)
Pairs = list[tuple[str, str]]


def printable_bytes() -> dict[int, str]:
    """GPT-2's spelling of the 256 bytes: printable ones as themselves, others from U+0100."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spelling = {byte: chr(byte) for byte in kept}
    rest = [byte for byte in range(256) if byte not in spelling]
    return spelling | {byte: chr(256 + i) for i, byte in enumerate(rest)}


class BpeTokenizer(Tokenizer):
    """One vocabulary with merges; `cut` says how its text is split into words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.pre = vocabulary.value("pre", "")  # files from before 2024 do not say
        if vocabulary.value("model", "gpt2") in ("gemma4", "whitespace"):
            self.pre = vocabulary.value("model", "gpt2")
        carried = _carried(vocabulary)
        self._carried = OwnCuts(carried.patterns if carried else ())
        found = carried or find_pretokenizer(self.pre or "default")
        self.cut: PreTokenizer = found or DEFAULT
        self.default_add_bos = self.cut.add_bos
        super().__init__(vocabulary)
        if self.pre == "gemma4" and self.bos_id is not None:
            self.add_bos = True  # the first Gemma 4 files said false; the model needs it
        if found is None or not self.pre:
            self._tell(
                Words(
                    "The way this model splits words ({prefix}pre = {pre!r}) is not known; the "
                    "default is used and answers may suffer.",
                    prefix=PREFIX,
                    pre=self.pre,
                )
            )
        merges = get_strings(vocabulary.metadata, PREFIX + "merges")
        if merges is None:
            raise FormatError(
                "{prefix}merges is missing: this vocabulary cannot be used.", prefix=PREFIX
            )
        self._merges = merges
        self._forms = get_forms(vocabulary.metadata)

    @cached_property
    def _library(self) -> "tokenizers.Tokenizer":
        import tokenizers
        from tokenizers import normalizers

        library = tokenizers.Tokenizer(self._model())
        if not self.cut.byte_level and not self.cut.drops_spaces:
            library.normalizer = normalizers.Replace(" ", "\u2581")
        elif self.cut.drops_spaces and self._lowercase():
            library.normalizer = normalizers.Lowercase()
        library.pre_tokenizer = self._splits()
        return library

    def _prepare(self) -> None:
        super()._prepare()
        _ = self._library

    def _lowercase(self) -> bool:
        return get_bool(self.vocabulary.metadata, PREFIX + "normalizer.lowercase", False)

    def _model(self) -> "tokenizers.models.BPE":
        from tokenizers import models

        vocabulary = self._plain_ids()
        merges = _pairs(self._merges)
        habits = {"ignore_merges": self.cut.ignore_merges, "byte_fallback": not self.cut.byte_level}
        try:
            return models.BPE(vocabulary, merges, **habits)
        except Exception:  # the library raises bare Exception, for the first merge that is odd
            merges = self._possible(merges, vocabulary)
        with foreign(Words("{prefix}merges does not fit the vocabulary", prefix=PREFIX)):
            return models.BPE(vocabulary, merges, **habits)

    def _plain_ids(self) -> dict[str, int]:
        """Spellings that text may become: never those of control tokens; first of equals first."""
        hidden = np.isin(self.vocabulary.types, HIDDEN).tolist()
        tokens = self.vocabulary.tokens
        return {tokens[i]: i for i in range(self.n_vocab - 1, -1, -1) if not hidden[i]}

    def _possible(self, merges: Pairs, ids: dict[str, int]) -> Pairs:
        """The merges whose halves and whole are tokens; others can never come about."""
        kept = [(a, b) for a, b in merges if a in ids and b in ids and a + b in ids]
        if len(kept) * 2 < len(merges):
            raise FormatError(
                "{prefix}merges does not belong to this vocabulary; file damaged.", prefix=PREFIX
            )
        self._tell(
            Words(
                "{n_merges} of {n_merges_2} entries of {prefix}merges join what is no token of "
                "this vocabulary; they are left out.",
                n_merges=len(merges) - len(kept),
                n_merges_2=len(merges),
                prefix=PREFIX,
            )
        )
        return kept

    def _splits(self) -> "tokenizers.pre_tokenizers.PreTokenizer":
        from tokenizers import Regex, pre_tokenizers

        if self._carried:  # text is cut before it comes here
            return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        behaviour = "removed" if self.cut.drops_spaces else "isolated"
        with foreign(Words("{pre_patterns} holds a broken expression", pre_patterns=PRE_PATTERNS)):
            steps: list[pre_tokenizers.PreTokenizer] = [
                pre_tokenizers.Split(Regex(pattern), behaviour) for pattern in self.cut.patterns
            ]
        if self.cut.byte_level:
            steps.append(pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False))
        return pre_tokenizers.Sequence(steps)

    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        for form in self._forms:
            text = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        library, ids = self._library, list[int]()
        if self._carried:
            words = self._carried.words(text)
            with foreign(CANNOT_READ):
                return list(
                    library.encode(words, is_pretokenized=True, add_special_tokens=False).ids
                )
        with foreign(CANNOT_READ):
            for part in self._parts(text):
                ids += library.encode(part, add_special_tokens=False).ids
        return ids

    def least_tokens(self, text: str) -> int:
        return 0 if self._forms else super().least_tokens(text)  # forms may join letters

    def _drops_blanks(self) -> bool:
        return self.cut.drops_spaces or super()._drops_blanks()

    def _parts(self, text: str) -> Iterator[str]:
        """The text cut within very long numbers, at places where its words are cut anyway.

        Grouping digits from the right looks at the rest of the number for each group.
        """
        start = 0
        if any(FROM_RIGHT in pattern for pattern in self.cut.patterns):
            for number in LONG_NUMBER.finditer(text):
                for place in range(number.start() + len(number[0]) % 3, number.end(), 999):
                    yield text[start:place]
                    start = place
        yield text[start:]

    @cached_property
    def _user_defined(self) -> Splitter:
        tokens = self.vocabulary.of_type([TokenType.USER_DEFINED])
        return self._splitter(tokens | self._line_ends())

    @cached_property
    def _all_special(self) -> Splitter:
        return self._splitter(self.vocabulary.special | self._line_ends())

    def _line_ends(self) -> dict[str, int]:
        """Runs of line ends are whole tokens where merges cannot spell them (Gemma 4)."""
        if self.cut.byte_level or self.cut.drops_spaces:
            return {}
        if any(merge[0] == "\n" and not merge.strip("\n ") for merge in self._merges if merge):
            return {}
        return {
            text: token for text, token in self.vocabulary.ids.items() if text.strip("\n") == ""
        }

    @cached_property
    def _bytes(self) -> dict[str, int]:
        return {text: byte for byte, text in printable_bytes().items()}

    def _normal_piece(self, text: str) -> bytes:
        if not self.cut.byte_level:
            return text.replace("\u2581", " ").encode("utf-8", "replace")
        table = self._bytes
        try:
            return bytes([table[letter] for letter in text])
        except KeyError:  # a spelling that is no byte-level text stands for itself
            return text.encode("utf-8", "replace")


def _pairs(merges: Sequence[str]) -> Pairs:
    """Each merge in its two halves; there may be 300,000, so the plain ones go fast."""
    parts = [merge.partition(" ") for merge in merges]
    return [(a, b) if a and b else _halves(a + space + b) for a, space, b in parts]


def _carried(vocabulary: Vocabulary) -> PreTokenizer | None:
    """A way of cutting that the file spells out, because its name is known to nobody."""
    patterns = get_strings(vocabulary.metadata, PRE_PATTERNS)
    if patterns is None:
        return None
    return PreTokenizer(
        tuple(patterns), ignore_merges=get_bool(vocabulary.metadata, PRE_IGNORE, False)
    )


def _halves(merge: str) -> tuple[str, str]:
    """The halves where the first may itself begin with a space; no pair has an empty one."""
    cut = merge.find(" ", 1)
    return (merge, "") if cut < 0 else (merge[:cut], merge[cut + 1 :])
