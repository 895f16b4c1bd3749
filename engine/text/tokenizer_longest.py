"""Kinds that take the longest token that fits at each place: WordPiece and RWKV World.

WordPiece (`bert` in GGUF): the tokenizers library normalizes and finds the words. GGUF writes a
word's beginning with U+2581 and its continuation plain; here that has "##". Words are cut here, in
time that grows with their letters: the library's own way takes their third power.
RWKV World (`rwkv`): bytes; spellings in the file are escaped (\\n, \\x0f), as tokens may be half
characters.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING

from engine.text.metadata import get_bool, get_count
from engine.text.own_keys import FIRST_TOKENS, LAST_TOKENS
from engine.text.own_keys import LONGEST_WORD as LONGEST_WORD_KEY
from engine.text.prompt import Prefixes
from engine.text.tokenizer import CANNOT_READ, Tokenizer, foreign
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
        if f"{PREFIX}bos_token_id" not in vocabulary.metadata or self.bos_id is None:
            self.bos_id = self._named("cls")
        self.separator_id = self._named("seperator")  # GGUF's spelling
        self._longest_word = get_count(vocabulary.metadata, LONGEST_WORD_KEY, LONGEST_WORD)

    @property
    def first_ids(self) -> list[int]:
        return self._ends(FIRST_TOKENS, self.bos_id)

    @property
    def last_ids(self) -> list[int]:
        return self._ends(LAST_TOKENS, self.separator_id)

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
        with foreign(CANNOT_READ):
            words = pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(text))
        return [token for word, _ in words for token in self._cut(word)]

    def _cut(self, word: str) -> list[int]:
        """The longest piece that fits, then the longest that goes on; else the unknown token."""
        pieces, beginnings, rest = self._pieces_of_words
        ids, position = list[int](), 0
        while position < len(word) <= self._longest_word:
            length = (rest if position else beginnings).longest(word, position)
            if not length:
                return [self._unknown]
            found = word[position : position + length]
            ids.append(pieces[GOES_ON + found if position else found])
            position += length
        return ids or [self._unknown]

    def least_tokens(self, text: str) -> int:
        return 0  # a word of any length may be one unknown token

    def _normal_piece(self, text: str) -> bytes:
        return text.replace(SPACE, " ").encode("utf-8", "replace")


ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)
LETTERS = {b"t": b"\t", b"n": b"\n", b"r": b"\r"}


class RwkvTokenizer(Tokenizer):
    """Greedy longest match over bytes."""

    default_ids = {"eos": 0, "unknown": 0}

    @cached_property
    def _by_bytes(self) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        for text, token in self.vocabulary.ids.items():
            found.setdefault(unescape(text), token)
        return found

    @cached_property
    def _prefixes(self) -> Prefixes[bytes]:
        return Prefixes(self._by_bytes)

    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        data, ids, position = text.encode(), list[int](), 0
        while position < len(data):
            length = self._prefixes.longest(data, position)
            found = data[position : position + length]
            ids.append(self._by_bytes[found] if length else self.unknown_id or 0)
            position += length or 1
        return ids

    def _normal_piece(self, text: str) -> bytes:
        return unescape(text)


def unescape(text: str) -> bytes:
    return ESCAPE.sub(_unescape_one, text.encode("utf-8", "replace"))


def _unescape_one(found: re.Match[bytes]) -> bytes:
    code = found.group(1)
    if len(code) == 3:
        return bytes([int(code[1:], 16)])
    return LETTERS.get(code, code)
