"""SentencePiece vocabularies (`llama` and `t5` in GGUF) through the sentencepiece library.

The library gets a model file that is written here, in memory, from the GGUF's own lists.
"""

import struct
from functools import cached_property
from typing import TYPE_CHECKING

from engine.base.errors import FormatError
from engine.text.metadata import get_bool, get_numbers
from engine.text.tokenizer_base import CANNOT_READ, Tokenizer, foreign
from engine.text.vocabulary import PREFIX, TokenType, Vocabulary

if TYPE_CHECKING:
    import sentencepiece

SPACE = "\u2581"  # how SentencePiece writes a space
UNIGRAM, BPE = 1, 2  # TrainerSpec.ModelType
ALL_BYTES = frozenset(f"<0x{byte:02X}>" for byte in range(256))


class SpmTokenizer(Tokenizer):
    """Merges by score; text at the start and after special tokens gets a space in front."""

    model_type = BPE
    default_ids = {"bos": 1, "eos": 2, "unknown": 0}
    default_add_bos = True
    default_space_prefix = True

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        if vocabulary.scores is None:
            raise FormatError(f"{PREFIX}scores is missing: this vocabulary cannot be used.")
        metadata = vocabulary.metadata
        self.space_prefix = get_bool(
            metadata, PREFIX + "add_space_prefix", self.default_space_prefix
        )
        self.merges_spaces = get_bool(metadata, PREFIX + "remove_extra_whitespaces", False)

    @cached_property
    def _library(self) -> "sentencepiece.SentencePieceProcessor":
        import sentencepiece

        library = sentencepiece.SentencePieceProcessor()
        model_file = self._model_file()
        with foreign(f"{PREFIX}tokens is no SentencePiece vocabulary"):
            library.LoadFromSerializedProto(model_file)
        return library

    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        if self.merges_spaces:
            text = " ".join(part for part in text.split(" ") if part)
        if self.space_prefix and after_special:
            text = " " + text
        return self._ids(text)

    def _ids(self, text: str) -> list[int]:
        library = self._library
        with foreign(CANNOT_READ):
            return list(library.EncodeAsIds(text))

    def least_tokens(self, text: str) -> int:
        # Where no bytes stand for letters that are not known, any number of those is one token.
        return super().least_tokens(text) if self.vocabulary.of_type([TokenType.BYTE]) else 0

    def _drops_blanks(self) -> bool:
        return self.merges_spaces or super()._drops_blanks()

    def _normal_piece(self, text: str) -> bytes:
        return text.replace(SPACE, " ").encode("utf-8", "replace")

    def _model_file(self) -> bytes:
        """A sentencepiece ModelProto: pieces, then how to train (1 byte of it matters), then
        how to normalize."""
        pieces = [_message(1, piece) for piece in self._pieces_of_model()]
        has_bytes = self.vocabulary.of_type([TokenType.BYTE]).keys() >= ALL_BYTES
        trainer = _varint(3, self.model_type) + _varint(35, has_bytes) + _varint(40, self._unknown)
        trainer += b"".join(_varint(field, -1) for field in (41, 42, 43))  # no BOS, EOS, padding
        return b"".join(pieces) + _message(2, trainer) + _message(3, self._normalizer())

    def _normalizer(self) -> bytes:
        # Field 5, escape_whitespaces, is what makes a space U+2581; the prefix is put before.
        return _message(1, b"identity") + _varint(3, 0) + _varint(4, 0) + _varint(5, 1)

    @cached_property
    def _unknown(self) -> int:
        """The library wants exactly one unknown token; the file's choice wins."""
        marked = self.vocabulary.of_type([TokenType.UNKNOWN]).values()
        if self.unknown_id is not None:
            return self.unknown_id
        return next(iter(marked), 0)

    def _pieces_of_model(self) -> list[bytes]:
        vocabulary, scores = self.vocabulary, self.vocabulary.scores
        assert scores is not None
        types = vocabulary.types.tolist()
        has_bytes = vocabulary.of_type([TokenType.BYTE]).keys() >= ALL_BYTES
        pieces = []
        for token, (text, score) in enumerate(zip(vocabulary.tokens, scores.tolist(), strict=True)):
            kind = types[token]
            if vocabulary.ids[text] != token:
                text, kind = f"\ue000same{token}", TokenType.UNUSED  # the library wants them unique
            kind = self._kind_for_library(kind, text, has_bytes)
            if token == self._unknown:
                kind = TokenType.UNKNOWN
            spelling = text.encode("utf-8", "replace")
            pieces.append(_message(1, spelling) + b"\x15" + struct.pack("<f", score) + b"\x18")
            pieces[-1] += bytes([kind])
        return pieces

    def _kind_for_library(self, kind: int, text: str, has_bytes: bool) -> int:
        """Types the library accepts; special tokens were taken out of the text before."""
        if kind == TokenType.USER_DEFINED and SPACE in text:
            return TokenType.NORMAL  # text has spaces where this has U+2581: found by merging
        if kind in (TokenType.USER_DEFINED, TokenType.UNKNOWN):
            return TokenType.CONTROL
        if kind == TokenType.UNDEFINED:
            return TokenType.NORMAL
        if kind == TokenType.BYTE and not (has_bytes and text in ALL_BYTES):
            return TokenType.CONTROL
        return kind


class UnigramTokenizer(SpmTokenizer):
    """The likeliest way to cut the text (T5 and relatives); normalizes with the file's own map."""

    model_type = UNIGRAM
    default_ids = {"eos": 1, "unknown": 2}
    default_add_bos = False
    default_add_eos = True
    default_space_prefix = False

    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        return self._ids(text)

    def _normalizer(self) -> bytes:
        charsmap = get_numbers(self.vocabulary.metadata, PREFIX + "precompiled_charsmap")
        data = b"" if charsmap is None else charsmap.astype("uint8").tobytes()
        return (
            _message(1, b"from-file")
            + (_message(2, data) if data else b"")
            + _varint(3, self.space_prefix)
            + _varint(4, self.merges_spaces)
            + _varint(5, 1)
        )


def _varint(field: int, value: int) -> bytes:
    return _number(field << 3) + _number(value & 0xFFFFFFFFFFFFFFFF)


def _message(field: int, content: bytes) -> bytes:
    return _number(field << 3 | 2) + _number(len(content)) + content


def _number(value: int) -> bytes:
    """A protobuf variable-length integer: seven bits a byte, the last without the top bit."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
