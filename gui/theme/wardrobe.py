"""The parts of windows that wear the theme; what is put away follows a change when it is shown.

A window has some two hundred widgets a view, of which one view is seen, and of a chat the pages and
panels that are wanted now. Qt polishes each widget for a new style sheet, shown or not, and each
measures itself anew: most of a step of the text size went to what nobody saw.
"""

from collections.abc import Callable
from weakref import WeakKeyDictionary, WeakMethod, ref

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

ROOMY = 1024


class Follower:
    """A method to be called for a widget that may be gone."""

    def __init__(self, widget: QWidget, told: Callable[[], object]) -> None:
        self._widget, self._told = ref(widget), WeakMethod(told)

    @property
    def is_here(self) -> bool:
        widget = self._widget()
        return widget is not None and isValid(widget) and self._told() is not None

    def is_in(self, part: QWidget) -> bool:
        widget = self._widget()
        return widget is not None and (part is widget or part.isAncestorOf(widget))

    def tell(self) -> None:
        told = self._told()
        if told is not None:
            told()


class Wardrobe:
    """Parts with a sheet of theirs, and who measures or paints itself by the theme."""

    def __init__(self) -> None:
        self._worn: WeakKeyDictionary[QWidget, int] = WeakKeyDictionary()  # the change it followed
        self._followers: list[Follower] = []
        self._roomy = ROOMY  # from so many on, those that are gone are dropped first
        self._change = 0

    def windows(self) -> set[QWidget]:
        """Those that are dressed in parts."""
        self._drop_the_gone()
        return {part.window() for part in self._worn}

    def add(self, widget: QWidget, told: Callable[[], object]) -> None:
        """Call this method of the widget, or of a part of it, after each change."""
        if len(self._followers) >= self._roomy:  # rows of a chat come and go as one scrolls
            self._drop_the_gone()
            self._roomy = max(ROOMY, 2 * len(self._followers))
        self._followers.append(Follower(widget, told))

    def change(self, sheet: str) -> None:
        """There is a new sheet: all that is not put away wears it. `tell` comes next."""
        self._change += 1
        self._drop_the_gone()
        for part in list(self._worn):
            if not is_put_away(part):
                self._wear(part, sheet)

    def tell(self) -> None:
        """Everybody but those in what is put away."""
        away = [part for part, change in self._worn.items() if change != self._change]
        self._tell(lambda each: not any(each.is_in(part) for part in away))

    def hang(self, part: QWidget) -> None:
        """A part that is not seen yet: it is dressed when it is shown."""
        self._worn[part] = self._change - 1

    def dress(self, part: QWidget, sheet: str) -> None:
        """A part is made or shown: it follows what it has missed."""
        is_new, missed = part not in self._worn, self._worn.get(part) != self._change
        if missed or part.styleSheet() != sheet:
            self._wear(part, sheet)
        if is_new or not missed:
            return
        self._tell(lambda each: each.is_in(part))

    def _tell(self, whom: Callable[[Follower], bool]) -> None:
        """One may be gone by what another did."""
        for follower in list(self._followers):
            if follower.is_here and whom(follower):
                follower.tell()

    def _wear(self, part: QWidget, sheet: str) -> None:
        self._worn[part] = self._change
        if part.styleSheet() != sheet:
            part.setStyleSheet(sheet)

    def _drop_the_gone(self) -> None:
        for part in [part for part in self._worn if not isValid(part)]:
            del self._worn[part]
        self._followers = [each for each in self._followers if each.is_here]


def is_put_away(part: QWidget) -> bool:
    """Hidden by somebody, or in what is, and not only not shown yet."""
    at: QWidget | None = part
    while at is not None and (at is part or not at.isWindow()):
        if at.isHidden() and at.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return True
        at = at.parentWidget()
    return False
