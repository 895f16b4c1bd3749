"""SentencePiece vocabularies (`llama` and `t5` in GGUF).

Those whose scores say what is merged go through the sentencepiece library, which gets a short
protobuf that is written here, in memory, from the GGUF's own lists. Vocabularies that other
trainers made join only the pairs they learned, not any two neighbours that spell a token: these
pairs come from a key of our own, and the tokenizers library merges.
"""

import re
import struct
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import FormatError, without_surrogates
from engine.text.metadata import get_bool, get_numbers, get_strings
from engine.text.own_keys import (
    BETWEEN_TOKENS,
    MERGES,
    SPACED,
    get_extra,
    get_forms,
    get_ids,
    get_space_prefix,
)
from engine.text.pretokenizers import PRE_IGNORE, PRE_PATTERNS, OwnCuts
from engine.text.prompt import WHITE, Spans, Splitter
from engine.text.tokenizer import (
    CANNOT_READ,
    Tokenizer,
    byte_of,
    foreign,
)
from engine.text.vocabulary import PREFIX, TokenType, Vocabulary

if TYPE_CHECKING:
    import sentencepiece
    import tokenizers


def piece_entry(text: str, score: float, kind: int) -> bytes:
    spelling = message(1, text.encode("utf-8", "replace"))
    return spelling + b"\x15" + struct.pack("<f", score) + b"\x18" + bytes([kind])


def varint(field: int, value: int) -> bytes:
    return number(field << 3) + number(value & 0xFFFFFFFFFFFFFFFF)


def message(field: int, content: bytes) -> bytes:
    return number(field << 3 | 2) + number(len(content)) + content


def number(value: int) -> bytes:
    """A protobuf variable-length integer: seven bits a byte, the last without the top bit."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


SPACE = "\u2581"  # how SentencePiece writes a space
RUN = re.compile("  +")
WHITE_RUN = re.compile(f"[{WHITE}]+")
UNIGRAM, BPE = 1, 2  # TrainerSpec.ModelType
START, BEHIND, INSIDE = range(3)  # of a text; behind a special token; within a text
BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
ALL_BYTES = frozenset(BYTES)


class SpmTokenizer(Tokenizer):
    """Merges by score; the file says where text gets a space in front."""

    model_type = BPE
    default_ids = {"bos": 1, "eos": 2, "unknown": 0}
    default_add_bos = True
    default_space_prefix = True

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        if vocabulary.scores is None:
            raise FormatError(
                "{prefix}scores is missing: this vocabulary cannot be used.", prefix=PREFIX
            )
        metadata = vocabulary.metadata
        self.space_prefix = get_bool(
            metadata, PREFIX + "add_space_prefix", self.default_space_prefix
        )
        self.space = get_space_prefix(metadata, self.space_prefix)
        self.space_prefix = self.space.at_start
        self._forms = get_forms(metadata)
        self.merges_spaces = get_bool(metadata, PREFIX + "remove_extra_whitespaces", False)

    @cached_property
    def _library(self) -> "sentencepiece.SentencePieceProcessor":
        import sentencepiece

        library = sentencepiece.SentencePieceProcessor()
        model_file = self._model_file()
        with foreign(Words("{prefix}tokens is no SentencePiece vocabulary", prefix=PREFIX)):
            library.LoadFromSerializedProto(model_file)
        return library

    def _prepare(self) -> None:
        super()._prepare()
        _ = self._library

    @cached_property
    def _charsmap(self) -> bytes:
        charsmap = get_numbers(self.vocabulary.metadata, PREFIX + "precompiled_charsmap")
        return b"" if charsmap is None else charsmap.astype("uint8").tobytes()

    @cached_property
    def _rules(self) -> "sentencepiece.SentencePieceNormalizer":
        """The file's own map of characters, applied before anything else."""
        import sentencepiece

        spec = message(1, b"from-file") + message(2, self._charsmap)
        with foreign(Words("{prefix}precompiled_charsmap is broken", prefix=PREFIX)):
            return sentencepiece.SentencePieceNormalizer(
                model_proto=self._model_file(spec),
                add_dummy_prefix=False,
                escape_whitespaces=False,
                remove_extra_whitespaces=False,
            )

    def _encode_split(self, splitter: Splitter, text: str, literal: Spans = ()) -> list[int]:
        text = without_surrogates(text)
        ids: list[int] = []
        place, start = START, 0
        for begin, end, token in splitter.matches(text, literal):
            place = self._add_piece(ids, text[start:begin], place, last=False)
            place = self._add_special(ids, token, text[begin:end], place)
            start = end
        self._add_piece(ids, text[start:], place, last=True)
        return ids

    def _add_piece(self, ids: list[int], text: str, place: int, last: bool) -> int:
        """Plain text; returns the place behind it."""
        found = self._encode_piece(text, place, last) if text else []
        ids += found
        return INSIDE if found else place

    def _add_special(self, ids: list[int], token: int, text: str, place: int) -> int:
        """A special token that was found as this text; returns the place behind it."""
        spaced = token in self._spaced
        if not spaced and (not self.space.whole or self.is_control(token)):
            ids.append(token)
            return BEHIND
        # It is a letter of the text, at whose start a space is put; it may take that for its own.
        taken = spaced and not text.startswith((" ", SPACE))
        if place != INSIDE and not taken and self.space.wanted("", place == START):
            ids += self._plain_ids(" ")
        ids.append(token)
        return INSIDE

    @cached_property
    def _spaced(self) -> frozenset[int]:
        return frozenset(get_ids(self.vocabulary.metadata, SPACED, self.n_vocab))

    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        return self._encode_piece(text, START)

    def _encode_piece(self, text: str, place: int, last: bool = True) -> list[int]:
        text = self._normalized(text)
        if self.merges_spaces:
            inside = self.space.whole and place == INSIDE
            text = _without_extra(text, start=not inside, end=last or not self.space.whole)
            if not text:
                return []
        if place != INSIDE and self.space.wanted(text, place == START):
            text = " " + text
        return self._plain_ids(text)

    def _normalized(self, text: str) -> str:
        for form in self._forms:
            text = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        return self._rules.Normalize(text) if self._charsmap else text

    def _plain_ids(self, text: str) -> list[int]:
        library = self._library
        with foreign(CANNOT_READ):
            ids = list(library.EncodeAsIds(text))
        if self._has_all_bytes or self._unknown not in ids:
            return ids
        out: list[int] = []
        for token, part in zip(ids, self._library.EncodeAsPieces(text), strict=True):
            out += [token] if token != self._unknown else self._in_bytes(part)
        return out

    def _in_bytes(self, piece: str) -> list[int]:
        """Characters without a token, byte by byte; unknown where nothing spells even these."""
        tokens = self._byte_tokens
        if not tokens:
            return [self._unknown_token]
        return [tokens.get(byte, self._unknown_token) for byte in piece.encode()]

    @cached_property
    def _byte_tokens(self) -> dict[int, int]:
        """Tokens for single bytes, found by their spelling: <0x0A>, or the letter itself."""
        ids = self.vocabulary.ids
        found = {byte: ids[text] for byte, text in enumerate(BYTES) if text in ids}
        if found:
            found = {byte: ids[chr(byte)] for byte in range(128) if chr(byte) in ids} | found
        return found

    @cached_property
    def _has_all_bytes(self) -> bool:
        return all(text in self.vocabulary.ids for text in BYTES)

    def least_tokens(self, text: str) -> int:
        # Where no bytes stand for letters that are not known, any number of those is one token.
        # A map of letters may join them, and a token may take the space before it.
        exact = self._byte_tokens and not (self._forms or self._charsmap or self._spaced)
        return super().least_tokens(text) if exact else 0

    def _drops_blanks(self) -> bool:
        return self.merges_spaces or super()._drops_blanks()

    def _normal_piece(self, text: str) -> bytes:
        if text in ALL_BYTES:
            return byte_of(text)
        return text.replace(SPACE, " ").encode("utf-8", "replace")

    def _prefix_behind(self, token: int, place: int) -> bool:
        starts = place < len(self.first_ids) and token in self.first_ids
        return self.space.at_start if starts else self.space.after_special

    def without_prefix(self, piece: bytes) -> bytes:
        """A first piece without the space that encoding put before the text."""
        added = self.space.at_start or self.space.after_special
        return piece[1:] if added and piece.startswith(b" ") else piece

    def _model_file(self, normalizer: bytes | None = None) -> bytes:
        """A sentencepiece ModelProto: pieces, then how to train (1 byte of it matters), then
        how to normalize."""
        pieces = [message(1, piece) for piece in self._pieces_of_model()]
        trainer = varint(3, self.model_type) + varint(35, self._has_all_bytes)
        trainer += varint(40, self._unknown)
        trainer += b"".join(varint(field, -1) for field in (41, 42, 43))  # no BOS, EOS, padding
        return b"".join(pieces) + message(2, trainer) + message(3, normalizer or self._normalizer())

    def _normalizer(self) -> bytes:
        # Field 5, escape_whitespaces, is what makes a space U+2581; the prefix is put before.
        return message(1, b"identity") + varint(3, 0) + varint(4, 0) + varint(5, 1)

    @cached_property
    def _unknown_token(self) -> int:
        """What stands for text that has no token; the file's choice wins."""
        if self.unknown_id is not None:
            return self.unknown_id
        return next(iter(self.vocabulary.of_type([TokenType.UNKNOWN]).values()), 0)

    @cached_property
    def _unknown(self) -> int:
        """The library wants exactly one unknown token, and an ordinary one must not become it."""
        kind = self.vocabulary.types[self._unknown_token]
        plain = kind in (TokenType.NORMAL, TokenType.UNDEFINED)
        return self.n_vocab if plain else self._unknown_token

    def _pieces_of_model(self) -> list[bytes]:
        vocabulary, scores = self.vocabulary, self.vocabulary.scores
        assert scores is not None
        types = vocabulary.types.tolist()
        pieces = []
        for token, (text, score) in enumerate(zip(vocabulary.tokens, scores.tolist(), strict=True)):
            kind = types[token]
            if vocabulary.ids[text] != token:
                text, kind = f"\ue000same{token}", TokenType.UNUSED  # the library wants them unique
            kind = self._kind_for_library(kind, text)
            if token == self._unknown:
                kind = TokenType.UNKNOWN
            pieces.append(piece_entry(text, score, kind))
        if self._unknown == self.n_vocab:
            pieces.append(piece_entry("\ue000unknown", 0.0, TokenType.UNKNOWN))
        return pieces

    def _kind_for_library(self, kind: int, text: str) -> int:
        """Types the library accepts; special tokens were taken out of the text before."""
        if text in ALL_BYTES and self._has_all_bytes:
            return TokenType.BYTE
        if kind == TokenType.USER_DEFINED and SPACE in text:
            # Text has spaces where this has U+2581: the library finds it, or merging does.
            return TokenType.USER_DEFINED if self.space.whole else TokenType.NORMAL
        if kind in (TokenType.USER_DEFINED, TokenType.UNKNOWN, TokenType.BYTE):
            return TokenType.CONTROL
        if kind == TokenType.UNDEFINED:
            return TokenType.NORMAL
        return kind


class UnigramTokenizer(SpmTokenizer):
    """The likeliest way to cut the text (T5 and relatives); normalizes with the file's own map.

    Keys of our own say that the file was made of one for the tokenizers library: then it is that
    library's map and cut (which differ where letters are joined by what follows, and between cuts
    that are equally likely), and what is done with spaces is told by the file.
    """

    model_type = UNIGRAM
    default_ids = {"eos": 1, "unknown": 2}
    default_add_bos = False
    default_add_eos = True
    default_space_prefix = False

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self._extra = get_extra(vocabulary.metadata)
        self._cuts = OwnCuts(get_strings(vocabulary.metadata, PRE_PATTERNS) or ())

    @property
    def _between(self) -> list[int]:
        """In files without keys of ours as XLM-RoBERTa has it: the one's end, a separator."""
        separator = self._named("seperator")
        if separator is None or BETWEEN_TOKENS in self.vocabulary.metadata:
            return super()._between
        return [*self.last_ids, separator]

    def _encode_piece(self, text: str, place: int, last: bool = True) -> list[int]:
        if not self._extra:
            return self._plain_ids(text)
        text = _with_spaces(self._mapped(text), self._extra).replace(" ", SPACE)
        if not text:
            return []
        if place != INSIDE and self.space.wanted(text, place == START):
            text = SPACE + text
        words = self._cuts.words(text) if self._cuts else [text]
        library = self._likeliest
        with foreign(CANNOT_READ):
            return list(library.encode(words, is_pretokenized=True, add_special_tokens=False).ids)

    def _mapped(self, text: str) -> str:
        for form in self._forms:
            text = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        if self._map is None:
            return text
        with foreign(CANNOT_READ):
            return str(self._map.normalize_str(text))

    @cached_property
    def _map(self) -> "tokenizers.normalizers.Normalizer | None":
        from tokenizers import normalizers

        if not self._charsmap:
            return None
        with foreign(Words("{prefix}precompiled_charsmap is broken", prefix=PREFIX)):
            return normalizers.Precompiled(self._charsmap)

    @cached_property
    def _likeliest(self) -> "tokenizers.Tokenizer":
        import tokenizers
        from tokenizers import models

        vocabulary, scores = self.vocabulary, self.vocabulary.scores
        assert scores is not None
        usable = np.isin(vocabulary.types, (TokenType.NORMAL, TokenType.USER_DEFINED))
        pieces = [
            (text, score) if use and vocabulary.ids[text] == token else (f"\ue000{token}", 0.0)
            for token, (text, score, use) in enumerate(
                zip(vocabulary.tokens, scores.tolist(), usable.tolist(), strict=True)
            )
        ]
        with foreign(Words("{prefix}tokens is no Unigram vocabulary", prefix=PREFIX)):
            return tokenizers.Tokenizer(models.Unigram(pieces, self._unknown_token, False))

    def _prepare(self) -> None:
        if not self._extra:
            super()._prepare()
            return
        _ = self._all_special, self._user_defined, self.end_ids, self._likeliest, self._map

    def _normalizer(self) -> bytes:
        return (
            message(1, b"from-file")
            + (message(2, self._charsmap) if self._charsmap else b"")
            + varint(3, self.space_prefix)
            + varint(4, self.merges_spaces)
            + varint(5, 1)
        )


def _with_spaces(text: str, extra: str) -> str:
    """One of own_keys.EXTRAS, done to a text."""
    if extra == "split":
        return " ".join(WHITE_RUN.split(text.strip(WHITE)))
    text = RUN.sub(" ", text) if "merge" in extra else text
    text = text.lstrip(WHITE) if "left" in extra else text
    return text.rstrip(WHITE) if "right" in extra else text


def _without_extra(text: str, *, start: bool, end: bool) -> str:
    """Runs of spaces become one; those at the ends go, where these are ends of a text."""
    text = RUN.sub(" ", text)
    text = text.lstrip(" ") if start else text
    return text.rstrip(" " + SPACE) if end else text


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
        with foreign(f"{MERGES} does not fit the vocabulary"):
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
