"""The words into which a file's own expressions cut a text, found in the helper process.

Such expressions may never come to an end; those that the program knows do not come here.
"""

from array import array
from collections.abc import Sequence
from itertools import pairwise

from engine.base.errors import FormatError, bounded
from engine.text.allowance import for_cutting
from engine.text.apart import FailedError, StoppedError, ask
from engine.text.pretokenizers import PRE_PATTERNS

SHORT_TEXT, MANY_TEXTS = 1000, 4096


class OwnCuts:
    """Cuts text; short texts are remembered: conversations repeat what is between marks."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = list(patterns)
        self._known: dict[str, list[str]] = {}

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def words(self, text: str) -> list[str]:
        found = self._known.get(text)
        if found is None:
            found = self._cut(text)
            if len(text) <= SHORT_TEXT:
                if len(self._known) >= MANY_TEXTS:
                    self._known.clear()
                self._known[text] = found
        return found

    def _cut(self, text: str) -> list[str]:
        allowance = for_cutting(len(text))
        try:
            ends = array("Q", ask("cut", (self.patterns, text), allowance))
        except FailedError as error:
            raise FormatError(
                "{pre_patterns} cannot cut this text: {error}.",
                pre_patterns=PRE_PATTERNS,
                error=bounded(error),
            ) from error
        except StoppedError as error:
            raise FormatError(
                "{pre_patterns} was stopped over this text: {error}.",
                pre_patterns=PRE_PATTERNS,
                error=error,
            ) from error
        return [text[start:end] for start, end in pairwise([0, *ends])]
