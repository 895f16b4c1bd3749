"""Where work begins: choose a file, a folder or a model of the library; then, what it is."""

from collections.abc import Sequence
from itertools import islice

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from engine.api import inspect
from gui.desk import KnownModel
from gui.language import marked, said, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.choices import ComboBox
from gui.widgets.frames import Card, column, row
from gui.widgets.labels import ElidedLabel, label
from gui.workshop.words import facts

INVITATION = marked(
    "Make a model smaller so that it fits this machine, or turn weights of other programs into a "
    "GGUF file. Drop a file or folder here, or choose one."
)
KINDS = marked(
    "Takes GGUF files, Hugging Face folders (safetensors, PyTorch), Meta checkpoints, llama2.c, "
    "llm.c and the ggml files of 2023. The source is only read."
)
MOST = 200  # models in the field to pick one


class PickCard(Card):
    """What stands there before anything is chosen."""

    file_wanted = Signal()
    folder_wanted = Signal()
    picked = Signal(str)  # path

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        self.box.setContentsMargins(px(24), px(36), px(24), px(36))
        self.file = Button(tr("Choose a file"), "file", "primary", on_click=self.file_wanted.emit)
        self.folder = Button(tr("Choose a folder"), "folder-open", on_click=self.folder_wanted.emit)
        self.models = ComboBox(tr("A model of the library"), [])
        self.models.setMinimumWidth(px(200))
        self.models.setMaximumWidth(px(300))
        self.models.activated.connect(self._pick)
        for text, role in ((tr("Choose what to work on"), "section"), (tr(INVITATION), "muted")):
            self.box.addLayout(_middle(text, role))
        self.box.addSpacing(px(12))
        self.box.addLayout(row(None, self.file, self.folder, self.models, None, spacing=10))
        self.box.addSpacing(px(12))
        self.box.addLayout(_middle(tr(KINDS), "small"))

    def show_models(self, known: Sequence[KnownModel]) -> None:
        """The first ones; whoever has thousands finds the others by their files."""
        self.models.clear()
        self.models.addItem(tr("From your models…"), "")
        there = (model for model in known if not model.problem and not model.built_in)
        for model in islice(there, MOST):
            self.models.addItem(f"{model.name} · {model.detail}", model.path)
        self.models.setVisible(self.models.count() > 1)

    def _pick(self, index: int) -> None:
        path = str(self.models.itemData(index) or "")
        self.models.setCurrentIndex(0)
        if path:
            self.picked.emit(path)


class SourceCard(Card):
    """What the source is."""

    inspect_wanted = Signal()
    other_wanted = Signal()

    def __init__(self, source: inspect.SourceFacts) -> None:
        super().__init__()
        name = ElidedLabel(source.name, "section")
        path = ElidedLabel(str(source.path), "small")
        words = column(name, ElidedLabel(facts(source), "muted"), path, spacing=3)
        inside = Button(
            tr("Look inside"), "info", "plain", True, tr("Metadata and tensors of this file")
        )
        inside.clicked.connect(self.inspect_wanted)
        if not source.is_gguf:
            inside.hide()
        self.other = Button(
            tr("Choose another"), "undo-2", "plain", True, tr("Choose another source")
        )
        self.other.clicked.connect(self.other_wanted)
        line = row(words, inside, self.other, spacing=10)
        line.setStretch(0, 1)
        self.box.addLayout(line)
        for notice in source.notices:
            self.box.addWidget(label(said(notice), "small", wrap=True))


def _middle(text: str, role: str) -> QHBoxLayout:
    """Words in the middle, in lines that are easy to read."""
    words = label(text, role, wrap=True)
    words.setMaximumWidth(current().px(600))
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    line = row(None, words, None)
    line.setStretch(1, 100)
    return line
