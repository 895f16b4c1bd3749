"""The list of models, as all windows know it: shown from what was known last, then from what a look
through the folders finds; and what files say of themselves. Lives in the GUI thread; knows no
widgets.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from engine.api import Engine
from gui.known import KnownModel, kept_models, known, known_models, read_anew
from gui.looks import Looked, Looks
from gui.workers import Background

if TYPE_CHECKING:
    from engine.api import LibraryModel

GUIDE_NAME = "Chaski Guide"  # until its file was read
LOOK_S = 3.0  # closing waits no longer for a look at a file
EARLY_MS = 200  # after the start; what the first look has found by then is shown
AT_ONCE = 100  # models that are looked into unasked; of more, those that somebody sees


class Listed(QObject):
    """Its disk is read in the desk's background; into files it looks in a thread of its own."""

    changed = Signal()
    more = Signal(object)  # a set of paths: more, or something else, is known of these
    greeted = Signal()  # the first look is over
    notice = Signal(str)

    def __init__(self, engine: Engine, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._background = engine, background
        self._looker = Background(self, "look")  # one file after the other: nobody waits for it
        self._looks = Looks(engine, self._looker, self)
        self._looks.looked.connect(self._show_looked)
        self.known: Sequence[KnownModel] = []
        self._rows: dict[str, int] = {}  # where a path stands in `_indexed`
        self._indexed: Sequence[KnownModel] | None = None
        self._guide: KnownModel | None = None
        self._is_greeting = False  # the first look through the folders goes on: nothing beside it
        self._early = QTimer(self)
        self._early.setSingleShot(True)
        self._early.timeout.connect(self._look_early)
        self.is_read = False  # the disk was read for `known`
        self.expecting = False  # it is about to be, for the first time

    @property
    def guide(self) -> KnownModel | None:
        """The small model that comes with the program, where this copy has it."""
        self._index()
        return self._guide

    def is_guide(self, path: str) -> bool:
        return self.guide is not None and self.guide.path == path

    def _in_background(self, work: Callable[[], object], then: Callable[[object], object]) -> None:
        self._background.run(work, then, self.notice.emit)

    def close(self) -> None:
        self._early.stop()
        self._looker.close(LOOK_S)

    # A look at the folders, in the background

    def expect(self) -> None:
        """Before the first window: the guide is known at once, so that what is shown first stays.
        `greet` follows."""
        path = self._engine.starter_path()
        guide = KnownModel(str(path), GUIDE_NAME, "", built_in=True)
        self.known = [] if path is None else [guide]
        self.expecting, self.is_read = True, False

    def greet(self) -> None:
        """Read the list for the first time: what was known last is shown until all folders were
        looked through."""
        self._is_greeting = True
        self._looks.hold(True)
        self._in_background(lambda: kept_models(self._engine), self._show_last)
        self._background.run(
            lambda: known_models(self._engine), self._show_first, self._greet_failed
        )

    def _show_kept(self, found: object) -> None:
        if found and isinstance(found, list):
            self._take([*found, *(model for model in self.known if model.built_in)])

    def _show_last(self, found: object) -> None:
        self._show_kept(found)
        self._early.start(EARLY_MS)

    def _greet_failed(self, words: str) -> None:
        self.notice.emit(words)
        self._show_first(None)

    def _look_early(self) -> None:
        """A first look through many folders takes a while: what it has found is shown meanwhile."""
        if self._is_greeting:
            self._looker.run(lambda: kept_models(self._engine), self._show_early)

    def _show_early(self, found: object) -> None:
        if self._is_greeting and isinstance(found, list):
            if len(found) > sum(not model.built_in for model in self.known):
                self._show_kept(found)
            self._early.start(2 * self._early.interval())

    def _show_first(self, found: object) -> None:
        self.expecting = self._is_greeting = False
        self._early.stop()
        self._looks.hold(False)
        self._show_known(found)
        self.greeted.emit()
        self.changed.emit()  # also where nothing is new: the first look is over

    def refresh(self) -> None:
        before = self.known
        self._in_background(lambda: known_models(self._engine, before), self._show_known)

    def look_again(self) -> None:
        """A cheap look, when the program comes to the front: were models added or removed?"""
        self._in_background(
            lambda: self._engine.library.has_changed(),
            lambda changed: self.refresh() if changed else None,
        )

    # One model of it

    def remember(self, path: str) -> None:
        self._in_background(lambda: self._engine.library.add(path), lambda _: self.refresh())

    def _show_known(self, found: object) -> None:
        self.is_read = True
        if isinstance(found, list):
            self._take(found)

    def _take(self, found: Sequence[KnownModel]) -> None:
        """The list, with what is foretold by now. Of a few models the rest is asked for; of many,
        by who shows them."""
        if found is not self.known:
            found = [self._with_forecast(model) for model in found]
            self.known = found
            self.changed.emit()
        self.look_into([model.path for model in self.known[:AT_ONCE]])

    def _with_forecast(self, model: KnownModel) -> KnownModel:
        """With what a look into the file has told, which the list need not know yet."""
        if model.forecast is not None or not self._looks.has_asked(model):
            return model
        before = self.at(model.path)
        if before is None or before.stamp != model.stamp:
            return model
        if before.is_described and not model.is_described:
            return before
        return replace(model, forecast=before.forecast)

    def at(self, path: str) -> KnownModel | None:
        """What is known of the model in this file."""
        self._index()
        row = self._rows.get(path)
        return None if row is None else self.known[row]

    def _index(self) -> None:
        """Of ten thousand, nobody is looked for one by one."""
        if self._indexed is not self.known:
            self._rows = {model.path: i for i, model in enumerate(self.known)}
            self._guide = next((m for m in self.known if m.built_in and not m.problem), None)
            self._indexed = self.known

    def take_out(self, path: str) -> None:
        """This file is not there any more; the library knows."""
        if self.at(path) is not None:
            self.known = [model for model in self.known if model.path != path]
            self.changed.emit()

    def learn(self, model: "LibraryModel") -> None:
        """The library says this of one of its models now."""
        before = self.at(str(model.path))
        if before is not None:
            fresh = known(model, model.source, before.built_in)
            self._put(replace(fresh, forecast=before.forecast))

    def _put(self, model: KnownModel) -> None:
        """In the place of what was known of this file."""
        if self.at(model.path) not in (None, model):
            fresh = list(self.known)
            fresh[self._rows[model.path]] = model
            self.known = self._indexed = fresh
            self._guide = model if model.built_in else self._guide
            self.more.emit({model.path})

    # What files say

    def look_into(self, paths: Iterable[str]) -> None:
        """Read what these files say and foretell, where that is not known."""
        found = (self.at(path) for path in paths)
        self._looks.ask(model for model in found if model is not None)

    def _show_looked(self, looked: Looked) -> None:
        model = self.at(looked.model.path)
        if model is not None and model.stamp == looked.model.stamp:
            if looked.fresh is not None:
                model = read_anew(model, looked.fresh)
            self._put(replace(model, forecast=looked.forecast))
