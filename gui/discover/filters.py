"""What a search is narrowed to: a panel of four choices, and chips for those that are made."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QWidget

from engine.api import discover
from gui.discover.shown import NARROWING, name_of_choice
from gui.language import marked, said, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.choices import ComboBox
from gui.widgets.flow import FlowLayout
from gui.widgets.labels import label

ANY = {
    "size": marked("Any size"),
    "family": marked("Any"),
    "language": marked("Any"),
    "licence": marked("Any"),
}


class FilterPanel(QFrame):
    """Size, family, language and licence, one below the other; `changed` when one is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, px(4))
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(1, 1)
        self.choices: dict[str, ComboBox] = {}
        for line, (key, (name, options)) in enumerate(NARROWING.items()):
            choice = self._choice(tr(name), tr(ANY[key]), options)
            caption = label(tr(name), "small")
            caption.setBuddy(choice)
            grid.addWidget(caption, line, 0)
            grid.addWidget(choice, line, 1)
            self.choices[key] = choice

    def _choice(self, name: str, any_: str, options: Sequence["discover.FilterChoice"]) -> ComboBox:
        rows: list[tuple[str, object]] = [
            (any_, ""),
            *((said(each.name), each.key) for each in options),
        ]
        choice = ComboBox(name, rows)
        choice.setProperty("small", True)
        # As wide as the column, whatever its longest name: the list itself may be wider.
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setMinimumContentsLength(6)
        choice.setMaxVisibleItems(12)
        choice.currentIndexChanged.connect(lambda _index: self.changed.emit())
        return choice

    def chosen(self) -> dict[str, str]:
        """Keys of what is chosen, "" for any."""
        return {key: str(choice.currentData()) for key, choice in self.choices.items()}

    def clear(self, *keys: str) -> None:
        """These, or all, to any; told once."""
        before = self.chosen()
        for key in keys or tuple(self.choices):
            self.choices[key].choose("")
        if self.chosen() != before:
            self.changed.emit()


class Chips(QWidget):
    """What is chosen, each with a way out; `removed` tells its key."""

    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, Button] = {}
        self._flow = FlowLayout(self, current().px(6))
        self.hide()

    def show_chosen(self, chosen: dict[str, str]) -> None:
        for button in self.buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        for key, value in chosen.items():
            if value:
                words = name_of_choice(key, value)
                tip = tr("Take the filter {words} away", words=words)
                chip = Button(words, "x", "chip", True, tip)
                chip.setAccessibleName(tip)
                chip.clicked.connect(lambda _on=False, key=key: self.removed.emit(key))
                self.buttons[key] = chip
                self._flow.addWidget(chip)
        self.setVisible(bool(self.buttons))
        self.updateGeometry()
