"""The user's system prompts: found by a word, read, changed, used in this chat."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gui.language import marked, tr
from gui.named import Named
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.dialogs import Sheet, fit
from gui.widgets.frames import column, row
from gui.widgets.labels import label

WIDTH, HEIGHT, SIDE = 720, 460, 230
NEW = marked("New prompt")


class PromptLibrary(Sheet):
    """Every change is kept at once; what is deleted can be brought back by who hears of it."""

    used = Signal(str)
    deleted = Signal(str, str)  # name, text

    def __init__(self, parent: QWidget, prompts: Named[str], now: str) -> None:
        """`now`: the system prompt of the chat, which a new one begins with."""
        super().__init__(parent)
        self._prompts, self._now = prompts, now
        self.setWindowTitle(tr("System prompts"))
        fit(self, parent, WIDTH, HEIGHT)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search prompts"))
        self.search.setAccessibleName(tr("Search prompts"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("System prompts"))
        self.list.setProperty("role", "names")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name"))
        self.name.setPlaceholderText(tr("Name"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Text of the prompt"))
        self.text.setPlaceholderText(tr("What the model reads before the conversation"))
        self.text.setTabChangesFocus(True)
        self.none = label(
            tr("Nothing here yet. Add one: it starts with this chat's prompt."), "muted"
        )
        self.none.setWordWrap(True)
        self._buttons()
        self._lay_out()
        self.search.textChanged.connect(lambda: self._fill(self.chosen))
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.list.itemDoubleClicked.connect(lambda *_: self._act_use())
        self.name.editingFinished.connect(self._rename)
        self.text.textChanged.connect(self._keep_text)
        self._fill(next((name for name, text in prompts.all.items() if text == now), ""))

    def _buttons(self) -> None:
        self.add = Button(
            tr("New"), "plus", "plain", True, tr("Add a prompt"), on_click=self._act_new
        )
        self.delete = Button(tr("Delete"), "trash-2", "ghost", True, on_click=self._act_delete)
        self.use = Button(tr("Use in this chat"), "", "primary", True, on_click=self._act_use)
        self.use.setDefault(True)
        self.close_button = Button(tr("Close"), "", "plain", True, on_click=self.reject)

    def _lay_out(self) -> None:
        px = current().px
        side = QWidget()
        side.setFixedWidth(px(SIDE))
        side.setLayout(column(self.search, self.list, self.add, spacing=8))
        page = QWidget()
        page.setLayout(column(self.name, self.text, self.none, spacing=8))
        middle = QHBoxLayout()
        middle.setSpacing(px(14))
        middle.addWidget(side)
        middle.addWidget(page, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(20), px(16), px(20), px(16))
        box.setSpacing(px(12))
        box.addLayout(middle, 1)
        box.addLayout(row(self.delete, None, self.close_button, self.use))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return after a name goes on to the text; elsewhere the prompt is used."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and self.focusWidget() is self.name:
            self.text.setFocus()
        else:
            super().keyPressEvent(event)

    @property
    def chosen(self) -> str:
        item = self.list.currentItem()
        return item.text() if item is not None else ""

    def _fill(self, chosen: str) -> None:
        """Those in whose name or text all the words stand."""
        words = self.search.text().casefold().split()
        self.list.blockSignals(True)
        self.list.clear()
        for name, text in sorted(self._prompts.all.items(), key=lambda each: each[0].casefold()):
            whole = f"{name}\n{text}".casefold()
            if all(word in whole for word in words):
                self.list.addItem(name)
        found = self.list.findItems(chosen, Qt.MatchFlag.MatchExactly)
        self.list.setCurrentItem(found[0] if found else self.list.item(0))
        self.list.blockSignals(False)
        self._show()

    def _show(self) -> None:
        name = self.chosen
        self.name.setText(name)
        self.text.blockSignals(True)
        self.text.setPlainText(self._prompts.all.get(name, ""))
        self.text.blockSignals(False)
        for part in (self.name, self.text, self.delete, self.use):
            part.setEnabled(bool(name))
        self.none.setVisible(not self._prompts.all)

    def _rename(self) -> None:
        old = self.chosen
        if old:
            new = self._prompts.rename(old, self.name.text())
            self.name.setText(new)
            if new != old:
                self._fill(new)

    def _keep_text(self) -> None:
        if self.chosen:
            self._prompts.put(self.chosen, self.text.toPlainText())

    def _act_new(self) -> None:
        known = self._now in self._prompts.all.values()
        name = self._prompts.put(self._prompts.free_name(tr(NEW)), "" if known else self._now)
        self.search.clear()
        self._fill(name)
        self.name.selectAll()
        self.name.setFocus()

    def _act_delete(self) -> None:
        name = self.chosen
        text = self._prompts.take(name)
        if text is not None:
            self.deleted.emit(name, text)
            self._fill("")

    def _act_use(self) -> None:
        text = self._prompts.all.get(self.chosen)
        if text is not None:
            self.accept()
            self.used.emit(text.strip())
