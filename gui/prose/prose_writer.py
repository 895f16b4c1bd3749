"""Writes markdown-it tokens into a QTextDocument through a cursor: no HTML in between.

Everything is formats from the theme; links keep their address, images are links. Of HTML a few
tags mean something, because models write them in tables: line breaks, raised and lowered letters.
"""

import re
from dataclasses import dataclass, replace

from markdown_it.token import Token
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextListFormat,
    QTextTableFormat,
)

from gui.prose import maths
from gui.theme.fonts import mono_family
from gui.theme.theme import current
from gui.widgets.paint import colour

QUOTE = QTextFormat.Property.UserProperty.value + 1  # block property: depth of the quote
RULE = QTextFormat.Property.UserProperty.value + 2  # block property: a line across
SOURCE = QTextFormat.Property.UserProperty.value + 3  # of a picture: what to copy instead of it
TAGS = re.compile(r"<(/?)(br|sub|sup|b|i|u|em|strong|kbd)\s*(/?)>", re.IGNORECASE)
# Spaces at which French does not break a line; models write plain ones.
BOUND = re.compile(r"(?<=«) | (?=»)|(?<!\s) (?=[:;!?]+(?:\s|$))")
TASK = re.compile(r"\[([ xX])\] ")
MATHS_SIZE = 1.2  # times the text's: the formulas' letters are smaller than the interface's
ALIGNMENTS = {
    "text-align:center": Qt.AlignmentFlag.AlignHCenter,
    "text-align:right": Qt.AlignmentFlag.AlignRight,
}
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
    underline: bool = False
    raised: int = 0  # 1 above the line, -1 below it


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
            block.setProperty(QUOTE, self._depth)
        marks = self._char_format(self._base)  # numbers and dots of lists are drawn in it
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
        block = self._format(4 if in_list else 10)
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
        """A line across, painted by whoever shows the document (Qt's own has no colour)."""
        block = self._format(10)
        block.setProperty(RULE, True)
        self._begin(block)
        mark = self._char_format(self._base)
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
        form.setBottomMargin(px(10))
        table = self._cursor.insertTable(len(rows), len(rows[0]), form)
        for r, cells in enumerate(rows):
            for c, (opening, inline) in enumerate(cells[: len(rows[0])]):
                cursor = table.cellAt(r, c).firstCursorPosition()
                inside = ProseWriter(cursor, self._base.pixels - 1, self._base.muted)
                aligned = QTextBlockFormat()
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
        self, token: Token, style: _Style, *, is_item: bool = False, in_cell: bool = False
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
                        self._tick(task[1] != " ")
                    self._tagged(words, stack)
                case "code_inline":
                    self._insert(child.content, replace(stack[-1], code=True))
                case "softbreak" | "hardbreak":
                    # A model that breaks a line means it (verse, lists).
                    if not (_is_display(children, i - 1) or _is_display(children, i + 1)):
                        self._insert("\u2028", stack[-1])
                case "image":
                    words = child.content or "picture"
                    self._insert(words, replace(stack[-1], link=str(child.attrGet("src") or "")))
                case kind if kind in maths.INLINE or (kind in maths.DISPLAY and in_cell):
                    self._formula(child, stack[-1], display=False)
                case kind if kind in maths.DISPLAY:
                    self._display(child, stack[-1])
                    if any(c.content.strip() for c in children[i + 1 :]):
                        self._begin(self._format(10))
                case "link_open":
                    stack.append(replace(stack[-1], link=str(child.attrGet("href") or "")))
                case "strong_open" | "em_open" | "s_open":
                    stack.append(_opened(stack[-1], child.tag))
                case "strong_close" | "em_close" | "s_close" | "link_close":
                    stack.pop()

    def _tick(self, done: bool) -> None:
        """The item's dot becomes a box."""
        block = QTextBlockFormat()
        kinds = QTextBlockFormat.MarkerType
        block.setMarker(kinds.Checked if done else kinds.Unchecked)
        self._cursor.mergeBlockFormat(block)

    def _tagged(self, text: str, stack: list[_Style]) -> None:
        """Text in which <br>, <sub> and their like mean something; all else stays as written."""
        at = 0
        for tag in TAGS.finditer(text):
            self._words(text[at : tag.start()], stack[-1])
            at, name = tag.end(), tag[2].lower()
            if name == "br":
                self._insert("\u2028", stack[-1])
            elif not tag[1]:
                stack.append(_opened(stack[-1], name))
            elif len(stack) > 1:
                stack.pop()
        self._words(text[at:], stack[-1])

    def _words(self, text: str, style: _Style) -> None:
        """Text in which some spaces do not break; copied, they are as written."""
        at = 0
        for space in BOUND.finditer(text):
            self._insert(text[at : space.start()], style)
            form = self._char_format(style)
            form.setProperty(SOURCE, " ")
            self._cursor.insertText("\u00a0", form)
            at = space.end()
        self._insert(text[at:], style)

    def _display(self, token: Token, style: _Style) -> None:
        """A formula on a line of its own, in the middle."""
        if self._cursor.block().length() > 1 or not self._fresh:
            block = self._format(10)
            block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            if self._cursor.block().length() == 1 and not self._fresh:
                self._fresh = True  # the paragraph that was begun for it
            self._begin(block)
        self._formula(token, style, display=True)

    def _formula(self, token: Token, style: _Style, *, display: bool) -> None:
        """The picture of a formula, or its source where there is none."""
        px, ink = current().px, colour("muted" if style.muted else "text").name()
        found = maths.formula(token.content, px(style.pixels) * MATHS_SIZE, ink, display)
        source = _source(token)
        if found is None:
            self._insert(source, replace(style, code=True))
            return
        form = QTextImageFormat()
        font = self._char_format(style).font()
        font.setPixelSize(px(style.pixels))
        x_height = QFontMetricsF(font).xHeight()
        form.setFont(font)
        form.setName(found.name)
        form.setWidth(found.width)
        form.setHeight(found.padded(x_height)[0])
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        form.setProperty(SOURCE, source)
        form.setToolTip(source)
        screens = [screen.devicePixelRatio() for screen in QGuiApplication.screens()]
        image = maths.picture(found, x_height, max(1.0, *screens))
        kind = QTextDocument.ResourceType.ImageResource.value
        self._cursor.document().addResource(kind, QUrl(found.name), image)
        if form.height() > px(style.pixels * LINE_HEIGHT):
            self._let_grow(style)
        self._cursor.insertImage(form)

    def _let_grow(self, style: _Style) -> None:
        """Lines of this block may be higher than the rhythm asks."""
        block = QTextBlockFormat()
        least = QTextBlockFormat.LineHeightTypes.MinimumHeight.value
        block.setLineHeight(current().px(style.pixels * LINE_HEIGHT), least)
        self._cursor.mergeBlockFormat(block)

    def _insert(self, text: str, style: _Style) -> None:
        if text:
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
        form.setFontUnderline(style.underline)
        if style.raised:
            above = QTextCharFormat.VerticalAlignment.AlignSuperScript
            below = QTextCharFormat.VerticalAlignment.AlignSubScript
            form.setVerticalAlignment(above if style.raised > 0 else below)
        if style.link:
            form.setAnchor(True)
            form.setAnchorHref(style.link)
            form.setForeground(colour("accent_ink"))
            form.setFontUnderline(True)
        return form


def _opened(style: _Style, tag: str) -> _Style:
    """The style inside a tag."""
    match tag:
        case "strong" | "b":
            return replace(style, bold=True)
        case "em" | "i":
            return replace(style, italic=True)
        case "s":
            return replace(style, strike=True)
        case "u":
            return replace(style, underline=True)
        case "sup":
            return replace(style, raised=1)
        case "sub":
            return replace(style, raised=-1)
        case "kbd":
            return replace(style, code=True)
    return style


def _is_display(children: list[Token], i: int) -> bool:
    return 0 <= i < len(children) and children[i].type in maths.DISPLAY


def _source(token: Token) -> str:
    """A formula as it was written."""
    if token.type == "amsmath":
        return token.content
    closing = {"\\(": "\\)", "\\[": "\\]"}.get(token.markup, token.markup or "$")
    opening = token.markup or "$"
    return f"{opening}{token.content}{closing}"


def _set_line_height(block: QTextBlockFormat, pixels: float) -> None:
    fixed = QTextBlockFormat.LineHeightTypes.FixedHeight.value
    block.setLineHeight(current().px(pixels * LINE_HEIGHT), fixed)
