"""Where the user writes: a box that grows with its text, the context's fill, send and stop.

Enter sends, Shift+Enter breaks the line; while an input method composes, Enter is its own.
"""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
)

from engine.api import GenerationParams
from gui.chat import thinking_menu
from gui.chat.attached_row import AttachedRow
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.bars import ContextBar
from gui.widgets.buttons import Button, icon_button
from gui.widgets.labels import ElidedLabel
from gui.widgets.menus import drop_up, round_menu

MAX_LINES = 10
HINT_MARGIN, LEAST_HINT = 4, 24
LONG_PASTE = 4000  # letters; more of them become an attachment
BRIEF = 560  # narrower than this, chips have no words
AT_END = 260  # of a line: gauge, button and margins
TIGHT = 320  # and than this, the context is not told
LEAST_EDIT = 40
SYSTEM_TIP = marked("What the model is told before the conversation begins")
THINKING_TIP = marked("Whether the model thinks before it answers, and how long")
EMPTY = marked("Send; write something first")


class GrowingEdit(QPlainTextEdit):
    """A plain text box between one and ten lines high."""

    entered = Signal()
    recalled = Signal()  # Up in an empty box: the last question again
    resized = Signal()
    files_given = Signal(list)  # paths that were pasted, where files are taken
    long_given = Signal(str)  # a text that was pasted and is too long for a box
    _widened = Signal()

    def __init__(self, takes_files: bool = False) -> None:
        super().__init__()
        self._takes_files = takes_files
        self.setProperty("role", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Message"))
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Text is wrapped, also in words: a bar could only hide the line below it.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self._composing = False
        self._hint = ""  # whole; it is shortened where there is no room
        # Not within the resizing: Qt would miss that the scroll bar makes it narrower once more.
        self._widened.connect(self._fit, Qt.ConnectionType.QueuedConnection)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def set_hint(self, hint: str) -> None:
        """What stands in the empty box; Qt alone would go on showing the old one."""
        self._hint = hint
        self._show_hint()

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(LEAST_EDIT), super().minimumSizeHint().height())

    def _show_hint(self) -> None:
        """On one line, whatever the model is called."""
        room = self.viewport().width() - 2 * HINT_MARGIN
        shown = self._hint
        if room > LEAST_HINT:
            shown = self.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, room)
        if shown != self.placeholderText():
            self.setPlaceholderText(shown)
            self.viewport().update()

    def _fit(self) -> None:
        """As high as the text is in this width, up to ten lines."""
        line = self.fontMetrics().lineSpacing()
        text = self._text_height(MAX_LINES * line)
        over = text > MAX_LINES * line
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if over else policy.ScrollBarAlwaysOff
        )
        # No sliver of an eleventh line.
        height = MAX_LINES * line + 2 if over else max(line, text, current().px(18)) + 6
        if height != self.height():
            self.setFixedHeight(height)
            if not over:  # nothing is hidden, so nothing may be scrolled away
                self.verticalScrollBar().setValue(0)
            self.resized.emit()

    def _text_height(self, enough: int) -> int:
        """Of the text as it is wrapped now; counting stops where it is more than enough."""
        height, block = 0.0, self.document().begin()
        while block.isValid() and height <= enough:
            height += self.blockBoundingRect(block).height()  # lays the block out, if need be
            block = block.next()
        return math.ceil(height - self.document().documentMargin())  # it counts one of them

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._widened.emit()
            self._show_hint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
            self._show_hint()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if enter and self._composing:
            event.accept()  # the input method's: it takes what that offers, and breaks no line
        elif enter and not shifted:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self.recalled.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        if self._takes_files and files_in(source):
            return True
        return source.hasText() and not source.hasUrls()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files are the window's, wherever they are dropped."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dropEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = files_in(source) if self._takes_files else []
        if files:
            self.files_given.emit(files)
        elif self._takes_files and len(source.text()) > LONG_PASTE:
            self.long_given.emit(source.text())
        else:
            self.insertPlainText(source.text())


def files_in(data: QMimeData) -> list[str]:
    """Files of this computer that are pasted or dropped."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


class Composer(QFrame):
    """The framed box at the bottom of the chat: chips at its left, the context and send at its
    right. Two lines while there is text or somebody is about to write, one while it only waits, or
    where the window is low."""

    sent = Signal(str)
    queued = Signal(str)  # while an answer is being written
    stopped = Signal()
    recalled = Signal()
    system_wanted = Signal()
    thinking_chosen = Signal(object)  # True, False or None: as the model decides
    limit_chosen = Signal(int)  # tokens that it may think; -1: no limit
    limit_wanted = Signal()  # one that the menu does not have

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "composer")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self._busy = self._ready = self._low = False
        self._is_lit = True  # somebody is about to write: from the first frame on
        self._reason = ""  # why nothing can be sent
        self._reading = ""  # what is still being read of what is attached
        self._thinking = GenerationParams(), False, False
        self.edit = GrowingEdit(takes_files=True)
        self.edit.setObjectName("message")
        self.attached = AttachedRow()
        self.attached.resized.connect(self._on_attached)
        self.edit.entered.connect(self._act_send)
        self.edit.recalled.connect(self.recalled)
        self.edit.textChanged.connect(self._update)
        self.edit.resized.connect(self._arrange)
        self.edit.installEventFilter(self)
        self.system = self._chip(
            tr("System prompt"), "scroll-text", tr(SYSTEM_TIP), self._want_system
        )
        self.system.setCheckable(True)
        self.thinking = self._chip(
            tr("Thinking"), "lightbulb", tr(THINKING_TIP), self._show_thinking_menu
        )
        self.thinking.hide()
        self._waits = ElidedLabel("", "small")
        self.context = ContextBar()
        self.context.setVisible(False)
        self._button = icon_button(
            "arrow-up", tr("Send"), self._pressed, kind="primary", small=False
        )
        self._lay_out()
        self._update()

    def _chip(self, words: str, glyph: str, tip: str, act: Callable[[], object]) -> Button:
        return Button(words, glyph, "tool", True, tip, on_click=act)

    def _lay_out(self) -> None:
        px = current().px
        self.chips = QHBoxLayout()
        self.chips.setSpacing(px(8))
        self._chips = [self.thinking, self.system]
        for chip in self._chips:
            self.chips.addWidget(chip)
        self._end = QHBoxLayout()
        self._end.setSpacing(px(10))
        for part in (self.context, self._button):
            self._end.addWidget(part)
        self.first_stops = (self.attached, self.edit)
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.attached, 0, 0, 1, 3)
        self._in_one_line: bool | None = None
        self._arrange()

    def add_chip(self, chip: Button, place: int = 0) -> None:
        """At the left, before what is there from this place on."""
        self._chips.insert(place, chip)
        self.chips.insertWidget(place, chip)
        self._arrange(anew=True)

    # One line or two

    def set_low(self, low: bool) -> None:
        """The window has no room for a second line while the text needs none."""
        self._low = low
        self._arrange()

    def _wants_one_line(self) -> bool:
        line = self.edit.fontMetrics().lineSpacing()
        if self._waits.full() or self.edit.height() > 2 * line or self.attached.chips:
            return False
        return self._low or not (self.edit.toPlainText() or self._is_lit)

    def _arrange(self, anew: bool = False) -> None:
        one = self._wants_one_line()
        if one == self._in_one_line and not anew:
            return
        self._in_one_line = one
        px, grid = current().px, self._grid
        for part in (self.edit, self._waits):
            grid.removeWidget(part)
        for line in (self.chips, self._end):
            grid.removeItem(line)
        if one:
            grid.setContentsMargins(px(12), px(7), px(8), px(7))
            grid.addLayout(self.chips, 1, 0)
            grid.addWidget(self.edit, 1, 1)
            grid.addLayout(self._end, 1, 2)
        else:
            grid.setContentsMargins(px(14), px(12), px(10), px(9))
            grid.addWidget(self.edit, 1, 0, 1, 3)
            grid.addLayout(self.chips, 2, 0)
            grid.addWidget(self._waits, 2, 1)
            grid.addLayout(self._end, 2, 2)
        grid.setVerticalSpacing(0 if one else px(8))
        self._waits.setVisible(not one)
        self._make_brief()

    def _make_brief(self) -> None:
        """Where there is no room for the chips' words, their signs say them."""
        px = current().px
        needed = sum(chip.words_width() + px(8) for chip in self._chips if not chip.isHidden())
        brief = bool(self._in_one_line) or self.width() < max(px(BRIEF), needed + px(AT_END))
        for chip in self._chips:
            chip.set_brief(brief)
        self.context.set_brief(self.width() < current().px(BRIEF))
        self.context.set_away(self.width() < current().px(TIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_brief()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only who walks away by Tab leaves it: a click beside it, to read or to copy, moves
        nothing under the pointer."""
        if isinstance(event, QFocusEvent):
            ways = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
            if event.gotFocus() or event.reason() in ways:
                self._is_lit = event.gotFocus()
                self.setProperty("lit", event.gotFocus())
                self.style().unpolish(self)
                self.style().polish(self)
                self._arrange()
        return False

    # What it shows

    def set_state(self, busy: bool, ready: bool, hint: str) -> None:
        """`ready`: there is a model to send to; `hint` stands in the empty box."""
        self._busy, self._ready = busy, ready
        self._reason = "" if ready else tr("Choose a model first")
        self.edit.set_hint(hint)
        self._update()

    def show_waiting(self, words: str) -> None:
        """What the text in the box waits for, or ""."""
        self._waits.set_full(words)
        self._arrange()

    def quote(self, words: str) -> None:
        """A quotation at the end of what is written, and one writes below it."""
        text = self.edit.toPlainText()
        gap = "\n\n" if text.strip() and not text.endswith("\n\n") else ""
        self.edit.moveCursor(QTextCursor.MoveOperation.End)
        self.edit.insertPlainText(gap + words)
        self.take_focus()

    def show_system(self, is_set: bool, is_open: bool) -> None:
        self.system.setChecked(is_open)
        words = tr("System prompt is set") if is_set else tr("System prompt")
        self.system.set_words(words)
        self.system.set_dot(is_set)
        self._make_brief()

    def show_thinking(self, values: GenerationParams, can_switch: bool, can_end: bool) -> None:
        """Whether the model can be told to think or not, and whether thinking can be ended."""
        self._thinking = values, can_switch, can_end
        self.thinking.setVisible(can_switch or can_end)
        words = thinking_menu.told(values, can_switch, can_end)
        brief = thinking_menu.told(values, can_switch, can_end, brief=True)  # in little room
        self.thinking.set_words(tr("Thinking: {how}", how=brief))
        self.thinking.describe(tr("{tip}; now: {how}", tip=tr(THINKING_TIP), how=words))
        self.thinking.setAccessibleName(tr("Thinking: {how}", how=words))
        self._make_brief()

    def _show_thinking_menu(self) -> None:
        menu = round_menu(self)
        choose, limit = self.thinking_chosen.emit, self.limit_chosen.emit
        thinking_menu.fill(menu, *self._thinking, choose, limit, self.limit_wanted.emit)
        drop_up(menu, self.thinking)

    def _want_system(self) -> None:
        self.system_wanted.emit()

    def take_focus(self) -> None:
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.take_focus()  # the whole frame looks like a place to write

    def show_reading(self, words: str) -> None:
        """Of what is attached something is still being read: it is sent with the rest, or ""."""
        self._reading = words
        self._update()

    def _on_attached(self) -> None:
        self._arrange()
        self._update()

    # Sending

    def _pressed(self) -> None:
        if self._busy:
            self.stopped.emit()
        else:
            self._act_send()

    def _act_send(self) -> None:
        """Without a model the text stays, and whoever hears of it asks for one."""
        text = self.edit.toPlainText().strip()
        if (text or self.attached.chips) and not self._reading:
            self.edit.clear()
            (self.queued if self._busy else self.sent).emit(text)

    def _update(self) -> None:
        self._arrange()
        if self._busy:
            self._button.set_glyph("stop")
            self._button.describe(tr("Stop"), "Esc")
            self._button.setEnabled(True)
            return
        has_text = bool(self.edit.toPlainText().strip() or self.attached.chips)
        reason = self._reason or self._reading
        self._button.set_glyph("arrow-up")
        self._button.describe(reason or (tr("Send") if has_text else tr(EMPTY)), "Ctrl+Return")
        self._button.setEnabled(self._ready and has_text and not self._reading)

    def sizeHint(self) -> QSize:
        return QSize(current().px(720), super().sizeHint().height())
