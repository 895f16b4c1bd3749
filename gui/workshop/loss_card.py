"""What a made file lost against its source: asks for the measurement, shows how it went."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.api import inspect, jobs
from gui.desk import Desk
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.choices import ComboBox
from gui.widgets.flow import LineFlow
from gui.widgets.frames import Card, column, row
from gui.widgets.labels import ElidedLabel, label
from gui.workshop.loss_panel import LossPanel
from gui.workshop.loss_words import basis, verdict
from gui.workshop.measurer import Measurer

OFFER = marked(
    "How much worse is it than its source? Both read a text, one after the other, and their "
    "guesses at the next word are compared."
)
EARLIER = marked("What smaller types of this model lost, as measured before")
OWN = "?"


class LossCard(Card):
    """Hidden until there is something to show or to measure; holds one measurement at a time."""

    text_wanted = Signal()
    errors_ready = Signal(str, object)  # name of the made file, list of TensorError
    grown = Signal()  # there is something new to be seen

    def __init__(self, desk: Desk, source: inspect.SourceFacts) -> None:
        super().__init__()
        self._source = source
        self._made: Path | None = None
        self._name = ""
        self.losses: tuple[jobs.Loss, ...] = ()
        self.loss: jobs.Loss | None = None  # of the file that was just made
        self.measurer = Measurer(desk, self)
        self._connect()
        self._lay_out()
        self.hide()
        self.measurer.ask_earlier(source.path)

    def _connect(self) -> None:
        told = self.measurer
        told.progress.connect(self._on_progress)
        told.measured.connect(self._on_measured)
        told.compared.connect(self._on_compared)
        told.earlier.connect(self._on_earlier)
        told.failed.connect(self._on_failed)
        told.stopped.connect(lambda: self._working(False))

    def _lay_out(self) -> None:
        self.text = ComboBox(tr("The text to measure over"), [(tr("The built-in text"), "")])
        self.text.addItem(tr("A text of mine…"), OWN)
        self.text.setProperty("small", True)
        self.text.activated.connect(self._pick_text)
        self.go = Button(tr("Measure the loss"), "gauge", "plain", True)
        self.go.describe(tr("Compare the new file with its source"), "Ctrl+M")
        self.go.clicked.connect(self.begin)
        self.tensors = Button(tr("Error of each tensor"), "info", "plain", True)
        self.tensors.describe(tr("How far each tensor is from the source's"))
        self.tensors.clicked.connect(self._compare)
        self.stop = Button(tr("Cancel"), "x", "plain", True, tr("Stop measuring"))
        self.stop.clicked.connect(self._cancel)
        self.title = label(tr("What it loses"), "section")
        tools = QWidget()
        flow = LineFlow(tools, current().px(8))
        for tool in (self.text, self.tensors, self.go, self.stop):
            flow.addWidget(tool)
        line = row(self.title, None, tools, spacing=8)
        self.said = label(tr(OFFER), "muted", wrap=True)
        self.based = label("", "small", wrap=True)
        self.bar = Bar()
        self.words = ElidedLabel("", "small")
        self._work = QWidget()
        self._work.setLayout(column(self.bar, self.words, spacing=6))
        self.error = label("", "error", wrap=True)
        self.panel = LossPanel(self._source)
        self.box.addLayout(line)
        for part in (self.said, self.based, self._work, self.error, self.panel):
            self.box.addWidget(part)
        self._refresh()

    # What is asked for

    def offer(self, made: Path, name: str) -> None:
        """This file was made; `name` is its type for people."""
        self._made, self._name, self.loss = made, name, None
        self.error.hide()
        self._refresh()
        self.show()

    def withdraw(self) -> None:
        """Another file is to be made: what was measured stays to be seen."""
        self._made, self.loss = None, None
        self.error.hide()
        self._refresh()

    def begin(self) -> None:
        if self._made is not None and not self.measurer.running:
            chosen = self.text.currentData()
            self._working(True)
            text = Path(chosen) if chosen else None
            self.measurer.measure(self._source.path, self._made, self._name, text)

    def set_text(self, path: str) -> None:
        """A text of the user's."""
        if self.text.count() > 2:
            self.text.removeItem(1)
        self.text.insertItem(1, Path(path).name, path)
        self.text.setCurrentIndex(1)

    def close_work(self) -> None:
        self.measurer.close()

    def _compare(self) -> None:
        if self._made is not None and not self.measurer.running:
            self._working(True)
            self.measurer.compare(self._source.path, self._made)

    def _pick_text(self, index: int) -> None:
        if self.text.itemData(index) == OWN:
            self.text.setCurrentIndex(0)
            self.text_wanted.emit()

    def _cancel(self) -> None:
        self.stop.setEnabled(False)
        self.words.set_full(tr("Stopping"))
        self.measurer.cancel()

    # What comes back

    def _on_progress(self, words: str, fraction: float | None) -> None:
        self.words.set_full(words)
        if fraction is not None or not self.bar.fraction():
            self.bar.set_fraction(fraction)

    def _on_measured(self, found: jobs.Measured) -> None:
        self.loss, self.losses = found.loss, found.losses
        self._working(False)
        self.grown.emit()

    def _on_earlier(self, losses: Sequence[jobs.Loss]) -> None:
        if not self.losses and losses:
            self.losses = tuple(losses)
            self._refresh()
            self.show()

    def _on_compared(self, table: list[jobs.TensorError]) -> None:
        self._working(False)
        if self._made is not None:
            self.errors_ready.emit(self._made.name, table)

    def _on_failed(self, sentence: str) -> None:
        self._working(False)
        self.error.setText(sentence)
        self.error.show()

    # What is seen

    def _working(self, on: bool) -> None:
        self.error.hide()
        self.bar.begin()
        self.bar.set_fraction(None if on else 0.0)
        self.words.set_full(tr("Waiting for its turn"))
        self.stop.setEnabled(True)
        self._refresh()
        self._work.setVisible(on)
        for part in (self.go, self.text, self.tensors):
            part.setVisible(not on and self._made is not None)
        self.stop.setVisible(on)

    def _refresh(self) -> None:
        """Everything but the work itself."""
        made, loss = self._made is not None, self.loss
        for part in (self._work, self.stop):
            part.hide()
        for part in (self.go, self.text, self.tensors):
            part.setVisible(made)
        self.error.setVisible(False)
        self.go.set_words(tr("Measure the loss") if loss is None else tr("Measure again"))
        self.title.setText(tr("What it loses") if made else tr("What was lost"))
        self.said.setText(verdict(loss) if loss else tr(OFFER if made else EARLIER))
        self.said.setProperty("role", "strong" if loss else "muted")
        self.said.style().polish(self.said)
        self.based.setText(basis(loss) if loss else "")
        self.based.setVisible(loss is not None)
        self.panel.setVisible(bool(self.losses))
        self.box.setSpacing(current().px(8))
        if self.losses:
            self.panel.show_losses(self.losses, loss)
