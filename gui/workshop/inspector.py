"""A look inside a GGUF file: its metadata, to be searched, and its tensors with type and size."""

from collections import Counter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QStackedWidget, QWidget

from engine.api import inspect, sizes
from gui.language import figures, marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import column, row
from gui.widgets.histogram import Bars
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.search_field import SearchField
from gui.widgets.sheets import fill_sheet
from gui.workshop.inspector_tables import Grid, metadata_table, tensor_table


class Inspector(QWidget):
    """Shows one file's Contents; goes away with `closed`."""

    closed = Signal()
    tensor_wanted = Signal(str)  # its name: how its values are spread is to be shown

    def __init__(self, contents: inspect.Contents) -> None:
        super().__init__()
        self._contents = contents
        self.search = SearchField(tr("Search"), tr("Shows the rows that contain these words"))
        self.search.textChanged.connect(self._seek)
        entries, tensors = len(contents.entries), len(contents.tensors)
        self.metadata = Grid(tr("Metadata"), metadata_table(contents), 2, {0: 320, 1: 130})
        self.tensors = Grid(tr("Tensors"), tensor_table(contents), 0, {1: 100, 2: 200, 3: 110})
        self.show_metadata = Button(tr("Metadata ({n})", n=entries), "", "ghost", True)
        self.show_tensors = Button(tr("Tensors ({n:,})", n=tensors), "", "ghost", True)
        self._full = QPlainTextEdit()
        self._full.setReadOnly(True)
        self._full.setAccessibleName(tr("The whole value"))
        self._full.setFixedHeight(current().px(150))
        self._full.hide()
        self.metadata.selectionModel().currentChanged.connect(lambda *_: self._show_value())
        self.spread = _Spread()
        self.tensors.selectionModel().currentChanged.connect(lambda *_: self._ask_values())
        self._lay_out()

    def _lay_out(self) -> None:
        body = fill_sheet(self, self._contents.name, self.closed.emit)
        tabs = QButtonGroup(self)
        self._stack = QStackedWidget()
        pairs = ((self.show_metadata, self.metadata), (self.show_tensors, self.tensors))
        for button, table in pairs:
            button.setCheckable(True)
            tabs.addButton(button)
            self._stack.addWidget(table)
            button.clicked.connect(lambda _=False, t=table: self._show_table(t))
        self.show_metadata.setChecked(True)
        self.search.setFixedWidth(current().px(260))
        tools = row(self.show_metadata, self.show_tensors, None, self.search)
        for words in _summary(self._contents):
            body.addWidget(ElidedLabel(words, "muted"))
        body.addLayout(tools)
        body.addWidget(self._stack, 1)
        body.addWidget(self._full)
        body.addWidget(self.spread)
        self._none = label("", "muted")
        self._none.hide()
        body.addWidget(self._none)

    def _show_table(self, table: Grid) -> None:
        self._stack.setCurrentWidget(table)
        self._show_value()
        self.spread.setVisible(table is self.tensors and bool(self.spread.name))
        self._seek()

    def _show_value(self) -> None:
        """The whole of what a row can only show in part."""
        shown = self._stack.currentWidget() is self.metadata
        row_number = self.metadata.chosen_row()
        entry = self._contents.entries[row_number] if row_number >= 0 else None
        self._full.setVisible(shown and entry is not None and entry.full != entry.text)
        self._full.setPlainText(entry.full if entry is not None else "")

    def _ask_values(self) -> None:
        number = self.tensors.chosen_row()
        if number >= 0:
            self.tensor_wanted.emit(self._contents.tensors[number].name)

    def show_spread(self, found: inspect.Histogram) -> None:
        """The answer to tensor_wanted; one that is chosen no more is not shown."""
        number = self.tensors.chosen_row()
        if number >= 0 and self._contents.tensors[number].name == found.name:
            self.spread.show_values(found)
            self.spread.setVisible(self._stack.currentWidget() is self.tensors)

    def _seek(self) -> None:
        text = self.search.text().strip()
        for table in (self.metadata, self.tensors):
            table.seek(text)
        here = self.metadata if self._stack.currentWidget() is self.metadata else self.tensors
        found = here.sieve.rowCount()
        self._none.setVisible(not found)
        self._none.setText(tr("Nothing here contains “{text}”", text=text))


class _Spread(QWidget):
    """How the values of one tensor are spread."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.words = ElidedLabel("", "small")
        self.bars = Bars(tr("How the values are spread"))
        self.setLayout(column(self.words, self.bars, spacing=6))
        self.hide()

    def show_values(self, found: inspect.Histogram) -> None:
        self.name = found.name
        parts = [
            found.name,
            tr("mean {value:.4g}", value=found.mean),
            tr("standard deviation {value:.4g}", value=found.deviation),
            tr("from {n:,} of its values", n=found.of),
        ]
        if found.odd:
            parts.append(tr("{n:,} are no numbers", n=found.odd))
        self.words.set_full(" · ".join(parts))
        self.bars.show_counts(found.counts, found.low, found.high)


def _summary(contents: inspect.Contents) -> tuple[str, str]:
    weights = figures(sizes.parameters(contents.parameters))
    parts = [
        contents.architecture or tr("no architecture named"),
        tr("{weights} weights", weights=weights),
        contents.type_name,
        figures(sizes.file(contents.bytes)),
        tr("GGUF version {n}", n=contents.version),
        tr("{n} files", n=contents.files) if contents.files > 1 else "",
        str(contents.path),
    ]
    kinds = Counter(line.type for line in contents.tensors)
    tally = ", ".join(f"{n} × {kind}" for kind, n in kinds.most_common())
    odd = contents.unlisted
    told = [tr("Tensors: {types}", types=tally)]
    if odd:
        words = marked("{n} names that GGUF has not for this architecture, {first}")
        told.append(tr(words, n=len(odd), first=odd[0]))
    return " · ".join(part for part in parts if part), " · ".join(told)
