"""A reply on a terminal as it comes: thinking faint, the answer with its Markdown, a short line of
figures at its end. Where standard output is no terminal, the answer's letters and nothing else."""

import shutil
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import IO

from engine.base import sizes
from engine.base.catalogue import Words
from engine.base.conversation import Turn
from engine.base.environment import variable
from engine.base.events import Channel, Event, Finished, TextDelta
from engine.base.words import printable
from engine.cli.console import fit_for
from engine.cli.flowing import CODE, FAINT, Flow
from engine.cli.speaking import told, told_figures
from engine.cli.typing_in import edits

ENDED_WORDS = {"cancelled": "stopped", "context": "context full", "length": "length limit"}


class Teller:
    """One reply; `reason` says why it ended, `text` and `thinking` are what was told so far."""

    def __init__(self) -> None:
        self.reason = self.text = self.thinking = ""
        self._answer = _flow(sys.stdout)
        self._thinking = _flow(sys.stderr, FAINT)
        self._channel: Channel | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, TextDelta) and event.channel != "tool":
            self._turn_to(event.channel)
            if event.channel == "thinking":
                self.thinking += event.text
            else:
                self.text += event.text
            stream = sys.stderr if event.channel == "thinking" else sys.stdout
            self._flow_of(event.channel).push(fit_for(stream, event.text))
        elif isinstance(event, Finished):
            self.reason = event.reason
            self._turn_to(None)
            note(figures(event))

    def _turn_to(self, channel: Channel | None) -> None:
        """What was told before ends with its line; a blank one stands before the answer."""
        before, self._channel = self._channel, channel
        if before in (channel, None):
            return
        self._flow_of(before).end()
        if before == "thinking" and channel is not None:
            self._thinking.write("\n")

    def _flow_of(self, channel: Channel | None) -> Flow:
        return self._thinking if channel == "thinking" else self._answer


def show_turns(turns: Iterable[Turn]) -> None:
    """What was said before, as it looked."""
    for turn in turns:
        if turn.role == "user":
            note("> " + turn.text)
        else:
            flow = _flow(sys.stdout)
            flow.push(fit_for(sys.stdout, turn.text))
            flow.end()


def figures(event: Finished) -> str:
    """ "[41 tokens, 17.2 tok/s, context 350/2048]", and before it how a reply ended, if oddly."""
    values = {
        "n": event.timings.predicted_n,
        "speed": told_figures(sizes.speed(event.timings.tokens_per_second, is_measured=True)),
        "used": event.context_used,
        "size": event.context_size,
    }
    if event.reason in ENDED_WORDS:
        ended = Words(ENDED_WORDS[event.reason])
        return Words(
            "[{ended}, {n:,} tokens, {speed}, context {used:,}/{size:,}]", ended=ended, **values
        )
    return Words("[{n:,} tokens, {speed}, context {used:,}/{size:,}]", **values)


def note(text: str) -> None:
    """A quiet line for people, on standard error."""
    flow = _flow(sys.stderr, FAINT)
    words = printable(told(text))
    sys.stderr.write(f"\x1b[{FAINT}m{words}\x1b[0m\n" if not flow.plain else words + "\n")
    sys.stderr.flush()


def _flow(stream: IO[str], base: str = "") -> Flow:
    plain = not (stream.isatty() and edits() and _understands_looks())
    width_of: Callable[[str], int] = len
    if not plain:
        from prompt_toolkit.utils import get_cwidth as width_of
    code = "" if variable("NO_COLOR") else CODE
    write = partial(_write, stream)
    return Flow(write, _columns, width_of, base, code, plain)


def _understands_looks() -> bool:
    """Older consoles of Windows show the sequences themselves."""
    return sys.platform != "win32" or bool(variable("WT_SESSION", "TERM", "ANSICON"))


def _columns() -> int:
    return shutil.get_terminal_size().columns


def _write(stream: IO[str], text: str) -> None:
    stream.write(text)
    stream.flush()
