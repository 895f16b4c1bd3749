"""Progress bars, painted: one for work, one for how full the context is."""

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme.theme import current
from gui.theme.tokens import Tokens
from gui.widgets.frames import row
from gui.widgets.labels import label
from gui.widgets.paint import rounded

FRAME_MS = 33
SWEEP_MS = 1600
STILL = (0.35, 0.65)  # what a bar without an end shows where nothing shall move


class Bar(QWidget):
    """A flat bar that never runs backwards within one piece of work; None: the end is unknown."""

    def __init__(self, height: int = 6, tone: str = "accent") -> None:
        super().__init__()
        self._height = height
        self.tone = tone
        self._fraction: float | None = 0.0
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Progress")

    def begin(self) -> None:
        """A new piece of work: the bar may start again from the left."""
        self._fraction = 0.0
        self.update()

    def set_fraction(self, fraction: float | None) -> None:
        before = self._fraction
        if fraction is None:
            self._fraction = None
        else:
            self._fraction = max(before or 0.0, min(1.0, fraction))
        self._animate()
        self.update()

    def fraction(self) -> float | None:
        return self._fraction

    def sizeHint(self) -> QSize:
        return QSize(current().px(110), current().px(self._height))

    def showEvent(self, event: QShowEvent) -> None:
        self._animate()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def _animate(self) -> None:
        if self._fraction is None and self.isVisible() and not current().is_still:
            self._clock.start()
            self._timer.start()
        else:
            self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        radius = self.height() / 2
        rounded(painter, QRectF(self.rect()), radius, *ground(current().tokens))
        left, right = self._span()
        if right > left:
            width = max((right - left) * self.width(), float(self.height()))
            start = min(left * self.width(), self.width() - width)
            rounded(painter, QRectF(start, 0, width, self.height()), radius, self.tone)
        painter.end()

    def _span(self) -> tuple[float, float]:
        if self._fraction is not None:
            return 0.0, self._fraction
        if current().is_still:
            return STILL
        phase = (self._clock.elapsed() % SWEEP_MS) / SWEEP_MS if self._clock.isValid() else 0.3
        return max(0.0, phase * 1.3 - 0.3), min(1.0, phase * 1.3)


def ground(tokens: Tokens) -> tuple[str, ...]:
    """What a bar lies on: fill and border. Lines of high contrast are as dark as the bar itself."""
    return ("selection", "line") if tokens.name.startswith("contrast") else ("line",)


class ContextBar(QWidget):
    """How much of the context is used: a short bar and "2.2k of 8k"."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = _ContextFill()
        self._words = label("", "small")
        self.setLayout(row(self._bar, self._words, spacing=8))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_fill(0, 0)

    def set_brief(self, brief: bool) -> None:
        """Only the bar; its tooltip has the figures."""
        self._words.setVisible(not brief)

    def set_fill(self, used: int, size: int) -> None:
        self.setVisible(size > 0)
        fraction = used / size if size else 0.0
        self._bar.show_fraction(fraction)
        self._words.setText(f"{thousands(used)} of {thousands(size)}")
        tip = f"The conversation fills {used:,} of the {size:,} tokens the model can look back on"
        self.setToolTip(tip)
        self.setAccessibleName(f"Context: {used} of {size} tokens")


class _ContextFill(Bar):
    def show_fraction(self, fraction: float) -> None:
        self.tone = "bad" if fraction > 0.9 else "warn" if fraction > 0.75 else "faint"
        self._fraction = min(1.0, fraction)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(current().px(64), current().px(5))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def thousands(n: int) -> str:
    """2187 -> "2.2k", 8192 -> "8k", 512 -> "512"; context sizes are told in units of 1024."""
    if n < 1000:
        return str(n)
    if n % 1024 == 0:
        return f"{n // 1024}k"
    return f"{n / 1000:.1f}k".replace(".0k", "k")
