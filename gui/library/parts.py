"""How the view of models is laid out: the strip over it, and the list with its tools."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.language import marked, tr
from gui.library.model_list import ModelList, ModelRows
from gui.library.model_paint import Heads
from gui.library.shown import SORTS, UNUSED_MONTHS, Wish
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.choices import ComboBox
from gui.widgets.flow import FlowLayout
from gui.widgets.frames import Card, Header, row
from gui.widgets.labels import label
from gui.widgets.search_field import SearchField

EMPTY = marked(
    "Get one that runs well here, or add a GGUF file from your disk. It stays where it is."
)
Act = Callable[[], object]


class Top(Header):
    """How many models there are, and what concerns all of them."""

    def __init__(self, show_twins: Act, add_file: Act, show_more: Act) -> None:
        super().__init__(tr("Models"))
        self._is_empty = self._has_details = False
        self.count = label("", "small")
        self.box.insertWidget(1, self.count)
        tip = tr("Models that take room more than once")
        self.twins = Button(tr("Duplicates"), "copy", "plain", True, tip, "", show_twins)
        tip = tr("Add a model file")
        self.add = Button(tr("Add a file"), "plus", "primary", True, tip, "Ctrl+Shift+O", add_file)
        self.more = icon_button("ellipsis", tr("More about the list"), show_more)
        for part in (self.twins, self.add, self.more):
            self.box.addWidget(part)

    def show_for(self, own: int, *, has_any: bool, is_empty: bool) -> None:
        self.count.setText(tr("{n:,} {n:model|models}", n=own) if own else "")
        self._is_empty = is_empty
        self.make_way(self._has_details)
        self.twins.setVisible(has_any)

    def make_way(self, has_details: bool) -> None:
        """One action in a view is filled: where there is nothing, the list offers it, and beside
        the details of a model it is theirs."""
        self._has_details = has_details
        self.add.set_kind("plain" if self._is_empty or has_details else "primary")


class ListSide(QWidget):
    """The list, what it is narrowed by, and what stands in its place while it is empty."""

    def __init__(self, rows: ModelRows, get_one: Act, add_file: Act) -> None:
        super().__init__()
        px = current().px
        self.search = SearchField(
            tr("Search models"), tr("Name, tag, type, family or folder (Ctrl+F)")
        )
        self.search.setFixedWidth(px(280))
        self.search.setProperty("small", True)
        self.sort = ComboBox(tr("Order"), [(tr(words), key) for words, key in SORTS])
        self.sort.setProperty("small", True)
        self.unused = Button(tr("Not used for {n} months", n=UNUSED_MONTHS), "", "ghost", True)
        self.unused.setCheckable(True)
        self.tools = QWidget()
        flow = FlowLayout(self.tools, px(8))
        for tool in (self.search, self.sort, self.unused):
            flow.addWidget(tool)
        self.told = label("", "small")
        self.empty = _empty(get_one, add_file)
        self.heads, self.list = Heads(), ModelList(rows)
        for table in (self.heads, self.list):  # columns of figures are read from the left
            table.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(16), px(12), px(8), 0)
        box.setSpacing(px(6))
        for part in (self.tools, self.told, self.empty, self.heads):
            box.addWidget(part)
        box.addWidget(self.list, 1)

    def wish(self) -> Wish:
        """What somebody wants to see."""
        return Wish(self.search.text(), str(self.sort.currentData()), self.unused.isChecked())

    def show_for(self, *, has_any: bool, is_empty: bool) -> None:
        self.empty.setVisible(is_empty)
        self.tools.setVisible(has_any)
        self.heads.setVisible(self.list.rows.rowCount() > 0)

    def align(self) -> None:
        """The heads stand over the columns, whether there is a bar beside them or not."""
        self.heads.show_for(self.list.viewport().width(), str(self.sort.currentData()))

    def say(self, words: str) -> None:
        self.told.setText(words)
        self.told.setVisible(bool(words))


def _empty(get_one: Act, add_file: Act) -> QWidget:
    """As far from the right edge as from the left, where the list has its bar."""
    card, px = Card(), current().px
    card.box.setContentsMargins(0, px(28), 0, px(28))
    tip = tr("To the models that run well here")
    get = Button(tr("Get a model"), "search", "primary", tip=tip, on_click=get_one)
    tip = tr("Choose a model file")
    add = Button(tr("Add a file"), "folder-open", tip=tip, on_click=add_file)
    words = label(tr(EMPTY), "muted", wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    card.box.addLayout(row(None, label(tr("No models yet"), "section"), None))
    card.box.addWidget(words)
    card.box.addSpacing(px(6))
    card.box.addLayout(row(None, get, add, None))
    held = QWidget()
    held.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    line = QHBoxLayout(held)
    line.setContentsMargins(0, 0, px(8), 0)
    line.addWidget(card)
    return held
