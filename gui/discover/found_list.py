"""The left of Discover: what to look for, and the repositories that were found."""

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.discover.filters import Chips, FilterPanel
from gui.discover.found_paint import FoundDelegate, verdict
from gui.discover.shown import FEW, MOST, Answer, Found, Query, nothing_words, second_line
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.choices import ComboBox
from gui.widgets.flow import FlowLayout
from gui.widgets.frames import row
from gui.widgets.labels import label
from gui.widgets.lists import ROW, TELLING, Index, Lines, LineView
from gui.widgets.search_field import SearchField

PATIENCE_MS = 400  # after the last letter; then the hub is asked
WIDTH, NARROW = 340, 264
ROOMY = 900  # of the view, from which on the list has its full width
SORTS = [
    (marked("Popular"), "downloads"),
    (marked("Most likes"), "likes"),
    (marked("Newest"), "updated"),
]


class FoundModel(Lines):
    """Repositories."""

    def show(self, found: list[Found]) -> None:
        """Anew; or, where only figures have changed, in place, so that nothing jumps."""
        if [f.id for f in found] == [f.id for f in self._items]:
            self._items = found
            if found:
                self.dataChanged.emit(self.index(0), self.index(len(found) - 1))
            return
        if self._items and found[: len(self._items)] == self._items:  # more of the same
            self.beginInsertRows(QModelIndex(), len(self._items), len(found) - 1)
            self._items = found
            self.endInsertRows()
            return
        self.beginResetModel()
        self._items = found
        self.endResetModel()

    def index_of(self, repository: str) -> QModelIndex:
        for i, found in enumerate(self._items):
            if found.id == repository:
                return self.index(i)
        return QModelIndex()

    def data(self, index: Index, role: int = ROW) -> Any:
        found = self._items[index.row()]
        if role == ROW:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return found.name
        if role in TELLING:
            words = [found.id, second_line(found), verdict(found)[0], found.problem]
            return ", ".join(part for part in words if part)
        return None


class FoundList(QFrame):
    """Tells what is wanted; shows what it is given."""

    wanted = Signal(Query)
    chosen = Signal(str)  # a repository

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        px = current().px
        self._asked, self._everywhere, self._limit = Query(), False, FEW
        self.search = SearchField(
            tr("Search Hugging Face"), tr("Search models on Hugging Face (Ctrl+F)")
        )
        self.fits = self._filter(tr("Fits this machine"), tr("Only models that run here"), True)
        self.gguf = self._filter("GGUF", tr("Only models that can be opened as they are"), True)
        tip = tr("Only models of a size, family, language or licence")
        self.filter_button = Button(tr("Filters"), "list-filter", "ghost", True, tip)
        self.filter_button.setCheckable(True)
        self.filter_button.toggled.connect(self._show_filters)
        self.panel, self.chips = FilterPanel(), Chips()
        self.panel.changed.connect(self._narrow)
        self.panel.hide()
        self.chips.removed.connect(self.panel.clear)
        self.sort = ComboBox(tr("Order"), [(tr(words), key) for words, key in SORTS])
        self.sort.setProperty("small", True)
        self.sort.setToolTip(tr("What stands first: most downloads, most likes, or the newest"))
        self.sort.currentIndexChanged.connect(self._ask)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PATIENCE_MS)
        self._later.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda _text: self._later.start())
        self.search.stepped.connect(self._ask)  # Return
        self.search.returnPressed.connect(self._ask)
        self._busy = Bar(2)
        self._head = label("", "group")
        self._words = label("", "small", wrap=True)
        self._again = Button(tr("Try again"), "refresh-cw", "plain", True, on_click=self._ask_again)
        self._clear = Button(tr("Clear filters"), "x", "plain", True, on_click=self.clear_filters)
        self.everywhere = Button("", "", "plain", True, on_click=self._turn_everywhere)
        tip = tr("Ask the hub for more models that are like this")
        self.more = Button(tr("Show more"), "", "plain", True, tip, on_click=self._ask_for_more)
        self._model = FoundModel()
        self._view = LineView(tr("Models that were found"), self._model)
        self._view.paint_with(FoundDelegate(self._view))
        self._view.selectionModel().currentChanged.connect(self._choose)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(12), px(12), px(12), 0)
        box.setSpacing(px(8))
        box.addWidget(self.search)
        tools = QWidget()
        flow = FlowLayout(tools, px(6))
        for tool in (self.fits, self.gguf, self.filter_button, self.sort):
            flow.addWidget(tool)
        box.addWidget(tools)
        box.addWidget(self.panel)
        box.addWidget(self.chips)
        box.addWidget(self._busy)
        box.addWidget(self._head)
        box.addWidget(self._words)
        box.addLayout(row(self._again, self._clear, None))
        box.addWidget(self._view, 1)
        box.addWidget(self.more)
        box.addWidget(self.everywhere)
        box.addSpacing(px(12))
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)
        self.show_busy(False)
        self._again.hide()
        self._clear.hide()
        self.more.hide()
        self._name_everywhere()

    def _filter(self, words: str, tip: str, on: bool) -> Button:
        button = Button(words, "", "ghost", True, tip)
        button.setCheckable(True)
        button.setChecked(on)
        button.toggled.connect(self._ask)
        return button

    # What is wanted

    def asked(self) -> Query:
        chosen = self.panel.chosen()
        return Query(
            self.search.text().strip(),
            self.fits.isChecked(),
            self.gguf.isChecked(),
            str(self.sort.currentData()),
            chosen["size"],
            chosen["family"],
            chosen["language"],
            chosen["licence"],
            self._everywhere and not self.search.text().strip(),
            self._limit,
        )

    def _ask(self, *_changed: object) -> None:
        self._later.stop()
        if self.asked() != self._asked:
            self._limit = FEW
            self._ask_again()

    def _ask_again(self) -> None:
        self._asked = self.asked()
        self.wanted.emit(self._asked)

    def _show_filters(self, shown: bool) -> None:
        self.panel.setVisible(shown)
        self._narrow()

    def _narrow(self) -> None:
        """Something else is chosen, or is shown in another way."""
        chosen = self.panel.chosen()
        n = sum(1 for value in chosen.values() if value)
        self.filter_button.set_words(tr("Filters · {n}", n=n) if n else tr("Filters"))
        self.chips.show_chosen({} if self.panel.isVisibleTo(self) else chosen)
        self._ask()

    def clear_filters(self) -> None:
        """All that keeps models out; asked once."""
        for part in (self.fits, self.gguf, self.panel):
            part.blockSignals(True)
        for button in (self.fits, self.gguf):
            button.setChecked(False)
        self.panel.clear()
        for part in (self.fits, self.gguf, self.panel):
            part.blockSignals(False)
        self._narrow()

    def _turn_everywhere(self) -> None:
        """Between the models to begin with and all that the hub has."""
        self._everywhere = not self._everywhere
        self._name_everywhere()
        self._ask()

    def _ask_for_more(self) -> None:
        self._limit = min(2 * self._limit, MOST)
        self._ask_again()

    def _name_everywhere(self) -> None:
        words = (
            tr("Show those to begin with") if self._everywhere else tr("Search all of Hugging Face")
        )
        tip = "" if self._everywhere else tr("Ask the hub for all models that are like this")
        self.everywhere.set_words(words)
        self.everywhere.describe(tip or words)
        self.everywhere.setAccessibleName(words)

    def _choose(self, index: QModelIndex) -> None:
        found = index.data(ROW)
        if isinstance(found, Found):
            self.chosen.emit(found.id)

    # What is shown

    def show_busy(self, busy: bool) -> None:
        """The list stays as it is until the answer is there."""
        self._busy.set_fraction(None) if busy else self._busy.begin()
        keep = self._busy.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._busy.setSizePolicy(keep)
        self._busy.setVisible(busy)

    def show_answer(self, answer: Answer, chosen: str = "") -> None:
        """`chosen`: the repository whose page is shown."""
        found = list(answer.found)
        self._head.setText(tr("Good to begin with") if answer.curated else "")
        self._head.setVisible(answer.curated and bool(found))
        is_empty = not (found or answer.problem)
        words = answer.problem or (nothing_words(answer.wanted) if is_empty else "")
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._again.setVisible(bool(answer.problem))
        self._clear.setVisible(is_empty and answer.wanted.is_narrowed)
        self.everywhere.setVisible(not answer.wanted.words)
        self.more.setVisible(answer.more)
        self._model.show(found)
        index = self._model.index_of(chosen)
        if index.isValid():
            self._view.selectionModel().blockSignals(True)
            self._view.setCurrentIndex(index)
            self._view.selectionModel().blockSignals(False)
            self._view.viewport().update()

    def fit_into(self, width: int) -> None:
        """So wide is the whole view."""
        px = current().px
        self.setFixedWidth(px(WIDTH if width >= px(ROOMY) else NARROW))
