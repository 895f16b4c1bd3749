"""What all windows share: the engine, the preferences, the models that are open or opening.

Lives in the GUI thread; knows no widgets.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.api import (
    Engine,
    Fit,
    Forecast,
    HardwareReport,
    LoadOptions,
    ModelInfo,
    Verdict,
    judge,
    sizes,
    workbench,
)
from engine.base.errors import ChaskiError
from engine.base.events import Progress, Stage
from gui.preferences import Preferences, save
from gui.pulse import Pulse
from gui.resting import Resting
from gui.workers import Background, Feed
from gui.works import Works

GUIDE_NAME = "Chaski Guide"  # until its file was read
LOOK_S = 3.0  # closing waits no longer for a look at a file


@dataclass(frozen=True)
class KnownModel:
    """A model file that the library knows; `detail` is type and size in words."""

    path: str
    name: str
    detail: str
    type_name: str = ""
    architecture: str = ""
    parameters: int = 0
    file_bytes: int = 0
    size: str = ""
    key: str = ""  # the library's name for it
    problem: str = ""  # a sentence, where the file cannot be read
    source: str = ""  # which program's folder it was found in, "" for our own
    forecast: Forecast | None = None  # what it will take, once its header was read
    built_in: bool = False  # the guide: it came with the program and is always there


# How a verdict looks, wherever it is shown.
TONES = {Verdict.WELL: "good", Verdict.SLOWLY: "warn", Verdict.NOT: "bad"}


class Desk(QObject):
    """Opens and closes models, one at a time, and tells every window."""

    models_changed = Signal()
    loading = Signal(str)  # name of the file
    load_progress = Signal(str, object)  # words, fraction or None
    loaded = Signal(object)  # ModelInfo
    load_failed = Signal(str, str)  # name, sentence
    load_ended = Signal()
    known_changed = Signal()
    hardware_changed = Signal()
    notice = Signal(str)

    def __init__(self, engine: Engine, preferences: Preferences) -> None:
        super().__init__()
        self.engine = engine
        self.preferences = preferences
        self._be_a_good_guest()
        self.background = Background(self)  # looks at files: may take long, may even hang
        self.keeper = Background(self, "keep")  # chats and preferences: never behind such a look
        self.works = Works(engine, self)
        self.works.came.connect(self.refresh_known)
        self.pulse = Pulse(engine)
        self.resting = Resting(engine, self)
        self.resting.changed.connect(self.models_changed)
        self.resting.said.connect(self.notice)
        self.known: list[KnownModel] = []
        self._foretold: dict[tuple[str, int], Forecast | None] = {}
        self._listed = False  # the disk was read for `known`
        self.expecting = False  # it is about to be, for the first time
        self._models: list[ModelInfo] = []
        self.hardware: HardwareReport | None = None
        self._hardware_feed = Feed(self)
        self._opening = ""
        self._opening_path = ""
        self._next = ""  # what is opened as soon as the one that is being opened has ended
        self._queue: list[str] = []  # what is opened after that
        self._options: dict[str, LoadOptions] = {}  # what each open model was opened with
        self._opening_options = LoadOptions()
        self._meter = Meter()
        self._feed = Feed(self)
        self._feed.progress.connect(self._on_progress)
        self._feed.notice.connect(lambda told: self._say_once(told.text))
        self._said: set[tuple[str, str]] = set()  # file and notice: told once a run
        self._feed.done.connect(self._on_loaded)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)

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
        options = self._opening_options = self._options_for(path)
        self._feed.follow(lambda listener: self.engine.open_model(path, options, listener))

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

    def close_model(self, model: ModelInfo) -> None:
        self._models = [m for m in self._models if m.id != model.id]
        self._options.pop(model.id, None)
        self.engine.close_model(model.id)
        self.models_changed.emit()

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
            if not any(m.path == str(info.path) for m in self.known):
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
        return next((m for m in self.known if m.built_in and not m.problem), None)

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
        return next((m for m in self.known if m.path == path), named)

    def can_open(self, path: str) -> bool:
        """Nothing that is known says that this file is gone or cannot be read."""
        there = next((m for m in self.known if m.path == path), None)
        if there is None:
            return bool(path) and not self._listed
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

    # The list of models (the disk is read in the background)

    def expect(self) -> None:
        """Before the first window: the guide is known at once, so that what is shown first stays.
        `greet` follows."""
        path = self.engine.starter_path()
        guide = KnownModel(str(path), GUIDE_NAME, "", built_in=True)
        self.known = [] if path is None else [guide]
        self.expecting, self._listed = True, False

    def greet(self) -> None:
        """Read the list for the first time: what was known last is shown until all folders were
        looked through."""
        self.in_background(lambda: kept_models(self.engine), self._show_kept)
        self.in_background(lambda: known_models(self.engine), self._show_first)
        self.in_background(lambda: self.engine.library.notice, self._tell)
        downloads = self.engine.downloads  # made here, once, and not by two threads

        def restore() -> str:
            downloads.restore()  # what was asked for before goes on
            return downloads.notice

        self.in_background(restore, self._tell)

    def _tell(self, words: object) -> None:
        """The list of models was damaged, or cannot be kept."""
        if words:
            self.notice.emit(str(words))

    def _show_kept(self, found: object) -> None:
        if found and isinstance(found, list):
            self.known = [*found, *(model for model in self.known if model.built_in)]
            self.known_changed.emit()

    def _show_first(self, found: object) -> None:
        self.expecting = False
        self._show_known(found)
        self.offer_guide()
        self.known_changed.emit()

    def refresh_known(self) -> None:
        self.in_background(lambda: known_models(self.engine), self._show_known)

    def look_again(self) -> None:
        """A cheap look, when the program comes to the front: were models added or removed?"""
        self.in_background(
            lambda: self.engine.library.has_changed(),
            lambda changed: self.refresh_known() if changed else None,
        )

    def ask_hardware(self) -> None:
        """Ask once, so that lists can say what fits; `hardware` holds the answer."""
        self._hardware_feed.report.connect(self.set_hardware)
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
        if model.forecast is None:
            return None
        taken = self.engine.taken()
        report = self.engine.report_now(self.hardware)
        return judge(model.forecast, report, loaded=taken.loaded, promised=taken.promised)

    def remember(self, path: str) -> None:
        self.in_background(lambda: self.engine.library.add(path), lambda _: self.refresh_known())

    def forget(self, model: KnownModel) -> None:
        """Take a model off the list; its file stays."""
        self.in_background(
            lambda: self.engine.library.remove(model.key), lambda _: self.refresh_known()
        )

    def _show_known(self, found: object) -> None:
        self._listed = True
        if isinstance(found, list):
            self._take(found)

    def _take(self, found: list[KnownModel]) -> None:
        """The list with what is foretold by now; what is not yet, is asked for."""
        known = self._foretold
        found = [
            replace(model, forecast=known[_stamp(model)]) if _stamp(model) in known else model
            for model in found
        ]
        if found != self.known:
            self.known = found
            self.known_changed.emit()
        self._foretell([m for m in found if not m.problem and _stamp(m) not in self._foretold])

    def _foretell(self, models: list[KnownModel]) -> None:
        """Reads one header after the other in the background, so that nothing waits for them."""
        if models:
            first, rest = models[0], models[1:]

            def then(found: object) -> None:
                self._foretold[_stamp(first)] = found if isinstance(found, Forecast) else None
                if rest:
                    self._foretell(rest)
                else:
                    self._take(self.known)  # which may be empty again: nothing was listed

            self.in_background(lambda: workbench.foretell(first.path), then)

    # What is chosen in Settings

    def use_models_folder(self, folder: str) -> None:
        """Look there for models, now and from now on."""
        try:
            self.engine.use_models_folder(folder)
        except ChaskiError as error:
            self.notice.emit(str(error))
            return
        self.set_preferences(replace(self.preferences, models_folder=folder))
        self.refresh_known()

    def to_reopen(self) -> list[ModelInfo]:
        """Open models that were opened with another context or other threads than are chosen."""
        return [m for m in self._models if self._options.get(m.id) != self._options_for(m.path)]

    def reopen(self) -> None:
        """Open these anew, with what is chosen now. Their chats go on with them."""
        for model in self.to_reopen():
            self.close_model(model)
            self.open_model(str(model.path))

    def _options_for(self, path: str | Path) -> LoadOptions:
        own = self.is_guide(str(path))  # the guide has its own context
        chosen = self.preferences
        return LoadOptions(n_ctx=0 if own else chosen.context, threads=chosen.threads)

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
        self.background.close(LOOK_S)
        self.engine.shutdown()


def _stamp(model: KnownModel) -> tuple[str, int]:
    """A file of another size under the same name is another file."""
    return model.path, model.file_bytes


def kept_models(engine: Engine) -> list[KnownModel]:
    """What the library knew last, without a look at the disk."""
    return [_known(model, model.source) for model in engine.library.known()]


def known_models(engine: Engine) -> list[KnownModel]:
    """The library, what other programs have, and the guide; reads the disk, so never in the GUI
    thread."""
    own = [_known(model, "") for model in engine.library.list()]
    found = [_known(model, model.source) for model in engine.library.discover()]
    guide = engine.library.starter()
    return own + found + ([_known(guide, "", built_in=True)] if guide is not None else [])


def _known(model: Any, source: str, built_in: bool = False) -> KnownModel:
    size = sizes.file(model.file_bytes)
    words = [model.type_name, size]
    return KnownModel(
        path=str(model.path),
        name=model.title or model.name,
        key=model.name,
        detail=" · ".join(word for word in words if word),
        type_name=model.type_name,
        architecture=model.architecture,
        parameters=model.parameters,
        file_bytes=model.file_bytes,
        size=size,
        problem=model.problem,
        source=source,
        built_in=built_in,
    )


def parameters(n: int) -> str:
    """4,022,000,000 → "4.0B"."""
    if n >= 1e9:
        return f"{n / 1e9:.1f}B" if n < 1e11 else f"{n / 1e9:.0f}B"
    if n >= 1e6:
        return f"{n / 1e6:.0f}M"
    return f"{n / 1e3:.0f}k" if n else ""


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
        words = event.words[:1].upper() + event.words[1:]
        if event.total <= 0:
            return words, None
        share = min(1.0, event.done / event.total)
        self._shown = max(self._shown, self._floor + (1 - self._floor) * 0.9 * share)
        return words, self._shown
