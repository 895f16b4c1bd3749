"""Work that a model file brings along is done apart, in a helper process that can be ended.

One process serves the whole program: started when first needed, kept for the next time, begun anew
after its end. It ends with the program, whatever becomes of that: its pipe is closed then.
"""

import atexit
import marshal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words, again
from engine.base.environment import HELPER
from engine.base.errors import ChaskiError, bounded
from engine.text.allowance import Allowance
from engine.text.apart_child import FAILED, GOOD, receive, send

BOOT = "import sys; sys.path[:] = sys.argv[1:]; from engine.text import apart_child as c; c.serve()"
LOOK = 0.02  # seconds between two looks at what the helper takes
STEP = 0.05  # seconds that one step of waiting lasts
LARGEST = 8  # bytes of an answer for each letter
ENDS = {24: Words("it does not come to an end")}  # SIGXCPU
# Where the system itself bounds the memory of a process (RLIMIT_AS).
SYSTEM_BOUNDS_MEMORY = sys.platform == "linux"


class StoppedError(Exception):
    """The helper was ended: half a sentence that says why."""


class FailedError(Exception):
    """The work failed by itself; in its own words."""


def asking(
    work: str, arguments: tuple[Any, ...], allowance: Allowance
) -> Generator[None, None, bytes]:
    """Have work done; yields while it lasts, so that others may go on and Stop is heeded.

    Raises FailedError, StoppedError when it takes more than the allowance, ValueError for
    arguments that are not texts, numbers, lists and dicts. Who stops waiting ends the work.
    """
    request = marshal.dumps((work, arguments, tuple(allowance)))
    helper = _take()
    exchange = _Exchange(helper, request, allowance)
    try:
        while not exchange.ended.wait(STEP):
            yield None
    except BaseException:
        helper.kill()
        exchange.ended.wait()
        helper.end()
        raise
    if exchange.status not in (GOOD, FAILED):
        raise StoppedError(exchange.last_word())
    _idle.append(helper)
    if exchange.status == FAILED:
        raise FailedError(again(exchange.answer.decode("utf-8", "replace")))
    return exchange.answer


def ask(work: str, arguments: tuple[Any, ...], allowance: Allowance) -> bytes:
    """The same at one go."""
    steps = asking(work, arguments, allowance)
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return bytes(end.value)
    finally:
        steps.close()  # Ctrl-C while waiting ends the work


def command() -> list[str]:
    """How the helper is started; a frozen program is its own helper."""
    if getattr(sys, "frozen", False):
        return [sys.executable, HELPER]
    program = sys.executable
    if sys.platform == "win32":  # a venv's python.exe only starts the real one
        program = getattr(sys, "_base_executable", program)
    places = [str(Path(__file__).parents[2]), *(place for place in sys.path if place)]
    return [program, "-I", "-S", "-c", BOOT, *places]


class _Helper:
    """The process and its two pipes."""

    def __init__(self) -> None:
        try:
            self.process = subprocess.Popen(
                command(),
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Not in the terminal's group: Ctrl-C there is the program's affair.
                start_new_session=sys.platform != "win32",
                creationflags=_no_window(),
            )
        except (OSError, ValueError) as error:
            raise ChaskiError(
                "the helper process cannot be started ({error}); close other "
                "programs and try again",
                error=bounded(error),
            ) from error

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()

    def end(self) -> None:
        """End it now, take note of its end, close the pipes."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def memory(self) -> int:
        """Bytes it takes now."""
        import psutil

        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.Error:
            return 0


class _Exchange:
    """One request and its answer, in a thread of its own; another looks at time and memory."""

    def __init__(self, helper: _Helper, request: bytes, allowance: Allowance) -> None:
        self.ended = threading.Event()
        self.status = self.answer = b""
        self._helper = helper
        self._allowance = allowance
        self._why = ""
        for work in (lambda: self._exchange(request), self._watch):
            threading.Thread(target=work, name="chaski-apart", daemon=True).start()

    def _exchange(self, request: bytes) -> None:
        stdin, stdout = self._helper.process.stdin, self._helper.process.stdout
        assert stdin is not None
        assert stdout is not None
        most = LARGEST * self._allowance.letters + (1 << 20)
        try:
            send(stdin.write, request)
            answer = receive(stdout.read, most)
            self.status, self.answer = answer[:1], answer[1:]
        except (OSError, ValueError, MemoryError):  # it is gone, and there is no answer
            pass
        finally:
            self.ended.set()

    def _watch(self) -> None:
        end = time.monotonic() + self._allowance.patience
        most = None if SYSTEM_BOUNDS_MEMORY else self._helper.memory() + self._allowance.memory
        look = self._allowance.patience if most is None else LOOK
        while not self.ended.wait(look):
            if most is not None and self._helper.memory() > most:
                self._end(Words("it takes too much memory"))
            if time.monotonic() >= end:
                self._end(Words("it does not come to an end"))

    def _end(self, why: str) -> None:
        self._why = self._why or why
        self._helper.kill()

    def last_word(self) -> str:
        """Why there is no answer, as far as the end of the process tells."""
        self._helper.end()
        if self._why or self.status:
            return self._why or Words("it takes too much memory")
        return ENDS.get(-self._helper.process.returncode, Words("it takes more than it may"))


def _no_window() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


_idle: list[_Helper] = []  # one, unless two conversations are rendered at once


def _take() -> _Helper:
    """A helper that waits for work, or a new one."""
    while _idle:
        helper = _idle.pop()
        if helper.lives:
            return helper
        helper.end()
    atexit.unregister(close)
    atexit.register(close)
    return _Helper()


def close() -> None:
    """End the helpers that wait; the next request starts a new one."""
    while _idle:
        _idle.pop().end()
