"""Tokens to text while they arrive: whole characters, stop strings; nothing is ever taken back.

A character whose bytes are spread over tokens waits until it is complete or surely broken, and what
could be the beginning of a stop string until that is decided.
"""

import codecs
from collections.abc import Sequence

from engine.text.tokenizer import Tokenizer


class StopFinder:
    """`push` gives the text that is safe to show and whether a stop string was found."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""

    def push(self, text: str) -> tuple[str, bool]:
        """Text up to the first stop string; the stop string itself is never shown."""
        text = self._held + text
        found = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if found:
            self._held = ""
            return text[: min(found)], True
        held = partial_end(text, self._stops)
        self._held = text[len(text) - held :]
        return text[: len(text) - held], False

    def flush(self) -> str:
        """What was held back and did not become a stop string after all."""
        held, self._held = self._held, ""
        return held


def partial_end(text: str, markers: Sequence[str]) -> int:
    """How many last characters of the text could be the beginning of a marker."""
    longest = max((len(marker) for marker in markers), default=1) - 1
    for length in range(min(longest, len(text)), 0, -1):
        end = text[-length:]
        if any(len(marker) > length and marker.startswith(end) for marker in markers):
            return length
    return 0


class Detokenizer:
    """Feed ids with `push`; `flush` gives what is left, broken characters as U+FFFD.

    With `at_start`, the space that SentencePiece puts before a text is dropped; a reply that
    continues a prompt keeps it, because there it separates two words.
    """

    def __init__(self, tokenizer: Tokenizer, *, at_start: bool = False) -> None:
        self._tokenizer = tokenizer
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._at_start = at_start

    def push(self, token: int) -> str:
        """The text that this token completes; may be empty."""
        piece = self._tokenizer.piece(token)
        if self._at_start and piece:
            piece = self._tokenizer.without_prefix(piece)
            self._at_start = False
        return self._decoder.decode(piece)

    def flush(self) -> str:
        """What was held back; the detokenizer is then as new."""
        return self._decoder.decode(b"", final=True)
