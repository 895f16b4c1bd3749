"""Where the user writes: a box that grows with its text, the context's fill, send and stop.

Enter sends, Shift+Enter breaks the line; while an input method composes, Enter is its own.
"""

import math

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout

from gui.theme.theme import current
from gui.widgets.bars import ContextBar
from gui.widgets.buttons import Button, icon_button
from gui.widgets.labels import ElidedLabel

MAX_LINES = 10
HINT_MARGIN, LEAST_HINT = 4, 80


class GrowingEdit(QPlainTextEdit):
    """A plain text box between one and ten lines high."""

    entered = Signal()
    recalled = Signal()  # Up in an empty box: the last question again
    resized = Signal()
    _widened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Message")
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
        height = MAX_LINES * line + 2 if over else max(line, text) + 6
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
        if enter and not shifted and not self._composing:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self.recalled.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text())


class Composer(QFrame):
    """The framed box at the bottom of the chat."""

    sent = Signal(str)
    stopped = Signal()
    recalled = Signal()
    system_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "composer")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self._busy = False
        self._ready = False
        self.edit = GrowingEdit()
        self.edit.setObjectName("message")
        self.edit.entered.connect(self._act_send)
        self.edit.recalled.connect(self.recalled)
        self.edit.textChanged.connect(self._update)
        self.system = Button(
            "System prompt",
            "sliders-horizontal",
            "ghost",
            True,
            "What the model is told before the conversation begins",
            on_click=self.system_wanted.emit,
        )
        self.system.setCheckable(True)
        self.system.set_glyph("pencil")
        self._waits = ElidedLabel("", "small")
        self.context = ContextBar()
        self.context.setVisible(False)
        self._button = icon_button("arrow-up", "Send", self._pressed, kind="primary", small=False)
        self._lay_out()
        self._update()

    def _lay_out(self) -> None:
        px = current().px
        line = QHBoxLayout()
        line.setSpacing(px(10))
        line.addWidget(self.system)
        line.addWidget(self._waits, 1)
        line.addWidget(self.context)
        line.addWidget(self._button)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(16), px(14), px(12), px(10))
        box.setSpacing(px(10))
        box.addWidget(self.edit)
        box.addLayout(line)

    def set_state(self, busy: bool, ready: bool, hint: str) -> None:
        """`ready`: there is a model to send to; `hint` stands in the empty box."""
        self._busy, self._ready = busy, ready
        self.edit.set_hint(hint)
        self._update()

    def show_waiting(self, words: str) -> None:
        """What the text in the box waits for, or ""."""
        self._waits.set_full(words)

    def show_system(self, is_set: bool, is_open: bool) -> None:
        self.system.setChecked(is_open)
        words = "System prompt is set" if is_set else "System prompt"
        self.system.set_words(words)

    def take_focus(self) -> None:
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.take_focus()  # the whole frame looks like a place to write

    def _pressed(self) -> None:
        if self._busy:
            self.stopped.emit()
        else:
            self._act_send()

    def _act_send(self) -> None:
        text = self.edit.toPlainText().strip()
        if text and self._ready and not self._busy:
            self.edit.clear()
            self.sent.emit(text)

    def _update(self) -> None:
        if self._busy:
            self._button.set_glyph("stop")
            self._button.describe("Stop", "Esc")
            self._button.setEnabled(True)
        else:
            self._button.set_glyph("arrow-up")
            self._button.describe("Send", "Ctrl+Return")
            self._button.setEnabled(self._ready and bool(self.edit.toPlainText().strip()))

    def sizeHint(self) -> QSize:
        return QSize(current().px(744), super().sizeHint().height())
