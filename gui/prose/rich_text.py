"""Markdown as a column of widgets: prose and code blocks in turn, growing at the end."""

from itertools import groupby

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from gui.prose.aligned import Aligned
from gui.prose.code import CodeBlock, utf16
from gui.prose.markdown import Block, Growing, blocks, plain_parser
from gui.prose.places import finds
from gui.prose.prose import Prose
from gui.theme.theme import current
from gui.widgets.paint import colour


class RichText(QWidget):
    """Only the parts that the new text can touch are written again."""

    picked = Signal(int)  # letter of the source that was clicked on, with Alt or while `picks`

    def __init__(self, muted: bool = False, pixels: float = 14.0, max_width: int = 0) -> None:
        super().__init__()
        self._muted, self._pixels, self._max_width = muted, pixels, max_width
        self._growing = Growing()
        self._blocks: list[Block] = []
        self._parts: list[Prose | CodeBlock] = []
        self._cursor_shown = False
        self._words = ""  # that are marked
        self.picks = False  # a click alone picks a letter
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(current().px(12))

    @property
    def source(self) -> str:
        return self._growing.text

    def append(self, text: str) -> None:
        keep, fresh = self._growing.append(text)
        self._show(keep, fresh)

    def set_plain(self, text: str) -> None:
        """What a person typed: line breaks stay, only code is set apart."""
        self._show(0, blocks(text, plain_parser()))

    def set_source(self, text: str) -> None:
        self._growing = Growing()
        keep, fresh = self._growing.append(text)
        self._show(0, fresh)

    def show_cursor(self, shown: bool) -> None:
        """The accent mark after the last word while the model writes."""
        self._cursor_shown = shown
        for part in self._parts:
            if isinstance(part, Prose):
                part.show_cursor(shown and part is self._parts[-1])

    def mark(self, words: str) -> None:
        """Mark these words wherever they stand; "" marks none."""
        if words or self._words:
            self._words = words
            for part in self._parts:
                mark_words(_edit_of(part), words)

    def find_top(self) -> int | None:
        """How far down the first marked word stands, or None."""
        for part in self._parts:
            edit = _edit_of(part)
            marks = edit.extraSelections()
            if marks:
                cursor = QTextCursor(marks[0].cursor)
                cursor.setPosition(cursor.selectionStart())
                return edit.mapTo(self, edit.cursorRect(cursor).topLeft()).y()
        return None

    # One part of the source, looked at closely

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if not (alt or self.picks) or event.button() != Qt.MouseButton.LeftButton:
            return False
        edit = next((e for e in map(_edit_of, self._parts) if e.viewport() is watched), None)
        if edit is None or edit.textCursor().hasSelection():
            return False
        text = edit.document().toRawText()
        # The place between two letters that is nearest; the letter is the one under the pointer.
        cursor = edit.cursorForPosition(event.position().toPoint())
        if edit.cursorRect(cursor).left() > event.position().x():
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter)
        at = len(text.encode("utf-16-le")[: 2 * cursor.position()].decode("utf-16-le", "ignore"))
        before = self._raw_texts()[: [_edit_of(part) for part in self._parts].index(edit)]
        letter = self._aligned().in_source(sum(len(t) + 1 for t in before) + at)
        if letter is not None:
            self.picked.emit(letter)
        return True

    def _raw_texts(self) -> list[str]:
        return [_edit_of(part).document().toRawText() for part in self._parts]

    def _aligned(self) -> Aligned:
        return Aligned("\n".join(self._raw_texts()), self.source)

    def look_at(self, begin: int, end: int) -> QRect | None:
        """Mark this part of the source and answer where it is shown; an empty one marks nothing."""
        for part in self._parts:
            mark_words(_edit_of(part), self._words)
        shown = self._aligned().shown(begin, end) if begin < end else None
        if shown is None:
            return None
        for part, text in zip(self._parts, self._raw_texts(), strict=True):
            if shown[0] <= len(text):
                return self._looked_at(_edit_of(part), text, *shown)
            shown = shown[0] - len(text) - 1, shown[1] - len(text) - 1
        return None

    def _looked_at(self, edit: QTextEdit, text: str, begin: int, end: int) -> QRect:
        cursor = QTextCursor(edit.document())
        cursor.setPosition(utf16(text, begin))
        rect = edit.cursorRect(cursor)
        cursor.setPosition(utf16(text, min(end, len(text))), QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setBackground(colour("accent_soft"))
        form.setFontUnderline(True)
        form.setUnderlineColor(colour("accent"))
        mark.cursor, mark.format = cursor, form
        edit.setExtraSelections([*edit.extraSelections(), mark])
        last = edit.cursorRect(cursor)
        if last.top() == rect.top():
            rect = rect.united(last)
        return QRect(edit.viewport().mapTo(self, QPoint(rect.left(), rect.top())), rect.size())

    def finish(self) -> None:
        self.show_cursor(False)
        for part in self._parts:
            if isinstance(part, CodeBlock):
                part.text.recolour()

    def rewrite(self) -> None:
        for part in self._parts:
            part.rewrite()
        self._mark_again()

    def _show(self, keep: int, fresh: list[Block]) -> None:
        self._blocks[keep:] = fresh
        groups = _grouped(self._blocks)
        for i, (start, group) in enumerate(groups):
            if start + len(group) > keep or i >= len(self._parts):
                self._show_group(i, group, keep - start)
        while len(self._parts) > len(groups):
            self._drop(len(self._parts) - 1)
        self.show_cursor(self._cursor_shown)
        self._mark_again()

    def _mark_again(self) -> None:
        words, self._words = self._words, ""
        self.mark(words)

    def _show_group(self, i: int, group: list[Block], keep: int) -> None:
        part = self._part(i, group[0].kind)
        if isinstance(part, CodeBlock):
            part.set_code(group[0].code, group[0].language)
            return
        keep = max(0, min(keep, part.n_blocks(), len(group)))
        part.replace_tail(keep, [block.tokens for block in group[keep:]])

    def _part(self, i: int, kind: str) -> Prose | CodeBlock:
        wanted = CodeBlock if kind == "code" else Prose
        if i < len(self._parts) and isinstance(self._parts[i], wanted):
            return self._parts[i]
        while len(self._parts) > i:
            self._drop(len(self._parts) - 1)
        made = CodeBlock() if kind == "code" else Prose(self._pixels, self._muted, self._max_width)
        self._parts.append(made)
        _edit_of(made).viewport().installEventFilter(self)
        self._box.addWidget(made)
        return made

    def _drop(self, i: int) -> None:
        part = self._parts.pop(i)
        self._box.removeWidget(part)
        part.hide()
        part.deleteLater()


def _edit_of(part: Prose | CodeBlock) -> QTextEdit:
    return part.text if isinstance(part, CodeBlock) else part


def mark_words(edit: QTextEdit, words: str) -> None:
    marks = []
    text = edit.document().toRawText() if words else ""
    for start, end in finds(text, words):
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(edit.document())
        cursor.setPosition(utf16(text, start))
        cursor.setPosition(utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(colour("warn_soft"))
        form.setForeground(colour("warn_ink"))
        mark.cursor, mark.format = cursor, form
        marks.append(mark)
    edit.setExtraSelections(marks)


def _grouped(found: list[Block]) -> list[tuple[int, list[Block]]]:
    """Runs of prose stay together (so that a selection can cross paragraphs); code stands alone."""
    groups: list[tuple[int, list[Block]]] = []
    at = 0
    for kind, run in groupby(found, key=lambda block: block.kind):
        members = list(run)
        for group in [[b] for b in members] if kind == "code" else [members]:
            groups.append((at, group))
            at += len(group)
    return groups
