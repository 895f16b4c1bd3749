"""The panel on the right: how the model chooses its words and when it stops, for this chat."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from engine.api import GenerationParams, SamplingParams
from gui.chat.preset_row import PresetRow
from gui.language import marked, tr
from gui.parameter_list import GROUPS, THINKING, Group
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.choices import ComboBox
from gui.widgets.frames import row, scroller
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.slider_row import SliderRow

FULL: list[tuple[str, object]] = [  # in less room than WHEN_FULL has
    (marked("Stop and ask"), "stop"),
    (marked("Leave oldest out"), "roll"),
    (marked("Keep both ends"), "ends"),
]


class Fold(QWidget):
    """A group of values under a heading that folds it away."""

    def __init__(self, name: str, is_open: bool) -> None:
        super().__init__()
        px = current().px
        self._head = Button(
            name, "chevron-down", "ghost", True, tr("Show or hide {name}", name=name)
        )
        self._head.setStyleSheet("text-align: left; font-weight: 600; padding: 0;")
        self.body = QWidget()
        self._head.clicked.connect(lambda: self.unfold(self.body.isHidden()))
        self.box = QVBoxLayout(self.body)
        self.box.setContentsMargins(px(4), px(4), px(4), px(8))
        self.box.setSpacing(px(12))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(px(2))
        outer.addWidget(self._head)
        outer.addWidget(self.body)
        self.unfold(is_open)

    def unfold(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self._head.set_glyph("chevron-down" if is_open else "chevron-right")


class Parameters(QFrame):
    """Shows SamplingParams and GenerationParams; tells whole new values when one is changed."""

    changed = Signal(object, object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._sampling = SamplingParams()
        self._generation = GenerationParams()
        self._defaults = SamplingParams()
        self._rows: dict[str, SliderRow] = {}
        self._fields: list[QWidget] = []
        current().follow(self, self._measure)
        self._measure()
        self.presets = PresetRow(self)  # not laid out yet, and no window that is dressed as one
        self.presets.chosen.connect(self._take_preset)
        self._named: tuple[dict[str, SamplingParams], str] = {}, ""
        self._can_limit = False
        self._built = False  # more than a hundred widgets: only when somebody wants to see them

    def showEvent(self, event: QShowEvent) -> None:
        if not self._built:
            self._built = True
            self._build()
            self.show_values(self._sampling, self._generation, self._defaults)
        super().showEvent(event)

    def _build(self) -> None:
        px = current().px
        canvas = QWidget()
        canvas.setProperty("role", "canvas")
        self._box = QVBoxLayout(canvas)
        self._box.setContentsMargins(px(16), px(4), px(16), px(16))
        self._box.setSpacing(px(8))
        self._add_group(GROUPS[0])
        self._add_reply()
        for group in GROUPS[1:]:
            self._add_group(group)
        self._box.addStretch(1)
        self._reset = Button(
            tr("Reset"),
            "undo-2",
            "ghost",
            True,
            tr("Back to the model's own values"),
            on_click=self._act_reset,
        )
        close = icon_button("x", tr("Close the parameters"), self.closed.emit)
        head = row(
            ElidedLabel(tr("Parameters", sense="of a chat"), "section"),
            self._reset,
            close,
            spacing=4,
        )
        head.setStretch(0, 1)
        head.setContentsMargins(px(20), px(14), px(12), px(6))
        over = row(self.presets)
        over.setContentsMargins(px(20), 0, px(12), px(4))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addLayout(over)
        self._scroller = scroller(canvas)
        outer.addWidget(self._scroller, 1)

    def _add_group(self, group: Group) -> None:
        fold = Fold(tr(group.name), group.open)
        for p in group.parameters:
            line = SliderRow(tr(p.name), tr(p.help), p.low, p.high, p.step, p.decimals)
            whole = p.decimals == 0
            line.changed.connect(lambda v, f=p.field, w=whole: self._set(f, int(v) if w else v))
            self._rows[p.field] = line
            fold.box.addWidget(line)
        self._box.addWidget(fold)

    def _add_reply(self) -> None:
        fold = Fold(tr("Reply"), True)
        self._max = _spin(tr("Longest reply"), -1, 1_000_000, tr("No limit"), tr(" tokens"))
        self._max.valueChanged.connect(lambda v: self._set_reply(max_tokens=v))
        self._seed = _spin(tr("Seed"), -1, 2**31 - 1, tr("New each time"), "")
        self._seed.setToolTip(tr("The same seed gives the same text again"))
        self._seed.valueChanged.connect(lambda v: self._set("seed", v))
        self._thinking = ComboBox(tr("Thinking"), [(tr(words), value) for value, words in THINKING])
        self._thinking.setToolTip(
            tr("Whether a model that can think does so first; auto: it decides")
        )
        self._thinking.currentIndexChanged.connect(
            lambda: self._set_reply(enable_thinking=self._thinking.currentData())
        )
        self._limit = _spin(tr("Longest thinking"), -1, 1_000_000, tr("No limit"), tr(" tokens"))
        self._limit.setToolTip(
            tr("After so many tokens of thinking the answer begins; with 0 there is none")
        )
        self._limit.valueChanged.connect(lambda v: self._set_reply(thinking_tokens=v))
        self._full = ComboBox(tr("Full context"), [(tr(words), value) for words, value in FULL])
        self._full.setToolTip(
            tr(
                "What happens when the conversation no longer fits: it stops and asks, or the "
                "model no longer reads the oldest messages, or those between the beginning and the "
                "end. All stay in the chat"
            )
        )
        self._full.currentIndexChanged.connect(
            lambda: self._set_reply(when_full=self._full.currentData())
        )
        self._stop = QLineEdit()
        self._stop.setAccessibleName(tr("Stop at"))
        self._stop.setPlaceholderText(tr("stop | more stops"))
        self._stop.setToolTip(tr("The reply ends where one of these would appear"))
        # At each key: a message may be sent while the field still has the focus.
        self._stop.textEdited.connect(lambda text: self._set_reply(stop=_stops(text)))
        fields = {
            tr("Longest reply"): self._max,
            tr("Seed"): self._seed,
            tr("Thinking"): self._thinking,
            tr("Longest thinking"): self._limit,
            tr("Stop at"): self._stop,
            tr("Full context"): self._full,
        }
        for name, field in fields.items():
            field.setProperty("small", True)
            words = label(name, "smallText", wrap=True)
            if field is self._limit:
                self._limit_words = words
            line = row(words, field)
            line.setStretch(0, 1)
            fold.box.addLayout(line)
        self._fields = list(fields.values())
        self._box.addWidget(fold)
        self._measure()
        self.offer_limit(self._can_limit)

    def offer_limit(self, known: bool) -> None:
        """`known`: the model's thinking can be ended."""
        self._can_limit = known
        if self._built:
            self._limit.setVisible(known)
            self._limit_words.setVisible(known)

    def ask_limit(self) -> None:
        """Let somebody write how long thinking may take; the panel is shown, but its parts appear
        only with the next event."""
        QTimer.singleShot(0, self, self._take_limit)

    def _take_limit(self) -> None:
        self._scroller.ensureWidgetVisible(self._limit)
        self._limit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._limit.selectAll()

    def _measure(self) -> None:
        """At the user's text size."""
        px = current().px
        self.setFixedWidth(px(304))
        for field in self._fields:
            field.ensurePolished()  # its style makes it low
        spins = [field for field in self._fields if isinstance(field, QSpinBox)]
        widest = max((field.minimumSizeHint().width() for field in spins), default=0)
        for field in self._fields:  # "no limit" is longer elsewhere
            field.setFixedWidth(max(px(148), min(widest, px(172))))

    def show_values(
        self, sampling: SamplingParams, generation: GenerationParams, defaults: SamplingParams
    ) -> None:
        self._sampling, self._generation, self._defaults = sampling, generation, defaults
        self._update_presets()
        if not self._built:
            return
        for field, line in self._rows.items():
            line.set_value(getattr(sampling, field))
        for part, value in (
            (self._max, generation.max_tokens),
            (self._limit, generation.thinking_tokens),
            (self._seed, sampling.seed),
        ):
            if part.value() != value:  # what is being typed is not rewritten
                with QSignalBlocker(part):
                    part.setValue(value)
        self._thinking.choose(generation.enable_thinking)
        self._full.choose(generation.when_full)
        if _stops(self._stop.text()) != generation.stop:
            self._stop.setText("|".join(generation.stop))
        self._update_reset()

    def show_presets(self, own: dict[str, SamplingParams], model: str) -> None:
        """The user's presets, and the name of the model whose own values there are."""
        self._named = own, model
        self._update_presets()

    def _update_presets(self) -> None:
        own, model = self._named
        self.presets.show_presets(own, self._sampling, self._defaults, model)

    def _take_preset(self, values: SamplingParams | None) -> None:
        """All sampling values at once; the seed that was chosen stays."""
        chosen = self._defaults if values is None else replace(values, seed=self._sampling.seed)
        self.show_values(chosen, self._generation, self._defaults)
        self._tell()

    def _set(self, field: str, value: Any) -> None:
        self._sampling = replace(self._sampling, **{field: value})
        self._tell()

    def _set_reply(self, **values: Any) -> None:
        self._generation = replace(self._generation, **values)
        self._tell()

    def _tell(self) -> None:
        self._update_reset()
        self._update_presets()
        self.changed.emit(self._sampling, self._generation)

    def _update_reset(self) -> None:
        own = self._sampling == self._defaults and self._generation == GenerationParams()
        self._reset.setEnabled(not own)

    def _act_reset(self) -> None:
        self.show_values(self._defaults, GenerationParams(), self._defaults)
        self._tell()


def _stops(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _spin(name: str, low: int, high: int, special: str, suffix: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setSpecialValueText(special)
    box.setSuffix(suffix)
    box.setAccessibleName(name)
    box.setSingleStep(1 if not suffix else 64)
    return box
