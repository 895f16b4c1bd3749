"""The bench: a source, what it can become, where to put it, and one job at a time."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from engine.api import inspect, jobs
from engine.base.events import Notice, Stage
from gui.desk import Desk
from gui.language import marked, said, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import CONTENT, page
from gui.widgets.help_button import help_button
from gui.widgets.labels import label
from gui.workshop.ask import ANY, MATRICES, TEXTS, ask, show_folder
from gui.workshop.job_card import JobCard
from gui.workshop.loss_card import LossCard
from gui.workshop.place_card import PlaceCard
from gui.workshop.runner import Runner
from gui.workshop.source_card import PickCard, SourceCard
from gui.workshop.target_table import TargetTable
from gui.workshop.unfinished import Unfinished
from gui.workshop.words import made_name

LAID_OUT_MS = 50  # by then a new part has its place
STILL = marked("The workshop is still at work; wait, or cancel it first")


class Bench(QWidget):
    """Leads from a source to a file. Disk is read in the background, the job runs in the engine."""

    chat_wanted = Signal(str)  # path
    inspect_wanted = Signal(str)  # path, "": of a file still to be chosen
    errors_ready = Signal(str, object)  # name of a made file, how far its tensors are off

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._closed = False
        self._asked = 0  # only the answer to the latest question counts
        self.source: inspect.SourceFacts | None = None
        self.made: jobs.Made | None = None
        self._name = ""  # what the type that is made is called
        self.table: TargetTable | None = None
        self.place: PlaceCard | None = None
        self.job: JobCard | None = None
        self.losses: LossCard | None = None
        self._parts: list[QWidget] = []
        self.runner = Runner(desk, self)
        self.runner.progress.connect(self._on_progress)
        self.runner.notice.connect(self._on_notice)
        self.runner.whole.connect(self._on_whole)
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self.runner.stopped.connect(self._on_stopped)
        self.unfinished = Unfinished(desk, self)
        self.unfinished.found.connect(self._on_begun)
        self._was_stopped = False
        self._lay_out()
        desk.known_changed.connect(self._on_known)
        current().follow(self, self._renew_choice)
        self._on_known()

    def _lay_out(self) -> None:
        view, header, self._content = page(tr("Workshop"), CONTENT)
        inside = Button(tr("Look inside a file"), "info", "plain", True, tr("Metadata and tensors"))
        inside.clicked.connect(lambda: self.inspect_wanted.emit(""))
        header.box.addWidget(inside)
        header.box.addWidget(help_button("workshop", tr("How to make a model file")))
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.looking = label(tr("Reading what it is"), "muted")
        self.looking.hide()
        self.pick = PickCard()
        self.pick.file_wanted.connect(self.ask_for_file)
        self.pick.folder_wanted.connect(self.ask_for_folder)
        self.pick.picked.connect(self.take)
        for part in (self.pick, self.looking, self.error):
            self._content.addWidget(part)
        self._content.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view)

    # The source

    def take(self, path: str) -> None:
        """Work on this file or folder; what it is comes from the background."""
        if self.busy:
            self._desk.notice.emit(tr(STILL))
            return
        self._asked += 1
        asked = self._asked
        self.clear()
        self.looking.show()
        self._desk.background.run(
            lambda: inspect.look(path),
            lambda found: self._show_source(found) if self._listens(asked) else None,
            lambda words: self.show_error(words) if self._listens(asked) else None,
        )

    def clear(self) -> None:
        """Back to the beginning."""
        self.unfinished.follow(None)
        self._drop(*self._parts)
        self._parts = []
        self.source = self.table = self.place = self.job = self.losses = None
        self.error.hide()
        self.looking.hide()
        self.pick.show()

    def _show_source(self, source: inspect.SourceFacts) -> None:
        self.looking.hide()
        self.pick.hide()
        self.source = source
        card = SourceCard(source)
        card.other_wanted.connect(self._other)
        card.inspect_wanted.connect(lambda: self.inspect_wanted.emit(str(source.path)))
        self._add(card)
        self._show_choice()

    def _show_choice(self) -> None:
        assert self.source is not None
        folder = self._desk.engine.paths.models
        home = self.source.path.parent
        self.table = TargetTable(self.source, self._desk.hardware)
        self.place = PlaceCard(self.source, folder if folder.is_dir() else home)
        self.table.chosen.connect(self.place.set_target)
        self.place.ordered.connect(self.begin)
        self.place.changed.connect(self.unfinished.follow)
        self.place.discarded.connect(self.unfinished.discard)
        self._connect_questions(self.place)
        self.losses = LossCard(self._desk, self.source)
        self.losses.text_wanted.connect(self._ask_for_text)
        self.losses.errors_ready.connect(self.errors_ready)
        self.losses.grown.connect(lambda card=self.losses: self._reveal(card))
        for part in (self.table, self.place, self.losses):
            self._add(part)
        self.table.choose_best()

    def _renew_choice(self) -> None:
        """The machine became known, or the text larger: build the table anew."""
        if self.table is None or self.place is None or self.losses is None or self.job:
            return
        chosen, name = self.table.chosen_name(), self.place.name.text()
        self._drop(self.table, self.place, self.losses)
        self._parts = self._parts[:1]
        self._show_choice()
        self.table.choose(chosen)
        self.place.name.setText(name)

    def _other(self) -> None:
        if self.busy:
            self._desk.notice.emit(tr(STILL))
            return
        self.clear()

    # The job

    @property
    def busy(self) -> bool:
        """Whether something is being made or measured."""
        measuring = self.losses is not None and self.losses.measurer.running
        return self.runner.running or measuring

    def begin(self, order: jobs.Make) -> None:
        if self.busy or self.source is None:
            return
        self.made = None
        self.job = JobCard(order, self.source)
        self.job.cancelled.connect(self.cancel)
        self.job.chat_wanted.connect(lambda: self.chat_wanted.emit(str(order.out)))
        self.job.folder_wanted.connect(lambda: show_folder(order.out))
        self.job.more_wanted.connect(self._another)
        self._add(self.job, self.losses)
        self._name = made_name(order)
        self._choosing(False)
        self._reveal(self.job)
        self.runner.begin(order)

    def cancel(self) -> None:
        if self.job is not None:
            self.job.stopping()
        self.runner.cancel()

    @property
    def is_working(self) -> bool:
        """Whether a job goes on that ends with the window."""
        measuring = self.losses is not None and self.losses.measurer.running
        return self.runner.running or measuring

    def close_work(self) -> None:
        self._closed = True
        self.unfinished.follow(None)
        self.runner.close()
        if self.losses is not None:
            self.losses.close_work()

    def _on_progress(self, event: object) -> None:
        if self.job is not None and isinstance(event, jobs.MakeProgress):
            self.job.show_progress(event)

    def _on_notice(self, notice: Notice) -> None:
        step = notice.progress
        if self.job is not None and step is not None and step.stage is Stage.CONTINUING:
            self.job.show_continuing(step)
        elif self.source is not None and notice.text not in self.source.notices:
            self._desk.notice.emit(said(notice.text))

    def _on_begun(self, begun: jobs.Resumable | None) -> None:
        if self.place is not None:
            self.place.show_begun(begun)
        if self._was_stopped:
            words = tr("Stopped; nothing was finished yet")
            if begun:
                words = tr("Stopped; what is finished is kept")
            self._desk.notice.emit(words)
            self._was_stopped = False

    def _on_whole(self) -> None:
        if self.job is not None:
            self.job.adding()

    def _on_finished(self, made: jobs.Made) -> None:
        self.made = made
        if self.job is not None:
            self.job.finished(made)
        if self.losses is not None:
            self.losses.offer(made.path, self._name)
            self._reveal(self.losses)

    def _on_failed(self, sentence: str) -> None:
        self._end_job()
        if self.place is not None:
            self.place.fail(sentence)
            self._reveal(self.place)

    def _on_stopped(self) -> None:
        self._was_stopped = True
        self._end_job()

    def _another(self) -> None:
        if self.busy:
            self._desk.notice.emit(tr(STILL))
            return
        if self.losses is not None:
            self.losses.withdraw()
        self._end_job()

    def _end_job(self) -> None:
        if self.job is not None:
            self._parts.remove(self.job)
            self._drop(self.job)
            self.job = None
        self._choosing(True)
        self.unfinished.look()

    def _choosing(self, on: bool) -> None:
        """While a job runs, what it was told cannot be changed under it."""
        if self.table is not None and self.place is not None:
            self.table.setEnabled(on)
            self.place.setVisible(on)

    # Asking for files

    def ask_for_file(self) -> None:
        self._ask(tr("Choose the weights to work on"), ANY, self.take)

    def ask_for_folder(self) -> None:
        self._ask(tr("Choose the folder of a model"), "", self.take)

    def _ask_for_text(self) -> None:
        if self.losses is not None:
            self._ask(tr("Choose a text to measure over"), TEXTS, self.losses.set_text)

    def _connect_questions(self, place: PlaceCard) -> None:
        where, matrix = tr("Choose the folder for the new file"), tr("Choose an importance matrix")
        text = tr("Choose a text for the model to read")
        place.folder_wanted.connect(lambda: self._ask(where, "", place.set_folder))
        place.matrix_wanted.connect(lambda: self._ask(matrix, MATRICES, place.set_matrix))
        place.text_wanted.connect(lambda: self._ask(text, TEXTS, place.set_text))

    def _ask(self, title: str, kinds: str, then: Callable[[str], object]) -> None:
        ask(self, title, str(self._desk.engine.paths.models), kinds, then)

    # Small things

    def _listens(self, asked: int) -> bool:
        return not self._closed and asked == self._asked

    def _on_known(self) -> None:
        self.pick.show_models(self._desk.known)
        if self._desk.hardware is not None and self.table and not self.table.is_judged:
            self._renew_choice()

    def show_error(self, sentence: str) -> None:
        self.looking.hide()
        self.error.setText(sentence)
        self.error.show()

    def _add(self, part: QWidget, before: QWidget | None = None) -> None:
        self._parts.append(part)
        last = self._content.count() - 1  # the room that is left
        self._content.insertWidget(self._content.indexOf(before) if before else last, part)

    def _reveal(self, part: QWidget) -> None:
        """Scroll to what matters now, once it has its place."""
        for area in self.findChildren(QScrollArea):
            QTimer.singleShot(LAID_OUT_MS, part, lambda a=area: a.ensureWidgetVisible(part))

    def _drop(self, *parts: QWidget) -> None:
        for part in parts:
            if isinstance(part, LossCard):
                part.close_work()
            self._content.removeWidget(part)
            part.hide()
            part.deleteLater()
