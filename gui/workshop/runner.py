"""Carries one order out: the engine's job, then the library is told. Knows no widgets."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.api import jobs
from gui.desk import Desk
from gui.workers import Feed


class Runner(QObject):
    """One order at a time; it ends with exactly one of finished, failed and stopped."""

    progress = Signal(object)  # Step
    notice = Signal(object)  # Notice
    whole = Signal()  # the file is there, the library does not know it yet
    finished = Signal(object)  # Made
    failed = Signal(str)  # a sentence
    stopped = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._stopping = False
        self._closed = False
        self._feed = Feed(self)
        self._feed.progress.connect(self.progress)
        self._feed.notice.connect(self.notice)
        self._feed.done.connect(self._on_done)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)

    @property
    def running(self) -> bool:
        return self._feed.running

    def begin(self, order: jobs.Make) -> None:
        self._stopping = False
        order = replace(order, threads=self._desk.preferences.threads)
        engine = self._desk.engine
        self._feed.follow(lambda told: engine.ask(jobs.make(order, engine.paths), told))

    def cancel(self) -> None:
        self._stopping = True
        self._feed.stop()

    def close(self) -> None:
        """The window goes: the job ends at its next step, late answers find nobody."""
        self._closed = True
        self._feed.close()

    def _on_done(self, made: object) -> None:
        if not isinstance(made, jobs.Made):
            return
        self._stopping = False  # it was whole before it heard of that
        self.whole.emit()
        library = self._desk.engine.library
        self._desk.background.run(
            lambda: library.add(str(made.path)),
            lambda _: self._finish(made),
            lambda words: self._finish(made, words),
        )

    def _finish(self, made: jobs.Made, complaint: str = "") -> None:
        if self._closed:
            return
        self.finished.emit(made)
        self._desk.refresh_known()
        if complaint:
            self._desk.notice.emit(complaint)

    def _on_failed(self, sentence: str) -> None:
        self._stopping = False
        self.failed.emit(sentence)

    def _on_ended(self) -> None:
        """A cancelled job tells neither a result nor an error."""
        if self._stopping:
            self._stopping = False
            self.stopped.emit()
