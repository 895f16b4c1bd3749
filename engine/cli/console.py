"""Where results and messages go, and whether Ctrl-C was pressed.

With --json one object is the last line of standard output and nothing else goes there.
"""

import json as json_module
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from types import FrameType
from typing import IO, Any

from engine.base import sizes
from engine.base.catalogue import Words
from engine.base.errors import CancelledError
from engine.base.events import Event, Notice, Progress, PromptProgress, Stage, Transfer
from engine.base.words import escaped, printable, shown
from engine.cli.interrupt import EXIT_STOPPED, end_now
from engine.cli.speaking import told, told_figures

EXIT_ERROR, EXIT_USAGE = 1, 2
__all__ = ["EXIT_ERROR", "EXIT_STOPPED", "EXIT_USAGE", "Console", "say"]


def say(text: str) -> None:
    """A line for people, on standard error."""
    print(printable(told(text)), file=sys.stderr, flush=True)


def fit_for(stream: IO[str], text: str) -> str:
    """A model's or a file's text; on a terminal nothing in it may act. A pipe gets it as it is."""
    return printable(text) if stream.isatty() else text


def _as_json(value: Any) -> str:
    """One line. JSON has no NaN and no infinity (RFC 8259): null stands for them."""
    try:
        return escaped(json_module.dumps(value, ensure_ascii=False, allow_nan=False))
    except ValueError:
        return escaped(json_module.dumps(_finite(value), ensure_ascii=False))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value


BAR = 24  # letters


def _bar(event: Transfer) -> str:
    """How far a download is, how fast it goes and how long it still takes, where that is known."""
    if event.stage is not Stage.DOWNLOADING or not event.total:
        return told(event.words)
    full = BAR * event.done // event.total
    words = [f"[{'#' * full}{'.' * (BAR - full)}] {100 * event.done // event.total:3d}%"]
    words.append(told(Words("{done:file} of {all:file}", done=event.done, all=event.total)))
    if event.rate:
        words.append(told_figures(f"{sizes.memory(event.rate)}/s"))
    if event.seconds_left is not None:
        words.append(told(Words("{time:duration} left", time=event.seconds_left)))
    return "  ".join(words)


class Console:
    """One run of a verb: prints its result, shows progress, hears Ctrl-C."""

    def __init__(self, *, json: bool = False) -> None:
        self.json = json
        self._stopped = False
        self._line = 0  # length of the progress line on the terminal

    def result(self, value: dict[str, Any], text: str) -> None:
        """The verb's outcome: an object for scripts, or text for people."""
        self.forget_stop()  # too late: it is done
        if self.json:
            print(_as_json(value), flush=True)
        elif text:
            print(fit_for(sys.stdout, text), flush=True)

    def write(self, text: str) -> None:
        """Streamed text, where a person reads along."""
        if not self.json:
            sys.stdout.write(fit_for(sys.stdout, text))
            sys.stdout.flush()

    @property
    def stop_is_asked(self) -> bool:
        """Ctrl-C was pressed, and nothing has heeded it yet."""
        return self._stopped

    def forget_stop(self) -> None:
        """What Ctrl-C was meant for has ended; the next job is another matter."""
        self._stopped = False

    def show(self, event: Event | None) -> None:
        """Progress and notices, whoever asked."""
        if isinstance(event, Transfer):
            self._status(_bar(event))
        elif isinstance(event, Progress):
            share = f" {100 * event.done // event.total}%" if event.total else ""
            self._status(told(event.words) + share)
        elif isinstance(event, PromptProgress):
            words = Words("reading the prompt {done}/{all}", done=event.done, all=event.total)
            if event.is_anew:
                words = Words(
                    "reading the prompt again {done}/{all}", done=event.done, all=event.total
                )
            self._status(told(words))
            if event.done == event.total:
                self.clear()
        elif isinstance(event, Notice):
            self.note(event.text)

    def note(self, text: str) -> None:
        """Something the user should know that is no failure."""
        self.clear()
        say(text)

    def checkpoint(self, event: Progress) -> None:
        """For work that cannot yield: show progress, and stop here on Ctrl-C."""
        if self._stopped:
            raise CancelledError("stopped")
        self.show(event)

    def _status(self, text: str) -> None:
        if sys.stderr.isatty():
            text = shown(text, 120)
            sys.stderr.write("\r" + text.ljust(self._line))
            sys.stderr.flush()
            self._line = len(text)

    def clear(self) -> None:
        """Take the progress line away."""
        if self._line:
            sys.stderr.write("\r" + " " * self._line + "\r")
            sys.stderr.flush()
            self._line = 0

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """Ctrl-C is heard at the next step or checkpoint meanwhile."""
        before = signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._stopped:
            signal.signal(signal.SIGINT, end_now)  # the third
            raise KeyboardInterrupt
        self._stopped = True
