"""What work on untrusted text may spend: in proportion to the conversation, reckoned beforehand.

Standard library and a table: the helper process knows it, too.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.attachments.kinds import MOST_LETTERS

SECONDS = 1.5  # for the smallest conversation; no real template takes a tenth of it
MOST_SECONDS = 300.0
MEMORY = 384 << 20
LETTERS = 16 << 20


class Allowance(NamedTuple):
    """Limits of one piece of work; `seconds` are of the processor, not of the clock."""

    seconds: float
    memory: int  # bytes beside what the helper has anyway
    letters: int  # of one text
    made: int  # letters of all texts together
    values: int  # in one list, nested ones counted

    @property
    def patience(self) -> float:
        """Seconds of the clock after which nobody waits any more, however busy the machine is."""
        return 5 + 4 * self.seconds


def for_rendering(messages: Any, others: Any) -> Allowance:
    """Of a chat template: some look at all messages for each message, and write all anew.

    Google's for Gemma 4 takes half a millionth of a second for each pair of messages; each
    parameter of a tool is five values and costs most templates a tenth of a thousandth.
    """
    n, (values, letters) = len(messages), size_of([messages, others])
    seconds = SECONDS + 5e-6 * n * n + 4e-4 * values + 2e-7 * letters + 1e-9 * n * letters
    return Allowance(
        seconds=min(seconds, MOST_SECONDS),
        memory=MEMORY + 4096 * values + 64 * letters,
        letters=LETTERS + 16 * letters,
        made=(64 << 20) + (1000 + n) * letters + 512 * n * n,
        values=100_000 + 20 * values,
    )


def for_cutting(letters: int) -> Allowance:
    """Of a file's own expressions over a text."""
    seconds = min(SECONDS + 5e-6 * letters, MOST_SECONDS)
    return Allowance(seconds, MEMORY + 512 * letters, letters, letters, letters)


def for_document(n_bytes: int) -> Allowance:
    """Of a file that somebody attaches; `letters`: of its text."""
    seconds = min(20 + 2e-6 * n_bytes, MOST_SECONDS)
    return Allowance(seconds, (768 << 20) + 8 * n_bytes, MOST_LETTERS, MOST_LETTERS, 0)


def size_of(value: Any) -> tuple[int, int]:
    """How many values there are in a nested one, and letters in all its texts."""
    values, letters, waiting = 0, 0, [value]
    while waiting:
        found = waiting.pop()
        values += 1
        if isinstance(found, str | bytes):
            letters += len(found)
        elif isinstance(found, Mapping):
            waiting += found.keys()
            waiting += found.values()
        elif isinstance(found, list | tuple):
            waiting += found
    return values, letters
