"""What a view of the window is: a class of a kind (kind.py), and what it wants of the window.

A view is added by its class, its kind and the kind's place in `VIEWS` (main_window.py): rail,
shortcut, the list of keys, its making, focus, dropped files and the end of its work follow from
there.
"""

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QScrollArea, QWidget

from gui.desk import Desk
from gui.kind import Kind
from gui.language import marked, tr
from gui.widgets.tab_order import stops

PAGES = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class View(QWidget):
    """Made when it is first wanted; the views of a window do not know each other."""

    kind: ClassVar[Kind]
    is_worn_in_parts: ClassVar[bool] = False  # it sees to the look of its parts one by one
    drop_words: ClassVar[str] = marked("Drop the model file to open it")

    chat_wanted = Signal(str)  # path of a model
    file_wanted = Signal()  # somebody has to choose one
    view_wanted = Signal(str, str)  # name of another view, what it shall show ("": what it does)
    retitled = Signal()  # `heading` is another
    said = Signal(str)
    undoable = Signal(str, object)  # words, what takes it back

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    @property
    def heading(self) -> str:
        """In the window's title while the view is shown."""
        return tr(self.kind.title)

    @property
    def would_lose(self) -> bool:
        """Whether something goes on here that ends with the window."""
        return False

    @property
    def ground(self) -> QWidget:
        """What a toast stands over."""
        return self

    def shown(self) -> None:
        """It has come up."""

    def take_focus(self) -> None:
        """To where one writes; in a view without such a place, to its beginning. Where that is
        covered by something else, to what is seen."""
        place = self.focusProxy()
        seen = place if place is None or place.isVisible() else next(stops(self), None)
        (seen or self).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What nobody in it wanted: pages of words are read to their end without a pointer."""
        step = PAGES.get(Qt.Key(event.key()))
        areas = [area for area in self.findChildren(QScrollArea) if area.isVisible()]
        bars = [area.verticalScrollBar() for area in areas]
        bar = next((each for each in bars if each.maximum() > 0), None)
        if step is None or bar is None:
            super().keyPressEvent(event)
        else:
            bar.triggerAction(step)

    def take(self, path: str) -> bool:
        """A file or folder was dropped: whether it is worked on here; else it is opened."""
        return False

    def look_at(self, what: str, part: str = "") -> None:
        """Show this: a file, or a repository of the hub and one of its files."""

    def close_work(self) -> None:
        """The window closes: late answers find nobody."""
