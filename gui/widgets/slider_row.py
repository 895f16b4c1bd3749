"""A named value with a slider and a field for exact figures, and a plain sentence as tooltip."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QSizePolicy, QSlider, QVBoxLayout, QWidget

from gui.theme.theme import current
from gui.widgets.frames import row
from gui.widgets.labels import label


class SliderRow(QWidget):
    """One value between two ends; `decimals` 0 makes it a whole number."""

    changed = Signal(float)

    def __init__(
        self, name: str, help_text: str, low: float, high: float, step: float, decimals: int
    ) -> None:
        super().__init__()
        self._step = step
        self._low = low
        self._field = QDoubleSpinBox()
        self._field.setDecimals(decimals)
        # The slider spans the usual values; the field takes any.
        self._field.setRange(min(low, -1.0), max(high, 1_000_000.0 if decimals == 0 else high))
        self._field.setSingleStep(step)
        self._field.setAccessibleName(name)
        self._field.setToolTip(help_text)
        self._field.setFixedWidth(current().px(64))
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, round((high - low) / step))
        self._slider.setAccessibleName(f"{name}, slider")
        self._slider.setToolTip(help_text)
        caption = label(name, "smallText")
        caption.setToolTip(help_text)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current().px(2))
        box.addLayout(row(caption, None, self._field))
        box.addWidget(self._slider)
        self._field.valueChanged.connect(self._typed)
        self._slider.valueChanged.connect(self._slid)
        for part in (self._slider, self._field):
            part.installEventFilter(self)
            part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def value(self) -> float:
        return self._field.value()

    def set_value(self, value: float) -> None:
        """Show a value without telling listeners."""
        for part in (self._slider, self._field):
            part.blockSignals(True)
        self._field.setValue(value)
        self._slider.setValue(round((value - self._low) / self._step))
        for part in (self._slider, self._field):
            part.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The wheel scrolls the panel; it must not turn values that pass under the pointer.
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return False

    def _typed(self, value: float) -> None:
        self.set_value(value)
        self.changed.emit(value)

    def _slid(self, position: int) -> None:
        value = self._low + position * self._step
        self.set_value(value)
        self.changed.emit(value)
