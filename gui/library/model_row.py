"""One model in the list: name, what it is, its size, whether it fits, and what can be done."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.api import Fit, ModelInfo, sizes
from gui.desk import TONES, KnownModel, parameters
from gui.library.words import type_sentence
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import cell
from gui.widgets.labels import ElidedLabel, Pill, label
from gui.widgets.narrowing import Narrowing

GUIDE = "Comes with Chaski and answers questions about it"
NAME, SIZE, TYPE, FILE, SPEED, STATE, ACTIONS = 0, 72, 76, 80, 88, 108, 160


class HeadRow(QWidget):
    """What stands over the columns."""

    def __init__(self) -> None:
        super().__init__()
        line = _line(self, 9)
        line.addWidget(label("Model", "tiny"), 1)
        names = (("Weights", SIZE), ("Type", TYPE), ("File", FILE), ("Speed here", SPEED))
        for name, width in (*names, ("This machine", STATE), ("", ACTIONS)):
            line.addWidget(cell(label(name, "tiny"), width))
        _narrowing(self, line)


class ModelRow(QWidget):
    """Shows what it is given; what the user wants goes out as signals."""

    chat_wanted = Signal()
    inspect_wanted = Signal()
    removed = Signal()
    closed = Signal()

    def __init__(
        self, model: KnownModel, info: ModelInfo | None, fit: Fit | None, rests: bool = False
    ) -> None:
        super().__init__()
        line = _line(self, 10)
        words = QVBoxLayout()
        words.setSpacing(current().px(2))
        words.addWidget(ElidedLabel(title_of(model), "strong"))
        words.addWidget(ElidedLabel(second_line(model), "tiny"))
        line.addLayout(words, 1)
        if model.built_in:
            fit = None  # it fits everywhere, and memory is not what bounds its speed
        rate = fit.tokens_per_second if fit is not None else 0.0
        speed = f"≈ {sizes.speed(rate)}" if rate else "–"
        kind = label(model.type_name, "smallText")
        kind.setToolTip(type_sentence(model.type_name))
        cells = (
            (label(parameters(model.parameters), "smallText"), SIZE),
            (kind, TYPE),
            (label(model.size, "smallText"), FILE),
            (label(speed, "smallText"), SPEED),
            (_resting() if rests else _state(model, info, fit), STATE),
        )
        for part, width in cells:
            line.addWidget(cell(part, width))
        line.addWidget(cell(self._actions(model, info), ACTIONS))
        _narrowing(self, line)

    def _actions(self, model: KnownModel, info: ModelInfo | None) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(
            Button(
                "Chat",
                "message-square",
                "plain",
                True,
                f"Chat with {title_of(model)}",
                on_click=self.chat_wanted.emit,
            )
        )
        tip = f"Look inside {title_of(model)}"
        line.addWidget(icon_button("info", tip, self.inspect_wanted.emit))
        if info is not None:
            tip = f"Close {title_of(model)} and free its memory"
            line.addWidget(icon_button("x", tip, self.closed.emit))
        elif not model.source and not model.built_in:
            tip = f"Take {title_of(model)} off the list (its file stays)"
            line.addWidget(icon_button("trash-2", tip, self.removed.emit))
        else:
            line.addSpacing(current().px(34))
        return holder


def title_of(model: KnownModel) -> str:
    """What tells it apart: files of different types call themselves by the same name."""
    return model.name if model.built_in else Path(model.path).stem


def second_line(model: KnownModel) -> str:
    """The name the file gives itself, where that is another, and where it lies."""
    if model.built_in:
        return GUIDE
    return model.path if model.name == title_of(model) else f"{model.name} · {model.path}"


def _resting() -> QWidget:
    return Pill("Rests", "neutral", "Nobody used it for a while: it opens again with a message")


def _state(model: KnownModel, info: ModelInfo | None, fit: Fit | None) -> QWidget:
    if info is not None:
        return Pill("Open", "good", "This model is in memory")
    if model.problem:
        return Pill("Cannot be read", "bad", model.problem)
    if model.built_in:
        return Pill("Built in", "neutral", GUIDE)
    if fit is not None:
        return Pill(fit.label, TONES[fit.verdict], fit.text)
    return label("")


def _narrowing(row: QWidget, line: QHBoxLayout) -> None:
    """In a narrow window the name matters more than weights and speed."""
    Narrowing(row, line, {1: 800, 4: 860})


def _line(widget: QWidget, margin: int) -> QHBoxLayout:
    px = current().px
    line = QHBoxLayout(widget)
    line.setContentsMargins(0, px(margin), 0, px(margin))
    line.setSpacing(px(12))
    return line
