"""What is attached to the message that is being written: a line of chips over the box, and what
they cost together."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.file_chip import FileChip
from gui.widgets.flow import FlowLayout
from gui.widgets.labels import label


class AttachedRow(QWidget):
    """Shows and tells; hidden while there is nothing."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        self.setAccessibleName(tr("Attachments"))
        self.chips: list[FileChip] = []
        holder = QWidget()
        self._flow = FlowLayout(holder, gap=px(6))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        self._cost = label("", "small", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(6))
        box.addWidget(holder)
        box.addWidget(self._cost)
        self.hide()

    def add(self, chip: FileChip) -> None:
        self.chips.append(chip)
        self._flow.addWidget(chip)
        self._fit()

    def take(self, chip: FileChip) -> None:
        if chip in self.chips:
            self.chips.remove(chip)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
            self._fit()

    def show_cost(self, words: str, tone: str = "") -> None:
        """What they cost together; `tone` "warn" where that is more than there is room for."""
        self._cost.setText(words)
        self._cost.setVisible(bool(words))
        self._cost.setProperty("role", "smallWarn" if tone == "warn" else "small")
        self._cost.style().unpolish(self._cost)
        self._cost.style().polish(self._cost)

    @property
    def cost(self) -> str:
        return self._cost.text()

    def _fit(self) -> None:
        self.setVisible(bool(self.chips))
        self.updateGeometry()
        self.resized.emit()
