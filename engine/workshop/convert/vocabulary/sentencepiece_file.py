"""Reads tokenizer.model, a sentencepiece ModelProto, field by field: it is a short protobuf.

The library would load it, too, but tells neither user-defined pieces nor the normalizer's habits.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.base.reading import read_file
from engine.workshop.convert.vocabulary.lists import BYTE, NORMAL, VocabularyLists

MAX_SIZE = 64 << 20
UNIGRAM, BPE = 1, 2
# Name in GGUF, number of the field, what absence means; -1 is none.
SPECIAL = (("unknown", 40, 0), ("bos", 41, 1), ("eos", 42, 2), ("padding", 43, -1))
Message = dict[int, int | bytes]
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # protobuf's ways of writing a field


def read_sentencepiece(path: Path, *, unigram: bool = False) -> VocabularyLists:
    """Tokens, scores and types; ids of special tokens; whether text gets a space in front.

    unigram: the kind that is wanted, instead of the one that merges.
    """
    raw = read_file(path, MAX_SIZE)
    try:
        return _vocabulary(raw, path.name, unigram)
    except (IndexError, struct.error, ValueError, TypeError) as error:
        raise FormatError(
            "{file} is no sentencepiece model: {error}", file=path.name, error=error
        ) from None


def _vocabulary(raw: bytes, name: str, unigram: bool) -> VocabularyLists:
    found = VocabularyLists("llama", [], [])
    trainer: Message = {}
    normalizer: Message = {}
    for field, value in _fields(raw):
        if field == 1:
            _piece(found, _raw(value))
        elif field == 2:
            trainer = dict(_fields(_raw(value)))
        elif field == 3:
            normalizer = dict(_fields(_raw(value)))
    if not found.tokens:
        raise ValueError("it has no pieces")
    if unigram and trainer.get(3, UNIGRAM) != UNIGRAM:
        raise UnsupportedError(
            "{name} is no unigram model, as this kind of model has; it cannot be converted",
            name=name,
        )
    if not unigram and trainer.get(3, UNIGRAM) != BPE:
        # Merging by score is what decoders do; cutting by likelihood is another algorithm.
        raise UnsupportedError(
            "{name} is a unigram model, which no family known here uses; it cannot be converted",
            name=name,
        )
    _refuse_odd(trainer, normalizer, name)
    for key, number, default in SPECIAL:
        found.keys[f"{key}_token_id"] = _id(trainer.get(number, default), len(found.tokens))
    found.keys = {key: value for key, value in found.keys.items() if value is not None}
    found.keys["add_space_prefix"] = bool(normalizer.get(3, 1))
    found.keys["remove_extra_whitespaces"] = bool(normalizer.get(4, 1))
    if charsmap := _raw(normalizer.get(2, b"")):
        found.keys["precompiled_charsmap"] = np.frombuffer(charsmap, np.uint8)
    return found


def _refuse_odd(trainer: Message, normalizer: Message, name: str) -> None:
    """What would change every text, and GGUF cannot say."""
    odd = {"treat_whitespace_as_suffix": trainer.get(24, 0)}
    odd["escape_whitespaces = false"] = not normalizer.get(5, 1)
    for what, there in odd.items():
        if there:
            raise UnsupportedError(
                "{name} has {what}, which cannot be expressed in a GGUF file; it cannot be "
                "converted",
                name=name,
                what=what,
            )


def _id(value: int | bytes, size: int) -> int | None:
    # A negative id is written as a huge number of ten bytes.
    return value if isinstance(value, int) and 0 <= value < size else None


def _piece(found: VocabularyLists, raw: bytes) -> None:
    fields = dict(_fields(raw))
    kind = fields.get(3, NORMAL)
    if not isinstance(kind, int) or not NORMAL <= kind <= BYTE:
        raise ValueError(f"a piece of type {kind!r}")
    # The numbers of the types are GGUF's own.
    found.tokens.append(_raw(fields.get(1, b"")))
    found.types.append(kind)
    score = fields.get(2, b"\0\0\0\0")
    found.scores.append(struct.unpack("<f", _raw(score))[0])


def _raw(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError(Words("a field of another type"))
    return value


def _fields(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of each field of a message; fixed-width numbers as their bytes."""
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        how = tag & 7
        if how == VARINT:
            value, at = _varint(raw, at)
            yield tag >> 3, value
            continue
        if how == BYTES:
            size, at = _varint(raw, at)
        elif how in (FIXED32, FIXED64):
            size = 4 if how == FIXED32 else 8
        else:
            raise ValueError(f"a field of kind {how}")
        if size > len(raw) - at:
            raise ValueError("a field that runs past the end")
        yield tag >> 3, raw[at : at + size]
        at += size


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
        if shift > 63:
            raise ValueError("a number of too many bytes")
