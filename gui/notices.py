"""A word to whoever looks at something else when a long answer is done: the window asks for
attention, and where the desktop shows notices, one tells which chat it is."""

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from gui.chat.book import WRITING, Book
from gui.language import marked, tr
from gui.main_window import MainWindow
from gui.theme.icons import window_icon

LONG_S = 8.0  # whoever waits less for an answer has not gone away
SHOWN_MS = 10_000
DONE = marked("The answer is done")


class AnswerNotices(QObject):
    """Of all windows. `wanted`: the user has not switched it off."""

    def __init__(
        self,
        book: Book,
        windows: Callable[[], Sequence[MainWindow]],
        wanted: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._book, self._windows, self._wanted = book, windows, wanted
        self._began: dict[int, float] = {}  # chats that are being answered
        self._chat = 0  # the one that was told of last
        self._tray: QSystemTrayIcon | None = None
        book.marked.connect(self._on_marked)

    def _on_marked(self, chat_id: int, mark: str) -> None:
        if mark == WRITING:
            self._began[chat_id] = time.monotonic()
            return
        began = self._began.pop(chat_id, None)
        if began is not None and time.monotonic() - began >= LONG_S and self._is_away():
            # A window that closes ends its answers, too: it is gone by then.
            QTimer.singleShot(0, self, partial(self._tell, chat_id))

    def _is_away(self) -> bool:
        """Another program is in front, and somebody wants to hear of this one."""
        active = Qt.ApplicationState.ApplicationActive
        return self._wanted() and QGuiApplication.applicationState() != active

    def _tell(self, chat_id: int) -> None:
        window = self._window_of(chat_id)
        if window is None:  # it is being closed
            return
        self._chat = chat_id
        QApplication.alert(window)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._show(self._title_of(chat_id))

    def _show(self, title: str) -> None:
        """The icon is there as long as its notice: Chaski has no place in the tray."""
        if self._tray is None:
            self._tray = QSystemTrayIcon(window_icon(), self)
            self._tray.messageClicked.connect(self.go_there)
            self._tray.activated.connect(self.go_there)
        self._tray.show()
        self._tray.showMessage(tr(DONE), title, window_icon(), SHOWN_MS)
        QTimer.singleShot(SHOWN_MS, self._tray, self._tray.hide)

    def go_there(self, *_: object) -> None:
        """A click on the notice: the chat comes forward."""
        visible = [window for window in self._windows() if window.isVisible()]
        window = self._window_of(self._chat) or next(reversed(visible), None)
        if window is not None:
            window.come_forward()
            window.open_chat(self._chat)

    def _window_of(self, chat_id: int) -> MainWindow | None:
        there = [window for window in self._windows() if window.isVisible()]
        has = (window for window in there if window.chat.chats.has(chat_id))
        return next(has, None)

    def _title_of(self, chat_id: int) -> str:
        return next((row.title for row in self._book.rows() if row.id == chat_id), "")

    def close(self) -> None:
        if self._tray is not None:
            self._tray.hide()
