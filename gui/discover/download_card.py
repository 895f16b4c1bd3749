"""One download as it stands: how far, how fast, how long still, and what can be done."""

from PySide6.QtCore import Signal

from engine.api import sizes
from gui.discover.shown import Download
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import Card, column, row
from gui.widgets.labels import ElidedLabel, label

MINUTE, HOUR = 60, 3600


class DownloadCard(Card):
    """Shows what it is told; what is wanted goes out as signals with the order's id."""

    paused = Signal(str)
    resumed = Signal(str)
    stopped = Signal(str)
    chat_wanted = Signal(str)  # path

    def __init__(self, download: Download) -> None:
        super().__init__()
        self._shown = download
        self._title = ElidedLabel(download.title, "strong")
        self._figures = ElidedLabel("", "small")
        self._bar = Bar()
        self._words = label("", "small", wrap=True)
        self.pause = Button("Pause", "pause", "plain", True, "Pause this download")
        self.resume = Button("Go on", "rotate-ccw", "plain", True, "Go on with this download")
        self.chat = Button("Chat", "message-square", "primary", True, "Chat with this model")
        self.stop = icon_button("x", "Stop this download and remove what is there of it")
        self.pause.clicked.connect(lambda: self.paused.emit(self._shown.id))
        self.resume.clicked.connect(lambda: self.resumed.emit(self._shown.id))
        self.stop.clicked.connect(lambda: self.stopped.emit(self._shown.id))
        self.chat.clicked.connect(lambda: self.chat_wanted.emit(self._shown.path))
        px = current().px
        self.box.setContentsMargins(px(16), px(12), px(16), px(12))
        head = row(self._title, self._figures, spacing=12)
        head.setStretch(0, 1)
        middle = column(head, self._bar, self._words, spacing=6)
        line = row(middle, self.pause, self.resume, self.chat, self.stop, spacing=10)
        line.setStretch(0, 1)
        self.box.addLayout(line)
        self.show_state(download)

    def show_state(self, download: Download) -> None:
        self._shown = download
        self._title.set_full(download.title)
        self._figures.set_full(figures(download))
        going = download.state in ("waiting", "running", "paused")
        self._bar.setVisible(going)
        self._bar.set_fraction(download.done / download.total if download.total else 0.0)
        self._words.setText(download.words)
        self._words.setProperty("role", "error" if download.state == "failed" else "small")
        self._words.style().polish(self._words)
        self._words.setVisible(bool(download.words))
        self.pause.setVisible(download.state in ("waiting", "running"))
        self.resume.setVisible(download.state in ("paused", "failed"))
        self.stop.setVisible(download.state != "done")
        self.chat.setVisible(download.state == "done" and bool(download.path))


def figures(download: Download) -> str:
    """ "1.31 of 2.02 GB · 18.2 MB/s · 39 s left"."""
    if download.state == "done":
        return ""
    if not download.total:
        return "Waiting" if download.state == "waiting" else ""
    parts = [f"{sizes.file(download.done)} of {sizes.file(download.total)}"]
    if download.state == "running" and download.rate > 0:
        parts.append(f"{sizes.file(int(download.rate))}/s")
    if download.state == "running" and download.seconds_left is not None:
        parts.append(time_left(download.seconds_left))
    if download.state in ("paused", "waiting"):
        parts.append(download.state)
    return " · ".join(parts)


def time_left(seconds: float) -> str:
    if seconds < 2 * MINUTE:
        return f"{max(1, round(seconds))} s left"
    if seconds < 2 * HOUR:
        return f"{round(seconds / MINUTE)} min left"
    return f"{seconds / HOUR:.0f} h left"
