"""How the chat's model is opened: context, threads and cache, with what they take of the memory
while one chooses; it opens again with them."""

import os

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from engine.api import Fit, ModelDefaults, ModelInfo, Verdict, sizes
from gui.desk import Desk
from gui.language import figures, marked, said, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.choices import ComboBox
from gui.widgets.dialogs import Sheet
from gui.widgets.frames import row
from gui.widgets.labels import Pill, label

WIDTH = 460
LEAST, STEP = 256, 1024
CACHES: list[tuple[str, object]] = [
    (marked("F16: the usual precision"), "f16"),
    (marked("F32: twice as large"), "f32"),
    (marked("Q8_0: half as large"), "q8_0"),
]
TONES = {Verdict.WELL: "good", Verdict.SLOWLY: "warn", Verdict.NOT: "bad"}


class OpeningSheet(Sheet):
    """Tells what was chosen; nothing happens before."""

    chosen = Signal(int, int, str)  # context, threads (0: as in Settings), cache type

    def __init__(
        self, parent: QWidget, desk: Desk, model: ModelInfo, wishes: ModelDefaults
    ) -> None:
        super().__init__(parent)
        self._desk, self._model = desk, model
        self._asked = (0, "")  # of the forecast that is awaited
        self.setWindowTitle(tr("Open {model} otherwise", model=model.name))
        px = current().px
        self.setFixedWidth(px(WIDTH))
        self.context = QSpinBox()
        self.context.setRange(min(LEAST, model.n_ctx), max(model.n_ctx_train, model.n_ctx))
        self.context.setSingleStep(STEP)
        self.context.setGroupSeparatorShown(True)
        self.context.setSuffix(tr(" tokens"))
        self.context.setValue(model.n_ctx)
        self.context.setAccessibleName(tr("Context"))
        threads = [(str(n), n) for n in range(1, 1 + (os.cpu_count() or 8))]
        self.threads = ComboBox(tr("Threads"), [(tr("As in Settings"), 0), *threads])
        self.threads.choose(wishes.threads)
        self.cache = ComboBox(tr("Cache"), [(tr(words), value) for words, value in CACHES])
        self.cache.choose(wishes.cache_type or "f16")
        self.fit = Pill("", "neutral")
        self.words = label("", "small", wrap=True)
        self.words.setMinimumHeight(px(20))
        self.go = Button(tr("Open again"), "", "primary", True, on_click=self._act_go)
        self.go.setDefault(True)
        self._lay_out(model)
        self.context.valueChanged.connect(self._foretell)
        self.cache.currentIndexChanged.connect(self._foretell)
        self._foretell()

    def _lay_out(self, model: ModelInfo) -> None:
        px = current().px
        box = QVBoxLayout(self)
        box.setContentsMargins(px(24), px(20), px(24), px(20))
        box.setSpacing(px(10))
        box.addWidget(label(model.name, "section", wrap=True))
        trained = tr(
            "Trained on {n:,} tokens. It is opened like this from now on.", n=model.n_ctx_train
        )
        box.addWidget(label(trained, "muted", wrap=True))
        for name, field in (
            (tr("Context"), self.context),
            (tr("Threads"), self.threads),
            (tr("Cache of the conversation"), self.cache),
        ):
            field.setFixedWidth(px(216))
            field.setProperty("small", True)
            line = row(label(name, "smallText", wrap=True), field)
            line.setStretch(0, 1)
            box.addLayout(line)
        box.addSpacing(px(4))
        box.addLayout(row(self.fit, None))
        box.addWidget(self.words)
        cancel = Button(tr("Cancel"), "", small=True, on_click=self.reject)
        box.addLayout(row(None, cancel, self.go))

    def _foretell(self, *_: object) -> None:
        """What it would take; the header is read beside the window's thread."""
        asked = self._asked = self.context.value(), str(self.cache.currentData())
        work = lambda: (asked, self._desk.judge_at(self._model, *asked))  # noqa: E731
        self._desk.background.run(work, self._on_foretold)

    def _on_foretold(self, found: object) -> None:
        if not isinstance(found, tuple) or found[0] != self._asked:
            return  # something else was chosen meanwhile
        fit = found[1]
        if not isinstance(fit, Fit):
            self.fit.set_state(tr("Memory not known"), "neutral")
            self.words.setText("")
            return
        needed = figures(sizes.memory(fit.needed))
        self.fit.set_state(f"{said(fit.label)} · {needed}", TONES[fit.verdict])
        self.words.setText(
            tr(
                "Needs {size:memory} of {free:memory} that are free for it.",
                size=fit.needed,
                free=fit.free,
            )
        )
        self.go.setEnabled(fit.verdict != Verdict.NOT)

    def _act_go(self) -> None:
        chosen = self.context.value(), int(self.threads.currentData() or 0)
        cache = str(self.cache.currentData())
        self.accept()
        self.chosen.emit(*chosen, cache)
