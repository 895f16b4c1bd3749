"""Deleted chats: what can still be brought back, and for how long."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.chat.book import Book, TrashedRow
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.dialogs import Sheet, fit
from gui.widgets.frames import row, scroller
from gui.widgets.labels import ElidedLabel, label

WIDE, HIGH = 520, 440
EMPTY = marked("Nothing here. Chats that you delete stay here for 30 days.")
TOLD = marked("Deleted chats stay here for 30 days; then nothing of them is left on this computer.")


class TrashSheet(Sheet):
    """Lists them, the last deleted first. What is forgotten is asked for once more."""

    def __init__(self, parent: QWidget, book: Book) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Deleted chats"))
        px = current().px
        fit(self, parent, WIDE, HIGH)
        self._book = book
        self._rows: list[TrashedRow] = []
        self._sure = False  # it was pressed once
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, px(8), 0)
        self._lines.setSpacing(0)
        view = scroller(inside)
        self._words = label(tr(EMPTY), "muted", wrap=True)
        self.empty = Button(tr("Forget all…"), "trash-2", small=True, on_click=self._forget_all)
        close = Button(tr("Close"), "", "primary", small=True, on_click=self.accept)
        close.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(24), px(20), px(24), px(20))
        box.setSpacing(px(10))
        box.addWidget(label(tr("Deleted chats"), "section"))
        box.addWidget(self._words)
        box.addWidget(view, 1)
        box.addLayout(row(self.empty, None, close))
        self.show_rows([])
        book.trash(self.show_rows)

    def show_rows(self, rows: list[TrashedRow]) -> None:
        self._rows = rows
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for each in rows:
            self._lines.addWidget(self._line(each))
        self._lines.addStretch(1)
        self._words.setText(tr(TOLD) if rows else tr(EMPTY))
        self.empty.setVisible(bool(rows))

    def _line(self, chat: TrashedRow) -> QWidget:
        px = current().px
        line = QWidget()
        title = ElidedLabel(chat.title, "strong")
        left = tr("{n:,} {n:day|days} left", n=chat.days_left)
        n_messages = tr("{n:,} {n:message|messages}", n=chat.n_messages)
        told = ElidedLabel(f"{n_messages} · {left}", "small")
        text = QVBoxLayout()
        text.setSpacing(px(2))
        text.addWidget(title)
        text.addWidget(told)
        restore = Button(tr("Restore"), "undo-2", small=True, on_click=partial(self._restore, chat))
        restore.setAccessibleName(tr("Restore {title}", title=chat.title))
        whole = row(restore)
        whole.insertLayout(0, text, 1)
        whole.setContentsMargins(0, px(6), 0, px(6))
        line.setLayout(whole)
        return line

    def _restore(self, chat: TrashedRow) -> None:
        self._book.restore(chat.id)
        self.show_rows([each for each in self._rows if each is not chat])

    def _forget_all(self) -> None:
        """The first press asks, in its own words; the second does it."""
        if not self._sure:
            self._sure = True
            words = tr("Really forget {n:,} {n:chat|chats} for good", n=len(self._rows))
            self.empty.set_words(words)
            return
        self._book.forget([chat.id for chat in self._rows])
        self.show_rows([])
