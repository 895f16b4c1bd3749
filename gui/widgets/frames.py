"""Frames by role (card, header, side) and the empty view that says what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from gui.theme.theme import current
from gui.widgets.labels import Pill, label


def frame(role: str) -> QFrame:
    result = QFrame()
    result.setProperty("role", role)
    return result


def row(*parts: QWidget | QLayout | int | None, spacing: int = 8, margin: int = 0) -> QHBoxLayout:
    """A horizontal layout: widgets and layouts in order, an int is a gap, None takes the room."""
    box = QHBoxLayout()
    _fill(box, parts, spacing, margin)
    return box


def column(
    *parts: QWidget | QLayout | int | None, spacing: int = 8, margin: int = 0
) -> QVBoxLayout:
    """A vertical layout, in the manner of `row`."""
    box = QVBoxLayout()
    _fill(box, parts, spacing, margin)
    return box


def _fill(
    box: QHBoxLayout | QVBoxLayout,
    parts: tuple[QWidget | QLayout | int | None, ...],
    spacing: int,
    margin: int,
) -> None:
    px = current().px
    box.setSpacing(px(spacing) if spacing else 0)
    edge = px(margin) if margin else 0
    box.setContentsMargins(edge, edge, edge, edge)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(px(part))
        elif isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)


def cell(part: QWidget, width: int) -> QWidget:
    """Columns of a list line up because every cell has the width of its column."""
    holder = QWidget()
    holder.setFixedWidth(current().px(width))
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    # A pill keeps its own width; anything else fills its column.
    flags = Qt.AlignmentFlag.AlignLeft if isinstance(part, Pill) else Qt.AlignmentFlag(0)
    line.addWidget(part, 0, flags)
    return holder


class Card(QFrame):
    """A bordered surface with rounded corners and a column for its content."""

    def __init__(self, title: str = "", role: str = "card") -> None:
        super().__init__()
        self.setProperty("role", role)
        px = current().px
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(px(16), px(16), px(16), px(16))
        self.box.setSpacing(px(8))
        if title:
            self.box.addWidget(label(title, "section"))


class Header(QFrame):
    """The 56 px strip over a view: a title or tools on the left, actions on the right."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.setProperty("role", "header")
        self.box = QHBoxLayout(self)
        if title:
            self.box.addWidget(label(title, "title"))
        self.box.addStretch(1)
        self._measure()
        current().follow(self, self._measure)

    def _measure(self) -> None:
        px = current().px
        self.setFixedHeight(px(56))
        self.box.setContentsMargins(px(16), 0, px(16), 0)
        self.box.setSpacing(px(10))


CONTENT = 880  # the width of a view's content, in a window that is wider


class _Column(QWidget):
    """In the middle of a page, at most so wide at the usual text size."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        current().follow(self, self._measure)
        self._measure()

    def _measure(self) -> None:
        self.setMaximumWidth(current().px(self._width))


def page(title: str, width: int = 0) -> tuple[QWidget, Header, QVBoxLayout]:
    """A view with a header and a scrolling column, at most so wide (0: as wide as there is room);
    returns view, header and the column."""
    view = frame("page")
    header = Header(title)
    canvas = QWidget()
    canvas.setProperty("role", "canvas")
    px = current().px
    inside = _Column(width) if width else canvas
    content = QVBoxLayout(inside)
    content.setSpacing(px(16))
    around = QHBoxLayout(canvas) if width else content
    around.setContentsMargins(px(24), px(20), px(24), px(24))
    if width:
        content.setContentsMargins(0, 0, 0, 0)
        around.addWidget(inside)
    outer = QVBoxLayout(view)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    outer.addWidget(header)
    outer.addWidget(scroller(canvas), 1)
    return view, header, content


def scroller(canvas: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(canvas)
    return area
