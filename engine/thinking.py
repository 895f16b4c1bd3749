"""Ends the thinking of a reply after so many tokens: its closing tag is written, and the model goes
on with the answer from there.

Nothing is chosen ahead across that place, so that a reply is the same with and without guesses.
"""

from engine.base.models import Message
from engine.generate import Generation
from engine.text.router import Router
from engine.text.tokenizer import Tokenizer

PATIENCE = 16  # tokens that may end a letter, or a tag that the model has begun itself


class ThinkingLimit:
    """Of one reply; `begun` is what there was of it before. Look after each token."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        router: Router,
        generation: Generation,
        begun: Message | None = None,
    ) -> None:
        self._tokenizer, self._router, self._generation = tokenizer, router, generation
        self._most = generation.params.thinking_tokens
        self._spent = 0
        if self._most >= 0 and begun is not None and not begun.content:
            self._spent = len(tokenizer.encode(begun.thinking, add_special=False))
        self._was_inside = False
        self.look(whole=True)

    def look(self, *, whole: bool) -> None:
        """`whole`: the text does not end within a letter."""
        if self._most < 0:
            return
        tag = self._router.thought
        self._spent += bool(tag) and self._was_inside
        self._was_inside = tag is not None
        over = self._spent - self._most
        can_end = over >= PATIENCE or (whole and not self._router.holds)
        if tag is not None and over >= 0 and can_end:
            self._most = -1  # once in a reply
            ids = self._tokenizer.encode(tag.ending, add_special=False, parse_special=True)
            self._generation.write_these(ids)
        ended = self._most < 0 or self._router.answered
        written = len(self._generation.ids)
        self._generation.look_at = -1 if ended else written + max(1, -over)
