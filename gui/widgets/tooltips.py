"""Tooltips in lines that can be read (Qt breaks only rich text), with round corners.

They are plain: names and words in them are often those of a file or a hub, which must not become
markup, and so fetch a picture from somewhere.
"""

import html
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtGui import Qt as QtOfGui
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWidget

from gui.theme.theme import current

LETTERS = 52  # a line
HEEDED = frozenset({QEvent.Type.Polish, QEvent.Type.ToolTip})


@runtime_checkable
class Explained(Protocol):
    """A widget with a tip for each of the parts that it paints."""

    def tip_under(self, spot: QPoint) -> str: ...


class Tooltips(QObject):
    """Stands between the application and its widgets, dresses tips and breaks the long ones. Each
    event of the program comes by here, so where hundreds are sure to be others, it stands aside.

    It does so, too, until the first window is up (`begin`): PySide makes an object for whatever has
    an event, and for a kind that is Qt's own secret it looks through all kinds there are.
    """

    standing: ClassVar["list[Tooltips]"] = []

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app: QApplication | None = app
        self._aside, self._begun = 1, False  # how many want it to stand aside
        self.standing.append(self)
        current().begins.connect(self._dressing_begins)
        current().changed.connect(self._dressing_ends)
        self._dressing = False

    def begin(self) -> None:
        if not self._begun:
            self._begun = True
            self.stand_between()

    def stand_aside(self) -> None:
        self._aside += 1
        if self._app is not None:
            self._app.removeEventFilter(self)

    def stand_between(self) -> None:
        self._aside -= 1
        if self._app is not None and not self._aside:
            self._app.installEventFilter(self)

    def _dressing_begins(self) -> None:
        if not self._dressing:
            self._dressing = True
            self.stand_aside()

    def _dressing_ends(self) -> None:
        if self._dressing:
            self._dressing = False
            self.stand_between()

    def close(self) -> None:
        """Stand aside: an application that goes on must not carry the filters of what is gone."""
        if self._app is not None:
            self._app.removeEventFilter(self)
            self._app = None
            self.standing.remove(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()  # once: every event of the program comes by here
        if kind not in HEEDED:
            return False
        if kind == QEvent.Type.Polish:
            if watched.inherits("QTipLabel"):
                # Before its window is made, which cannot become transparent later.
                watched.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # type: ignore[attr-defined]
            return False
        if not isinstance(event, QHelpEvent):
            return False
        if not isinstance(watched, QWidget):
            return False
        tip = watched.toolTip() or _tip_under(watched, event.pos())
        shown = plain(tip)
        if shown == watched.toolTip():
            return False
        QToolTip.showText(event.globalPos(), shown, watched)
        return True


@contextmanager
def no_tips() -> Iterator[None]:
    """While many widgets are made and laid out, which takes a fifth less so."""
    asked = list(Tooltips.standing)
    for tips in asked:
        tips.stand_aside()
    try:
        yield
    finally:
        for tips in asked:
            tips.stand_between()


def _tip_under(watched: QWidget, spot: QPoint) -> str:
    """What the line of a list or table has to say, or the part of a widget that paints many."""
    if isinstance(watched, Explained):
        return watched.tip_under(spot)
    view = watched.parent()
    if not isinstance(view, QAbstractItemView) or view.viewport() is not watched:
        return ""
    return str(view.indexAt(spot).data(Qt.ItemDataRole.ToolTipRole) or "")


def plain(tip: str) -> str:
    """In lines, and shown letter by letter whatever it looks like."""
    tip = wrapped(tip) if len(tip) > LETTERS else tip
    if not QtOfGui.mightBeRichText(tip):
        return tip
    return f'<p style="white-space: pre">{html.escape(tip)}</p>'


def wrapped(tip: str) -> str:
    """The tip with its own line breaks and those that its length needs."""
    lines = (textwrap.wrap(line, LETTERS) or [""] for line in tip.splitlines())
    return "\n".join("\n".join(line) for line in lines)
