"""What a chat template may spend: steps, time and memory; templates come from untrusted files.

No threads and no signals: every loop, call and new text reports here and is refused in time.
"""

import re
import time
from collections.abc import Iterable
from typing import Any

from jinja2.exceptions import SecurityError

from engine.base.catalogue import Words
from engine.text.allowance import Allowance, for_rendering

STEPS_BETWEEN_LOOKS = 8
MAX_NUMBER_BITS = 4096
MAX_WIDTH = 1000
SIZED = (str, bytes, list, tuple)


class TemplateBudget:
    """Counts what one rendering uses; `start` begins a new one."""

    def __init__(self) -> None:
        self.start(for_rendering([], {}))

    def start(self, allowance: Allowance) -> None:
        self._steps = 0
        self._made = 0
        self._allowance = allowance
        # Of this thread's own time, so that a busy machine changes nothing.
        self._deadline = time.thread_time() + allowance.seconds

    def step(self, output: int = 0) -> bool:
        """One turn of a loop or one call, which writes `output` characters of fixed text."""
        self._steps += 1
        self.made(output)
        if self._steps % STEPS_BETWEEN_LOOKS == 0 and time.thread_time() > self._deadline:
            raise SecurityError(Words("it does not come to an end"))
        return True

    def made(self, size: int) -> None:
        """A text of this size has come into being."""
        self.fits(size)
        self._made += size

    def fits(self, size: int) -> None:
        """Refuses a text or list of this size before it comes into being."""
        if size > self._allowance.letters or self._made + size > self._allowance.made:
            raise SecurityError(Words("it makes too much text"))

    def check(self, value: Any) -> Any:
        """Passes a new value through, if it is not too large to be handled at all."""
        if isinstance(value, str | bytes):
            self.made(len(value))
        elif isinstance(value, list | tuple | dict | set):
            self._count(value)
        return value

    def _count(self, value: Any) -> None:
        # A list that holds another one twice, forty levels deep, is small but endless to print,
        # and so is one that holds the same long text a thousand times.
        left, letters, waiting = self._allowance.values, self._allowance.letters, [value]
        while waiting:
            found = waiting.pop()
            left -= 1
            if isinstance(found, str | bytes):
                letters -= len(found)
            elif isinstance(found, dict):
                waiting.extend(found)
                waiting.extend(found.values())
            elif isinstance(found, list | tuple | set):
                waiting.extend(found)
            if left < len(waiting) or letters < 0:
                raise SecurityError(Words("its lists are too large"))

    def operator(self, name: str, left: Any, right: Any) -> None:
        """Refuses an operation whose result would be huge."""
        if name == "*":
            self._multiply(left, right)
        elif name == "**" and not isinstance(left, float) and not -64 <= right <= 64:
            raise SecurityError(Words("its numbers are too large"))
        elif name == "%" and isinstance(left, str | bytes):
            check_width(str(left))
            self._fields(str(left), right if isinstance(right, tuple) else (right,))
        elif name == "+" and isinstance(left, SIZED) and isinstance(right, SIZED):
            self.fits(len(left) + len(right))

    def _multiply(self, left: Any, right: Any) -> None:
        if isinstance(left, int) and isinstance(right, int):
            if left.bit_length() + right.bit_length() > MAX_NUMBER_BITS:
                raise SecurityError(Words("its numbers are too large"))
            return
        for text, times in ((left, right), (right, left)):
            if isinstance(text, SIZED) and isinstance(times, int):
                self.fits(len(text) * max(times, 0))

    def _fields(self, form: str, values: Iterable[Any]) -> None:
        """Refuses a form whose fields, each as long as the longest value, make a huge text."""
        longest = max((len(v) for v in values if isinstance(v, str | bytes)), default=0)
        self.fits(len(form) + (form.count("%") + form.count("{")) * longest)

    def method(self, text: str | bytes, name: str, arguments: tuple[Any, ...]) -> None:
        """Refuses methods of texts whose result could be much larger than what goes in."""
        if name in ("center", "ljust", "rjust", "zfill", "expandtabs"):
            if arguments and (not isinstance(arguments[0], int) or arguments[0] > MAX_WIDTH):
                raise SecurityError(Words("its texts are too wide"))
            if name == "expandtabs":
                tabs = text.count("\t") if isinstance(text, str) else text.count(b"\t")
                self.fits(len(text) + tabs * (arguments[0] if arguments else 8))
        elif name == "format":
            self._fields(str(text), arguments)
        elif name == "replace" and len(arguments) >= 2:
            self.fits(len(text) + text.count(arguments[0]) * len(arguments[1]))
        elif name == "join" and arguments and hasattr(arguments[0], "__len__"):
            self.fits(len(text) * len(arguments[0]) + _total(arguments[0]))


def _total(texts: Iterable[Any]) -> int:
    return sum(len(text) for text in texts if isinstance(text, str | bytes))


# Four digits, or a width that is itself an argument: '%9999d', '%*d', '{:{}}'.
TOO_WIDE = re.compile(r"\d{4}|%[^a-zA-Z%]*\*|\{[^{}]*\{")


def check_width(format_text: str) -> None:
    """Refuses format texts with a width that could fill the memory."""
    if TOO_WIDE.search(format_text):
        raise SecurityError(Words("its texts are too wide"))


def check_count(count: object) -> None:
    """Refuses numbers that say how often or how wide, when they are out of all reason."""
    if isinstance(count, int) and count > MAX_WIDTH:
        raise SecurityError(Words("its texts are too wide"))
