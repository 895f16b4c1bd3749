"""Rows of a card of settings: what it is, what it does, and the control that changes it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.theme.theme import current
from gui.widgets.choices import ComboBox
from gui.widgets.frames import Card, frame
from gui.widgets.labels import label

CONTROL = 240  # wide; buttons keep their own width


def add_row(card: Card, name: str, words: str, control: QWidget, *below: QWidget) -> None:
    """The next row of a card; `below` stands under its words."""
    px = current().px
    if card.property("rows"):
        card.box.addWidget(frame("rule"))
    card.setProperty("rows", True)
    text = QVBoxLayout()
    text.setSpacing(px(2))
    text.addWidget(label(name, "strong"))
    if words:
        text.addWidget(label(words, "small", wrap=True))
    for part in below:
        text.addWidget(part)
    line = QHBoxLayout()
    line.setContentsMargins(0, px(6), 0, px(6))
    line.setSpacing(px(24))
    line.addLayout(text, 1)
    if isinstance(control, ComboBox | QLineEdit):
        control.setFixedWidth(px(CONTROL))
    line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
    card.box.addLayout(line)


def field(name: str, value: str, usual: str) -> QLineEdit:
    made = QLineEdit(value)
    made.setAccessibleName(name)
    made.setPlaceholderText(usual)
    return made
