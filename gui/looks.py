"""Looks into model files: what their headers say and foretell, one file after the other, beside
all that somebody waits for. Lives in the GUI thread; reads in another.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.api import Engine, Forecast, inspect
from engine.base.errors import ChaskiError
from gui.known import KnownModel, known
from gui.workers import Background

MOST = 100  # that wait; of more, those that were asked for last


@dataclass(frozen=True)
class Looked:
    """What a look into a file has told of a model as it was known then."""

    model: KnownModel
    forecast: Forecast | None
    fresh: KnownModel | None  # where its header was read


class Looks(QObject):
    """Each file is looked into once. While `held`, what is asked for waits."""

    looked = Signal(object)  # Looked

    def __init__(self, engine: Engine, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._background = engine, background
        self._asked: set[tuple[str, int]] = set()  # files that were looked into, or are
        self._waiting: list[KnownModel] = []
        self._is_busy = False
        self._is_held = False

    def hold(self, held: bool) -> None:
        self._is_held = held
        self._go_on()

    def has_asked(self, model: KnownModel) -> bool:
        return model.stamp in self._asked

    def ask(self, models: Iterable[KnownModel]) -> None:
        """Look into these, where something is unknown; what was asked for last comes first."""
        wanted = [model for model in models if self._is_unknown(model)]
        paths = {model.path for model in wanted}
        rest = [model for model in self._waiting if model.path not in paths]
        self._waiting = [*wanted, *rest[:MOST]]
        self._go_on()

    def _is_unknown(self, model: KnownModel) -> bool:
        if model.problem or self.has_asked(model):
            return False
        return model.forecast is None or not model.is_described

    def _go_on(self) -> None:
        while self._waiting and not self._is_busy and not self._is_held:
            model = self._waiting.pop(0)
            if self._is_unknown(model):
                self._asked.add(model.stamp)
                self._is_busy = True
                self._background.run(partial(self._look, model), self._tell, self._tell)

    def _look(self, model: KnownModel) -> Looked:
        """In the background."""
        forecast = model.forecast or inspect.foretell(model.path)
        found = None
        if not model.is_described:
            with suppress(ChaskiError, OSError):
                found = self._engine.library.look_at(Path(model.path))
        return Looked(model, forecast, known(found, found.source) if found is not None else None)

    def _tell(self, looked: object) -> None:
        self._is_busy = False
        if isinstance(looked, Looked):  # else it failed: nothing is told of this one
            if looked.fresh is not None:
                self._asked.add(looked.fresh.stamp)
            self.looked.emit(looked)
        self._go_on()
