"""The manual in a window of its own, so that it can be read while one does what it says."""

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.language import speaking, tr
from gui.manual.pages import FIRST, Page, pages
from gui.prose.links import show_link
from gui.prose.rich_text import RichText
from gui.shortcuts import Keys
from gui.theme.theme import current
from gui.widgets.buttons import icon_button
from gui.widgets.dialogs import Sheet, fit
from gui.widgets.frames import column, frame, row, scroller
from gui.widgets.labels import label
from gui.widgets.roles import tell_as_panel
from gui.widgets.search_field import SearchField

WIDTH, HEIGHT, SIDE, LINES = 996, 720, 280, 640
NAME = int(Qt.ItemDataRole.UserRole)  # of the page that a line of the contents stands for


class Manual(Sheet):
    """Contents and search on the left, a page on the right; links lead from page to page."""

    def __init__(self, parent: QWidget, views: Keys) -> None:
        super().__init__(parent)
        fit(self, parent, WIDTH, HEIGHT)
        self._pages = {page.name: page for page in pages(speaking(), views)}
        self._before: list[str] = []  # that links led away from
        self.shown = ""
        self.search = SearchField(tr("Search the manual"), tr("Pages that have these words"))
        self.contents = QListWidget()
        self.contents.setProperty("role", "names")
        self.contents.setAccessibleName(tr("Contents"))
        self.contents.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.back = icon_button("chevron-left", tr("Back"), self.go_back, "Alt+Left")
        self._nothing = label(tr("No page has these words"), "small", wrap=True)
        self.text = RichText(follow=self._follow)
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.search.stepped.connect(self._step)
        self.contents.currentItemChanged.connect(lambda *_: self._show_current())
        current().follow(self, self.text.rewrite)
        self._fill()
        self.show_page(FIRST)

    def _lay_out(self) -> None:
        px = current().px
        side = frame("side")
        side.setFixedWidth(px(SIDE))
        side.setLayout(
            column(
                row(self.back, self.search, spacing=6),
                self._nothing,
                self.contents,
                spacing=8,
                margin=12,
            )
        )
        inner = QVBoxLayout()
        inner.addWidget(self.text)
        inner.addStretch(1)
        canvas = QWidget()
        canvas.setProperty("role", "canvas")
        canvas.setLayout(inner)
        inner.setContentsMargins(px(28), px(24), px(28), px(28))
        self.text.setMaximumWidth(px(LINES))
        self.view = scroller(canvas)
        tell_as_panel(self.view)
        self.view.setAccessibleName(tr("Page"))
        self.view.setProperty("role", "transcript")  # its ring
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(side)
        line.addWidget(self.view, 1)

    # What is shown

    def show_page(self, name: str) -> None:
        """Whatever is sought: a page that a link names is always there."""
        page = self._pages.get(name)
        if page is None:
            return
        if not self._line_of(name):
            self.search.clear()
        line = self._line_of(name)
        if line is not None:
            self.contents.setCurrentItem(line)
        self._show(page)

    def go_back(self) -> None:
        if self._before:
            name = self._before.pop()
            self.show_page(name)
            self._show_way_back()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.contents.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, page: Page) -> None:
        if page.name != self.shown:
            self.shown = page.name
            self.setWindowTitle(tr("{page} – Manual", page=page.title))
            self.text.set_source(page.text)
            self.text.mark("")
            self.view.verticalScrollBar().setValue(0)
        self._mark()
        self._show_way_back()

    def _show_current(self) -> None:
        item = self.contents.currentItem()
        if item is not None:
            self._show(self._pages[str(item.data(NAME))])

    def _mark(self) -> None:
        words = self.search.text().strip()
        self.text.mark(words if len(words) > 1 else "")

    def _show_way_back(self) -> None:
        self.back.setEnabled(bool(self._before))

    def _follow(self, url: QUrl) -> None:
        name = url.fileName().removesuffix(".md")
        if url.isRelative() and name in self._pages:
            self._before.append(self.shown)
            self.show_page(name)
        else:
            show_link(self, url)

    # The contents

    def _fill(self) -> None:
        words = self.search.text().strip()
        found = [page for page in self._pages.values() if page.has(words)]
        self.contents.blockSignals(True)
        self.contents.clear()
        for page in found:
            item = QListWidgetItem(page.title)
            item.setData(NAME, page.name)
            item.setSizeHint(QSize(1, current().px(32)))  # as wide as the list, never wider
            self.contents.addItem(item)
        self.contents.blockSignals(False)
        self._nothing.setVisible(not found)
        if found:
            kept = self.shown in [page.name for page in found]
            self.show_page(self.shown if kept else found[0].name)

    def _step(self, step: int) -> None:
        """Return in the search: the page after this one; with Shift, the one before."""
        n = self.contents.count()
        if n:
            self.contents.setCurrentRow((self.contents.currentRow() - step) % n)

    def _line_of(self, name: str) -> QListWidgetItem | None:
        for i in range(self.contents.count()):
            item = self.contents.item(i)
            if item.data(NAME) == name:
                return item
        return None
