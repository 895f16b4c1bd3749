"""What can be done with an answer, and how fast it came: always at the last one, at others while
they are pointed at or have the keyboard. Their room stays, so that nothing moves."""

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import icon_button
from gui.widgets.labels import label


class ActionRow(QWidget):
    """Copy, new answer, edit, branch, variants; the speed of the answer on the right."""

    copied = Signal()
    again = Signal()
    edited = Signal()
    branched = Signal()
    menu_wanted = Signal()
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._busy = self._is_last = self._pointed = False
        self._with_figures = True
        self._at, self._n, self._speed = 0, 1, ""
        self.copy = icon_button("copy", tr("Copy the answer"), self.copied.emit)
        self.retry = icon_button("refresh-cw", tr("Answer again"), self.again.emit)
        self.edit = icon_button("pencil", tr("Edit the answer"), self.edited.emit)
        self.branch = icon_button(
            "git-branch", tr("Go on in a new chat from here"), self.branched.emit
        )
        self.more = icon_button(
            "ellipsis", tr("More to do with this answer"), self.menu_wanted.emit
        )
        self._left = icon_button(
            "chevron-left", tr("Earlier answer"), lambda: self.stepped.emit(-1)
        )
        self._right = icon_button("chevron-right", tr("Later answer"), lambda: self.stepped.emit(1))
        self._place = label("", "small")
        self.figures = label("", "small")
        self._quiet = (self.copy, self.retry, self.edit, self.branch, self.more)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        for part in (*self._quiet, self._left, self._place, self._right):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(self.figures)
        self.setFixedHeight(current().px(28))

    def rewrite(self) -> None:
        self.setFixedHeight(current().px(28))

    def show_state(self, place: int, n: int, figures: str) -> None:
        """Which of how many variants; `figures` begin with the speed, the rest is in a tooltip."""
        for part in (self._left, self._place, self._right):
            part.setVisible(n > 1)
        self._at, self._n = place, n
        self.set_busy(self._busy)
        self._place.setText(tr("{i} of {n}", i=place + 1, n=n))
        self._speed, *rest = figures.split(" · ")
        self.figures.setToolTip("\n".join(part[:1].upper() + part[1:] for part in rest))
        self.figures.setAccessibleName(figures.replace(" · ", ", "))
        self._show_quiet()

    def show_figures(self, shown: bool) -> None:
        """Whether somebody wants to see them at all."""
        self._with_figures = shown
        self._show_quiet()

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, no other can be asked for or chosen."""
        self._busy = busy
        for part in (self.retry, self._left, self._right):
            part.setEnabled(not busy)
        if not busy:
            self._left.setEnabled(self._at > 0)
            self._right.setEnabled(self._at < self._n - 1)
        self._tell_keys()

    def set_last(self, last: bool) -> None:
        """Keys belong to the last answer alone, and its icons are always seen."""
        self._is_last = last
        self._tell_keys()
        self._show_quiet()

    def set_pointed(self, pointed: bool) -> None:
        self._pointed = pointed
        self._show_quiet()

    def _show_quiet(self) -> None:
        seen = self._is_last or self._pointed
        for part in self._quiet:
            part.set_quiet(not seen)
        self.figures.setText(_whole(self._speed) if seen and self._with_figures else "")

    def _tell_keys(self) -> None:
        last = self._is_last
        again = tr("Answer again once this answer has ended" if self._busy else "Answer again")
        self.retry.describe(again, "Ctrl+R" if last else "")
        self.copy.describe(tr("Copy the answer"), "Ctrl+Shift+C" if last else "")


def _whole(speed: str) -> str:
    """ "31.4 tok/s" as "31 tok/s": nobody reads the rest of a fast one."""
    found = re.fullmatch(r"(\d{2,})[.,](\d) (.+)", speed)
    if not found:
        return speed
    return f"{float(f'{found[1]}.{found[2]}'):.0f} {found[3]}"
