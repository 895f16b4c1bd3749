"""Where results and messages go, and how a job is driven from the terminal.

With --json one object is the last line of standard output and nothing else goes there.
"""

import json as json_module
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from types import FrameType
from typing import Any

from engine.base.errors import CancelledError
from engine.base.events import Event, Notice, Progress, PromptProgress
from engine.base.jobs import Job

EXIT_ERROR, EXIT_USAGE, EXIT_STOPPED = 1, 2, 130


def say(text: str) -> None:
    """A line for people, on standard error."""
    print(text, file=sys.stderr, flush=True)


def _as_json(value: Any) -> str:
    """One line. JSON has no NaN and no infinity (RFC 8259): null stands for them."""
    try:
        return json_module.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json_module.dumps(_finite(value), ensure_ascii=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value


class Console:
    """One run of a verb: prints its result, shows progress, honours Ctrl-C between steps."""

    def __init__(self, *, json: bool = False) -> None:
        self.json = json
        self._stopped = False
        self._line = 0  # length of the progress line on the terminal

    def result(self, value: dict[str, Any], text: str) -> None:
        """The verb's outcome: an object for scripts, or text for people."""
        if self.json:
            print(_as_json(value), flush=True)
        elif text:
            print(text, flush=True)

    def write(self, text: str) -> None:
        """Streamed text, where a person reads along."""
        if not self.json:
            sys.stdout.write(text)
            sys.stdout.flush()

    def drive(self, job: Job, listener: Callable[[Event], None] | None = None) -> Any:
        """Run a job to its end in this thread; Ctrl-C asks it to stop, twice drops everything."""
        with self._interruptible():
            told = False
            try:
                event = next(job)
                while True:
                    self.show(event)
                    if listener is not None and event is not None:
                        listener(event)
                    if self._stopped and not told:
                        told = True
                        event = job.throw(CancelledError("stopped"))
                    else:
                        event = next(job)
            except StopIteration as end:
                return end.value
            finally:
                self.clear()

    def show(self, event: Event | None) -> None:
        """Progress and notices, whoever asked."""
        if isinstance(event, Progress):
            share = f" {100 * event.done // event.total}%" if event.total else ""
            self._status(event.words + share)
        elif isinstance(event, PromptProgress):
            self._status(f"reading the prompt {event.done}/{event.total}")
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
    def _interruptible(self) -> Iterator[None]:
        self._stopped = False
        before = signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        self._stopped = True
