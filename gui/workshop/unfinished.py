"""What was begun before: shown where the order is given, looked for while the choice changes."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from engine.api import jobs
from gui.desk import Desk
from gui.language import figures, marked, tr
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.frames import row
from gui.widgets.labels import label

SETTLED_MS = 150  # a name is typed letter by letter
# Where an order was stopped: within a step, and after it.
STOPPED = {
    "convert": (
        marked(
            "Stopped while converting, at {percent}. {size:file} are kept, and it can go on from "
            "there."
        ),
        marked("Stopped after converting. {size:file} are kept, and it can go on from there."),
    ),
    "importance": (
        marked(
            "Stopped while reading the text, at {percent}. {size:file} are kept, and it can go on "
            "from there."
        ),
        marked(
            "Stopped after reading the text. {size:file} are kept, and it can go on from there."
        ),
    ),
    "quantize": (
        marked(
            "Stopped while quantizing, at {percent}. {size:file} are kept, and it can go on from "
            "there."
        ),
        marked("Stopped after quantizing. {size:file} are kept, and it can go on from there."),
    ),
}


def begun_words(begun: jobs.Resumable) -> str:
    """ "Stopped while quantizing, at 63%. 1.57 GB are kept, and it can go on from there."."""
    within, after = STOPPED[begun.phase]
    words = within if begun.share < 1 else after
    return tr(words, percent=percent(begun), size=begun.bytes)


def percent(begun: jobs.Resumable) -> str:
    return figures(f"{min(99, int(100 * begun.share))}%")


class BegunRow(QWidget):
    """How far an order came before it was stopped, and a way to let that go."""

    discarded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = label("", "small", wrap=True)
        self.bar = Bar()
        self.discard = Button(tr("Discard"), "trash-2", "plain", True)
        self.discard.clicked.connect(self._discard)
        self._is_sure = False
        line = row(self.words, self.bar, self.discard, spacing=12)
        line.setStretch(0, 3)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.hide()

    def show_begun(self, begun: jobs.Resumable | None) -> None:
        self._ask_first()
        self.setVisible(begun is not None)
        if begun is not None:
            self.words.setText(begun_words(begun))
            self.bar.begin()
            self.bar.set_fraction(begun.share)

    def _ask_first(self) -> None:
        self._is_sure = False
        self.discard.set_words(tr("Discard"))
        self.discard.describe(tr("Remove what was made so far; the source stays as it is"))

    def _discard(self) -> None:
        """Hours of work may lie there: the first click only asks."""
        if self._is_sure:
            self._ask_first()
            self.discarded.emit()
            return
        self._is_sure = True
        self.discard.set_words(tr("Really discard"))
        self.discard.describe(tr("Click again to remove what was made so far"))


class Unfinished(QObject):
    """Asks the disk how far an order came; only the answer about the latest one counts."""

    found = Signal(object)  # Begun, or None

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._asked = 0
        self._order: jobs.Make | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLED_MS)
        self._timer.timeout.connect(self.look)

    def follow(self, order: jobs.Make | None) -> None:
        """The choice is now this; None: there is none."""
        self._asked += 1
        self._order = order
        if order is None:
            self._timer.stop()
        else:
            self._timer.start()

    def look(self) -> None:
        self._asked += 1
        asked, order = self._asked, self._order
        if order is not None:
            self._desk.background.run(
                lambda: jobs.resumable(order), lambda begun: self._tell(asked, begun)
            )

    def discard(self) -> None:
        order = self._order
        if order is not None:
            out: Path = order.out
            self._desk.background.run(
                lambda: jobs.discard(out), None, failed=self._desk.notice.emit
            )
            self.look()

    def _tell(self, asked: int, begun: jobs.Resumable | None) -> None:
        if asked == self._asked:
            self.found.emit(begun)
