"""One order at work: its stages, one bar that never runs backwards, the time left, and the end."""

from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtWidgets import QWidget

from engine.api import inspect, jobs
from engine.base.events import Progress, Stage
from gui.language import begun, marked, said, tr
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.flow import LineFlow
from gui.widgets.frames import Card, row
from gui.widgets.labels import ElidedLabel, Pill, label
from gui.workshop.words import time_left, time_taken

STAGES = {
    "convert": marked("Convert"),
    "importance": marked("Read the text"),
    "quantize": marked("Quantize"),
    "library": marked("Add to your models"),
}
SHARES = {"convert": 35, "importance": 60, "quantize": 65, "library": 0}  # of the bar
PLAIN = ("F32", "F16", "BF16", "Q8_0")  # converting alone makes these
SURE_AFTER_MS = 1500  # sooner, a time left would be a guess


class JobCard(Card):
    """Shows what it is told; what the user wants goes out as signals."""

    cancelled = Signal()
    chat_wanted = Signal()
    folder_wanted = Signal()
    more_wanted = Signal()

    def __init__(self, order: jobs.Make, source: inspect.SourceFacts) -> None:
        super().__init__()
        self._order = order
        self._stages = _stages(order, source)
        self._clock = QElapsedTimer()
        self._clock.start()
        self._began = (0, 0.0)  # when the first measured progress came, and where it stood
        self._pills = {
            stage: Pill(tr(STAGES[stage]), "neutral", height=26) for stage in self._stages
        }
        self.bar = Bar()
        self.bar.set_fraction(None)
        self.words = ElidedLabel(tr("Waiting for its turn"), "muted")
        self.left = label("", "muted")
        self.cancel = Button(tr("Cancel"), "x", "plain", True, tr("Stop; it can go on later"))
        self.cancel.clicked.connect(self.cancelled)
        self._title = ElidedLabel(order.out.name, "strong")
        self._ends = self._make_ends()
        self._ends.hide()
        line = row(self._title, *self._pills.values(), self.cancel, self._ends, spacing=6)
        line.setStretch(0, 1)
        told = row(self.words, self.left, spacing=12)
        told.setStretch(0, 1)
        self.box.addLayout(line)
        self.box.addWidget(self.bar)
        self.box.addLayout(told)

    def _make_ends(self) -> QWidget:
        holder = QWidget()
        line = LineFlow(holder, current().px(8))
        self.chat = Button(tr("Open in chat"), "message-square", "primary", True)
        self.chat.clicked.connect(self.chat_wanted)
        self.folder = Button(tr("Show in folder"), "folder-open", "plain", True)
        self.folder.clicked.connect(self.folder_wanted)
        self.more = Button(
            tr("Make another"), "wand-sparkles", "plain", True, tr("Choose another type")
        )
        self.more.clicked.connect(self.more_wanted)
        for button in (self.more, self.folder, self.chat):
            line.addWidget(button)
        return holder

    # What happens

    def show_progress(self, event: Progress) -> None:
        part = event.phase if isinstance(event, jobs.MakeProgress) else "quantize"
        self._mark(part)
        self.words.set_full(_stage_words(event))
        if event.total <= 0 or event.done <= 0:
            return
        fraction = self._overall(part, event.done / event.total)
        self.bar.set_fraction(fraction)
        self._tell_time(fraction)

    def show_continuing(self, step: Progress) -> None:
        """ "Continuing from 63%", until the time that is left is known."""
        self.left.setText(begun(step.words))

    def adding(self) -> None:
        """The file is whole; the library is told of it."""
        self._mark("library")
        self.bar.set_fraction(1.0)
        self.left.setText("")
        self.words.set_full(tr("Adding it to your models"))

    def finished(self, made: jobs.Made) -> None:
        for pill in self._pills.values():
            pill.hide()
        self.cancel.hide()
        self.bar.hide()
        self._ends.show()
        self._title.set_full(tr("{file} is ready", file=made.path.name))
        self.left.setText("")
        words = tr("{size:file}, made in {time}", size=made.bytes, time=time_taken(made.seconds))
        self.words.set_full(f"{words} · {made.path}")

    def stopping(self) -> None:
        self.cancel.setEnabled(False)
        self.left.setText("")
        self.words.set_full(tr("Stopping; what is finished is kept"))

    def _mark(self, now: str) -> None:
        """Stages before this one are done."""
        if now not in self._stages:
            return
        for stage, pill in self._pills.items():
            before = self._stages.index(stage) < self._stages.index(now)
            words = tr(STAGES[stage])
            words = f"{words} ✓" if before else words
            pill.set_state(words, "good" if before else "accent" if stage == now else "neutral")

    def _overall(self, part: str, share: float) -> float:
        if part not in self._stages:  # looking at a source that needs no conversion
            return 0.0
        before = sum(SHARES[stage] for stage in self._stages[: self._stages.index(part)])
        return (before + SHARES[part] * share) / sum(SHARES[stage] for stage in self._stages)

    def _tell_time(self, fraction: float) -> None:
        """From the pace since the first weight was done: compiling before it took its own time."""
        now = self._clock.elapsed()
        if not self._began[0]:
            self._began = (max(1, now), fraction)
        passed, gained = now - self._began[0], fraction - self._began[1]
        if passed >= SURE_AFTER_MS and gained > 0.01:
            self.left.setText(time_left(passed / 1000 * (1 - fraction) / gained))


def _stage_words(event: Progress) -> str:
    """A sentence's beginning; names of tensors keep their small letters."""
    if event.stage is Stage.ENCODING:
        return tr("Now {deed}", deed=said(event.words))
    return begun(event.words)


def _stages(order: jobs.Make, source: inspect.SourceFacts) -> list[str]:
    if not source.is_gguf and order.target in PLAIN:
        return ["convert", "library"]
    convert = [] if source.is_gguf else ["convert"]
    weigh = ["importance"] if order.text is not None else []
    return [*convert, *weigh, "quantize", "library"]
