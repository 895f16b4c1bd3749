"""Cuts a text into pieces that are laid out one by one, so that only those near the eyes need be.

A block of code and a table are pieces of their own; prose is cut between paragraphs, so that a
selection inside a piece crosses several. Knows no Qt: how high a piece will be is guessed here.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from gui.prose.markdown import Block

MOST = 1800  # letters of prose in a piece
GAP = 10  # below a paragraph, in pixels of the look
WIDE = "WF"  # East Asian letters, twice as wide as others
LETTER = 0.5  # the width of one, times the text size


@dataclass
class Piece:
    """Blocks that are shown by one widget; `first` is the place of the first one in the text."""

    kind: str
    first: int
    blocks: list[Block] = field(default_factory=list)
    letters: int = 0

    @property
    def end(self) -> int:
        return self.first + len(self.blocks)


def cut(blocks: Sequence[Block], start: int = 0) -> list[Piece]:
    """The pieces of these blocks, of which the first is the `start`th of the text. Where pieces
    begin depends on what stands before alone: a text that grows keeps them."""
    found: list[Piece] = []
    for i, block in enumerate(blocks):
        last = found[-1] if found else None
        if (
            last is None
            or not block.kind == last.kind == "prose"
            or last.letters + block.letters > MOST
        ):
            last = Piece(block.kind, start + i)
            found.append(last)
        last.blocks.append(block)
        last.letters += block.letters
    return found


def guess(piece: Piece, width: float, pixels: float, line: float) -> float:
    """About how high it will be at this width; `pixels` the text size, `line` a line's height."""
    if piece.kind == "code":
        return line * 0.85 * (piece.blocks[0].code.count("\n") + 1) + 3.6 * pixels
    a_line = max(8.0, width / (LETTER * pixels))
    if piece.kind == "table":
        rows = sum(token.type == "tr_open" for token in piece.blocks[0].outline)
        return rows * (line + pixels)
    height = 0.0
    for block in piece.blocks:
        for token in block.outline:
            if token.type == "inline":
                lines = (max(1.0, -(-wide(part) // a_line)) for part in token.content.split("\n"))
                height += line * sum(lines) + GAP
    return max(line, height)


def guess_text(text: str, width: float, pixels: float, line: float) -> float:
    """About how high a text of Markdown will be that nobody has read yet."""
    a_line = max(8.0, width / (LETTER * pixels))
    lines = [part for part in text.split("\n") if part]
    return sum(line * max(1.0, -(-wide(part) // a_line)) + GAP * 0.7 for part in lines)


def wide(text: str) -> int:
    """How many letters of usual width it takes."""
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(letter) in WIDE for letter in text)
