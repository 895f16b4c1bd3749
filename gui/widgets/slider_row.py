"""A named value with a slider and a field for exact figures, and a plain sentence as tooltip."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QSizePolicy, QSlider, QVBoxLayout, QWidget

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.frames import row
from gui.widgets.labels import label

FINEST = 6  # decimals that may be typed
MOST = 1000.0  # of a value that is no share


class FigureField(QDoubleSpinBox):
    """Takes finer figures than it shows at rest: 0.025 stands beside 0.80."""

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self._least = decimals
        self.setDecimals(FINEST if decimals else 0)

    def textFromValue(self, value: float) -> str:
        text = self.locale().toString(value, "f", self.decimals())
        point = self.locale().decimalPoint()
        whole, _, rest = text.partition(point)
        rest = rest.rstrip("0").ljust(self._least, "0")
        whole = whole.replace(self.locale().groupSeparator(), "")
        return f"{whole}{point}{rest}" if rest else whole


class SliderRow(QWidget):
    """One value between two ends; `decimals` 0 makes it a whole number.

    What is typed is never rewritten under the fingers: while it is, only the slider follows.
    """

    changed = Signal(float)

    def __init__(
        self, name: str, help_text: str, low: float, high: float, step: float, decimals: int
    ) -> None:
        super().__init__()
        self._step = step
        self._low = low
        self._field = FigureField(decimals)
        # The slider spans the usual values; the field takes any, but a share is never above 1.
        most = 1_000_000.0 if decimals == 0 else high if high <= 1 else MOST
        self._field.setRange(min(low, -1.0), max(high, most))
        self._field.setSingleStep(step)
        self._field.setAccessibleName(name)
        self._field.setToolTip(help_text)
        self._measure()
        current().follow(self, self._measure)
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as figures are read
        self._slider.setRange(0, round((high - low) / step))
        self._slider.setAccessibleName(tr("{name}, slider", name=name))
        self._slider.setToolTip(help_text)
        caption = label(name, "smallText", wrap=True)
        caption.setToolTip(help_text)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current().px(2))
        head = row(caption, self._field)
        head.setStretch(0, 1)
        box.addLayout(head)
        box.addWidget(self._slider)
        self._field.valueChanged.connect(self._typed)
        self._slider.valueChanged.connect(self._slid)
        for part in (self._slider, self._field):
            part.installEventFilter(self)
            part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _measure(self) -> None:
        self._field.setFixedWidth(current().px(64))

    def value(self) -> float:
        return self._field.value()

    def set_value(self, value: float) -> None:
        """Show a value without telling listeners; one that stands there already stays as typed."""
        if value != self._field.value():
            with QSignalBlocker(self._field):
                self._field.setValue(value)
        self._move_slider(value)

    def _move_slider(self, value: float) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(round((value - self._low) / self._step))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The wheel scrolls the panel; it must not turn values that pass under the pointer.
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return False

    def _typed(self, value: float) -> None:
        self._move_slider(value)
        self.changed.emit(value)

    def _slid(self, position: int) -> None:
        value = round(self._low + position * self._step, FINEST)
        self.set_value(value)
        self.changed.emit(value)
