"""Writes markdown-it tokens into a QTextDocument through a cursor: no HTML in between.

Everything is formats from the theme; links keep their address, images are not loaded.
"""

from dataclasses import dataclass, replace

from markdown_it.token import Token
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextTableFormat,
)

from gui.theme.fonts import mono_family
from gui.theme.theme import current
from gui.widgets.paint import colour

QUOTE = QTextFormat.Property.UserProperty.value + 1  # block property: depth of the quote
HEADINGS = {"h1": 20.0, "h2": 17.0, "h3": 15.0}
LINE_HEIGHT = 1.5  # times the text size; fixed, so that code and CJK keep the rhythm


@dataclass(frozen=True)
class _Style:
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str = ""
    pixels: float = 0.0
    muted: bool = False


class ProseWriter:
    """Appends blocks at the end of the cursor's document."""

    def __init__(self, cursor: QTextCursor, base_pixels: float = 14.0, muted: bool = False) -> None:
        self._cursor = cursor
        self._base = _Style(pixels=base_pixels, muted=muted)
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
            case "table_open":
                return self._table(tokens, i)
        return i + 1

    # Blocks

    def _begin(self, block: QTextBlockFormat) -> None:
        if not block.hasProperty(QTextFormat.Property.LineHeight):
            _set_line_height(block, self._base.pixels)
        if self._depth:
            block.setLeftMargin(block.leftMargin() + current().px(16) * self._depth)
            block.setProperty(QUOTE, self._depth)
        if self._fresh:
            self._cursor.setBlockFormat(block)
            self._cursor.setBlockCharFormat(QTextCharFormat())
        else:
            self._cursor.insertBlock(block, QTextCharFormat())
        self._fresh = False

    def _format(self, after: float, before: float = 0.0) -> QTextBlockFormat:
        block = QTextBlockFormat()
        block.setTopMargin(0 if self._fresh else current().px(before) if before else 0)
        block.setBottomMargin(current().px(after))
        return block

    def _paragraph(self, token: Token) -> None:
        in_list = bool(self._lists)
        block = self._format(4 if in_list else 10)
        if in_list and not self._item_starts:
            block.setIndent(len(self._lists))
        self._begin(block)
        if in_list and self._item_starts:
            self._join_list()
        self._item_starts = False
        style = replace(self._base, muted=self._base.muted or self._depth > 0)
        self._inline(token, style)

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
            after.setBottomMargin(current().px(10))
            self._cursor.mergeBlockFormat(after)

    def _heading(self, inline: Token, tag: str) -> None:
        pixels = HEADINGS.get(tag, self._base.pixels)
        block = self._format(6, before=10)
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
        self._insert(content.rstrip("\n").replace("\n", "\u2028"), replace(self._base, code=True))

    def _rule(self) -> None:
        block = self._format(10)
        width = QTextLength(QTextLength.Type.PercentageLength, 100)
        block.setProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth, width)
        self._begin(block)

    def _table(self, tokens: list[Token], start: int) -> int:
        end = next(i for i in range(start, len(tokens)) if tokens[i].type == "table_close")
        rows: list[list[tuple[Token, bool]]] = []
        for i in range(start, end):
            if tokens[i].type == "tr_open":
                rows.append([])
            elif tokens[i].type == "inline":
                rows[-1].append((tokens[i], tokens[i - 1].type == "th_open"))
        if rows and rows[0]:
            self._begin(self._format(2))
            self._fill_table(rows)
        return end + 1

    def _fill_table(self, rows: list[list[tuple[Token, bool]]]) -> None:
        px = current().px
        form = QTextTableFormat()
        form.setBorder(1)
        form.setBorderBrush(colour("line"))
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderCollapse(True)
        form.setCellPadding(px(6))
        form.setBottomMargin(px(10))
        table = self._cursor.insertTable(len(rows), len(rows[0]), form)
        for r, cells in enumerate(rows):
            for c, (inline, head) in enumerate(cells[: len(rows[0])]):
                cursor = table.cellAt(r, c).firstCursorPosition()
                inside = ProseWriter(cursor, self._base.pixels - 1, self._base.muted)
                inside._inline(inline, replace(inside._base, bold=head))
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        # Qt always has a block after a table; it must not show until something is written there.
        after = QTextBlockFormat()
        after.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        self._cursor.setBlockFormat(after)
        self._fresh = True

    # Inline

    def _inline(self, token: Token, style: _Style) -> None:
        stack = [style]
        for child in token.children or []:
            match child.type:
                case "text":
                    self._insert(child.content, stack[-1])
                case "code_inline":
                    self._insert(child.content, replace(stack[-1], code=True))
                case (
                    "softbreak" | "hardbreak"
                ):  # a model that breaks a line means it (verse, lists)
                    self._insert("\u2028", stack[-1])
                case "strong_open":
                    stack.append(replace(stack[-1], bold=True))
                case "em_open":
                    stack.append(replace(stack[-1], italic=True))
                case "s_open":
                    stack.append(replace(stack[-1], strike=True))
                case "link_open":
                    stack.append(replace(stack[-1], link=str(child.attrGet("href") or "")))
                case "strong_close" | "em_close" | "s_close" | "link_close":
                    stack.pop()

    def _insert(self, text: str, style: _Style) -> None:
        self._cursor.insertText(text, self._char_format(style))

    def _char_format(self, style: _Style) -> QTextCharFormat:
        px = current().px
        form = QTextCharFormat()
        form.setProperty(QTextFormat.Property.FontPixelSize, px(style.pixels))
        form.setForeground(colour("muted" if style.muted else "text"))
        if style.code:
            form.setFontFamilies([mono_family()])
            form.setProperty(QTextFormat.Property.FontPixelSize, px(style.pixels - 1))
        if style.bold:
            form.setFontWeight(QFont.Weight.DemiBold)
        form.setFontItalic(style.italic)
        form.setFontStrikeOut(style.strike)
        if style.link:
            form.setAnchor(True)
            form.setAnchorHref(style.link)
            form.setForeground(colour("accent_ink"))
            form.setFontUnderline(True)
        return form


def _set_line_height(block: QTextBlockFormat, pixels: float) -> None:
    fixed = QTextBlockFormat.LineHeightTypes.FixedHeight.value
    block.setLineHeight(current().px(pixels * LINE_HEIGHT), fixed)
