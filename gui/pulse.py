"""How the program is doing while something runs: the engine's figures, and a strip that draws them.

Somebody has to look: a hidden strip asks nothing, and where nothing runs there is nothing to draw.
"""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.api import Engine, Kept, LiveFigures, sizes
from gui.language import figures, marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import column, row
from gui.widgets.labels import label
from gui.widgets.sparkline import Sparkline
from gui.workers import Feed

SHOWN_S = 120.0
BEAT_MS = 1000
LEAST_S = 0.8  # between two samples, whoever asks
LINGER_S = 3.0  # after the last work, so that the lines come down
IDLE = marked("Drawn while a model writes or a job goes on.")
KEPT = marked("Kept: {what} that may come back. Opening a model frees it.")
QUIET = {
    "asked": marked("Half of the threads compute, as Settings say."),
    "battery": marked("Half of the threads compute, as this computer runs on its battery."),
    "heat": marked("Half of the threads compute, as the processor is hot."),
}
RUNS, RAN = (
    marked("The last two minutes"),
    marked("Nothing goes on just now. The last two minutes with work:"),
)


class Pulse:
    """Takes a sample at most once a second, for all who look together."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._sampled, self._worked = -LEAST_S, -LINGER_S
        self.is_busy = False

    @property
    def words(self) -> str:
        """What is drawn, and whether less than usual computes."""
        if not self.is_busy:
            return tr(RAN)
        quiet = QUIET.get(self._engine.quiet_reason, "")
        return tr("The last two minutes. {why}", why=tr(quiet)) if quiet else tr(RUNS)

    def look(self) -> tuple[LiveFigures, ...]:
        """The last samples, with one of now where something runs."""
        now = self._clock()
        self.is_busy = self._engine.is_busy
        if self.is_busy:
            self._worked = now
        if now - self._worked < LINGER_S and now - self._sampled >= LEAST_S:
            self._sampled = now
            self._engine.live.sample()
        return self._engine.live.samples


class LiveStrip(QWidget):
    """Memory, processor and tokens per second, side by side."""

    looked = Signal()  # once a second, while it is seen

    def __init__(self, pulse: Pulse, height: int = 44) -> None:
        super().__init__()
        self._pulse = pulse
        self._drawn = (-1.0, False)  # the last sample, and whether something ran
        self.memory = Plot(tr("Memory"), height)
        self.processor = Plot(tr("Processor"), height)
        self.speed = Plot(tr("Speed"), height)
        self.words = label(tr(IDLE), "small", wrap=True)
        self._plots = QWidget()
        plots = QHBoxLayout(self._plots)
        plots.setContentsMargins(0, 0, 0, 0)
        plots.setSpacing(current().px(24))
        for plot in (self.memory, self.processor, self.speed):
            plots.addWidget(plot, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current().px(8))
        box.addWidget(self.words)
        box.addWidget(self._plots)
        self._plots.hide()  # until there is something to be seen
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.beat)

    def showEvent(self, event: QShowEvent) -> None:
        self.beat()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def beat(self) -> None:
        """Look, and draw what is new."""
        if self.window().isMinimized():
            return
        self.looked.emit()
        samples = self._pulse.look()
        now = (samples[-1].at if samples else -1.0, self._pulse.is_busy)
        if now != self._drawn:
            self._drawn = now
            self.show_samples(samples)

    def show_samples(self, samples: tuple[LiveFigures, ...]) -> None:
        self._plots.setVisible(bool(samples))
        if not samples:
            self.words.setText(tr(IDLE))
            return
        self.words.setText(self._pulse.words)
        last = samples[-1]
        shown = [s for s in samples if last.at - s.at <= SHOWN_S]

        def moments(value: Callable[[LiveFigures], float]) -> list[tuple[float, float]]:
            return [(last.at - s.at, value(s)) for s in shown]

        self.memory.show_moments(
            moments(lambda s: s.memory),
            1.15 * max(s.memory for s in shown),
            figures(sizes.memory(last.memory)),
            tr(
                "What Chaski holds; {kept:memory} of it waits for conversations; {room:memory} "
                "more could be had"
                if last.kept
                else "What Chaski holds; {room:memory} more could be had",
                kept=last.kept,
                room=last.memory_free,
            ),
        )
        self.processor.show_moments(
            moments(lambda s: s.processor),
            1.0,
            f"{100 * last.processor:.0f} %",
            tr("Chaski's share of all processors together"),
        )
        self.speed.show_moments(
            moments(lambda s: s.tokens_per_second),
            1.15 * max(1.0, *(s.tokens_per_second for s in shown)),
            figures(sizes.speed(last.tokens_per_second, is_measured=True)),
            tr("Tokens written by all models together"),
        )


def kept_words(kept: Kept) -> str:
    """ "0.4 GB for 3 conversations"."""
    return tr(
        "{size:memory} for {n} {n:conversation|conversations}",
        size=kept.nbytes,
        n=kept.conversations,
    )


class KeptLine(QWidget):
    """What the models keep of conversations that are closed, and how it is given back; hidden
    while that is nothing."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._feed = Feed(self)
        self._feed.ended.connect(self.look)
        self.words = label("", "small", wrap=True)
        self.forget = Button(
            tr("Forget it"),
            "x",
            "ghost",
            True,
            tr("Give this memory back: a chat that is opened again is read again"),
            on_click=self._forget,
        )
        box = row(self.words, self.forget)
        box.setStretch(0, 1)
        self.setLayout(box)
        self.hide()

    def look(self) -> None:
        """Whoever shows it lets it look from time to time."""
        kept = self._engine.kept()
        self.setVisible(kept.conversations > 0)
        self.words.setText(tr(KEPT, what=kept_words(kept)))

    def _forget(self) -> None:
        self._feed.follow(self._engine.forget_kept)


class Plot(QWidget):
    """A name, the value of now, and a line."""

    def __init__(self, name: str, height: int) -> None:
        super().__init__()
        self._name = name
        self.value = label("–", "strong")
        self.line = Sparkline(name, SHOWN_S, height)
        head = row(label(name, "muted"), None, self.value)
        box = column(head, self.line, spacing=4)
        self.setLayout(box)

    def show_moments(
        self, moments: list[tuple[float, float]], top: float, value: str, tip: str
    ) -> None:
        self.value.setText(value)
        self.line.show_moments(
            moments, top, tr("{name}: {value} now", name=self._name, value=value)
        )
        self.setToolTip(tip)
