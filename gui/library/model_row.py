"""One model in the list: name, what it is, its size, whether it fits, and what can be done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.api import ModelInfo
from gui.desk import KnownModel
from gui.library.words import parameters, type_sentence
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.labels import ElidedLabel, Pill, label


class ModelRow(QWidget):
    """Knows nothing of where the model comes from."""

    chat_wanted = Signal()
    removed = Signal()
    closed = Signal()

    def __init__(self, model: KnownModel, info: ModelInfo | None) -> None:
        super().__init__()
        px = current().px
        words = QVBoxLayout()
        words.setSpacing(px(2))
        name = ElidedLabel(model.name, "strong")
        path = ElidedLabel(model.path, "tiny")
        words.addWidget(name)
        words.addWidget(path)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, px(12), 0, px(12))
        line.setSpacing(px(12))
        line.addLayout(words, 1)
        self._add_cell(line, parameters(model.parameters), 64)
        kind = self._add_cell(line, model.type_name, 76)
        kind.setToolTip(type_sentence(model.type_name))
        self._add_cell(line, model.size, 76)
        state = QHBoxLayout()
        if info is not None:
            state.addWidget(Pill("Open", "good", "This model is in memory"))
        elif model.problem:
            state.addWidget(Pill("Cannot be read", "bad", model.problem))
        elif model.fit:
            tone = {"Runs well": "good", "Runs slowly": "warn"}.get(model.fit, "bad")
            state.addWidget(Pill(model.fit, tone, model.fit_text))
        holder = QWidget()
        holder.setFixedWidth(px(96))
        holder.setLayout(state)
        state.setContentsMargins(0, 0, 0, 0)
        state.addStretch(1)
        line.addWidget(holder)
        self._add_actions(line, model, info)

    def _add_cell(self, line: QHBoxLayout, text: str, width: int) -> QWidget:
        cell = label(text, "smallText")
        cell.setFixedWidth(current().px(width))
        line.addWidget(cell)
        return cell

    def _add_actions(self, line: QHBoxLayout, model: KnownModel, info: ModelInfo | None) -> None:
        chat = Button(
            "Chat",
            "message-square",
            "plain",
            True,
            f"Chat with {model.name}",
            on_click=self.chat_wanted.emit,
        )
        line.addWidget(chat)
        if info is not None:
            line.addWidget(
                icon_button("x", f"Close {model.name} and free its memory", self.closed.emit)
            )
        elif not model.source:
            line.addWidget(
                icon_button("trash-2", f"Take {model.name} off the list", self.removed.emit)
            )
