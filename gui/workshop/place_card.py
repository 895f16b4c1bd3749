"""Where the result goes and what it needs besides: name, folder, importance matrix, consent."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.api import inspect, jobs
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.choices import Switch
from gui.widgets.frames import Card, row
from gui.widgets.labels import ElidedLabel, label
from gui.workshop.unfinished import BegunRow, percent
from gui.workshop.words import output_name

TWICE = marked(
    "This model is quantized already. Quantizing it again loses more than starting from its F16, "
    "BF16 or F32 file would; do it all the same"
)
MATRIX = marked(
    "This type needs an importance matrix: which weights matter most. Choose a file that has one, "
    "or a text that the model reads to find out."
)


class PlaceCard(Card):
    """Asks for the little that is missing and gives an order."""

    ordered = Signal(object)  # Order
    changed = Signal(object)  # Order: what would be ordered now
    discarded = Signal()  # what was begun of it
    folder_wanted = Signal()
    matrix_wanted = Signal()
    text_wanted = Signal()

    def __init__(self, source: inspect.SourceFacts, folder: Path) -> None:
        super().__init__()
        self._source = source
        self._target: inspect.Target | None = None
        self._folder = folder
        self._matrix: Path | None = None
        self._text: Path | None = None
        self._own_name = False
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the new file"))
        self.name.setToolTip(tr("Name of the new file"))
        self.name.setMinimumWidth(current().px(150))
        self.name.textEdited.connect(self._named)
        self.name.textChanged.connect(self._tell)
        self._where = ElidedLabel(str(folder), "muted")
        self.twice = Switch(tr("Quantize it again all the same"))
        self.twice.toggled.connect(self._refresh)
        self.make = Button(tr("Make it"), "wand-sparkles", "primary", on_click=self._give)
        self.begun = BegunRow()
        self.begun.discarded.connect(self.discarded)
        self.make.setEnabled(False)  # until a type is chosen
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        tip = tr("Choose the folder for the new file")
        choose = icon_button("folder-open", tip, kind="plain", small=False)
        choose.clicked.connect(self.folder_wanted)
        caption = label(tr("New file"), "strong")
        line = row(
            caption,
            self.name,
            label(tr("in", sense="a folder"), "muted"),
            self._where,
            choose,
            spacing=10,
        )
        line.setStretch(1, 3)
        line.setStretch(3, 2)
        line.addWidget(self.make)
        self._matrix_row = QWidget()
        self._matrix_name = label(tr(MATRIX), "small", wrap=True)
        matrix = Button(tr("Matrix…"), "file", "plain", True, tr("Choose an importance matrix"))
        matrix.clicked.connect(self.matrix_wanted)
        text = Button(tr("Text…"), "file", "plain", True, tr("Choose a text to find out from"))
        text.clicked.connect(self.text_wanted)
        self._fill(self._matrix_row, self._matrix_name, matrix, text)
        self._twice_row = QWidget()
        self._fill(self._twice_row, label(tr(TWICE), "small", wrap=True), self.twice)
        self._twice_row.hide()
        self._matrix_row.hide()
        self.box.addLayout(line)
        for part in (self.begun, self._matrix_row, self._twice_row, self.error):
            self.box.addWidget(part)

    def _fill(self, holder: QWidget, words: QWidget, *actions: QWidget) -> None:
        line = row(words, *actions, spacing=12)
        line.setStretch(0, 1)
        holder.setLayout(line)

    # What is chosen

    def set_target(self, target: inspect.Target) -> None:
        self._target = target
        if not self._own_name:
            self.name.setText(output_name(self._source.path, target.name))
        self.error.hide()
        self._refresh()
        self._tell()

    def set_folder(self, folder: str) -> None:
        self._folder = Path(folder)
        self._where.set_full(folder)
        self.error.hide()
        self._tell()

    def set_matrix(self, path: str) -> None:
        self._matrix, self._text = Path(path), None
        self._matrix_name.setText(tr("Importance matrix: {file}", file=path))
        self._refresh()
        self._tell()

    def set_text(self, path: str) -> None:
        self._matrix, self._text = None, Path(path)
        self._matrix_name.setText(
            tr("The model reads {file} to find out which weights matter most.", file=path)
        )
        self._refresh()
        self._tell()

    def show_begun(self, begun: jobs.Resumable | None) -> None:
        """What an earlier run left of this order: the button goes on from there."""
        target = self._target
        if target is None:
            return
        self.begun.show_begun(begun)
        self.make.set_glyph("chevron-right" if begun else "wand-sparkles")
        self.make.set_words(tr("Continue") if begun else tr("Make {type}", type=target.name))
        tip = tr("Make a {type} file of about {size:file}", type=target.name, size=target.bytes)
        if begun is not None:
            tip = tr(
                "Go on making the {type} file, from {percent} of this step",
                type=target.name,
                percent=percent(begun),
            )
        self.make.describe(tip, "Ctrl+Return")

    def fail(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.show()

    def _named(self) -> None:
        self._own_name = True
        self.error.hide()

    def _refresh(self) -> None:
        target = self._target
        if target is None:
            return
        lossy = target.name not in ("F32", "F16", "BF16")
        given = self._matrix is not None or self._text is not None
        self._matrix_row.setVisible(lossy and (target.needs_importance or given))
        self._twice_row.setVisible(self._source.is_quantized and lossy)
        ready = given or not target.needs_importance
        agreed = self.twice.isChecked() or not (self._source.is_quantized and lossy)
        self.make.setEnabled(ready and agreed)

    def order(self) -> jobs.Make | None:
        """What would be made now."""
        if self._target is None:
            return None
        return jobs.Make(
            source=self._source.path,
            out=self._folder / self.name.text().strip(),
            target=self._target.name,
            imatrix=self._matrix,
            text=self._text,
            requantize=self._source.is_quantized,
        )

    def _tell(self) -> None:
        """Another order: what was begun of the last one is not of this one."""
        self.show_begun(None)
        self.changed.emit(self.order())

    def _give(self) -> None:
        order = self.order()
        if order is not None:
            self.error.hide()
            self.ordered.emit(order)
