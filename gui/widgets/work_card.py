"""One piece of work that goes on by itself: how far, how fast, how long still, what can be done."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button, icon_button
from gui.widgets.confirm import Confirm
from gui.widgets.frames import Card, column, row
from gui.widgets.labels import ElidedLabel, label

GOING = ("waiting", "running", "paused")
NARROW = 520
STANDING = {
    "paused": marked("paused"),
    "waiting": marked("waiting"),
    "stopped": marked("stopped"),
}


@dataclass(frozen=True)
class Work:
    """What is shown. `state` is waiting, running, paused, stopped, failed or done."""

    id: int
    title: str
    state: str
    share: float | None = None  # 0 to 1; None: its end is not known
    figures: str = ""  # "1.31 GB of 2.02 GB · 18.2 MB/s"
    words: str = ""  # the stage, or what went wrong
    left: str = ""  # "39 s left"
    can_pause: bool = False
    can_resume: bool = False
    can_stop: bool = True
    path: str = ""  # of a model that came of it
    loses: str = ""  # a sentence: what is deleted when it is taken off the list


class WorkCard(Card):
    """Shows what it is told; what is wanted goes out as signals with the work's id."""

    paused = Signal(int)
    resumed = Signal(int)
    stopped = Signal(int)
    forgotten = Signal(int)
    chat_wanted = Signal(str)  # path

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.shown = work
        self._title = ElidedLabel(work.title, "strong")
        self._figures = ElidedLabel("", "small")
        self._below = ElidedLabel("", "small")  # the same, where there is little room
        self._bar = Bar()
        self._words = label("", "small", wrap=True)
        self._make_buttons()
        px = current().px
        self.box.setContentsMargins(px(16), px(12), px(16), px(12))
        head = row(self._title, self._figures, spacing=12)
        head.setStretch(0, 1)
        middle = column(head, self._bar, self._below, self._words, spacing=6)
        line = row(middle, *self._buttons, spacing=10)
        line.setStretch(0, 1)
        self.box.addLayout(line)
        self.show_work(work)

    def _make_buttons(self) -> None:
        self.pause = Button(tr("Pause"), "pause", "plain", True, tr("Pause; it can go on later"))
        self.resume = Button(
            tr("Go on"), "rotate-ccw", "plain", True, tr("Go on from what is there")
        )
        self.chat = Button(tr("Chat"), "message-square", "plain", True, tr("Chat with this model"))
        self.stop = icon_button("x", tr("Stop this"))
        self.forget = icon_button("x", tr("Take this off the list"))
        for button, signal in (
            (self.pause, self.paused),
            (self.resume, self.resumed),
        ):
            button.clicked.connect(lambda _=False, s=signal: s.emit(self.shown.id))
        self.stop.clicked.connect(self._end)
        self.forget.clicked.connect(self._end)
        self.chat.clicked.connect(lambda: self.chat_wanted.emit(self.shown.path))
        self._buttons = (self.pause, self.resume, self.chat, self.stop, self.forget)

    def show_work(self, work: Work) -> None:
        self.shown = work
        self._title.set_full(work.title)
        self._figures.set_full(_figures(work))
        self._below.set_full(_figures(work))
        self._make_room()
        self._bar.setVisible(work.state in GOING)
        still = work.share is None and work.state != "running"
        self._bar.set_fraction(0.0 if still else work.share)
        self._words.setText(work.words)
        self._words.setProperty("role", "error" if work.state == "failed" else "small")
        self._words.style().polish(self._words)
        self._words.setVisible(bool(work.words))
        over = work.state not in ("waiting", "running")
        self.pause.setVisible(not over and work.can_pause)
        self.resume.setVisible(over and work.can_resume)
        self.stop.setVisible(not over and work.can_stop)
        self.stop.describe(tr("Give this up") if work.loses else tr("Stop this"))
        self.forget.describe(tr("Give this up") if work.loses else tr("Take this off the list"))
        self.forget.setVisible(over)
        self.chat.setVisible(work.state == "done" and bool(work.path))

    def _end(self) -> None:
        """Stop it, or take what has ended off the list. Where something is lost with it, it is
        given up as a whole, and only when that is meant."""
        work = self.shown
        if work.loses:
            title, give_up = (
                tr("Give up {title}?", title=work.title),
                lambda: self.forgotten.emit(work.id),
            )
            Confirm(self.window(), title, work.loses, tr("Give up"), give_up).open()
        elif work.state in ("waiting", "running"):
            self.stopped.emit(work.id)
        else:
            self.forgotten.emit(work.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """The name matters more than the figures: these go under it."""
        narrow, some = self.width() < current().px(NARROW), bool(self._figures.full())
        self._figures.setVisible(some and not narrow)
        self._below.setVisible(some and narrow)


def _figures(work: Work) -> str:
    parts = [work.figures]
    if work.state == "running":
        parts.append(work.left)
    if work.state in STANDING:
        parts.append(tr(STANDING[work.state]))
    return " · ".join(part for part in parts if part)
