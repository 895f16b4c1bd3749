"""Activity: downloads, conversions, measurements; how far each is, and stop, pause, go on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from gui.activity.kind import KIND
from gui.desk import Desk
from gui.language import marked, tr
from gui.pulse import LiveStrip
from gui.theme.theme import current
from gui.view import View
from gui.widgets.buttons import Button
from gui.widgets.frames import CONTENT, Card, page, row
from gui.widgets.labels import label
from gui.widgets.work_card import Work
from gui.widgets.work_list import WorkList

EMPTY = marked(
    "Downloads, conversions and measurements stand here while they go on, and what came of them."
)
OVER = ("done", "stopped")


class ActivityView(View):
    """Shows the desk's works, and how the program is doing while something goes on; what is wanted
    of a work goes to them."""

    kind = KIND

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        works = self._works = desk.works
        self._live = Card()
        self._live.hide()
        self._live.box.addWidget(LiveStrip(desk.pulse, height=32))
        view, header, content = page(tr("Activity"), CONTENT)
        self.clear = Button(
            tr("Clear finished"), "trash-2", "plain", True, tr("Take them off the list")
        )
        self.clear.clicked.connect(self._clear)
        header.box.addWidget(self.clear)
        self.list = WorkList()
        self.list.paused.connect(works.pause)
        self.list.resumed.connect(works.resume)
        self.list.stopped.connect(works.stop)
        self.list.forgotten.connect(works.forget)
        self.list.chat_wanted.connect(self.chat_wanted)
        self._empty = _empty()
        content.addWidget(self._empty)
        content.addWidget(self.list)
        content.addWidget(self._live)
        content.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view)
        works.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        works = self._works.all
        self.list.show_works(works)
        self._empty.setVisible(not works)
        self.list.setVisible(bool(works))
        self._live.setVisible(any(work.state == "running" for work in works))
        self.clear.setEnabled(any(map(_is_over, works)))

    def _clear(self) -> None:
        for work in list(self._works.all):
            if _is_over(work):
                self._works.forget(work.id)


def _is_over(work: Work) -> bool:
    """Nothing is lost with it."""
    return work.state in OVER and not work.loses


def _empty() -> Card:
    card = Card()
    px = current().px
    card.box.setContentsMargins(px(16), px(40), px(16), px(40))
    card.box.addLayout(row(None, label(tr("Nothing goes on"), "section"), None))
    words = label(tr(EMPTY), "muted", wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    card.box.addWidget(words)
    return card
