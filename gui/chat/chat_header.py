"""The strip over a chat: the model that answers, its context, parameters, new window."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy

from engine.api import ModelInfo, sizes
from gui.chat.model_pill import ModelPill, PillState
from gui.desk import Desk, KnownModel
from gui.pulse import kept_words
from gui.theme.theme import current
from gui.widgets.bars import thousands
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import Header
from gui.widgets.labels import ElidedLabel, Pill
from gui.widgets.menus import round_menu, unmarked

NARROW = 600
RESTING = "opens with your message"


class ChatHeader(Header):
    """Shows; what is chosen in its menu goes out as signals."""

    model_chosen = Signal(str)  # path
    file_wanted = Signal()
    close_wanted = Signal(object)  # ModelInfo
    cancelled = Signal()  # of the model that is being opened

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._model: ModelInfo | None = None
        self.pill = ModelPill()
        self.pill.clicked.connect(self.show_menu)
        self._opening = ""  # shown in the pill
        self._resting: KnownModel | None = None
        self._when = ""  # it is opened
        self._waking = ""  # how far a model is that rested and is opened again
        self.cancel = icon_button("x", "Stop opening the model", self.cancelled.emit)
        self.cancel.hide()
        self._context = Pill("")
        self.parameters = Button(
            "Parameters",
            "sliders-horizontal",
            small=True,
            tip="How the model chooses its words",
            shortcut="Ctrl+P",
        )
        self.parameters.setCheckable(True)
        self.new_window = Button(
            "New window",
            "app-window",
            small=True,
            tip="A second chat in its own window",
            shortcut="Ctrl+Shift+N",
        )
        self.box.insertWidget(0, self.pill)
        self.box.insertWidget(1, self.cancel)
        self.box.insertWidget(2, self._context)
        self._title = ElidedLabel("", "muted")  # takes the room that is left
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.box.insertWidget(3, self._title, 100)
        self.box.addWidget(self.parameters)
        self.box.addWidget(self.new_window)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < current().px(NARROW)
        for button in (self.parameters, self.new_window):
            button.set_brief(narrow)
        self._title.setMaximumWidth(0 if narrow else 16777215)

    def show_title(self, title: str) -> None:
        self._title.set_full(title)

    def show_resting(self, model: KnownModel | None, words: str) -> None:
        """What the next message opens, where no model is open, and when; `show_model` follows."""
        self._resting, self._when = model, words

    def show_model(self, model: ModelInfo | None, opening: str, cancel: bool = True) -> None:
        """The model that answers here, or the one that is being opened to; `cancel`: that can be
        stopped here."""
        self._model = model
        self.cancel.setVisible(bool(opening) and cancel)
        self._context.setVisible(model is not None and not opening)
        if opening and opening != self._opening:
            self._show_opening(opening, None)
        self._opening = opening
        if opening:
            return
        if model is None:
            resting = self._resting
            state = PillState("Choose a model", "", "faint")
            if resting is not None:
                state = PillState(resting.name, self._when, "faint")
            self.pill.show_state(state)
            return
        self.pill.show_state(self._state_of(model))
        tip = (
            f"This chat can look back on {model.n_ctx:,} tokens; "
            f"the model was trained on {model.n_ctx_train:,}"
        )
        self._context.set_state(f"{thousands(model.n_ctx)} context", "neutral", tip)

    def _state_of(self, model: ModelInfo) -> PillState:
        if model.id not in self._desk.resting:
            detail = f"{model.type_name} · {sizes.file(model.file_bytes)}"
            return PillState(model.name, detail, "good")
        if self._waking:
            return PillState(model.name, self._waking, "warn")
        return PillState(model.name, RESTING, "faint")

    def show_waking(self, fraction: float | None) -> None:
        """The model that answers here rested, and is being opened again."""
        self._waking = _opening(fraction)
        if self._model is not None and not self._opening:
            self.pill.show_state(self._state_of(self._model))

    def end_waking(self) -> None:
        """It is open, or could not be opened; `show_model` follows."""
        self._waking = ""

    def show_progress(self, fraction: float | None) -> None:
        if self._opening:
            self._show_opening(self._opening, fraction)

    def _show_opening(self, name: str, fraction: float | None) -> None:
        self.pill.show_state(PillState(name, _opening(fraction), "warn"))

    def show_menu(self) -> None:
        menu = self.make_menu()
        menu.popup(self.pill.mapToGlobal(self.pill.rect().bottomLeft()))

    def make_menu(self) -> QMenu:
        menu = round_menu(self)
        opened = {str(m.path): m for m in self._desk.models()}
        for path, model in opened.items():
            rests = model.id in self._desk.resting
            size = "rests" if rests else sizes.file(model.file_bytes)
            action = menu.addAction(unmarked(f"{model.name}   {model.type_name} · {size}"))
            action.setCheckable(True)
            action.setChecked(self._model is not None and model.id == self._model.id)
            action.triggered.connect(lambda _on=False, p=path: self.model_chosen.emit(p))
        rest = [m for m in self._desk.known if m.path not in opened]
        if opened and rest:
            menu.addSeparator()
        for known in rest[:20]:
            action = menu.addAction(unmarked(f"{known.name}   {known.detail}"))
            action.triggered.connect(lambda _on=False, p=known.path: self.model_chosen.emit(p))
        menu.addSeparator()
        menu.addAction("Open a file…").triggered.connect(lambda: self.file_wanted.emit())
        if self._model is not None:
            model = self._model
            frees = "" if model.id in self._desk.resting else " and free its memory"
            close = menu.addAction(unmarked(f"Close {model.name}{frees}"))
            close.triggered.connect(lambda: self.close_wanted.emit(model))
        kept = self._desk.engine.kept()
        if kept.conversations:
            forget = menu.addAction(f"Forget what is kept: {kept_words(kept)}")
            forget.triggered.connect(lambda: self._desk.engine.forget_kept())
        return menu


def _opening(fraction: float | None) -> str:
    return f"opening, {fraction:.0%}" if fraction is not None else "opening"
