"""Past the edge of a view that a selection is dragged out of, the view goes on by itself, the
faster the farther away the pointer is. Knows nothing of chats."""

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QScrollArea
from shiboken6 import isValid

from gui.prose.selecting import Selecting
from gui.theme.theme import current

TICK_MS = 30
SLOWEST, FASTEST = 4, 60  # pixels of the look a tick
A_TICK = 5  # so many pixels away, one more a tick


class EdgeScroll(QObject):
    """Of one area; one selection is dragged at a time."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._selecting: Selecting | None = None
        self._pointer = QPoint()  # global
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._step)

    def watch(self, selecting: Selecting) -> None:
        selecting.dragged.connect(lambda pointer: self._on_dragged(selecting, pointer))
        selecting.dropped.connect(self._timer.stop)

    def _on_dragged(self, selecting: Selecting, pointer: QPoint) -> None:
        self._selecting, self._pointer = selecting, pointer
        if not self._beyond():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _beyond(self) -> int:
        """How far the pointer is above (negative) or below the view."""
        view = self._area.viewport()
        y = view.mapFromGlobal(self._pointer).y()
        return y if y < 0 else max(0, y - view.height() + 1)

    def _step(self) -> None:
        away, selecting = self._beyond(), self._selecting
        if not away or selecting is None or not isValid(selecting):
            self._timer.stop()
            return
        px = current().px
        step = min(px(FASTEST), px(SLOWEST) + abs(away) // A_TICK)
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + (step if away > 0 else -step))
        if not selecting.go_on(self._pointer):
            self._timer.stop()
