"""Words, tags and formulas written into a line of a QTextDocument, in a style.

Of HTML a few tags mean something, because models write them in tables: line breaks, raised and
lowered letters.
"""

import re
from dataclasses import dataclass, replace

from markdown_it.token import Token
from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
)

from gui.prose import maths
from gui.theme.fonts import mono_families
from gui.theme.theme import current
from gui.widgets.paint import colour

SOURCE = QTextFormat.Property.UserProperty.value + 3  # of a picture: what to copy instead of it
CODE = QTextFormat.Property.UserProperty.value + 4  # within a line: it has a ground
TAGS = re.compile(r"<(/?)(br|sub|sup|b|i|u|em|strong|kbd)\s*(/?)>", re.IGNORECASE)
# Spaces at which French does not break a line; models write plain ones.
BOUND = re.compile(r"(?<=«) | (?=»)|(?<!\s) (?=[:;!?]+(?:\s|$))")
CODE_SIZE = 0.92  # times the text's
MATHS_SIZE = 1.2  # times the text's: the formulas' letters are smaller than the interface's
LINE_HEIGHT = 1.6  # times the text size; fixed, so that code and CJK keep the rhythm


@dataclass(frozen=True)
class Style:
    """How words look."""

    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str = ""
    pixels: float = 0.0
    muted: bool = False
    underline: bool = False
    raised: int = 0  # 1 above the line, -1 below it


class Spans:
    """Appends to the block at the cursor, and begins none."""

    def __init__(self, cursor: QTextCursor) -> None:
        self._cursor = cursor

    def tick(self, done: bool) -> None:
        """The item's dot becomes a box."""
        block = QTextBlockFormat()
        kinds = QTextBlockFormat.MarkerType
        block.setMarker(kinds.Checked if done else kinds.Unchecked)
        self._cursor.mergeBlockFormat(block)

    def tagged(self, text: str, stack: list[Style]) -> None:
        """Text in which <br>, <sub> and their like mean something; all else stays as written."""
        at = 0
        for tag in TAGS.finditer(text):
            self.words(text[at : tag.start()], stack[-1])
            at, name = tag.end(), tag[2].lower()
            if name == "br":
                self.insert("\u2028", stack[-1])
            elif not tag[1]:
                stack.append(opened(stack[-1], name))
            elif len(stack) > 1:
                stack.pop()
        self.words(text[at:], stack[-1])

    def words(self, text: str, style: Style) -> None:
        """Text in which some spaces do not break; copied, they are as written."""
        at = 0
        for space in BOUND.finditer(text):
            self.insert(text[at : space.start()], style)
            form = self.char_format(style)
            form.setProperty(SOURCE, " ")
            self._cursor.insertText("\u00a0", form)
            at = space.end()
        self.insert(text[at:], style)

    def formula(self, token: Token, style: Style, *, display: bool) -> None:
        """The picture of a formula, or its source where there is none."""
        px, ink = current().px, colour("muted" if style.muted else "text").name()
        found = maths.formula(token.content, px(style.pixels) * MATHS_SIZE, ink, display)
        source = _source(token)
        if found is None:
            self.insert(source, replace(style, code=True))
            return
        form = QTextImageFormat()
        font = self.char_format(style).font()
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

    def _let_grow(self, style: Style) -> None:
        """Lines of this block may be higher than the rhythm asks."""
        block = QTextBlockFormat()
        least = QTextBlockFormat.LineHeightTypes.MinimumHeight.value
        block.setLineHeight(current().px(style.pixels * LINE_HEIGHT), least)
        self._cursor.mergeBlockFormat(block)

    def insert(self, text: str, style: Style) -> None:
        if text:
            self._cursor.insertText(text, self.char_format(style))

    def char_format(self, style: Style) -> QTextCharFormat:
        px = current().px
        form = QTextCharFormat()
        form.setProperty(QTextFormat.Property.FontPixelSize, px(style.pixels))
        form.setForeground(colour("muted" if style.muted else "text"))
        if style.code:
            form.setFontFamilies(mono_families())
            form.setProperty(QTextFormat.Property.FontPixelSize, px(style.pixels * CODE_SIZE))
            form.setProperty(CODE, True)
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


def opened(style: Style, tag: str) -> Style:
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


def _source(token: Token) -> str:
    """A formula as it was written."""
    if token.type == "amsmath":
        return token.content
    closing = {"\\(": "\\)", "\\[": "\\]"}.get(token.markup, token.markup or "$")
    opening = token.markup or "$"
    return f"{opening}{token.content}{closing}"
