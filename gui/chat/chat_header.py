"""The strip over a chat: its title, the model that answers, parameters, what else can be done."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from engine.api import ModelInfo
from gui.chat.model_picker import Wishes, choices
from gui.chat.model_pill import ModelPill, PillState
from gui.desk import Desk, KnownModel
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.bars import thousands
from gui.widgets.buttons import icon_button
from gui.widgets.frames import Header
from gui.widgets.palette import Entry, Palette
from gui.widgets.title import Title

RESTING = marked("opens with your message")


class ChatHeader(Header):
    """Shows; what is chosen in its menu goes out as signals."""

    model_chosen = Signal(str)  # path
    file_wanted = Signal()
    opening_wanted = Signal()  # the chat's model, with another context
    close_wanted = Signal(object)  # ModelInfo
    cancelled = Signal()  # of the model that is being opened
    renamed = Signal(str)
    menu_wanted = Signal()  # below `more`
    list_wanted = Signal()
    more_wanted = Signal()  # models

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._model: ModelInfo | None = None
        self.pill = ModelPill()
        self.pill.clicked.connect(self.show_menu)
        self._picker: Palette | None = None
        self._opening = ""  # shown in the pill
        self._resting: KnownModel | None = None
        self._when = ""  # it is opened
        self._waking = ""  # how far a model is that rested and is opened again
        self.cancel = icon_button("x", tr("Stop opening the model"), self.cancelled.emit)
        self.cancel.hide()
        tip = tr("Parameters: how the model chooses its words")
        self.parameters = icon_button("sliders-horizontal", tip, None, "Ctrl+P", "plain", False)
        self.parameters.setCheckable(True)
        self.more = icon_button("ellipsis", tr("More"), self.menu_wanted.emit, "", "plain", False)
        self.list_button = icon_button(
            "panel-left", tr("Show the list of chats"), self.list_wanted.emit, "Ctrl+B"
        )
        self.list_button.hide()
        self._title = Title(tr("Title of the chat"))  # takes the room that is left
        self._title.renamed.connect(self.renamed)
        self.box.insertWidget(0, self.list_button)
        self.box.insertWidget(1, self._title, 100)
        for part in (self.pill, self.cancel, self.parameters, self.more):
            self.box.addWidget(part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Title and pill share what there is."""
        super().resizeEvent(event)
        px = current().px
        self.pill.setMaximumWidth(max(px(120), min(px(420), event.size().width() // 2)))

    def show_title(self, title: str) -> None:
        if not self._title.is_edited:
            self._title.set_full(title)

    def leave(self) -> None:
        """Another chat is shown."""
        self._title.cancel()

    def rename(self) -> None:
        """Let the title be changed."""
        self._title.edit()

    def show_resting(self, model: KnownModel | None, words: str) -> None:
        """What the next message opens, where no model is open, and when; `show_model` follows."""
        self._resting, self._when = model, words

    def show_model(self, model: ModelInfo | None, opening: str, cancel: bool = True) -> None:
        """The model that answers here, or the one that is being opened to; `cancel`: that can be
        stopped here."""
        self._model = model
        self.cancel.setVisible(bool(opening) and cancel)
        if opening and opening != self._opening:
            self._show_opening(opening, None)
        self._opening = opening
        if opening:
            return
        if model is None:
            resting = self._resting
            state = PillState(tr("Choose a model"), "", "faint")
            if resting is not None:
                state = PillState(resting.name, self._when, "faint")
            self.pill.show_state(state)
            return
        self.pill.show_state(self._state_of(model))

    def _state_of(self, model: ModelInfo) -> PillState:
        if model.id not in self._desk.resting:
            detail = f"{model.type_name} · {thousands(model.n_ctx)}"
            return PillState(model.name, detail, "good", _told(model))
        if self._waking:
            return PillState(model.name, self._waking, "warn")
        return PillState(model.name, tr(RESTING), "faint")

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
        """The models there are, under the pill."""
        if self._picker is None:
            self._picker = Palette(self.window(), tr("Models"), tr("Search models"))
        self._picker.open_with(self.choices(), under=self.pill)

    def choices(self) -> list[Entry]:
        wishes = Wishes(
            self.model_chosen.emit,
            self.file_wanted.emit,
            self.more_wanted.emit,
            self.close_wanted.emit,
            self.opening_wanted.emit,
        )
        return choices(self._desk, self._model, wishes)


def _told(model: ModelInfo) -> str:
    """What the pill's tooltip says of it."""
    return tr(
        "{model}, {type}, {size:file}\nThis chat can look back on {n:,} tokens; the model was "
        "trained on {most:,}",
        model=model.name,
        type=model.type_name,
        size=model.file_bytes,
        n=model.n_ctx,
        most=model.n_ctx_train,
    )


def _opening(fraction: float | None) -> str:
    if fraction is None:
        return tr("opening")
    return tr("opening, {fraction:.0%}", fraction=fraction)
