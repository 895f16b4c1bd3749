"""Models that are open, and the one that is being opened: for all windows, one at a time."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.api import Engine, LoadOptions, ModelInfo, Ticket
from engine.base.events import Progress, Stage
from gui.language import begun, said
from gui.listed import Listed
from gui.preferences import Preferences
from gui.workers import Feed


class Opened(QObject):
    """Opens, closes, and tells. What is wanted while another is being opened waits for its turn or
    takes its place."""

    changed = Signal()  # which are open
    loading = Signal(str)  # name of the file
    progress = Signal(str, object)  # words, fraction or None
    loaded = Signal(object)  # ModelInfo
    failed = Signal(str, str)  # name, sentence
    ended = Signal()
    used = Signal(object)  # ModelInfo: somebody wants to talk with it
    notice = Signal(str)

    def __init__(
        self,
        engine: Engine,
        listed: Listed,
        preferences: Callable[[], Preferences],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._listed, self._preferences = engine, listed, preferences
        self.all: list[ModelInfo] = []
        self.name = ""  # of the file that is being opened, or ""
        self.path = ""
        self._next = ""  # what is opened as soon as the one that is being opened has ended
        self._queue: list[str] = []  # what is opened after that
        self._options: dict[str, LoadOptions] = {}  # what each open model was opened with
        self._opening_options = LoadOptions()
        self._meter = Meter()
        self._said: set[tuple[str, str]] = set()  # file and notice: told once a run
        self._feed = Feed(self)
        self._feed.progress.connect(self._on_progress)
        self._feed.notice.connect(lambda told: self._say_once(said(told.text)))
        self._feed.done.connect(self._on_loaded)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)

    # Which are open

    def models(self) -> list[ModelInfo]:
        return list(self.all)

    def model_at(self, path: str) -> ModelInfo | None:
        return next((m for m in self.all if str(m.path) == path), None)

    @property
    def is_guide_coming(self) -> bool:
        return bool(self.name) and self._listed.is_guide(self.path)

    def newest_model(self) -> ModelInfo | None:
        """The model that was opened last; the guide only where nothing else is open."""
        others = [m for m in self.all if not self._listed.is_guide(str(m.path))]
        there = others or self.all
        return there[-1] if there else None

    # Opening and closing

    def open_model(self, path: str, instead: bool = False) -> None:
        """Open a file; tells `loaded` at once when it is open already. While another is being
        opened it waits for its turn, or takes its place: `instead`."""
        there = self.model_at(path)
        if there is not None:
            self.used.emit(there)
            self.loaded.emit(there)
            return
        if self.is_coming(path):
            return
        if self.name and (instead or self.is_guide_coming):
            self._open_instead(path)
            return
        if self.name:
            self._queue.append(path)
            return
        guide = self._listed.guide if self._listed.is_guide(path) else None
        self.name = guide.name if guide is not None else Path(path).stem
        self.path = path
        self._meter = Meter()
        self.loading.emit(self.name)
        self._opening_options = self._options_for(path)
        usual = self._usual_options(path)
        self._feed.follow(
            lambda listener: self._engine.open_model(path, LoadOptions(), listener, usual=usual)
        )

    def is_coming(self, path: str) -> bool:
        """Whether this file is being opened or waits for its turn."""
        return bool(path) and path in (self.path, self._next, *self._queue)

    def cancel_opening(self, path: str = "") -> None:
        """Stop opening this file, or the one that is being opened."""
        if path in self._queue:
            self._queue.remove(path)
            self.ended.emit()
        elif path == self._next and path:
            self._next = ""
        elif path in ("", self.path):
            self._feed.stop()

    def close_model(self, model: ModelInfo) -> Ticket:
        """Its memory is free when the ticket has ended."""
        self.all = [m for m in self.all if m.id != model.id]
        self._options.pop(model.id, None)
        ticket = self._engine.close_model(model.id)
        self.changed.emit()
        return ticket

    def _open_instead(self, path: str) -> None:
        """What is being opened stops, and this is opened. Nobody need wait for the guide."""
        if not self._listed.is_guide(path):
            self._next = path
            self._feed.stop()

    # What the engine tells

    def _on_progress(self, event: Progress) -> None:
        self.progress.emit(*self._meter.read(event))

    def _say_once(self, words: str) -> None:
        told = (self.path, words)
        if told not in self._said:
            self._said.add(told)
            self.notice.emit(words)

    def _on_loaded(self, info: object) -> None:
        if isinstance(info, ModelInfo):
            self.all.append(info)
            self._options[info.id] = self._opening_options
            self.name = ""
            self.used.emit(info)
            self.changed.emit()
            if self._next:  # it came too late: another one is wanted already
                return
            self.loaded.emit(info)
            if self._listed.at(str(info.path)) is None:
                self._listed.remember(str(info.path))

    def _on_failed(self, sentence: str) -> None:
        name, self.name = self.name, ""
        if not self._next:
            self.failed.emit(name, sentence)

    def _on_ended(self) -> None:
        self.name = self.path = ""
        if not self._next and self._queue:
            self._next = self._queue.pop(0)
        self.ended.emit()
        path, self._next = self._next, ""
        if path and not self.name:
            self.open_model(path)

    # With which options

    def to_reopen(self) -> list[ModelInfo]:
        """Open models that were opened with another context or other threads than are chosen."""
        return [m for m in self.all if self._options.get(m.id) != self._options_for(m.path)]

    def reopen(self) -> None:
        """Open these anew, with what is chosen now. Their chats go on with them."""
        for model in self.to_reopen():
            self.reopen_model(model)

    def reopen_model(self, model: ModelInfo) -> None:
        """Open one anew, with what is chosen for it now."""
        self.close_model(model)
        self.open_model(str(model.path))

    def _usual_options(self, path: str | Path) -> LoadOptions:
        """What holds for all models, where nothing is chosen for this one."""
        own = self._listed.is_guide(str(path))  # the guide has its own context
        chosen = self._preferences()
        return LoadOptions(n_ctx=0 if own else chosen.context, threads=chosen.threads)

    def _options_for(self, path: str | Path) -> LoadOptions:
        """With what it would be opened now."""
        model, usual = self._listed.at(str(path)), self._usual_options(path)
        return usual if model is None else model.defaults.opened(LoadOptions(), usual=usual)

    def close(self) -> None:
        self._feed.close()


class Meter:
    """Stages of opening a model as one sentence and one fraction that never falls.

    A stage that cannot know its end shows what it does; a later stage goes on where the bar is.
    """

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._floor = 0.0
        self._shown = 0.0

    def read(self, event: Progress) -> tuple[str, float | None]:
        if event.stage != self._stage:
            self._stage, self._floor = event.stage, self._shown
        words = begun(event.words)
        if event.total <= 0:
            return words, None
        share = min(1.0, event.done / event.total)
        self._shown = max(self._shown, self._floor + (1 - self._floor) * 0.9 * share)
        return words, self._shown
