"""Python's garbage is collected in the GUI thread only.

Left to itself, Python collects in whatever thread happens to make an object too many. If that is
one of the engine's and the garbage holds parts of a window, Qt takes them down there: under locks
that the GUI thread waits for while it has what the other waits for, and the program stands still.
"""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 1000


class Garbage(QObject):
    """Looks from time to time whether enough was made for a collection, by Python's own measure.

    From its making until `close`, no other thread collects. Lives in the GUI thread, which a full
    collection stops for longer than anybody should notice; so what is there from the beginning,
    the program itself, is set aside, as it is: importing leaves next to no garbage.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.begin()

    def begin(self) -> None:
        gc.disable()
        gc.freeze()
        self._old = 0  # objects that the last full collection left
        self._timer.start()

    def _look(self) -> None:
        oldest = due(gc.get_count(), gc.get_threshold())
        if oldest == 2 and not is_worth(len(gc.get_objects(2)), self._old):
            oldest = 1
        if oldest is not None:
            gc.collect(oldest)
        if oldest == 2:
            self._old = len(gc.get_objects(2))

    def close(self) -> None:
        """For who goes on without windows: what is left is collected here, the rest anywhere. What
        was there before them stays set aside, as it is not theirs."""
        self._timer.stop()
        gc.collect()
        gc.enable()


def due(counts: tuple[int, int, int], thresholds: tuple[int, int, int]) -> int | None:
    """The oldest generation whose count is beyond its threshold, as Python itself decides (the
    documentation of gc.set_threshold): nothing as long as few young objects were made."""
    young, middle, old = (c > t for c, t in zip(counts, thresholds, strict=True))
    if not young or not thresholds[0]:
        return None
    return 2 if middle and old else 1 if middle else 0


def is_worth(old: int, before: int) -> bool:
    """Whether a full collection would find enough: Python waits, too, until a quarter has come to
    what the last one left."""
    return old - before > before // 4
