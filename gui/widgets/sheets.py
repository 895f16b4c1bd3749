"""A view that lies over another until one goes back: a header with an arrow and a name, a body."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import icon_button
from gui.widgets.frames import Header, frame
from gui.widgets.labels import ElidedLabel


def fill_sheet(sheet: QWidget, title: str, back: Callable[[], object]) -> QVBoxLayout:
    """Lays the sheet out; returns the column of its body."""
    px = current().px
    header = Header()
    header.box.insertWidget(0, icon_button("chevron-left", tr("Back"), back, "Alt+Left"))
    header.box.insertWidget(1, ElidedLabel(title, "title"), 1)
    body = QVBoxLayout()
    body.setContentsMargins(px(24), px(16), px(24), px(20))
    body.setSpacing(px(10))
    view = frame("page")
    inner = QVBoxLayout(view)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.setSpacing(0)
    inner.addWidget(header)
    inner.addLayout(body, 1)
    outer = QVBoxLayout(sheet)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(view)
    return body
