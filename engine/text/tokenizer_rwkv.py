"""The RWKV World vocabulary (`rwkv` in GGUF): at each place the longest token that fits.

Works on bytes; spellings in the file are escaped (\\n, \\x0f), as tokens may be half characters.
"""

import re
from functools import cached_property

from engine.text.prefixes import Prefixes
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
