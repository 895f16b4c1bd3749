"""Tokenizer files of the small C programs: llama2.c's export of sentencepiece, llm.c's of GPT-2."""

import re
import struct
from pathlib import Path

from engine.base.errors import FormatError
from engine.base.reading import read_file
from engine.weights.formats.checkpoint import MAX_JSON
from engine.workshop.convert.vocabulary.lists import (
    BYTE,
    CONTROL,
    MOST_TOKENS,
    NORMAL,
    UNKNOWN,
    VocabularyLists,
)
from engine.workshop.convert.vocabulary.ranks import from_ranks

FIRST_BYTE, N_BYTES = 3, 256  # <unk>, <s>, </s>, then the bytes
BYTE_SPELLED = re.compile(rb"<0x[0-9A-F]{2}>")
MAX_TOKEN = 1024
LLMC_MAGIC = 20240328
LLMC_HEADER = 1024
END_OF_TEXT = "<|endoftext|>"


def read_llama2c_tokenizer(path: Path) -> VocabularyLists:
    """llama2.c's export: score, length and text of each token, to the end of the file."""
    raw = read_file(path, MAX_JSON)
    found = VocabularyLists("llama", [], [])
    at = 4  # the longest token's length comes first
    while at < len(raw):
        token = len(found.tokens)
        if at + 8 > len(raw) or token >= MOST_TOKENS:
            raise FormatError(
                "{file} is broken: it ends within token {token}", file=path.name, token=token
            )
        score, size = struct.unpack_from("<fi", raw, at)
        if not 0 <= size <= MAX_TOKEN or at + 8 + size > len(raw):
            raise FormatError(
                "{file} is broken: token {token} has {size} bytes",
                file=path.name,
                token=token,
                size=size,
            )
        found.tokens.append(raw[at + 8 : at + 8 + size].replace(b" ", "\u2581".encode()))
        found.scores.append(score)
        found.types.append(NORMAL)
        at += 8 + size
    if not found.tokens:
        raise FormatError("{file} holds no tokens", file=path.name)
    # A small vocabulary may have no bytes at all; where it has them, it spells them.
    for token, text in enumerate(found.tokens):
        if isinstance(text, bytes) and BYTE_SPELLED.fullmatch(text):
            found.types[token] = BYTE
    _mark_first(found)
    return found


def mark_llama(found: VocabularyLists) -> None:
    """Meaning by place, as in every vocabulary of Llama: <unk>, <s>, </s>, bytes, then text."""
    _mark_first(found)
    for byte in range(min(N_BYTES, len(found.tokens) - FIRST_BYTE)):
        found.tokens[FIRST_BYTE + byte] = f"<0x{byte:02X}>"
        found.types[FIRST_BYTE + byte] = BYTE


def _mark_first(found: VocabularyLists) -> None:
    for token, text in enumerate(("<unk>", "<s>", "</s>")[: len(found.tokens)]):
        found.tokens[token] = text
        found.types[token] = UNKNOWN if token == 0 else CONTROL
    found.keys |= {"bos_token_id": 1, "eos_token_id": 2, "unknown_token_id": 0}
    found.keys |= {"add_bos_token": True, "add_eos_token": False, "add_space_prefix": True}


def is_llmc_tokenizer(head: bytes) -> bool:
    return len(head) >= 4 and struct.unpack_from("<I", head)[0] == LLMC_MAGIC


def read_llmc_tokenizer(path: Path) -> VocabularyLists:
    """Lengths and bytes of all tokens in the order they were learned, single bytes first."""
    raw = read_file(path, MAX_JSON)
    if len(raw) < LLMC_HEADER or not is_llmc_tokenizer(raw):
        raise FormatError("{file} is no tokenizer of llm.c", file=path.name)
    count = struct.unpack_from("<I", raw, 8)[0]
    at, tokens = LLMC_HEADER, []
    for token in range(count):
        if at >= len(raw) or at + 1 + raw[at] > len(raw):
            raise FormatError(
                "{file} is cut short at token {token} of {count}",
                file=path.name,
                token=token,
                count=count,
            )
        tokens.append(raw[at + 1 : at + 1 + raw[at]])
        at += 1 + raw[at]
    ranks = {text: i for i, text in enumerate(tokens) if text != END_OF_TEXT.encode()}
    found = from_ranks(ranks, path.name)
    if len(ranks) < len(tokens):
        found.tokens.append(END_OF_TEXT)
        found.types.append(CONTROL)
    return found
