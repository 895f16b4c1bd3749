"""Markdown as a column of widgets: prose and code blocks in turn, growing at the end."""

from itertools import groupby

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from gui.prose.code import CodeBlock, utf16
from gui.prose.markdown import Block, Growing, blocks, plain_parser
from gui.prose.places import finds
from gui.prose.prose import Prose
from gui.theme.theme import current
from gui.widgets.paint import colour


class RichText(QWidget):
    """Only the parts that the new text can touch are written again."""

    def __init__(self, muted: bool = False, pixels: float = 14.0, max_width: int = 0) -> None:
        super().__init__()
        self._muted, self._pixels, self._max_width = muted, pixels, max_width
        self._growing = Growing()
        self._blocks: list[Block] = []
        self._parts: list[Prose | CodeBlock] = []
        self._cursor_shown = False
        self._words = ""  # that are marked
        self._pointed: int | None = None  # which of the marks is pointed at
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
            before = 0
            for part in self._parts:
                pointed = None if self._pointed is None else self._pointed - before
                before += mark_words(_edit_of(part), words, pointed)

    def point_at(self, which: int | None) -> None:
        """One of the marks, from 0, is told apart; None: none."""
        if which != self._pointed:
            self._pointed = which
            self._mark_again()

    def find_top(self) -> int | None:
        """How far down the mark stands that is pointed at, or else the first; None: there is none."""
        places = [
            (edit, mark) for edit in map(_edit_of, self._parts) for mark in edit.extraSelections()
        ]
        if not places:
            return None
        edit, mark = places[min(self._pointed or 0, len(places) - 1)]
        cursor = QTextCursor(mark.cursor)
        cursor.setPosition(cursor.selectionStart())
        return edit.mapTo(self, edit.cursorRect(cursor).topLeft()).y()

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
        self._box.addWidget(made)
        return made

    def _drop(self, i: int) -> None:
        part = self._parts.pop(i)
        self._box.removeWidget(part)
        part.hide()
        part.deleteLater()


def _edit_of(part: Prose | CodeBlock) -> QTextEdit:
    return part.text if isinstance(part, CodeBlock) else part


def mark_words(edit: QTextEdit, words: str, pointed: int | None = None) -> int:
    """Answers how many places there are; the one that is pointed at has another colour."""
    marks = []
    text = edit.document().toRawText() if words else ""
    for i, (start, end) in enumerate(finds(text, words)):
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(edit.document())
        cursor.setPosition(utf16(text, start))
        cursor.setPosition(utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(colour("accent" if i == pointed else "warn_soft"))
        form.setForeground(colour("on_accent" if i == pointed else "warn_ink"))
        mark.cursor, mark.format = cursor, form
        marks.append(mark)
    edit.setExtraSelections(marks)
    return len(marks)


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
