"""WordPiece (`bert` in GGUF); the Hugging Face tokenizers library normalizes and finds the words.

GGUF writes a word's beginning with U+2581 and its continuation plain; here that has "##". Words are
cut here, in time that grows with their letters: the library's own way takes their third power.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from engine.text.metadata import get_bool
from engine.text.prefixes import Prefixes
from engine.text.tokenizer_base import Tokenizer, foreign
from engine.text.vocabulary import PREFIX, TokenType, Vocabulary

if TYPE_CHECKING:
    from tokenizers import normalizers, pre_tokenizers

GOES_ON = "##"
SPACE = "\u2581"
LONGEST_WORD = 1 << 16


class WordPieceTokenizer(Tokenizer):
    """Whole words cut greedily; the separator stands at the end of each text."""

    default_ids = {"bos": 101, "seperator": 102, "unknown": 100, "cls": 101}
    default_add_bos = True

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self.bos_id = self.bos_id if self.bos_id is not None else self._named("cls")
        self.separator_id = self._named("seperator")  # GGUF's spelling

    def _with_ends(self, ids: list[int]) -> list[int]:
        first = [self.bos_id] if self.bos_id is not None else []
        last = [self.separator_id] if self.separator_id is not None else []
        return first + ids + last

    @cached_property
    def _library(self) -> "tuple[normalizers.Normalizer, pre_tokenizers.PreTokenizer]":
        from tokenizers import normalizers, pre_tokenizers

        metadata = self.vocabulary.metadata
        lower = get_bool(metadata, PREFIX + "normalizer.lowercase", True)
        strip = get_bool(metadata, PREFIX + "normalizer.strip_accents", lower)
        normalizer = normalizers.BertNormalizer(lowercase=lower, strip_accents=strip)
        return normalizer, pre_tokenizers.BertPreTokenizer()

    @cached_property
    def _unknown(self) -> int:
        """What stands for a word that no pieces spell."""
        if self.unknown_id is not None:
            return self.unknown_id
        return self.vocabulary.ids.get("[UNK]", 0)

    @cached_property
    def _pieces_of_words(self) -> tuple[dict[str, int], Prefixes[str], Prefixes[str]]:
        """Every piece, those that begin a word, and those that go on with one."""
        found = self._spellings()
        rest = [text.removeprefix(GOES_ON) for text in found if text.startswith(GOES_ON)]
        return found, Prefixes(found), Prefixes(rest)

    def _spellings(self) -> dict[str, int]:
        hidden = self.vocabulary.of_type([TokenType.CONTROL, TokenType.UNKNOWN])
        found: dict[str, int] = {}
        for text, token in self.vocabulary.ids.items():
            if text not in hidden:
                found[text[1:] if text.startswith(SPACE) else GOES_ON + text] = token
        return found

    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        normalizer, pre_tokenizer = self._library
        with foreign("reading words"):
            words = pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(text))
        return [token for word, _ in words for token in self._cut(word)]

    def _cut(self, word: str) -> list[int]:
        """The longest piece that fits, then the longest that goes on; else the unknown token."""
        pieces, beginnings, rest = self._pieces_of_words
        ids, position = list[int](), 0
        while position < len(word) <= LONGEST_WORD:
            length = (rest if position else beginnings).longest(word, position)
            if not length:
                return [self._unknown]
            found = word[position : position + length]
            ids.append(pieces[GOES_ON + found if position else found])
            position += length
        return ids or [self._unknown]

    def _normal_piece(self, text: str) -> bytes:
        return text.replace(SPACE, " ").encode("utf-8", "replace")
