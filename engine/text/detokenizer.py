"""Tokens to text while they arrive: whole characters only, nothing is ever taken back.

A character whose bytes are spread over tokens waits until it is complete or surely broken.
"""

import codecs

from engine.text.tokenizer_base import Tokenizer


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
