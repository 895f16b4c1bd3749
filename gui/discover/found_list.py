"""The left of Discover: what to look for, and the repositories that were found."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from gui.discover.found_paint import ROW, FoundDelegate, verdict
from gui.discover.shown import Answer, Found, Wanted, second_line
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.choices import Choice
from gui.widgets.flow import FlowLayout
from gui.widgets.frames import row
from gui.widgets.labels import label
from gui.widgets.search_field import SearchField

Index = QModelIndex | QPersistentModelIndex
PATIENCE_MS = 400  # after the last letter; then the hub is asked
WIDTH, NARROW = 340, 264
ROOMY = 900  # of the view, from which on the list has its full width
SORTS = [("Downloads", "downloads"), ("Likes", "likes"), ("Newest", "updated")]
TELLING = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


class FoundModel(QAbstractListModel):
    """Repositories; the role ROW gives one."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Found] = []

    def show(self, found: list[Found]) -> None:
        """Anew; or, where only figures have changed, in place, so that nothing jumps."""
        if [f.id for f in found] == [f.id for f in self._found]:
            self._found = found
            if found:
                self.dataChanged.emit(self.index(0), self.index(len(found) - 1))
            return
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def index_of(self, repository: str) -> QModelIndex:
        for i, found in enumerate(self._found):
            if found.id == repository:
                return self.index(i)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = ROW) -> Any:
        found = self._found[index.row()]
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

    wanted = Signal(Wanted)
    chosen = Signal(str)  # a repository

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        px = current().px
        self._asked = Wanted()
        self.search = SearchField("Search Hugging Face", "Search models on Hugging Face (Ctrl+F)")
        self.fits = self._filter("Fits this machine", "Only models that run here", True)
        self.gguf = self._filter("GGUF", "Only models that can be opened as they are", True)
        self.sort = Choice("Order", list(SORTS))
        self.sort.setProperty("small", True)
        self.sort.currentIndexChanged.connect(self._ask)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PATIENCE_MS)
        self._later.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda _text: self._later.start())
        self.search.returnPressed.connect(self._ask)
        self._busy = Bar(2)
        self._head = label("", "group")
        self._words = label("", "small", wrap=True)
        self._again = Button("Try again", "refresh-cw", "plain", True, on_click=self._ask_again)
        self._model, self._view = FoundModel(), QListView()
        self._set_up_view()
        box = QVBoxLayout(self)
        box.setContentsMargins(px(12), px(12), px(12), 0)
        box.setSpacing(px(8))
        box.addWidget(self.search)
        tools = QWidget()
        flow = FlowLayout(tools, px(6))
        for tool in (self.fits, self.gguf, self.sort):
            flow.addWidget(tool)
        box.addWidget(tools)
        box.addWidget(self._busy)
        box.addWidget(self._head)
        box.addWidget(self._words)
        box.addLayout(row(self._again, None))
        box.addWidget(self._view, 1)
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)
        self.show_busy(False)
        self._again.hide()

    def _filter(self, words: str, tip: str, on: bool) -> Button:
        button = Button(words, "", "ghost", True, tip)
        button.setCheckable(True)
        button.setChecked(on)
        button.toggled.connect(self._ask)
        return button

    def _set_up_view(self) -> None:
        view = self._view
        view.setModel(self._model)
        view.setItemDelegate(FoundDelegate(view))
        view.setAccessibleName("Models that were found")
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.selectionModel().currentChanged.connect(self._choose)

    # What is wanted

    def asked(self) -> Wanted:
        return Wanted(
            self.search.text().strip(),
            self.fits.isChecked(),
            self.gguf.isChecked(),
            str(self.sort.currentData()),
        )

    def _ask(self, *_changed: object) -> None:
        self._later.stop()
        if self.asked() != self._asked:
            self._ask_again()

    def _ask_again(self) -> None:
        self._asked = self.asked()
        self.wanted.emit(self._asked)

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
        self._head.setText("Good to begin with" if answer.curated else "")
        self._head.setVisible(answer.curated and bool(found))
        words = answer.problem or ("" if found else "Nothing was found with these words")
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._again.setVisible(bool(answer.problem))
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
