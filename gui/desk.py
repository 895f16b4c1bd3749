"""What all windows share: the engine, the preferences, the list of models, those that are open.

Lives in the GUI thread; knows no widgets.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.api import (
    Engine,
    Fit,
    HardwareReport,
    ModelDefaults,
    ModelInfo,
    inspect,
    judge,
    reading_s,
)
from engine.base import attachments
from engine.base.attachments import Attachment
from engine.base.errors import ChaskiError
from gui import presets
from gui.known import TONES, KnownModel, known_models
from gui.language import said
from gui.listed import LOOK_S, Listed
from gui.named import Named
from gui.opened import Meter, Opened
from gui.preferences import Preferences, save
from gui.pulse import Pulse
from gui.resting import Resting
from gui.updates import Updates
from gui.workers import Background, Feed
from gui.works import Works

__all__ = ["TONES", "Desk", "KnownModel", "Meter", "known_models"]


class Desk(QObject):
    """One for all windows; what its parts tell and do stands here under one name each."""

    hardware_changed = Signal()
    notice = Signal(str)
    language_wanted = Signal()  # another than the one that is spoken, it may be

    def __init__(self, engine: Engine, preferences: Preferences) -> None:
        super().__init__()
        self.engine = engine
        self.preferences = preferences
        self._be_a_good_guest()
        self.background = Background(self)  # looks at files: may take long, may even hang
        self.keeper = Background(self, "keep")  # chats and preferences: never behind such a look
        kept = partial(self.keeper.run, failed=self.notice.emit)
        folder = engine.paths.window_file.parent
        self.presets = Named(folder / "presets.json", presets.sound, presets.told, kept)
        # What is attached and not sent, by the numbers of chats.
        self.attached = Named(folder / "attached.json", _attachments, _told_attachments, kept)
        self.attached_by: dict[str, object] = {}  # which window shows those of a chat
        self.prompts: Named[str] = Named(folder / "prompts.json", _text, str, kept)
        self._make_list()
        self._make_opened()
        self.works = Works(engine, self)
        self.works.came.connect(self.refresh_known)
        self.updates = Updates(engine, self)
        self.updates.news.connect(self.notice)
        self.pulse = Pulse(engine)
        self.resting = Resting(engine, self)
        self.resting.changed.connect(self.models_changed)
        self.resting.said.connect(self.notice)
        self.hardware: HardwareReport | None = None
        self._hardware_feed = Feed(self)
        self._hardware_feed.report.connect(self.set_hardware)

    def _make_list(self) -> None:
        listed = self.listed = Listed(self.engine, self.background, self)
        self.known_changed, self.known_more = listed.changed, listed.more
        self.known_at, self.look_into = listed.at, listed.look_into
        self.learn, self.take_out, self.remember = listed.learn, listed.take_out, listed.remember
        self.expect, self.refresh_known = listed.expect, listed.refresh
        self.look_again, self.is_guide = listed.look_again, listed.is_guide
        listed.greeted.connect(self.offer_guide)
        listed.notice.connect(self.notice)

    def _make_opened(self) -> None:
        opened = self.opened = Opened(self.engine, self.listed, lambda: self.preferences, self)
        self.models_changed, self.loaded = opened.changed, opened.loaded
        self.loading, self.load_progress = opened.loading, opened.progress
        self.load_failed, self.load_ended = opened.failed, opened.ended
        self.models, self.model_at = opened.models, opened.model_at
        self.open_model, self.close_model = opened.open_model, opened.close_model
        self.is_coming, self.cancel_opening = opened.is_coming, opened.cancel_opening
        self.newest_model, self.to_reopen = opened.newest_model, opened.to_reopen
        self.reopen, self.reopen_model = opened.reopen, opened.reopen_model
        opened.used.connect(self._note_used)
        opened.notice.connect(self.notice)

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

    @property
    def opening(self) -> str:
        """The name of the file that is being opened, or ""."""
        return self.opened.name

    @property
    def opening_path(self) -> str:
        """The file that is being opened, or ""."""
        return self.opened.path

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
        return self.opened.is_guide_coming

    # The one that was used last

    @property
    def last_used(self) -> KnownModel | None:
        """The model that was talked with last, unless it is known to be gone."""
        path = self.preferences.model
        if not path or not self.can_open(path):
            return None
        named = KnownModel(path, self.preferences.model_name or Path(path).stem, "")
        return self.known_at(path) or named

    def path_of(self, name: str) -> str:
        """Where a known model of this name lies, or ""."""
        return next((each.path for each in self.known if name and each.name == name), "")

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

    def offer_guide(self) -> None:
        """Where there is no other model, the guide is opened to talk with."""
        if self.guide is not None and self.guide_is_all and not (self.opened.all or self.opening):
            self.open_model(self.guide.path)

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

    def judge_at(self, model: ModelInfo, n_ctx: int, cache_type: str = "f16") -> Fit | None:
        """Whether an open model would fit with another context, its own memory given back; reads
        its header: not for the window's thread. None: not known."""
        forecast = inspect.foretell(model.path, n_ctx, cache_type)
        if forecast is None or self.hardware is None:
            return None
        report, taken = self.engine.report_now(self.hardware), self.engine.taken()
        free = report.ram_available + model.memory.total - model.memory.cache
        return judge(forecast, replace(report, ram_available=free), promised=taken.promised)

    def wish(
        self,
        model: ModelInfo,
        change: Callable[[ModelDefaults], ModelDefaults],
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """The user wants this model opened or asked otherwise from now on."""
        library, path = self.engine.library, model.path

        def keep() -> None:
            library.set_defaults(path, change(library.defaults_of(path)))

        def kept(_: object) -> None:
            self.refresh_known()
            then()

        self.background.run(keep, kept, self.notice.emit)

    def seconds_to_read(self, path: str, tokens: int, before: int = 0) -> float:
        """How long the model in this file takes here to read so many tokens behind those that were
        read before; 0.0: not known."""
        known = self.known_at(path)
        if self.hardware is None or known is None or known.forecast is None:
            return 0.0
        return reading_s(known.forecast.work, self.hardware, tokens, before)

    # What is chosen in Settings

    def remember_attach_folder(self, folder: str) -> None:
        if folder != self.preferences.attach_folder:
            self.set_preferences(replace(self.preferences, attach_folder=folder))

    def use_models_folder(self, folder: str) -> None:
        """Look there for models, now and from now on."""
        try:
            self.engine.use_models_folder(folder)
        except ChaskiError as error:
            self.notice.emit(said(str(error)))
            return
        self.set_preferences(replace(self.preferences, models_folder=folder))
        self.refresh_known()

    # The rest

    def set_preferences(self, preferences: Preferences) -> None:
        other = preferences.language != self.preferences.language
        self.preferences = preferences
        if other:
            self.language_wanted.emit()
        self._be_a_good_guest()
        path = self.engine.paths.window_file
        self.keeper.run(lambda: save(path, preferences), failed=self.notice.emit)

    def _be_a_good_guest(self) -> None:
        """Tell the engine when to compute with fewer threads, and when to give memory back."""
        self.engine.quiet_mode = self.preferences.quiet
        self.engine.unload_after_minutes = self.preferences.unload_minutes

    def in_background(self, work: Callable[[], object], then: Callable[[object], object]) -> None:
        self.background.run(work, then, self.notice.emit)

    def close(self) -> None:
        """End everything: jobs stop at their next step, threads are joined."""
        for feed in (self.opened, self._hardware_feed, self.works, self.resting, self.updates):
            feed.close()
        self.keeper.close()
        self.listed.close()
        self.background.close(LOOK_S)
        self.engine.shutdown()


def _attachments(kept: object) -> tuple[Attachment, ...] | None:
    return attachments.from_json(kept) or None


def _told_attachments(found: tuple[Attachment, ...]) -> object:
    return attachments.to_json(found)


def _text(kept: object) -> str | None:
    return kept if isinstance(kept, str) else None
