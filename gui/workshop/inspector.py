"""A look inside a GGUF file: its metadata, to be searched, and its tensors with type and size."""

from collections import Counter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QStackedWidget, QWidget

from engine.api import inspect, sizes
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
        self.search = SearchField("Search", "Shows the rows that contain these words")
        self.search.textChanged.connect(self._seek)
        entries, tensors = len(contents.entries), len(contents.tensors)
        self.metadata = Grid("Metadata", metadata_table(contents), 2, {0: 320, 1: 130})
        self.tensors = Grid("Tensors", tensor_table(contents), 0, {1: 100, 2: 200, 3: 110})
        self.show_metadata = Button(f"Metadata ({entries})", "", "ghost", True)
        self.show_tensors = Button(f"Tensors ({tensors:,})", "", "ghost", True)
        self._full = QPlainTextEdit()
        self._full.setReadOnly(True)
        self._full.setAccessibleName("The whole value")
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
        self._none.setText(f"Nothing here contains “{text}”")


class _Spread(QWidget):
    """How the values of one tensor are spread."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.words = ElidedLabel("", "small")
        self.bars = Bars("How the values are spread")
        self.setLayout(column(self.words, self.bars, spacing=6))
        self.hide()

    def show_values(self, found: inspect.Histogram) -> None:
        self.name = found.name
        odd = f" · {found.odd:,} are no numbers" if found.odd else ""
        self.words.set_full(
            f"{found.name} · mean {found.mean:.4g} · standard deviation {found.deviation:.4g} · "
            f"from {found.of:,} of its values{odd}"
        )
        self.bars.show_counts(found.counts, found.low, found.high)


def _summary(contents: inspect.Contents) -> tuple[str, str]:
    weights = sizes.parameters(contents.parameters)
    parts = [
        contents.architecture or "no architecture named",
        f"{weights} weights",
        contents.type_name,
        sizes.file(contents.bytes),
        f"GGUF version {contents.version}",
        f"{contents.files} files" if contents.files > 1 else "",
        str(contents.path),
    ]
    kinds = Counter(line.type for line in contents.tensors)
    tally = ", ".join(f"{n} × {kind}" for kind, n in kinds.most_common())
    odd = contents.unlisted
    told = f" · {len(odd)} names that GGUF has not for this architecture, {odd[0]}" if odd else ""
    return " · ".join(part for part in parts if part), f"Tensors: {tally}{told}"
