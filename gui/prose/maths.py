"""LaTeX in answers: found in Markdown, drawn by ziamath as a picture that stands on the line.

What cannot be drawn is shown as it was written. The text comes from a model: formulas are bounded
in length and depth, and whatever the library raises is no more than a formula without a picture.

A picture in a line of text, as QTextDocument places it with AlignMiddle:

    ____________  top
    |  a         |  ascent   = height / 2 + x-height / 4
    |----  baseline ------
    |  d         |  descent  = height / 2 - x-height / 4
    ------------  bottom    so the shorter side is padded until both hold
"""

import hashlib
import logging
import re
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

log = logging.getLogger(__name__)
INLINE, DISPLAY = ("math_inline",), ("math_inline_double", "math_block", "amsmath")
LONGEST, DEEPEST = 2000, 30  # letters of a formula, braces within braces
KEPT = 512  # formulas
VIEW_BOX = re.compile(r'viewBox="([^"]*)"')  # the baseline is at 0
NUMBERED = re.compile(r"\\(begin|end)\{(align|equation|gather|multline|alignat|flalign)\}")


def add_maths(md: MarkdownIt) -> MarkdownIt:
    r"""Teaches a parser $…$, $$…$$, \(…\), \[…\] and LaTeX's environments; prices stay prices."""
    from mdit_py_plugins.amsmath import amsmath_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    md.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        double_inline=True,
    )
    md.use(amsmath_plugin)
    md.inline.ruler.before("escape", "math_brackets", _brackets)
    return md


def _brackets(state: StateInline, silent: bool) -> bool:
    r"""\(…\) and \[…\], which Markdown would take for escaped brackets."""
    opening = state.src[state.pos : state.pos + 2]
    closing = {r"\(": r"\)", r"\[": r"\]"}.get(opening)
    if closing is None:
        return False
    end = state.src.find(closing, state.pos + 2, min(state.posMax, state.pos + 2 + LONGEST))
    if end < 0 or not state.src[state.pos + 2 : end].strip():
        return False
    if not silent:
        kind = INLINE[0] if opening == r"\(" else DISPLAY[0]
        token = state.push(kind, "math", 0)
        token.content, token.markup = state.src[state.pos + 2 : end], opening
    state.pos = end + 2
    return True


@dataclass(frozen=True)
class Formula:
    """A drawn formula: SVG, and its size in pixels above and below the baseline."""

    name: str  # tells it from all others, as a resource of a document
    svg: bytes
    width: float
    ascent: float
    descent: float

    def padded(self, x_height: float) -> tuple[float, float]:
        """Its height in a line whose small letters are so high, and where its top is in that."""
        descent = max(self.descent, self.ascent - x_height / 2)
        ascent = descent + x_height / 2
        return ascent + descent, ascent - self.ascent


@lru_cache(maxsize=KEPT)
def formula(tex: str, pixels: float, colour: str, display: bool) -> Formula | None:
    """The drawing of a formula at a text size in a colour (#rrggbb); None if it cannot be drawn."""
    tex = tex.strip()
    if not tex or len(tex) > LONGEST or _depth(tex) > DEEPEST:
        return None
    try:
        from ziamath.config import config
        from ziamath.zmath import Latex

        config.svg2 = False  # Qt draws the older form
        plain = NUMBERED.sub(r"\\\1{\2*}", tex)
        svg = Latex(plain, size=pixels, color=colour, inline=not display).svg()
        box = VIEW_BOX.search(svg)
        _, top, width, height = map(float, box[1].split()) if box else (0.0, 0.0, 0.0, 0.0)
    except Exception as error:  # a library's, about words of a model: whatever it is, no picture
        log.debug("cannot draw a formula", exc_info=error)
        return None
    if not (0 < width < 20_000 and 0 < height < 20_000):
        return None
    name = hashlib.sha256(f"{tex} {pixels} {colour} {display}".encode()).hexdigest()[:24]
    return Formula(f"maths:{name}", svg.encode(), width, -top, top + height)


def _depth(tex: str) -> int:
    depth = most = 0
    for letter in tex:
        depth += (letter == "{") - (letter == "}")
        most = max(most, depth)
    return most


def picture(found: Formula, x_height: float, ratio: float) -> QImage:
    """The formula with its padding, for screens of this many dots a pixel."""
    height, top = found.padded(x_height)
    image = QImage(
        max(1, round(found.width * ratio)),
        max(1, round(height * ratio)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    box = QRectF(0, top, found.width, found.ascent + found.descent)
    QSvgRenderer(QByteArray(found.svg)).render(painter, box)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image
