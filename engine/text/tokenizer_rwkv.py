"""The RWKV World vocabulary (`rwkv` in GGUF): at each place the longest token that fits.

Works on bytes; spellings in the file are escaped (\\n, \\x0f), as tokens may be half characters.
"""

import re
from functools import cached_property

from engine.text.tokenizer_base import Tokenizer

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
    def _lengths(self) -> dict[int, list[int]]:
        """Longest first: how long the tokens that begin with a byte can be."""
        lengths: dict[int, set[int]] = {}
        for content in self._by_bytes:
            if content:
                lengths.setdefault(content[0], set()).add(len(content))
        return {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        data, ids, position = text.encode(), [], 0
        while position < len(data):
            token, length = self._match(data, position)
            ids.append(token)
            position += length
        return ids

    def _match(self, data: bytes, position: int) -> tuple[int, int]:
        for length in self._lengths.get(data[position], ()):
            token = self._by_bytes.get(data[position : position + length])
            if token is not None and position + length <= len(data):
                return token, length
        return self.unknown_id or 0, 1

    def _normal_piece(self, text: str) -> bytes:
        return unescape(text)


def unescape(text: str) -> bytes:
    return ESCAPE.sub(_unescape_one, text.encode("utf-8", "replace"))


def _unescape_one(found: re.Match[bytes]) -> bytes:
    code = found.group(1)
    if len(code) == 3:
        return bytes([int(code[1:], 16)])
    return LETTERS.get(code, code)
