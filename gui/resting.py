"""Models that rest: the engine gave their memory back, and opens them again with the next message.

The engine tells it in its compute thread; here it is told in the GUI thread.
"""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.api import Engine
from engine.base.events import Event, Reloaded, Unloaded
from gui.language import listed, tr
from gui.workers import Stirring


class Resting(QObject):
    """Which open models rest; `said` is a sentence for whoever wonders where their memory went."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._heard = deque[Event]()
        self._idents = set[str]()
        self._stirring = Stirring(self)
        self._stirring.stirred.connect(self._take)
        self._stirring.listen_to(self._listen)

    def __contains__(self, model_id: str) -> bool:
        return model_id in self._idents

    def _listen(self, tell: Callable[[object], None]) -> Callable[[], None]:
        heard = self._heard

        def hear(event: Event) -> None:  # in the compute thread: it must not be kept waiting
            heard.append(event)
            tell(event)

        self._engine.listen_to_models(hear)
        return lambda: self._engine.listen_to_models(None)

    def _take(self) -> None:
        closed: list[Unloaded] = []
        while self._heard:
            event = self._heard.popleft()
            if isinstance(event, Unloaded):
                self._idents.add(event.model_id)
                closed.append(event)
            elif isinstance(event, Reloaded):
                self._idents.discard(event.model_id)
        self.changed.emit()
        there = [event for event in closed if event.model_id in self._idents]
        if there:
            self.said.emit(rest_words([event.name for event in there], there[0].minutes))

    def close(self) -> None:
        self._stirring.close()


def rest_words(names: list[str], minutes: float) -> str:
    """ "Qwen3 4B rests after 15 minutes without use; …"."""
    return tr(
        "{models} rest after {time} without use; they open again with your next message"
        if len(names) > 1
        else "{models} rests after {time} without use; it opens again with your next message",
        models=listed(names),
        time=time_words(minutes),
    )


def time_words(minutes: float) -> str:
    """ "1 minute", "15 minutes", "4 hours"."""
    whole = max(1, round(minutes))
    if whole % 60:
        return tr("{n} {n:minute|minutes}", n=whole)
    return tr("{n} {n:hour|hours}", n=whole // 60)
