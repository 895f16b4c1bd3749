"""Progress bars, painted: one for work, one for how full the context is."""

from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QProgressBar, QSizePolicy, QWidget

from gui.language import figures, tr
from gui.theme.theme import current
from gui.theme.tokens import Tokens
from gui.widgets.frames import row
from gui.widgets.labels import label
from gui.widgets.paint import colour, rounded

LEAST = 24  # high, of what is pressed
FRAME_MS = 33
SWEEP_MS = 1600
WARN, BAD = 0.75, 0.9  # of a context: from there on it is told, and then urgent
SHADES = (1.0, 0.8, 0.6, 0.45, 0.25)  # of the parts of a context, as they stand in Filling
STILL = (0.35, 0.65)  # what a bar without an end shows where nothing shall move


class Bar(QProgressBar):
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
        self.setAccessibleName(tr("Progress"))
        self.setTextVisible(False)
        self._tell()

    def begin(self) -> None:
        """A new piece of work: the bar may start again from the left."""
        self._fraction = 0.0
        self._tell()
        self.update()

    def set_fraction(self, fraction: float | None) -> None:
        before = self._fraction
        if fraction is None:
            self._fraction = None
        else:
            self._fraction = max(before or 0.0, min(1.0, fraction))
        self._tell()
        self._animate()
        self.update()

    def _tell(self) -> None:
        """To screen readers; it is painted by its own."""
        self.setRange(0, 0 if self._fraction is None else 100)
        if self._fraction is not None:
            self.setValue(int(100 * self._fraction))

    def fraction(self) -> float | None:
        return self._fraction

    def sizeHint(self) -> QSize:
        return QSize(current().px(110), current().px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QWidget.minimumSizeHint(self)

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

    def _painter(self) -> QPainter:
        """It grows to where lines go."""
        painter = QPainter(self)
        if self.isRightToLeft():
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        return painter

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self._painter()
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


@dataclass(frozen=True)
class Filling:
    """What takes the context, in tokens; `pending` is written or attached, but not sent yet."""

    system: int = 0
    attached: int = 0
    history: int = 0
    answer: int = 0
    pending: int = 0
    size: int = 0

    @property
    def used(self) -> int:
        return self.system + self.attached + self.history + self.answer

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """In words, as they lie in the bar."""
        return (
            (tr("System prompt"), self.system),
            (tr("Attachments"), self.attached),
            (tr("Conversation"), self.history),
            (tr("This answer"), self.answer),
            (tr("Not sent yet"), self.pending),
        )


class ContextBar(QAbstractButton):
    """What takes the context: a short bar in parts and "2.2k of 8k"; a click asks for more."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.filling = Filling()
        self._bar = _ContextFill()
        self._is_away = False
        self._words = label("", "small")
        self.setLayout(row(self._bar, self._words, spacing=8))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._measure()
        current().follow(self, self._measure)
        self.clicked.connect(lambda: self.wanted.emit())
        self.set_fill(0, 0)

    def _measure(self) -> None:
        self.setMinimumHeight(current().px(LEAST))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            rounded(painter, QRectF(self.rect()), current().px(4), "selection", "accent")
            painter.end()

    def set_brief(self, brief: bool) -> None:
        """Only the bar; its tooltip has the figures."""
        self._words.setVisible(not brief)

    def set_away(self, away: bool) -> None:
        """There is no room for it at all."""
        self._is_away = away
        self.setHidden(away or self.filling.size <= 0)

    def set_fill(self, used: int, size: int) -> None:
        self.show_filling(Filling(history=used, size=size))

    def show_filling(self, filling: Filling) -> None:
        used, size = filling.used, filling.size
        if filling == self.filling and size:
            return
        self.filling = filling
        self.setHidden(self._is_away or size <= 0)
        self._bar.show_filling(filling)
        of = tr("{n} of {size}", n=thousands(used), size=thousands(size))
        self._words.setText(of)
        lines = [
            tr("{n:,} of the {size:,} tokens that the model can look back on", n=used, size=size)
        ]
        lines += [tr("{name}: {n:,}", name=words, n=n) for words, n in filling.parts if n]
        self.setToolTip("\n".join(lines))
        parts = ", ".join(f"{words} {n}" for words, n in filling.parts if n)
        self.setAccessibleName(
            tr("Context: {n} of {size} tokens. {parts}", n=used, size=size, parts=parts).rstrip(
                ". "
            )
        )


class _ContextFill(Bar):
    """Neutral until three quarters, then a warning, bad at the end. The parts are shades of one
    colour; what is not sent yet is the lightest."""

    def __init__(self) -> None:
        super().__init__()
        self._filling = Filling()

    def show_filling(self, filling: Filling) -> None:
        self._filling = filling
        whole = (filling.used + filling.pending) / filling.size if filling.size else 0.0
        self.tone = "bad" if whole > BAD else "warn" if whole > WARN else "faint"
        self._fraction = min(1.0, whole)
        self._tell()
        self.update()

    def spans(self) -> list[tuple[float, float, float]]:
        """Of each part: where it begins and ends, and how strong its colour is."""
        found, at = [], 0.0
        shades = zip(self._filling.parts, SHADES, strict=True)
        for (_, n), shade in shades:
            end = min(1.0, at + n / self._filling.size) if self._filling.size else 0.0
            if end > at:
                found.append((at, end, shade))
            at = end
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self._painter()
        radius = self.height() / 2
        rounded(painter, QRectF(self.rect()), radius, *ground(current().tokens))
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setClipPath(clip)
        for start, end, shade in self.spans():
            shown = QColor(colour(self.tone))
            shown.setAlphaF(shade)
            left, right = start * self.width(), end * self.width()
            painter.fillRect(QRectF(left, 0, max(1.5, right - left - 1), self.height()), shown)
        painter.end()

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
    return figures(f"{n / 1000:.1f}k".replace(".0k", "k"))
