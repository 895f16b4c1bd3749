"""A block of code: language and what can be done with it on top, coloured text below, which scrolls
sideways or is wrapped."""

import math
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, QStandardPaths, Qt, QTimer
from PySide6.QtGui import (
    QEnterEvent,
    QGuiApplication,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
)

from gui.language import tr
from gui.prose.highlight import ending, spans
from gui.saving import save_file
from gui.theme.fonts import mono_font
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
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
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the message has one
        self.setAccessibleName(tr("Code"))
        self.document().setDocumentMargin(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.code = ""
        self._language = ""
        self._coloured = 0  # characters whose colours are final
        self._wraps = False
        self._ideal = 0  # how wide its longest line is; 0: not measured
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
        self.code, self._language, self._ideal = code, language, 0
        self._space_lines(cursor)
        self._colour_from(self._coloured, cursor)
        cursor.endEditBlock()
        if not self.textCursor().hasSelection():
            cursor.setPosition(0)  # a long line is seen from its beginning
            self.setTextCursor(cursor)
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

    def set_wraps(self, wraps: bool) -> None:
        self._wraps = wraps
        modes, options = QTextEdit.LineWrapMode, QTextOption.WrapMode
        self.setLineWrapMode(modes.WidgetWidth if wraps else modes.NoWrap)
        self.setWordWrapMode(
            options.WrapAtWordBoundaryOrAnywhere if wraps else options.NoWrap,
        )
        self.updateGeometry()

    def ideal_width(self) -> int:
        """As wide as its longest line."""
        if self._ideal == 0:
            self._ideal = math.ceil(self.document().idealWidth()) + 1
        return self._ideal

    def heightForWidth(self, width: int) -> int:
        line = current().px(LINE_PIXELS)
        if self._wraps:
            if self.document().textWidth() != width:
                self.document().setTextWidth(width)
            return math.ceil(self.document().size().height()) + 2
        bar = self.horizontalScrollBar().sizeHint().height() if self.ideal_width() > width else 0
        return line * self.document().blockCount() + bar + 2

    def sizeHint(self) -> QSize:
        return QSize(current().px(200), self.heightForWidth(max(1, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(60), current().px(LINE_PIXELS))

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
    """The frame around the code with its header; laid out by hand, as high as the code needs."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "code")
        px = current().px
        self.text = CodeText()
        self.text.setFont(mono_font(px(13)))
        self._language = label("", "small")
        self.wrap = icon_button("wrap-text", tr("Wrap long lines"), self._toggle_wrap)
        self.save = icon_button("save", tr("Save the code as a file"), self._ask_where)
        self._copy = Button(
            tr("Copy"), "copy", "ghost", True, tr("Copy code"), on_click=self._copied
        )
        self._head = head = QFrame()
        head.setProperty("role", "codeHead")
        line = QHBoxLayout(head)
        first, last = (px(4), px(12)) if self.isRightToLeft() else (px(12), px(4))
        line.setContentsMargins(first, px(1), last, px(1))
        line.setSpacing(0)
        line.addWidget(self._language)
        line.addStretch(1)
        for button in (self.wrap, self.save, self._copy):
            line.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(head)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(px(14), px(10), px(14), px(10))
        self._body.addWidget(self.text)
        box.addLayout(self._body)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(COPIED_MS)
        self._back.timeout.connect(lambda: self._show_copied(False))
        self._show_quiet(True)

    def set_code(self, code: str, language: str) -> None:
        self._language.setText(language or tr("text", sense="a language of code"))
        self.text.setAccessibleName(
            tr("Code, {language}", language=language) if language else tr("Code")
        )
        self.text.set_code(code, language)

    def rewrite(self) -> None:
        self.text.setFont(mono_font(current().px(13)))
        self.text.recolour()
        self.text.updateGeometry()

    def all_words(self) -> str:
        return self.text.code

    # How large it is

    def _sides(self) -> int:
        margins = self._body.contentsMargins()
        return margins.left() + margins.right() + 2 * self.frameWidth()

    def wanted_width(self) -> int:
        """No line is cut then."""
        return 0 if self.text._wraps else self.text.ideal_width() + self._sides()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins, frame = self._body.contentsMargins(), 2 * self.frameWidth()
        code = self.text.heightForWidth(width - self._sides())
        head = self._head.sizeHint().height()
        return head + margins.top() + code + margins.bottom() + frame

    # What can be done with it

    def enterEvent(self, event: QEnterEvent) -> None:
        self._show_quiet(False)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_quiet(True)

    def _show_quiet(self, quiet: bool) -> None:
        # Their room stays, and the Tab key finds them.
        for button in (self.wrap, self.save):
            button.set_quiet(quiet)

    def _toggle_wrap(self) -> None:
        wraps = not self.text._wraps
        self.text.set_wraps(wraps)
        self.wrap.describe(tr("Do not wrap lines") if wraps else tr("Wrap long lines"))
        self.updateGeometry()

    def _ask_where(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        usual = str(Path(folder) / f"code{ending(self._language.text())}")
        path, _kind = QFileDialog.getSaveFileName(self, tr("Save the code"), usual)
        if path:
            self.save_as(Path(path))

    def save_as(self, path: Path) -> None:
        """Write the code there; the button says whether it could be."""
        try:
            save_file(path, f"{self.text.code}\n".encode("utf-8", "replace"))
        except OSError as error:
            self.save.confirm(
                tr("Not saved: {reason}", reason=error.strerror), glyph="triangle-alert"
            )
        else:
            self.save.confirm(tr("Saved"))

    def _copied(self) -> None:
        QGuiApplication.clipboard().setText(self.text.code)
        self._show_copied(True)
        self._back.start()

    def _show_copied(self, copied: bool) -> None:
        self._copy.set_words(tr("Copied") if copied else tr("Copy"))
        self._copy.set_glyph("check" if copied else "copy")
