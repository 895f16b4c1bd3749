"""Writes markdown-it tokens into a QTextDocument through a cursor: no HTML in between.

Everything is formats from the theme; links keep their address, images are links.
"""

import re
from dataclasses import replace

from markdown_it.token import Token
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextListFormat,
    QTextTableFormat,
)

from gui.prose import maths
from gui.prose.spans import LINE_HEIGHT, SOURCE, Spans, Style, opened
from gui.theme.theme import current
from gui.widgets.paint import colour

QUOTE = QTextFormat.Property.UserProperty.value + 1  # block property: depth of the quote
RULE = QTextFormat.Property.UserProperty.value + 2  # block property: a line across
TASK = re.compile(r"\[([ xX])\] ")
ALIGNMENTS = {
    "text-align:center": Qt.AlignmentFlag.AlignHCenter,
    "text-align:right": Qt.AlignmentFlag.AlignRight,
}
HEADINGS = {"h1": 22.0, "h2": 18.0, "h3": 16.0}
PARAGRAPH, ITEM = 14, 6  # pixels below a paragraph, below an item of a list


class ProseWriter:
    """Appends blocks at the end of the cursor's document."""

    def __init__(self, cursor: QTextCursor, base_pixels: float = 15.0, muted: bool = False) -> None:
        self._cursor, self._spans = cursor, Spans(cursor)
        self._base = Style(pixels=base_pixels, muted=muted)
        self._lists: list[QTextListFormat] = []
        self._depth = 0  # of block quotes
        self._fresh = cursor.block().length() == 1  # an empty block waits: after a table, say
        self._item_starts = False
        self._tight = False

    def write(self, tokens: list[Token]) -> None:
        i = 0
        while i < len(tokens):
            i = self._token(tokens, i)

    def _token(self, tokens: list[Token], i: int) -> int:
        token = tokens[i]
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(token)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                self._close_list()
            case "list_item_open":
                self._item_starts = True
            case "blockquote_open":
                self._depth += 1
            case "blockquote_close":
                self._depth -= 1
            case "heading_open":
                self._heading(tokens[i + 1], token.tag)
                return i + 2
            case "paragraph_open":
                self._tight = token.hidden
            case "inline":
                self._paragraph(token)
            case "fence" | "code_block":
                self._code(token.content)
            case "hr":
                self._rule()
            case kind if kind in maths.DISPLAY:
                self._display(token, replace(self._base, muted=self._base.muted or self._depth > 0))
            case "table_open":
                return self._table(tokens, i)
        return i + 1

    # Blocks

    def _begin(self, block: QTextBlockFormat) -> None:
        if not block.hasProperty(QTextFormat.Property.LineHeight):
            _set_line_height(block, self._base.pixels)
        if self._depth:
            block.setLeftMargin(block.leftMargin() + current().px(16) * self._depth)
            block.setRightMargin(current().px(16) * self._depth)  # where Arabic has its bar
            block.setProperty(QUOTE, self._depth)
        marks = self._spans.char_format(self._base)  # numbers and dots of lists are drawn in it
        if self._fresh:
            self._cursor.setBlockFormat(block)
            self._cursor.setBlockCharFormat(marks)
        else:
            self._cursor.insertBlock(block, marks)
        self._fresh = False

    def _format(self, after: float, before: float = 0.0) -> QTextBlockFormat:
        block = QTextBlockFormat()
        block.setTopMargin(0 if self._fresh else current().px(before) if before else 0)
        block.setBottomMargin(current().px(after))
        return block

    def _paragraph(self, token: Token) -> None:
        in_list = bool(self._lists)
        block = self._format(ITEM if in_list else PARAGRAPH)
        if in_list and not self._item_starts:
            block.setIndent(len(self._lists))
        self._begin(block)
        is_item = in_list and self._item_starts
        if is_item:
            self._join_list()
        self._item_starts = False
        style = replace(self._base, muted=self._base.muted or self._depth > 0)
        self._inline(token, style, is_item=is_item)

    def _join_list(self) -> None:
        """The cursor's block becomes the next item of the innermost list."""
        wanted = self._lists[-1]
        made = getattr(wanted, "made", None)
        if made is None:
            wanted.made = self._cursor.createList(wanted)  # type: ignore[attr-defined]
        else:
            made.add(self._cursor.block())

    def _open_list(self, token: Token) -> None:
        form = QTextListFormat()
        form.setIndent(len(self._lists) + 1)
        if token.type == "ordered_list_open":
            form.setStyle(QTextListFormat.Style.ListDecimal)
            form.setStart(int(token.attrGet("start") or 1))
        else:
            form.setStyle(QTextListFormat.Style.ListDisc)
        self._lists.append(form)

    def _close_list(self) -> None:
        """Items stand close together; after the whole list comes a paragraph's space."""
        if not self._lists:
            after = QTextBlockFormat()
            after.setBottomMargin(current().px(PARAGRAPH))
            self._cursor.mergeBlockFormat(after)

    def _heading(self, inline: Token, tag: str) -> None:
        pixels = HEADINGS.get(tag, self._base.pixels)
        block = self._format(8, before=20 if tag in ("h1", "h2") else 10)
        _set_line_height(block, pixels)
        self._begin(block)
        self._inline(inline, replace(self._base, bold=True, pixels=pixels))

    def _code(self, content: str) -> None:
        """A fence inside a list or quote: set in place, on the code ground."""
        block = self._format(8)
        block.setIndent(len(self._lists))
        block.setBackground(colour("code"))
        block.setNonBreakableLines(False)
        self._begin(block)
        self._spans.insert(
            content.rstrip("\n").replace("\n", "\u2028"), replace(self._base, code=True)
        )

    def _rule(self) -> None:
        """A line across, painted by whoever shows the document (Qt's own has no colour)."""
        block = self._format(PARAGRAPH)
        block.setProperty(RULE, True)
        self._begin(block)
        mark = self._spans.char_format(self._base)
        mark.setProperty(SOURCE, "---")
        self._cursor.insertText("\u200b", mark)  # an empty block would be taken for a fresh one

    def _table(self, tokens: list[Token], start: int) -> int:
        end = next(i for i in range(start, len(tokens)) if tokens[i].type == "table_close")
        rows: list[list[tuple[Token, Token]]] = []  # each cell: its opening, its text
        for i in range(start, end):
            if tokens[i].type == "tr_open":
                rows.append([])
            elif tokens[i].type == "inline":
                rows[-1].append((tokens[i - 1], tokens[i]))
        if rows and rows[0]:
            self._begin(self._format(2))
            self._fill_table(rows)
        return end + 1

    def _fill_table(self, rows: list[list[tuple[Token, Token]]]) -> None:
        px = current().px
        form = QTextTableFormat()
        form.setBorder(1)
        form.setBorderBrush(colour("line"))
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderCollapse(True)
        form.setCellPadding(px(6))
        form.setBottomMargin(px(PARAGRAPH))
        table = self._cursor.insertTable(len(rows), len(rows[0]), form)
        for r, cells in enumerate(rows):
            for c, (opening, inline) in enumerate(cells[: len(rows[0])]):
                cursor = table.cellAt(r, c).firstCursorPosition()
                inside = ProseWriter(cursor, self._base.pixels - 1, self._base.muted)
                aligned = QTextBlockFormat()
                _set_line_height(aligned, inside._base.pixels - 1)
                style = str(opening.attrGet("style") or "").replace(" ", "")
                aligned.setAlignment(ALIGNMENTS.get(style, Qt.AlignmentFlag.AlignLeft))
                cursor.mergeBlockFormat(aligned)
                bold = opening.type == "th_open"
                inside._inline(inline, replace(inside._base, bold=bold), in_cell=True)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        # Qt always has a block after a table; it must not show until something is written there.
        after = QTextBlockFormat()
        after.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        self._cursor.setBlockFormat(after)
        self._fresh = True

    # Inline

    def _inline(
        self, token: Token, style: Style, *, is_item: bool = False, in_cell: bool = False
    ) -> None:
        """The words of a paragraph, heading or cell; a displayed formula is a block of its own."""
        stack = [style]
        children = list(token.children or [])
        for i, child in enumerate(children):
            match child.type:
                case "text":
                    words = child.content
                    if is_item and i == 0 and (task := TASK.match(words)):
                        words = words[task.end() :]
                        self._spans.tick(task[1] != " ")
                    self._spans.tagged(words, stack)
                case "code_inline":
                    self._spans.insert(child.content, replace(stack[-1], code=True))
                case "softbreak" | "hardbreak":
                    # A model that breaks a line means it (verse, lists).
                    if not (_is_display(children, i - 1) or _is_display(children, i + 1)):
                        self._spans.insert("\u2028", stack[-1])
                case "image":
                    words = child.content or "picture"
                    self._spans.insert(
                        words, replace(stack[-1], link=str(child.attrGet("src") or ""))
                    )
                case kind if kind in maths.INLINE or (kind in maths.DISPLAY and in_cell):
                    self._spans.formula(child, stack[-1], display=False)
                case kind if kind in maths.DISPLAY:
                    self._display(child, stack[-1])
                    if any(c.content.strip() for c in children[i + 1 :]):
                        self._begin(self._format(PARAGRAPH))
                case "link_open":
                    stack.append(replace(stack[-1], link=str(child.attrGet("href") or "")))
                case "strong_open" | "em_open" | "s_open":
                    stack.append(opened(stack[-1], child.tag))
                case "strong_close" | "em_close" | "s_close" | "link_close":
                    stack.pop()

    def _display(self, token: Token, style: Style) -> None:
        """A formula on a line of its own, in the middle."""
        if self._cursor.block().length() > 1 or not self._fresh:
            block = self._format(PARAGRAPH)
            block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            if self._cursor.block().length() == 1 and not self._fresh:
                self._fresh = True  # the paragraph that was begun for it
            self._begin(block)
        self._spans.formula(token, style, display=True)


def _is_display(children: list[Token], i: int) -> bool:
    return 0 <= i < len(children) and children[i].type in maths.DISPLAY


def _set_line_height(block: QTextBlockFormat, pixels: float) -> None:
    fixed = QTextBlockFormat.LineHeightTypes.FixedHeight.value
    block.setLineHeight(current().px(pixels * LINE_HEIGHT), fixed)
