"""WordPiece (`bert` in GGUF) through the Hugging Face tokenizers library.

GGUF writes a word's beginning with U+2581 and its continuation plain; the library wants "##".
"""

from functools import cached_property
from typing import TYPE_CHECKING

from engine.text.metadata import get_bool
from engine.text.tokenizer_base import Tokenizer
from engine.text.vocabulary import PREFIX, TokenType, Vocabulary

if TYPE_CHECKING:
    import tokenizers

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
    def _library(self) -> "tokenizers.Tokenizer":
        import tokenizers
        from tokenizers import models, normalizers, pre_tokenizers

        metadata = self.vocabulary.metadata
        lower = get_bool(metadata, PREFIX + "normalizer.lowercase", True)
        strip = get_bool(metadata, PREFIX + "normalizer.strip_accents", lower)
        unknown = self.text_of(self.unknown_id) if self.unknown_id is not None else "[UNK]"
        spellings = self._spellings()
        spellings.setdefault(unknown, self.unknown_id or 0)
        library = tokenizers.Tokenizer(
            models.WordPiece(spellings, unk_token=unknown, max_input_chars_per_word=LONGEST_WORD)
        )
        library.normalizer = normalizers.BertNormalizer(lowercase=lower, strip_accents=strip)
        library.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        return library

    def _spellings(self) -> dict[str, int]:
        hidden = self.vocabulary.of_type([TokenType.CONTROL, TokenType.UNKNOWN])
        found: dict[str, int] = {}
        for text, token in self.vocabulary.ids.items():
            if text not in hidden:
                found[text[1:] if text.startswith(SPACE) else "##" + text] = token
        return found

    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        return list(self._library.encode(text, add_special_tokens=False).ids)

    def _normal_piece(self, text: str) -> bytes:
        return text.replace(SPACE, " ").encode("utf-8", "replace")
