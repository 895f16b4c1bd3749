"""Which preset the parameters are, over all of them: choose, save under a name, delete."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from engine.api import SamplingParams
from gui.language import tr
from gui.presets import BUILT_IN, shown
from gui.theme.theme import current
from gui.widgets.buttons import icon_button
from gui.widgets.choices import ComboBox
from gui.widgets.frames import row
from gui.widgets.menus import drop_down, round_menu, unmarked

OWN, OTHER = "\0own", "\0other"  # no names: the model's own values, and values of no preset


class NameEdit(QLineEdit):
    """Return takes the name, Esc leaves it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PresetRow(QWidget):
    """Shows and tells; the values are its owner's."""

    chosen = Signal(object)  # SamplingParams, or None: the model's own
    saved = Signal(str)
    deleted = Signal(str)
    own_wanted = Signal()  # these shall be the model's own values
    usual_wanted = Signal(str)  # new chats shall begin with this preset

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        px = current().px
        self._presets: dict[str, SamplingParams] = {}
        self._model = ""
        self.combo = ComboBox(tr("Preset"), [])
        self.combo.setToolTip(tr("Values that were kept under a name"))
        self.combo.setProperty("small", True)
        self.combo.activated.connect(self._on_chosen)
        self.more = icon_button(
            "ellipsis", tr("Save these values, or delete the preset"), self.show_menu
        )
        self.name = NameEdit()
        self.name.setAccessibleName(tr("Name of the preset"))
        self.name.setPlaceholderText(tr("Name of the preset"))
        self.name.setProperty("small", True)
        self.name.returnPressed.connect(self._save)
        self.name.left.connect(self._leave)
        self.name.hide()
        line = row(self.combo, self.name, self.more, spacing=4)
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, px(4))
        box.addLayout(line)

    def show_presets(
        self, own: dict[str, SamplingParams], now: SamplingParams, models: SamplingParams, name: str
    ) -> None:
        """The user's presets beside the built-in ones; which of them the values are. `models`: the
        values of the model of that name."""
        self._presets, self._model = {**BUILT_IN, **own}, name
        self._own = own
        self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItem(tr("The model’s own"), OWN)
        for each in self._presets:
            self.combo.addItem(shown(each), each)
        found = next((each for each, values in self._presets.items() if values == now), OTHER)
        if now == models:
            found = OWN
        if found == OTHER:
            self.combo.addItem(tr("Changed by hand"), OTHER)
        self.combo.blockSignals(False)
        self.combo.choose(found)

    @property
    def preset(self) -> str:
        """The name of the preset that is chosen, or ""."""
        data = str(self.combo.currentData() or "")
        return "" if data in (OWN, OTHER) else data

    def _on_chosen(self, _index: int) -> None:
        data = self.combo.currentData()
        if data == OWN:
            self.chosen.emit(None)
        elif data in self._presets:
            self.chosen.emit(self._presets[data])

    def show_menu(self) -> None:
        menu = round_menu(self)
        menu.addAction(tr("Save as a preset…")).triggered.connect(lambda: self.begin_name())
        preset = self.preset
        if self._model and self.combo.currentData() != OWN:
            words = unmarked(tr("Make these {model}’s own values", model=self._model))
            menu.addAction(words).triggered.connect(lambda: self.own_wanted.emit())
        if preset:
            words = unmarked(tr("Begin new chats with “{preset}”", preset=shown(preset)))
            menu.addAction(words).triggered.connect(lambda: self.usual_wanted.emit(preset))
        elif self.combo.currentData() == OWN:
            words = tr("Begin new chats with the model’s own values")
            menu.addAction(words).triggered.connect(lambda: self.usual_wanted.emit(""))
        if preset in self._own:
            words = unmarked(tr("Delete “{preset}”", preset=preset))
            menu.addAction(words).triggered.connect(lambda: self.deleted.emit(preset))
        drop_down(menu, self.more, right=True)

    def begin_name(self) -> None:
        """Ask under which name the values are to be kept."""
        self.combo.hide()
        self.name.setText(self.preset if self.preset in self._own else "")
        self.name.show()
        self.name.setFocus()

    def _save(self) -> None:
        name = " ".join(self.name.text().split())
        if name in BUILT_IN or name in map(shown, BUILT_IN):
            self.name.selectAll()  # those stay what they are
            self.name.setToolTip(
                tr("“{name}” comes with the program; choose another name", name=name)
            )
            return
        if name:
            self.saved.emit(name)
        self._leave()

    def _leave(self) -> None:
        self.name.hide()
        self.combo.show()
