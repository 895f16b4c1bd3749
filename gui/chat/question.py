"""The user's turn: a bubble on the right, with edit and copy beside it when pointed at."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from engine.base.conversation import Turn
from gui.chat.attachment_sheet import attached_to, in_pairs
from gui.chat.column import Row
from gui.language import tr
from gui.prose.rich_text import RichText
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.labels import label

BUBBLE_WIDTH = 540


class Question(Row):
    """Shows one user turn; `stepped` asks for another variant of it."""

    edited = Signal()
    stepped = Signal(int)
    menu_wanted = Signal(QPoint)  # global

    def __init__(self, turn: Turn, place: int, n: int) -> None:
        super().__init__()
        self.turn = turn
        self._steps: list[tuple[Button, bool]] = []
        px = current().px
        bubble = QFrame()
        bubble.setProperty("role", "bubble")
        inside = QVBoxLayout(bubble)
        # The letters of a line stand low in it.
        inside.setContentsMargins(px(15), px(8), px(15), px(11))
        self.attached = attached_to(turn, self)
        if self.attached:
            inside.addLayout(in_pairs(self.attached))
        self.text = RichText(max_width=BUBBLE_WIDTH, whole=False, ground="inset")
        self.text.set_plain(turn.text)
        inside.addWidget(self.text)
        if self.attached and not turn.text:
            self.text.hide()
        self._tools = self._make_tools(place, n)
        self._line = line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        line.addStretch(1)
        line.addWidget(self._tools, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(bubble)
        self._show_tools(False)
        self.setAccessibleName(tr("Question"))
        self.setAccessibleDescription(turn.text)

    def _make_tools(self, place: int, n: int) -> QWidget:
        tools = QWidget()
        line = QHBoxLayout(tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        self.more = icon_button("ellipsis", tr("More to do with this question"), self._want_menu)
        self._quiet = [
            icon_button("copy", tr("Copy the question"), self._copy),
            icon_button("pencil", tr("Edit the question and ask again"), self.edited.emit),
            self.more,
        ]
        for part in self._quiet:
            line.addWidget(part)
        if n > 1:
            earlier = icon_button(
                "chevron-left", tr("Earlier version"), lambda: self.stepped.emit(-1)
            )
            later = icon_button("chevron-right", tr("Later version"), lambda: self.stepped.emit(1))
            self._steps = [(earlier, place > 0), (later, place < n - 1)]
            self.set_busy(False)
            line.addWidget(earlier)
            line.addWidget(label(tr("{i} of {n}", i=place + 1, n=n), "small"))
            line.addWidget(later)
        return tools

    def _show_tools(self, shown: bool) -> None:
        # Their room stays, so nothing moves under the pointer, and the Tab key still finds them.
        for part in self._quiet:
            part.set_quiet(not shown)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._show_tools(True)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_tools(False)

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, no other version can be chosen."""
        for button, there in self._steps:
            button.setEnabled(there and not busy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.turn.text)
        self._quiet[0].confirm()

    def _want_menu(self) -> None:
        self.menu_wanted.emit(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def first_button(self) -> Button:
        return self._quiet[0]

    def rewrite(self) -> None:
        self.text.rewrite()

    # Its place in the column

    def set_room(self, narrow: int, wide: int) -> None:
        if self._line.contentsMargins().right() != wide - narrow:
            self._line.setContentsMargins(0, 0, wide - narrow, 0)

    def show_between(self, top: int, bottom: int) -> None:
        y = self.text.mapTo(self, QPoint(0, 0)).y()
        if self.text.show_between(top - y, bottom - y):
            self.updateGeometry()

    def spot(self, y: int) -> object:
        return self.text.spot(y - self.text.mapTo(self, QPoint(0, 0)).y())

    def top_of(self, spot: object) -> int:
        return self.text.mapTo(self, QPoint(0, 0)).y() + self.text.top_of(spot)  # type: ignore[arg-type]

    @property
    def is_held(self) -> bool:
        return bool(self.text.selecting.selected())
