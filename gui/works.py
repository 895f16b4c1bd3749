"""The engine's list of jobs as works to show: for every window, in the GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.api import Engine, jobs, sizes
from engine.base.errors import ChaskiError
from engine.base.events import Transfer
from gui.language import begun, figures, marked, tr
from gui.widgets.work_card import Work
from gui.workers import Stirring, sentence

VERBS = {
    jobs.JobKind.OPEN: marked("Open {what}"),
    jobs.JobKind.COMPLETE: marked("Go on with {what}"),
    jobs.JobKind.LOGITS: marked("Logits of {what}"),
    jobs.JobKind.BENCH: marked("Time {what}"),
    jobs.JobKind.CONVERT: marked("Convert {what}"),
    jobs.JobKind.QUANTIZE: marked("Quantize {what}"),
    jobs.JobKind.MAKE: marked("Make {what}"),
    jobs.JobKind.IMPORTANCE: marked("Weigh {what}"),
    jobs.JobKind.MEASURE: marked("Measure {what}"),
    jobs.JobKind.COMPARE: marked("Compare {what}"),
    jobs.JobKind.DOWNLOAD: "{what}",
    jobs.JobKind.VERIFY: marked("Verify {what}"),
    jobs.JobKind.EMBED: marked("Embed {what}"),
    jobs.JobKind.MOVE: marked("Move {what}"),
    jobs.JobKind.DUPLICATES: marked("Look for duplicates"),
    jobs.JobKind.INDEX: marked("Look for models"),
    jobs.JobKind.HARDWARE: marked("Measure this machine"),
}
DONE = {jobs.JobKind.DOWNLOAD: marked("Checked and added to your models")}
ENDED = marked("Done")
MODELS = (jobs.JobKind.DOWNLOAD, jobs.JobKind.MAKE, jobs.JobKind.CONVERT, jobs.JobKind.QUANTIZE)
ORDER = ("running", "waiting", "paused", "failed", "stopped", "done")


class Works(QObject):
    """`changed` follows every change of the list; the last state of all is in `all`."""

    changed = Signal()
    came = Signal()  # a model was downloaded or made
    refused = Signal(str)  # a sentence: what was asked for cannot be

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._jobs = engine, engine.jobs
        self.all: list[Work] = []
        self.downloads: list[Work] = []
        self.measuring: Work | None = None  # this machine
        self._done: set[int] = set()
        self._stirring = Stirring(self)
        self._stirring.stirred.connect(self.look)
        self._stirring.listen_to(self._jobs.listen)

    @property
    def n_going(self) -> int:
        return sum(work.state in ("running", "waiting") for work in self.all)

    def look(self) -> None:
        """All but the opening of models, which is told where one waits for it."""
        records = [r for r in self._jobs.records() if r.kind is not jobs.JobKind.OPEN]
        works = [shown(r, self._path(r)) for r in records]
        self.all = sorted(works, key=lambda work: ORDER.index(work.state))
        downloads = {r.id for r in records if r.kind is jobs.JobKind.DOWNLOAD}
        self.downloads = [work for work in self.all if work.id in downloads]
        going = {r.id for r in records if r.kind is jobs.JobKind.HARDWARE and not r.state.is_over}
        self.measuring = next((work for work in self.all if work.id in going), None)
        self.changed.emit()
        done = {r.id for r in records if r.kind in MODELS and r.state is jobs.JobState.DONE}
        if done - self._done:
            self.came.emit()
        self._done = done

    def _path(self, record: jobs.JobRecord) -> str:
        """Of the model that a download gave."""
        if record.kind is not jobs.JobKind.DOWNLOAD or record.state is not jobs.JobState.DONE:
            return ""
        ticket = self._jobs.ticket(record.id)
        got = ticket.result if ticket is not None else None
        return str(got.path) if isinstance(got, jobs.Got) and got.model else ""

    # What is wanted

    def pause(self, number: int) -> None:
        self._ask(lambda: self._jobs.pause(number))

    def resume(self, number: int) -> None:
        self._ask(lambda: self._jobs.resume(number))

    def stop(self, number: int) -> None:
        self._ask(lambda: self._jobs.stop(number))

    def forget(self, number: int) -> None:
        """Take it off the list; of a download that has not come to its end the parts go, too."""
        if any(work.id == number and work.loses for work in self.all):
            self._ask(lambda: self._engine.downloads.discard(number, self._stirring.stir))
        else:
            self._ask(lambda: self._jobs.forget(number))
            self.look()

    def _ask(self, ask: Callable[[], object]) -> None:
        try:
            ask()
        except ChaskiError as error:  # it has ended meanwhile, say
            self.refused.emit(sentence(error))

    def close(self) -> None:
        self._stirring.close()


def shown(record: jobs.JobRecord, path: str = "") -> Work:
    told = record.progress
    words = sentence(record.error) if record.error is not None else ""
    if not words and record.state is jobs.JobState.RUNNING and told is not None:
        words = begun(told.words)
    elif record.state is jobs.JobState.DONE:
        words = tr(DONE.get(record.kind, ENDED))
    left = record.seconds_left
    return Work(
        record.id,
        tr(VERBS[record.kind], what=record.title),
        str(record.state),
        1.0 if record.state is jobs.JobState.DONE else record.share,
        _figures(record),
        words,
        "" if left is None else tr("{time:duration} left", time=max(1, round(left))),
        record.can_pause,
        record.can_resume,
        record.can_stop,
        path,
        _loses(record),
    )


def _loses(record: jobs.JobRecord) -> str:
    """Parts that nobody sees would stay on the disk for ever."""
    if record.kind is not jobs.JobKind.DOWNLOAD or record.state is jobs.JobState.DONE:
        return ""
    told = record.progress
    if isinstance(told, Transfer) and told.done:
        return tr(
            "The {size:file} that have come are deleted. A later download begins anew.",
            size=told.done,
        )
    return tr("What has come of it is deleted. A later download begins anew.")


def _figures(record: jobs.JobRecord) -> str:
    """Bytes on their way; of other work the bar says enough."""
    told = record.progress
    if not isinstance(told, Transfer) or told.total <= 0:
        return ""
    if record.state is jobs.JobState.DONE:
        return figures(sizes.file(told.total))
    words = tr("{done:file} of {total:file}", done=told.done, total=told.total)
    if record.state is jobs.JobState.RUNNING and record.rate:
        words += f" · {figures(sizes.file(int(record.rate)))}/s"
    return words
