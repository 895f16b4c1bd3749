"""The helper process: runs what a model file brings (chat templates, expressions), and reads what
people attach.

It knows no file and no model, reads its work from one pipe and writes to another, and ends with
the first. Limits: memory and processor time by the system where it has them, the clock by a
watchdog that needs nobody's leave. Light: no NumPy, no numba, no Qt; jinja2 when a template comes.
"""

import faulthandler
import json
import marshal
import os
import queue
import signal
import sys
import time
from array import array
from collections.abc import Callable
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING, Any

from engine.base.catalogue import keepable
from engine.base.errors import ChaskiError, TemplateError, bounded
from engine.text.allowance import Allowance

if TYPE_CHECKING:
    from engine.text.template_render import Renderer

GOOD, FAILED, OUT_OF_MEMORY = b"+", b"-", b"M"
SIZE = 8  # bytes of the length before each message, little endian


def serve() -> int:
    """Answer requests until the pipe is closed, which it also is when the program has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the program's affair
    incoming, outgoing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # nothing that a library prints may get among the answers
        os.dup2(nowhere, stream)
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    Thread(target=_listen, args=(incoming, waiting), daemon=True).start()
    while request := waiting.get():
        status, answer = _answer(request, nowhere)
        send(lambda data: os.write(outgoing, data), status + answer)
        if status == OUT_OF_MEMORY:
            return 0  # what such a request has left behind is given back at once
    return 0


def _listen(incoming: int, waiting: "queue.SimpleQueue[bytes]") -> None:
    """Take requests in; when the program is gone, work for it is over, too."""
    while request := receive(lambda n: os.read(incoming, n)):
        waiting.put(request)
    os._exit(0)


def send(write: Callable[[bytes], int], data: bytes) -> None:
    """A message: its length, then itself."""
    rest = memoryview(len(data).to_bytes(SIZE, "little") + data)
    while rest:
        rest = rest[write(rest) :]  # type: ignore[arg-type]


def receive(read: Callable[[int], bytes], most: int = sys.maxsize) -> bytes:
    """The next message; nothing where the other side is gone (or says more than it may)."""
    size = int.from_bytes(_exactly(read, SIZE), "little")
    return _exactly(read, size) if size <= most else b""


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    parts = []
    while size and (part := read(min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"" if size else b"".join(parts)


def _answer(request: bytes, nowhere: int) -> tuple[bytes, bytes]:
    try:
        work, arguments, limits = marshal.loads(request)
        allowance = Allowance(*limits)
        ready = WORK[work](*arguments)
        _limit(allowance, nowhere)
        try:
            return GOOD, ready(allowance)
        finally:
            faulthandler.cancel_dump_traceback_later()
            _unlimit()
    except MemoryError:
        return OUT_OF_MEMORY, b""
    except TemplateError as error:
        if isinstance(error.__cause__, MemoryError):
            return OUT_OF_MEMORY, b""
        return FAILED, _bytes(keepable(str(error)))
    except BaseException as error:  # a panic of a library is no Exception
        return FAILED, _bytes(bounded(f"{type(error).__name__}: {error}"))


def _render(
    source: str, messages: list[dict[str, Any]], values: dict[str, Any]
) -> Callable[[Allowance], bytes]:
    """The prompt that a template makes."""
    renderer = _renderer(source)
    return lambda allowance: _bytes(renderer.render(messages, values, allowance))


@lru_cache(maxsize=8)
def _renderer(source: str) -> "Renderer":
    from engine.text.template_render import Renderer

    return Renderer(source)


def _cut(patterns: list[str], text: str) -> Callable[[Allowance], bytes]:
    """Where the pieces end into which expressions cut a text, one after the other."""
    from tokenizers import Regex, pre_tokenizers

    def cut(allowance: Allowance) -> bytes:
        steps = [pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in patterns]
        pieces = pre_tokenizers.Sequence(steps).pre_tokenize_str(text)
        return array("Q", [end for _, (_, end) in pieces]).tobytes()

    return cut


def _read(name: str, raw: bytes) -> Callable[[Allowance], bytes]:
    """A file's bytes as text, in JSON; what is the matter with it is an answer, too."""

    def read(allowance: Allowance) -> bytes:
        from engine.attachments.read import read_document

        try:
            kind, document = read_document(name, raw)
        except ChaskiError as error:
            return json.dumps({"error": keepable(str(error))}).encode()
        found = {"kind": kind.name, "text": document.text, "parts": document.parts}
        return json.dumps(found).encode()

    return read


WORK: dict[str, Callable[..., Callable[[Allowance], bytes]]] = {
    "render": _render,
    "cut": _cut,
    "read": _read,
}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _limit(allowance: Allowance, nowhere: int) -> None:
    """From now on: so much memory, so much time."""
    faulthandler.dump_traceback_later(allowance.patience, exit=True, file=nowhere)
    if sys.platform == "win32":
        return  # the program watches the memory (apart.py)
    import resource

    seconds = int(time.process_time() + allowance.seconds) + 1
    _set(resource.RLIMIT_CPU, seconds)
    if sys.platform == "linux":  # elsewhere the system does not heed it, and the program watches
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[0])
        _set(resource.RLIMIT_AS, pages * resource.getpagesize() + allowance.memory)


def _unlimit() -> None:
    if sys.platform != "win32":
        import resource

        _set(resource.RLIMIT_CPU, None)
        _set(resource.RLIMIT_AS, None)


def _set(kind: int, value: int | None) -> None:
    """The limit that this process sets itself; never above what the system sets it."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(kind)
        free = hard == resource.RLIM_INFINITY
        soft = hard if value is None else value if free else min(value, hard)
        resource.setrlimit(kind, (soft, hard))
