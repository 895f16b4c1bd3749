"""Discover: the list on the left, the model on the right. Asks nothing by itself."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.discover.found_list import FoundList
from gui.discover.model_page import ModelPage
from gui.theme.theme import current


class DiscoverView(QWidget):
    """Puts both together."""

    chat_wanted = Signal(str)  # path

    def __init__(self) -> None:
        super().__init__()
        self.list = FoundList()
        self.page = ModelPage()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.list)
        line.addWidget(self.page, 1)
        self.setFocusProxy(self.list.search)
        current().changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.list.fit_into(self.width())
