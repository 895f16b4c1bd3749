"""How one model is opened and asked where nothing else is chosen: its wishes, to be changed."""

import os
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from engine.api import ModelDefaults
from gui.language import marked, tr
from gui.parameter_list import GROUPS, Parameter
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.choices import ComboBox
from gui.widgets.flow import FlowLayout
from gui.widgets.frames import row
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.slider_row import FigureField

CONTEXTS = (2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144)
CACHES: list[tuple[str, object]] = [
    (marked("As usual"), ""),
    (marked("F16: the usual precision"), "f16"),
    (marked("F32: twice as large"), "f32"),
    (marked("Q8_0: half as large"), "q8_0"),
]
TINY = 1e-7
PAUSE_MS = 700  # after the last letter
FIRST = 6  # sampling values that stand there at once
OWN = marked("model’s own")


class DefaultsForm(QWidget):
    """Tells whole new wishes, a moment after the last change."""

    changed = Signal(ModelDefaults)

    def __init__(self) -> None:
        super().__init__()
        self._shown, self._trained = ModelDefaults(), 0
        px = current().px
        self.system = QPlainTextEdit()
        self.system.setAccessibleName(tr("System prompt"))
        self.system.setPlaceholderText(tr("New chats with this model begin with it"))
        self.system.setTabChangesFocus(True)
        self.system.setFixedHeight(px(84))
        threads = [(str(n), n) for n in range(1, 1 + (os.cpu_count() or 8))]
        self.context = ComboBox(tr("Context of this model"), [])
        self.threads = ComboBox(tr("Threads of this model"), [(tr("As in Settings"), 0), *threads])
        self.cache = ComboBox(
            tr("Cache type of this model"), [(tr(words), value) for words, value in CACHES]
        )
        self.cache.setToolTip(tr("How the conversation is kept in memory"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE_MS)
        self._later.timeout.connect(self._tell)
        self._figures: dict[str, FigureField] = {}
        self._all = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(8))
        self._box.addWidget(label(tr("System prompt"), "smallText"))
        self._box.addWidget(self.system)
        for name, field in (
            (tr("Context"), self.context),
            (tr("Threads"), self.threads),
            (tr("Cache"), self.cache),
        ):
            self._add(name, field)
            field.currentIndexChanged.connect(self._change)
        self.system.textChanged.connect(self._change)
        parameters = [p for group in GROUPS for p in group.parameters]
        for parameter in parameters[:FIRST]:
            self._add_figure(parameter)
        self.more = Button(tr("All sampling values"), "chevron-right", "ghost", True)
        self.more.clicked.connect(lambda: self._show_all(parameters[FIRST:]))
        self.forget = Button(
            tr("Forget these"), "undo-2", "ghost", True, tr("Back to no wishes at all")
        )
        self.forget.clicked.connect(self._forget)
        actions = QWidget()
        flow = FlowLayout(actions, px(8))
        for button in (self.more, self.forget):
            flow.addWidget(button)
        self._box.addWidget(actions)
        self._fill_contexts(0, 0)

    def _add(self, name: str, field: QWidget) -> None:
        field.setFixedWidth(current().px(160))
        field.setProperty("small", True)
        words = ElidedLabel(name, "smallText")
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words.explain(field.toolTip())
        line = row(words, field)
        line.setStretch(0, 1)
        self._box.addLayout(line)

    def _add_figure(self, parameter: Parameter) -> None:
        """Empty is no wish: the model's own value holds."""
        field = FigureField(parameter.decimals)
        low = -1.0 if "−1" in parameter.help else parameter.low
        least = low - parameter.step  # one step below all values
        field.setRange(least, _most(parameter))
        field.setSpecialValueText(tr(OWN))
        field.setSingleStep(parameter.step)
        field.setValue(least)
        field.setAccessibleName(tr("{name} of this model", name=tr(parameter.name)))
        field.setToolTip(
            tr(
                "{help} “{own}”: what the model's file recommends.",
                help=tr(parameter.help),
                own=tr(OWN),
            )
        )
        field.valueChanged.connect(self._change)
        self._figures[parameter.field] = field
        self._add(tr(parameter.name), field)

    def _show_all(self, rest: list[Parameter]) -> None:
        if not self._all:
            self._all = True
            self.more.hide()
            for parameter in rest:
                self._add_figure(parameter)
            self._show_figures(self._shown)

    # Values

    def show_values(self, defaults: ModelDefaults, n_ctx_train: int) -> None:
        """What is being typed is not rewritten."""
        if self._later.isActive():
            return
        self._shown, self._trained = defaults, n_ctx_train
        self.forget.setEnabled(defaults != ModelDefaults())
        with QSignalBlocker(self.system):
            if self.system.toPlainText().strip() != defaults.system:
                self.system.setPlainText(defaults.system)
        self._fill_contexts(n_ctx_train, defaults.n_ctx)
        self.threads.choose(defaults.threads)
        self.cache.choose(defaults.cache_type)
        self._show_figures(defaults)

    def _show_figures(self, defaults: ModelDefaults) -> None:
        for name, field in self._figures.items():
            wish = defaults.sampling.get(name)
            value = field.minimum() if wish is None else float(wish)
            if abs(field.value() - value) > TINY:  # one that stands there already stays as typed
                with QSignalBlocker(field):
                    field.setValue(value)

    def _fill_contexts(self, trained: int, chosen: int) -> None:
        sizes = {n for n in CONTEXTS if not trained or n <= trained} | {trained, chosen} - {0}
        with QSignalBlocker(self.context):
            self.context.clear()
            self.context.addItem(tr("As in Settings"), 0)
            for n in sorted(sizes - {0}):
                self.context.addItem(tr("{n:,} tokens", n=n), n)
        self.context.choose(chosen)

    def value(self) -> ModelDefaults:
        # Wishes that have no field here stay.
        sampling = {k: v for k, v in self._shown.sampling.items() if k not in self._figures}
        for name, field in self._figures.items():
            if field.value() > field.minimum() + field.singleStep() / 2:
                sampling[name] = _number(field)
        return ModelDefaults(
            self.system.toPlainText().strip(),
            sampling,
            int(self.context.currentData() or 0),
            int(self.threads.currentData() or 0),
            str(self.cache.currentData() or ""),
        )

    def _change(self, *_value: object) -> None:
        self._later.start()

    def tell_now(self) -> None:
        """What was changed and is not told yet."""
        if self._later.isActive():
            self._later.stop()
            self._tell()

    def _tell(self) -> None:
        wish = self.value()
        if wish != self._shown:
            self._shown = wish
            self.changed.emit(wish)

    def _forget(self) -> None:
        """No wishes at all."""
        self._later.stop()
        self.show_values(ModelDefaults(), self._trained)
        self.changed.emit(self._shown)


def _most(parameter: Parameter) -> float:
    """More than the usual values, but none that no chat would take."""
    if parameter.decimals:
        return parameter.high if parameter.high <= 1 else 1000.0
    return parameter.high if parameter.high <= 2 else 1_000_000.0  # a version, or a count


def _number(field: FigureField) -> Any:
    """Whole numbers for values that are whole."""
    value = field.value()
    return int(value) if field.decimals() == 0 else value
