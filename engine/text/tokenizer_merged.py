"""SentencePiece's spelling with merges as pairs: what scores cannot say, from a key of our own.

Vocabularies that other trainers made join only the pairs they learned, not any two neighbours
that spell a token.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from engine.base.catalogue import Words
from engine.text.metadata import get_bool, get_strings
from engine.text.own_cuts import OwnCuts
from engine.text.own_keys import MERGES
from engine.text.pretokenizers import PRE_IGNORE, PRE_PATTERNS
from engine.text.tokenizer_base import CANNOT_READ, foreign
from engine.text.tokenizer_spm import SPACE, SpmTokenizer
from engine.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    import tokenizers


class MergedTokenizer(SpmTokenizer):
    """Spaces and bytes as in SentencePiece, merging by the tokenizers library."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self._merges = get_strings(vocabulary.metadata, MERGES) or []
        self._cuts = OwnCuts(get_strings(vocabulary.metadata, PRE_PATTERNS) or ())
        self._ignore_merges = get_bool(vocabulary.metadata, PRE_IGNORE, False)

    @cached_property
    def _merging(self) -> "tokenizers.Tokenizer":
        import tokenizers
        from tokenizers import models

        ids = {text: i for text, i in self.vocabulary.ids.items() if not self.is_control(i)}
        unknown = self.text_of(self._unknown_token)
        pairs = [merge.partition(" ") for merge in self._merges]
        with foreign(Words("{merges} does not fit the vocabulary", merges=MERGES)):
            library = tokenizers.Tokenizer(
                models.BPE(
                    ids | {unknown: self._unknown_token},
                    [(a, b) for a, _, b in pairs],
                    unk_token=unknown,
                    fuse_unk=True,
                    byte_fallback=True,
                    ignore_merges=self._ignore_merges,
                )
            )
        return library

    def _prepare(self) -> None:
        _ = self._all_special, self._user_defined, self.end_ids, self._merging

    def _plain_ids(self, text: str) -> list[int]:
        library, text = self._merging, text.replace(" ", SPACE)
        words = self._cuts.words(text) if self._cuts else [text]
        with foreign(CANNOT_READ):
            return list(library.encode(words, is_pretokenized=True, add_special_tokens=False).ids)
