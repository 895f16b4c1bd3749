"""Measures what a made model lost: the engine's jobs as signals. Knows no widgets."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.api import jobs
from engine.base.events import Progress, Stage
from gui.desk import Desk
from gui.language import begun, tr
from gui.workers import Feed


class Measurer(QObject):
    """One job at a time; it ends with exactly one of measured, compared, failed and stopped."""

    progress = Signal(str, object)  # words, fraction or None
    measured = Signal(object)  # Measured
    compared = Signal(object)  # list of TensorError
    earlier = Signal(object)  # tuple of Loss: what was measured before
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._over = True  # the job has told how it ended
        self._closed = False
        self._feed = Feed(self)
        self._feed.progress.connect(self._on_progress)
        self._feed.done.connect(self._on_done)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)

    @property
    def running(self) -> bool:
        return self._feed.running

    def ask_earlier(self, source: Path) -> None:
        """Tells `earlier` when the disk has been read; what goes wrong there is no matter."""
        paths = self._desk.engine.paths
        self._desk.background.run(
            lambda: jobs.losses_of_source(source, paths),
            lambda losses: None if self._closed else self.earlier.emit(losses),
        )

    def measure(self, source: Path, made: Path, name: str, text: Path | None) -> None:
        wish = jobs.Measure(source, made, name, text, self._desk.preferences.threads)
        engine = self._desk.engine
        self._over = False
        self._feed.follow(lambda told: engine.ask(jobs.measure(wish, engine.paths), told))

    def compare(self, source: Path, made: Path) -> None:
        """The tensors, one by one."""
        engine = self._desk.engine
        order = jobs.Compare(source, made)
        self._over = False
        self._feed.follow(lambda told: engine.ask(jobs.compare(order, engine.paths), told))

    def cancel(self) -> None:
        self._feed.stop()

    def close(self) -> None:
        self._closed = True
        self._feed.close()

    def _on_progress(self, event: Progress) -> None:
        self.progress.emit(*_told(event))

    def _on_done(self, result: object) -> None:
        if isinstance(result, jobs.Measured):
            self._over = True
            self.measured.emit(result)
        elif isinstance(result, list):
            self._over = True
            self.compared.emit(result)

    def _on_failed(self, sentence: str) -> None:
        self._over = True
        self.failed.emit(sentence)

    def _on_ended(self) -> None:
        if not self._over:
            self._over = True
            self.stopped.emit()


LOADING = 0.3  # of a part, where opening a model comes before reading


def _told(event: Progress) -> tuple[str, float | None]:
    """Words and the share of the whole that is done; None: this step cannot know."""
    part, parts = 0, 1
    if isinstance(event, jobs.MeasureProgress):
        part, parts = event.phase, event.phases
    known = event.total > 0
    share = min(1.0, event.done / event.total) if known else 0.0
    words = begun(event.words)
    if event.stage is Stage.TEXT:
        words = (
            tr("The source reads the text")
            if part < parts - 1
            else tr("The new model reads the text")
        )
        share = LOADING + (1 - LOADING) * share
    elif event.stage is Stage.WRITING:
        words = tr("Converting the source for the comparison")
    elif event.stage is Stage.LOADING:
        share *= LOADING
    elif event.stage is not Stage.COMPARING:
        known = False  # compiling and the like: nobody knows how much of the whole it is
    whole = (part + share) / parts
    return words, whole if known or part else None
