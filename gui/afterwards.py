"""What a start leaves undone until its window is up: one piece after the other, each so short that
nobody who works in the window meanwhile notices. Whoever wants something earlier has it at once.
"""

import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module

from PySide6.QtCore import QObject, QTimer

from gui.kind import Kind

PAUSE_MS = 40  # in which the window lives


class Afterwards(QObject):
    """Does the pieces in their order, from the first pause on."""

    def __init__(self, pieces: Iterable[Callable[[], object]], parent: QObject) -> None:
        super().__init__(parent)
        self._pieces = iter(pieces)
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    def _go_on(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self._timer.stop()
        else:
            piece()

    def close(self) -> None:
        self._timer.stop()


def modules_of(kinds: Sequence[Kind]) -> Iterator[str]:
    """The modules of these views that are not imported yet: done one by one, none opens late."""
    for kind in kinds:
        for module in pkgutil.iter_modules(import_module(kind.room).__path__, f"{kind.room}."):
            if module.name not in sys.modules:
                yield module.name
