"""The only file where threads meet Qt: what the engine tells becomes signals in the GUI thread.

Listeners only append to a buffer; a 33 ms timer in the GUI thread drains it, so that the window's
work is bound by the clock and never by the number of tokens.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from engine.api import Ticket
from engine.base.errors import CancelledError, ChaskiError
from engine.base.events import (
    Done,
    Event,
    Failed,
    Finished,
    HardwareReport,
    Listener,
    Notice,
    Progress,
    PromptProgress,
    Statistics,
    TextDelta,
)
from gui.language import said, tr

DRAIN_MS = 33
STIR_MS = 150
LETTERS = 300  # of an error that is not ours
FINISH_S = 60.0  # a disk that takes longer to keep what was said will not come back


class Feed(QObject):
    """One job's events as signals. Lives and dies in the GUI thread; `stop` asks the job to end."""

    text = Signal(str, str)  # channel, all new text since the last drain
    prompt = Signal(PromptProgress)
    statistics = Signal(Statistics)
    progress = Signal(Progress)
    notice = Signal(Notice)
    report = Signal(HardwareReport)
    told = Signal(object)  # an event of another kind, which its own view knows
    finished = Signal(Finished)
    done = Signal(object)
    failed = Signal(str)  # one sentence for people
    ended = Signal()  # after finished, done, failed or a cancelled job

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.error: Exception | None = None  # what `failed` told in words
        self._buffer: deque[Event] = deque()
        self._ticket: Ticket | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_MS)
        self._timer.timeout.connect(self.drain)

    def follow(self, start: Callable[[Listener], Ticket]) -> None:
        """Start a job with a listener that outlives this object harmlessly."""
        self._buffer = deque()
        self.error = None
        self._timer.start()
        try:
            # The bound method of the deque, not of self: a late event must not find a dead QObject.
            self._ticket = start(self._buffer.append)
        except ChaskiError as error:
            self._buffer.append(Failed(error))

    def stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def close(self) -> None:
        """Ask the job to end and listen no more."""
        self.stop()
        self._timer.stop()

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def drain(self) -> None:
        """Tell everything that came since the last time, each kind at most once."""
        # Asked before the buffer is emptied: events come before the ticket's end, never after.
        over = self._ticket is not None and self._ticket.ended
        batch = _Batch()
        while self._buffer:
            batch.add(self._buffer.popleft())
        self._tell(batch)
        if batch.ending is not None:
            self._end(batch.ending)
        elif over:
            self._end(Failed(self._ticket.error) if self._ticket and self._ticket.error else Done())

    def _tell(self, batch: "_Batch") -> None:
        for event in batch.others:
            self._tell_one(event)
        for channel, parts in batch.texts:
            self.text.emit(channel, "".join(parts))
        for latest in batch.latest.values():
            self._tell_one(latest)

    def _tell_one(self, event: Event) -> None:
        match event:
            case PromptProgress():
                self.prompt.emit(event)
            case Statistics():
                self.statistics.emit(event)
            case Progress():
                self.progress.emit(event)
            case Notice():
                self.notice.emit(event)
            case HardwareReport():
                self.report.emit(event)
            case _:
                self.told.emit(event)

    def _end(self, event: Event) -> None:
        self._timer.stop()
        match event:
            case Finished():
                self.finished.emit(event)
            case Done(result=HardwareReport() as report):
                self.report.emit(report)
                self.done.emit(report)
            case Done():
                self.done.emit(event.result)
            case Failed(error=error) if not isinstance(error, CancelledError):
                self.error = error
                self.failed.emit(sentence(error))
        self.ended.emit()


class _Batch:
    """What one drain found: text joined per run of a channel, only the latest of each measure."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, list[str]]] = []
        self.latest: dict[type[Event], Event] = {}
        self.others: list[Event] = []
        self.ending: Event | None = None

    def add(self, event: Event) -> None:
        match event:
            case TextDelta():
                if not self.texts or self.texts[-1][0] != event.channel:
                    self.texts.append((event.channel, []))
                self.texts[-1][1].append(event.text)
            case PromptProgress() | Statistics() | Progress():
                self.latest[type(event)] = event
            case Finished() | Done() | Failed():
                self.ending = event
            case _:
                self.others.append(event)


def sentence(error: BaseException) -> str:
    """What to show of an error: a ChaskiError's own words, the system's refusal, or that it is a
    bug. Words that are not ours are bounded and hold no control characters."""
    if isinstance(error, ChaskiError):
        return whole_sentence(said(str(error)))
    if isinstance(error, OSError):
        where = f" ({_plain(str(error.filename))})" if error.filename else ""
        reason = _plain(error.strerror or str(error))
        return tr("The system refused: {reason}.", reason=reason + where)
    kind, words = type(error).__name__, _plain(str(error))
    return tr(
        "Something went wrong inside Chaski ({kind}: {error}). Please report it.",
        kind=kind,
        error=words,
    )


def _plain(words: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words[:LETTERS])


def whole_sentence(words: str) -> str:
    """With a capital at its beginning, unless that is a name, and a full stop at its end."""
    first = words.split(" ", 1)[0]
    if first.isalpha() and first.islower():
        words = words[:1].upper() + words[1:]
    return words if not words or words[-1] in ".!?…。" else tr("{words}.", words=words)


class Stirring(QObject):
    """Says in the GUI thread that something has changed elsewhere, at most every few moments."""

    stirred = Signal()
    _told = Signal()  # bare, from any thread

    def __init__(self, parent: QObject | None = None, every_ms: int = STIR_MS) -> None:
        super().__init__(parent)
        self._waits = False  # a word is on its way already
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self._tell)
        self._told.connect(self._timer.start, Qt.ConnectionType.QueuedConnection)
        self._end: Callable[[], None] | None = None

    def listen_to(self, listen: Callable[[Callable[[object], None]], Callable[[], None]]) -> None:
        """`listen` takes what is called at every change and gives what ends that."""
        self._end = listen(self.stir)

    def stir(self, _change: object = None) -> None:
        """Something has changed; from any thread."""
        if not self._waits:
            self._waits = True
            self._told.emit()

    def _tell(self) -> None:
        self._waits = False  # before it is looked: what comes meanwhile is told again
        self.stirred.emit()

    def close(self) -> None:
        if self._end is not None:
            self._end()
            self._end = None
        self._timer.stop()


@dataclass(frozen=True)
class _Work:
    """A blocking call and who is told of its end."""

    work: Callable[[], Any]
    then: Callable[[Any], object] | None
    failed: Callable[[str], object] | None


@dataclass(frozen=True)
class _Answer:
    """What a work came to, and the work itself: what it holds of a window is the GUI thread's."""

    work: _Work
    call: Callable[[Any], object] | None
    value: object


class Background(QObject):
    """Runs blocking calls (disk, mostly) one after another in one thread; answers in the GUI's.

    The thread is the process's to end: one that hangs on a file must not keep the program alive.
    """

    # Bare: no Python object goes through Qt from one thread to another. And for `_deliver` alone: a
    # plain function that is disconnected while a call is on its way would be called all the same.
    _back = Signal()

    def __init__(self, parent: QObject | None = None, name: str = "disk") -> None:
        super().__init__(parent)
        self._works: SimpleQueue[_Work | None] = SimpleQueue()
        self._answers: deque[_Answer] = deque()
        self._thread = Thread(target=self._loop, name=f"chaski-{name}", daemon=True)
        self._closed = False
        self._back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object] | None = None,
        failed: Callable[[str], object] | None = None,
    ) -> None:
        """Call `work` in the thread, then `then(result)` or `failed(sentence)` in the GUI's."""
        if self._closed:
            return
        if self._thread.ident is None:
            self._thread.start()
        self._works.put(_Work(work, then, failed))

    def _loop(self) -> None:
        while (work := self._works.get()) is not None:
            self._answers.append(_called(work))
            del work  # before the signal: the last who holds it shall be the GUI thread
            if not self._closed:
                self._back.emit()

    def _deliver(self) -> None:
        """One answer for each signal, so that what they do stays apart."""
        answer = self._answers.popleft()
        if answer.call is not None and not self._closed and _hears(answer.call):
            answer.call(answer.value)

    def close(self, seconds: float = FINISH_S) -> bool:
        """Finish what was asked for (a chat may wait to be kept); answers nobody any more.

        False where it was not done after so many seconds: it is left to itself.
        """
        if not self._closed:
            self._closed = True
            self._works.put(None)
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()


def _hears(call: Callable[[Any], object]) -> bool:
    """Whether the object whose method this is still lives: its window may be closed by now."""
    owner = getattr(call, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


def _called(work: _Work) -> _Answer:
    try:
        return _Answer(work, work.then, work.work())
    except BaseException as error:  # a library's panic, too; it is told in the GUI thread
        return _Answer(work, work.failed, sentence(error))
