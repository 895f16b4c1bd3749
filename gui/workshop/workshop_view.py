"""The workshop's view: the bench, and the inspector or a table that may lie over it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from engine.api import inspect, jobs
from gui.desk import Desk
from gui.language import marked, tr
from gui.view import View
from gui.workshop.ask import MODELS, ask
from gui.workshop.bench import Bench
from gui.workshop.inspector import Inspector
from gui.workshop.kind import KIND
from gui.workshop.tensor_errors import TensorErrors


class WorkshopView(View):
    """Takes paths from the window: to work on, or to look into."""

    kind = KIND
    drop_words = marked("Drop a file or folder to work on it")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._closed = False
        self._asked = 0  # only the answer to the latest question counts
        self.inspector: Inspector | None = None
        self.bench = Bench(desk)
        self.bench.chat_wanted.connect(self.chat_wanted)
        self.bench.inspect_wanted.connect(self._inspect)
        self.bench.errors_ready.connect(self._show_errors)
        self.errors: TensorErrors | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.bench)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._stack)

    def take(self, path: str) -> bool:
        """Work on this file or folder."""
        self.leave_inspector()
        self.bench.take(path)
        return True

    def look_at(self, what: str, part: str = "") -> None:
        if what:
            self.look_inside(what)

    def look_inside(self, path: str) -> None:
        """Show what is in this file; reading it happens in the background."""
        self._asked += 1
        asked = self._asked
        self._desk.background.run(
            lambda: inspect.contents(path),
            lambda found: self._show_inside(found) if self._listens(asked) else None,
            lambda words: self._fail(words) if self._listens(asked) else None,
        )

    def leave_inspector(self) -> None:
        """Back to the bench from whatever lies over it."""
        for over in (self.inspector, self.errors):
            if over is not None:
                self._stack.removeWidget(over)
                over.deleteLater()
        self.inspector = self.errors = None

    @property
    def would_lose(self) -> bool:
        return self.bench.is_working

    def close_work(self) -> None:
        """The window goes: a job ends at its next step, late answers find nobody."""
        self._closed = True
        self.bench.close_work()

    def _inspect(self, path: str) -> None:
        if path:
            self.look_inside(path)
        else:
            start = str(self._desk.engine.paths.models)
            ask(self, tr("Look inside a model file"), start, MODELS, self.look_inside)

    def _listens(self, asked: int) -> bool:
        return not self._closed and asked == self._asked

    def _show_inside(self, contents: inspect.Contents) -> None:
        self.leave_inspector()
        self.inspector = Inspector(contents)
        self.inspector.closed.connect(self.leave_inspector)
        self.inspector.tensor_wanted.connect(lambda name: self._look_at(contents.path, name))
        self._stack.addWidget(self.inspector)
        self._stack.setCurrentWidget(self.inspector)

    def _show_errors(self, name: str, errors: Sequence[jobs.TensorError]) -> None:
        self.leave_inspector()
        self.errors = TensorErrors(name, errors)
        self.errors.closed.connect(self.leave_inspector)
        self._stack.addWidget(self.errors)
        self._stack.setCurrentWidget(self.errors)

    def _look_at(self, path: Path, tensor: str) -> None:
        inspector = self.inspector
        self._desk.background.run(
            lambda: inspect.histogram(path, tensor),
            lambda found: self._show_spread(inspector, found),
            lambda words: None if self._closed else self._desk.notice.emit(words),
        )

    def _show_spread(self, asker: Inspector | None, found: inspect.Histogram) -> None:
        if not self._closed and self.inspector is not None and asker is self.inspector:
            self.inspector.show_spread(found)

    def _fail(self, sentence: str) -> None:
        self.leave_inspector()
        self.bench.show_error(sentence)
