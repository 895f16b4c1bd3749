"""Privacy: every connection that the program can make, when, and what the other side learns."""

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.api import discover
from gui.desk import Desk
from gui.language import marked, said, tr
from gui.settings.network_parts import settings_of
from gui.settings.rows import CONTROL
from gui.theme.theme import current
from gui.widgets.frames import Card, frame
from gui.widgets.labels import label

FIRST = marked(
    "What you write, and what a model answers, never leaves this computer. These are all the "
    "connections there are, beside the address that each one shows:"
)
NOTHING = marked("There are no connections at all, as they are switched off.")
LAST = marked(
    "Your system looks up the names of these hosts, as for every program. Nothing is sent of how "
    "you use Chaski. A link that you click opens in your browser."
)


class PrivacyCard(Card):
    """Every connection that the program can make."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Privacy"))
        self._desk = desk
        self._list = QWidget()
        self.box.addWidget(label(tr(FIRST), "small", wrap=True))
        self.box.addWidget(self._list)
        self.show_for(settings_of(desk)[0])

    def show_for(self, settings: "discover.NetworkSettings") -> None:
        self._told = discover.connections(settings)
        fresh = QWidget()
        box = QVBoxLayout(fresh)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current().px(8))
        if not self._told:
            box.addWidget(label(tr(NOTHING), "small", wrap=True))
        for when, there in groupby(self._told, lambda connection: connection.when):
            box.addWidget(frame("rule"))
            learned = [
                tr("{host} learns {what}", host=said(c.to), what=said(c.told)) for c in there
            ]
            box.addLayout(_told_row(said(when), learned))
        if self._told:
            box.addWidget(frame("rule"))
            box.addWidget(label(tr(LAST), "small", wrap=True))
        self.box.replaceWidget(self._list, fresh)
        self._list.hide()
        self._list.deleteLater()
        self._list = fresh

    def words(self) -> str:
        """All that it says."""
        return "\n".join(part.text() for part in self.findChildren(QLabel) if not part.isHidden())


def _told_row(when: str, told: list[str]) -> QHBoxLayout:
    name = label(tr("When {deed}", deed=when), "smallText", wrap=True)
    name.setFixedWidth(current().px(CONTROL))
    line = QHBoxLayout()
    line.setSpacing(current().px(16))
    line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(label("\n".join(told), "small", wrap=True), 1, Qt.AlignmentFlag.AlignTop)
    return line
