"""Stop strings in streamed text, also where they are spread over several tokens.

Text that could be the beginning of a stop string is held back until that is decided.
"""

from collections.abc import Sequence


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
