"""A block of code: language and Copy on top, coloured text that scrolls sideways below."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QGuiApplication,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QTextEdit, QVBoxLayout

from gui.prose.highlight import spans
from gui.theme.fonts import mono_font
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.labels import label
from gui.widgets.paint import colour

COPIED_MS = 1500
LINE_PIXELS = 20


class CodeText(QTextEdit):
    """Read-only code, as high as its lines; new text is appended, only new lines are coloured."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "codeText")
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setAcceptRichText(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUndoRedoEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Code")
        self.document().setDocumentMargin(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.code = ""
        self._language = ""
        self._coloured = 0  # characters whose colours are final
        self.horizontalScrollBar().rangeChanged.connect(lambda *_: self.updateGeometry())

    def set_code(self, code: str, language: str) -> None:
        code = code.rstrip("\n")
        if code == self.code and language == self._language:
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if language == self._language and code.startswith(self.code):
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(code[len(self.code) :], QTextCharFormat())
        else:
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(code, QTextCharFormat())
            self._coloured = 0
        self.code, self._language = code, language
        self._space_lines(cursor)
        self._colour_from(self._coloured, cursor)
        cursor.endEditBlock()
        # An empty line outside of a string is a safe place to go on from next time.
        self._coloured = max(self._coloured, code.rfind("\n\n", 0, max(0, len(code) - 1)) + 1)
        self.updateGeometry()

    def _space_lines(self, cursor: QTextCursor) -> None:
        """New lines take the format of the one before, so only the first needs it."""
        cursor.setPosition(0)
        if cursor.blockFormat().lineHeight() != current().px(LINE_PIXELS):
            cursor.select(QTextCursor.SelectionType.Document)
            form = QTextBlockFormat()
            fixed = QTextBlockFormat.LineHeightTypes.FixedHeight.value
            form.setLineHeight(current().px(LINE_PIXELS), fixed)
            cursor.mergeBlockFormat(form)

    def recolour(self) -> None:
        """All colours anew: the theme changed, or the code is complete."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setCharFormat(QTextCharFormat())
        self._space_lines(cursor)
        self._colour_from(0, cursor)
        cursor.endEditBlock()

    def _colour_from(self, start: int, cursor: QTextCursor) -> None:
        for at, length, role in spans(self.code[start:], self._language):
            cursor.setPosition(utf16(self.code, start + at))
            end = utf16(self.code, start + at + length)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            form = QTextCharFormat()
            form.setForeground(colour(role))
            cursor.mergeCharFormat(form)

    def sizeHint(self) -> QSize:
        height = current().px(LINE_PIXELS) * self.document().blockCount()
        bar = self.horizontalScrollBar()
        extra = bar.sizeHint().height() if bar.maximum() > 0 else 0
        return QSize(current().px(200), height + extra + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(60), self.sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()


def utf16(text: str, position: int) -> int:
    """Qt counts UTF-16 units, Python characters."""
    if text.isascii():
        return position
    return position + sum(1 for c in text[:position] if ord(c) > 0xFFFF)


class CodeBlock(QFrame):
    """The frame around the code with its header."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "code")
        px = current().px
        self.text = CodeText()
        self.text.setFont(mono_font(px(13)))
        self._language = label("", "small")
        self._copy = Button("Copy", "copy", "ghost", True, "Copy code", on_click=self._copied)
        head = QFrame()
        head.setProperty("role", "codeHead")
        line = QHBoxLayout(head)
        line.setContentsMargins(px(12), px(1), px(4), px(1))
        line.addWidget(self._language)
        line.addStretch(1)
        line.addWidget(self._copy)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(head)
        body = QVBoxLayout()
        body.setContentsMargins(px(14), px(12), px(14), px(12))
        body.addWidget(self.text)
        box.addLayout(body)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(COPIED_MS)
        self._back.timeout.connect(lambda: self._show_copied(False))

    def set_code(self, code: str, language: str) -> None:
        self._language.setText(language or "text")
        self.text.set_code(code, language)

    def rewrite(self) -> None:
        self.text.setFont(mono_font(current().px(13)))
        self.text.recolour()
        self.text.updateGeometry()

    def _copied(self) -> None:
        QGuiApplication.clipboard().setText(self.text.code)
        self._show_copied(True)
        self._back.start()

    def _show_copied(self, copied: bool) -> None:
        self._copy.set_words("Copied" if copied else "Copy")
        self._copy.set_glyph("check" if copied else "copy")
