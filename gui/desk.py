"""What all windows share: the engine, the preferences, the models that are open or opening.

Lives in the GUI thread; knows no widgets.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.api import (
    Engine,
    Fit,
    HardwareReport,
    LoadOptions,
    ModelInfo,
    Ticket,
    judge,
)
from engine.base.errors import ChaskiError
from engine.base.events import Progress, Stage
from gui.known import TONES, KnownModel, known_models, parameters
from gui.language import begun, said
from gui.listed import LOOK_S, Listed
from gui.preferences import Preferences, save
from gui.pulse import Pulse
from gui.resting import Resting
from gui.workers import Background, Feed
from gui.works import Works

if TYPE_CHECKING:
    pass

__all__ = ["TONES", "Desk", "KnownModel", "Meter", "known_models", "parameters"]


class Desk(QObject):
    """Opens and closes models, one at a time, and tells every window."""

    models_changed = Signal()
    loading = Signal(str)  # name of the file
    load_progress = Signal(str, object)  # words, fraction or None
    loaded = Signal(object)  # ModelInfo
    load_failed = Signal(str, str)  # name, sentence
    load_ended = Signal()
    hardware_changed = Signal()
    notice = Signal(str)

    def __init__(self, engine: Engine, preferences: Preferences) -> None:
        super().__init__()
        self.engine = engine
        self.preferences = preferences
        self._be_a_good_guest()
        self.background = Background(self)  # looks at files: may take long, may even hang
        self.keeper = Background(self, "keep")  # chats and preferences: never behind such a look
        self._make_list()
        self.works = Works(engine, self)
        self.works.came.connect(self.refresh_known)
        self.pulse = Pulse(engine)
        self.resting = Resting(engine, self)
        self.resting.changed.connect(self.models_changed)
        self.resting.said.connect(self.notice)
        self._models: list[ModelInfo] = []
        self.hardware: HardwareReport | None = None
        self._hardware_feed = Feed(self)
        self._hardware_feed.report.connect(self.set_hardware)
        self._opening = ""
        self._opening_path = ""
        self._next = ""  # what is opened as soon as the one that is being opened has ended
        self._queue: list[str] = []  # what is opened after that
        self._options: dict[str, LoadOptions] = {}  # what each open model was opened with
        self._opening_options = LoadOptions()
        self._meter = Meter()
        self._feed = Feed(self)
        self._feed.progress.connect(self._on_progress)
        self._feed.notice.connect(lambda told: self._say_once(said(told.text)))
        self._said: set[tuple[str, str]] = set()  # file and notice: told once a run
        self._feed.done.connect(self._on_loaded)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)

    def _make_list(self) -> None:
        """What others ask of it, they ask of the desk."""
        listed = self.listed = Listed(self.engine, self.background, self)
        self.known_changed, self.known_more = listed.changed, listed.more
        self.known_at, self.look_into = listed.at, listed.look_into
        self.learn, self.take_out, self.remember = listed.learn, listed.take_out, listed.remember
        self.expect, self.refresh_known = listed.expect, listed.refresh
        self.look_again = listed.look_again
        listed.greeted.connect(self.offer_guide)
        listed.notice.connect(self.notice)

    @property
    def known(self) -> Sequence[KnownModel]:
        return self.listed.known

    @known.setter
    def known(self, models: Sequence[KnownModel]) -> None:
        self.listed.known = models

    @property
    def expecting(self) -> bool:
        """The disk is about to be read for the first time."""
        return self.listed.expecting

    # Models

    def models(self) -> list[ModelInfo]:
        return list(self._models)

    def model_at(self, path: str) -> ModelInfo | None:
        return next((m for m in self._models if str(m.path) == path), None)

    @property
    def opening(self) -> str:
        """The name of the file that is being opened, or ""."""
        return self._opening

    def open_model(self, path: str, instead: bool = False) -> None:
        """Open a file; tells `loaded` at once when it is open already. While another is being
        opened it waits for its turn, or takes its place: `instead`."""
        there = self.model_at(path)
        if there is not None:
            self._note_used(there)
            self.loaded.emit(there)
            return
        if self.is_coming(path):
            return
        if self._opening and (instead or self.opening_guide):
            self._open_instead(path)
            return
        if self._opening:
            self._queue.append(path)
            return
        guide = self.guide if self.is_guide(path) else None
        self._opening = guide.name if guide is not None else Path(path).stem
        self._opening_path = path
        self._meter = Meter()
        self.loading.emit(self._opening)
        self._opening_options = self._options_for(path)
        usual = self._usual_options(path)
        self._feed.follow(
            lambda listener: self.engine.open_model(path, LoadOptions(), listener, usual=usual)
        )

    @property
    def opening_path(self) -> str:
        """The file that is being opened, or ""."""
        return self._opening_path

    def is_coming(self, path: str) -> bool:
        """Whether this file is being opened or waits for its turn."""
        return bool(path) and path in (self._opening_path, self._next, *self._queue)

    def cancel_opening(self, path: str = "") -> None:
        """Stop opening this file, or the one that is being opened."""
        if path in self._queue:
            self._queue.remove(path)
            self.load_ended.emit()
        elif path == self._next and path:
            self._next = ""
        elif path in ("", self._opening_path):
            self._feed.stop()

    def close_model(self, model: ModelInfo) -> Ticket:
        """Its memory is free when the ticket has ended."""
        self._models = [m for m in self._models if m.id != model.id]
        self._options.pop(model.id, None)
        ticket = self.engine.close_model(model.id)
        self.models_changed.emit()
        return ticket

    def _on_progress(self, event: Progress) -> None:
        self.load_progress.emit(*self._meter.read(event))

    def _say_once(self, words: str) -> None:
        told = (self._opening_path, words)
        if told not in self._said:
            self._said.add(told)
            self.notice.emit(words)

    def _on_loaded(self, info: object) -> None:
        if isinstance(info, ModelInfo):
            self._models.append(info)
            self._options[info.id] = self._opening_options
            self._opening = ""
            self._note_used(info)
            self.models_changed.emit()
            if self._next:  # it came too late: another one is wanted already
                return
            self.loaded.emit(info)
            if self.known_at(str(info.path)) is None:
                self.remember(str(info.path))

    def _on_failed(self, sentence: str) -> None:
        name, self._opening = self._opening, ""
        if not self._next:
            self.load_failed.emit(name, sentence)

    def _on_ended(self) -> None:
        self._opening = self._opening_path = ""
        if not self._next and self._queue:
            self._next = self._queue.pop(0)
        self.load_ended.emit()
        path, self._next = self._next, ""
        if path and not self._opening:
            self.open_model(path)

    # The guide

    @property
    def guide(self) -> KnownModel | None:
        """The small model that comes with the program, where this copy has it."""
        return self.listed.guide

    @property
    def guide_is_all(self) -> bool:
        """There is the guide and no other model that could be talked with."""
        others = any(not m.built_in and not m.problem for m in self.known)
        return self.guide is not None and not others

    @property
    def opening_guide(self) -> bool:
        return bool(self._opening) and self.is_guide(self._opening_path)

    def is_guide(self, path: str) -> bool:
        return self.guide is not None and self.guide.path == path

    # The one that was used last

    @property
    def last_used(self) -> KnownModel | None:
        """The model that was talked with last, unless it is known to be gone."""
        path = self.preferences.model
        if not path or not self.can_open(path):
            return None
        named = KnownModel(path, self.preferences.model_name or Path(path).stem, "")
        return self.known_at(path) or named

    def can_open(self, path: str) -> bool:
        """Nothing that is known says that this file is gone or cannot be read."""
        there = self.known_at(path)
        if there is None:
            return bool(path) and not self.listed.is_read
        return not there.problem

    def _note_used(self, model: ModelInfo) -> None:
        """Anybody's own model; the guide needs no remembering."""
        path, preferences = str(model.path), self.preferences
        if path != preferences.model and not self.is_guide(path):
            self.set_preferences(replace(preferences, model=path, model_name=model.name))

    def newest_model(self) -> ModelInfo | None:
        """The model that was opened last; the guide only where nothing else is open."""
        others = [m for m in self._models if not self.is_guide(str(m.path))]
        there = others or self._models
        return there[-1] if there else None

    def offer_guide(self) -> None:
        """Where there is no other model, the guide is opened to talk with."""
        if self.guide is not None and self.guide_is_all and not (self._models or self._opening):
            self.open_model(self.guide.path)

    def _open_instead(self, path: str) -> None:
        """What is being opened stops, and this is opened. Nobody need wait for the guide."""
        if not self.is_guide(path):
            self._next = path
            self._feed.stop()

    # The start

    def greet(self) -> None:
        """Read the list for the first time, and go on with what was asked for before."""
        self.listed.greet()
        self.in_background(lambda: self.engine.library.notice, self._tell)
        downloads = self.engine.downloads  # made here, once, and not by two threads

        def restore() -> str:
            downloads.restore()
            return downloads.notice

        self.in_background(restore, self._tell)

    def _tell(self, words: object) -> None:
        """The list of models was damaged, or cannot be kept."""
        if words:
            self.notice.emit(said(str(words)))

    # This machine

    def ask_hardware(self) -> None:
        """Ask once, so that lists can say what fits; `hardware` holds the answer."""
        self._hardware_feed.follow(lambda listener: self.engine.hardware(listener))

    def set_hardware(self, report: HardwareReport, whole: bool = False) -> None:
        """What is known of this machine by now. Where predictions are still to come, the last ones
        hold; `whole`: they are there."""
        if self.hardware is not None and not (report.predictions or whole):
            report = replace(report, predictions=self.hardware.predictions)
        if report == self.hardware:
            return
        self.hardware = report
        self.hardware_changed.emit()
        self.known_changed.emit()

    def judge(self, model: KnownModel) -> Fit | None:
        """Whether this model fits and how fast it would be, by what its header foretells; None
        while that is not known."""
        if self.hardware is None or not model.file_bytes:
            return None
        if model.forecast is None or model.problem:  # what was foretold of a file that is gone
            return None
        taken = self.engine.taken()
        report = self.engine.report_now(self.hardware)
        return judge(model.forecast, report, loaded=taken.loaded, promised=taken.promised)

    # What is chosen in Settings

    def use_models_folder(self, folder: str) -> None:
        """Look there for models, now and from now on."""
        try:
            self.engine.use_models_folder(folder)
        except ChaskiError as error:
            self.notice.emit(said(str(error)))
            return
        self.set_preferences(replace(self.preferences, models_folder=folder))
        self.refresh_known()

    def to_reopen(self) -> list[ModelInfo]:
        """Open models that were opened with another context or other threads than are chosen."""
        return [m for m in self._models if self._options.get(m.id) != self._options_for(m.path)]

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
        own = self.is_guide(str(path))  # the guide has its own context
        chosen = self.preferences
        return LoadOptions(n_ctx=0 if own else chosen.context, threads=chosen.threads)

    def _options_for(self, path: str | Path) -> LoadOptions:
        """With what it would be opened now."""
        model, usual = self.known_at(str(path)), self._usual_options(path)
        return usual if model is None else model.defaults.opened(LoadOptions(), usual=usual)

    # The rest

    def set_preferences(self, preferences: Preferences) -> None:
        self.preferences = preferences
        self._be_a_good_guest()
        path = self.engine.paths.settings_file.with_name("window.json")
        self.keeper.run(lambda: save(path, preferences), failed=self.notice.emit)

    def _be_a_good_guest(self) -> None:
        """Tell the engine when to compute with fewer threads, and when to give memory back."""
        self.engine.quiet_mode = self.preferences.quiet
        self.engine.unload_after_minutes = self.preferences.unload_minutes

    def in_background(self, work: Callable[[], object], then: Callable[[object], object]) -> None:
        self.background.run(work, then, self.notice.emit)

    def close(self) -> None:
        """End everything: jobs stop at their next step, threads are joined."""
        for feed in (self._feed, self._hardware_feed, self.works, self.resting):
            feed.close()
        self.keeper.close()
        self.listed.close()
        self.background.close(LOOK_S)
        self.engine.shutdown()


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
