"""Markdown as a column of pieces: prose, tables and code in turn, growing at the end.

All pieces are widgets, or only those near the eyes (`show_between`): of a long text the others have
no more than a height, guessed until they were seen.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QSize, QUrl, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QWidget

from gui.prose.code import CodeBlock
from gui.prose.hearing import heard, links_of
from gui.prose.markdown import Block, Growing, blocks, plain_parser
from gui.prose.marks import begin_of_mark, mark_words
from gui.prose.picking import Picking
from gui.prose.pieces import Piece, cut, guess
from gui.prose.places import finds
from gui.prose.prose import Prose
from gui.prose.selecting import Selecting
from gui.prose.spans import LINE_HEIGHT
from gui.prose.table import Table
from gui.theme.theme import current
from gui.widgets.focus_home import discard

GAP = 14  # between pieces
BODY = 15.0  # the text size of what is read
Part = Prose | CodeBlock


@dataclass
class Slot:
    """A piece in its place, with a widget while it is near the eyes."""

    piece: Piece
    part: Part | None = None
    heights: dict[tuple[int, int, int], int] = field(default_factory=dict)  # by widths, text size

    @property
    def edit(self) -> QTextEdit | None:
        return self.part.text if isinstance(self.part, CodeBlock) else self.part


@dataclass(frozen=True)
class Spot:
    """A place in a text that stays the same words: so far below the top of a piece so high."""

    slot: int
    above: int
    height: int


class RichText(QWidget):
    """Only the parts that new text can touch are written again. `prose_width`: no line of prose is
    longer, where tables and code may be."""

    selecting_begins = Signal()

    def __init__(
        self,
        muted: bool = False,
        pixels: float = BODY,
        max_width: int = 0,
        whole: bool = True,
        ground: str = "code",
        follow: Callable[[QUrl], object] | None = None,
    ) -> None:
        super().__init__()
        self._follow = follow  # where links lead, if not out of the program
        self._ground = ground  # of code within a line
        self._muted, self._pixels, self._max_width = muted, pixels, max_width
        self.prose_width = 0
        self._growing = Growing()
        self._blocks: list[Block] = []
        self._slots: list[Slot] = []
        self._whole = whole
        self._near = (0, 0)  # what of it is near the eyes, from where to where
        self._cursor_shown = False
        self._words = ""  # that are marked
        self._pointed: int | None = None  # which of the places is pointed at
        self._gap = current().px(GAP)
        self.selecting = Selecting(self)
        self.picking = Picking(self)
        policy = QSizePolicy(
            QSizePolicy.Policy.Maximum if max_width else QSizePolicy.Policy.Expanding,
            QSizePolicy.Policy.Preferred,
        )
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # The text

    @property
    def source(self) -> str:
        return self._growing.text

    def plain(self) -> str:
        """Its words without Markdown's marks; formulas as they were written."""
        return "\n\n".join(part.all_words().strip("\n") for part in self.parts())

    def links(self) -> list[str]:
        """Where its links lead, each once."""
        return links_of(self._blocks)

    def heard(self) -> str:
        """Its beginning, for a screen reader."""
        return heard(self._blocks)

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
        for slot in self._slots:
            if isinstance(slot.part, Prose):
                slot.part.show_cursor(shown and slot is self._slots[-1])

    def finish(self) -> None:
        self.show_cursor(False)
        for slot in self._slots:
            if isinstance(slot.part, CodeBlock):
                slot.part.text.recolour()

    def rewrite(self) -> None:
        """In other colours and sizes."""
        for slot in self._slots:
            if slot.part is not None:
                slot.part.rewrite()
                slot.heights.clear()
        self._mark_again()
        self._changed()

    def _show(self, keep: int, fresh: list[Block]) -> None:
        self._blocks[keep:] = fresh
        n = next((i for i, s in enumerate(self._slots) if s.piece.end > keep), len(self._slots))
        n = max(0, min(n, len(self._slots) - 1))  # the last of them may have room for more
        start = self._slots[n].piece.first if self._slots else 0
        wanted = cut(self._blocks[start:], start)
        for i, piece in enumerate(wanted, n):
            self._set_piece(i, piece, keep)
        while len(self._slots) > n + len(wanted):
            self._drop(self._slots.pop())
        self._build()
        if self._cursor_shown:
            self.show_cursor(True)
        self._mark_again()
        self._changed()

    def _set_piece(self, i: int, piece: Piece, keep: int) -> None:
        """The piece is the `i`th now; its blocks before the `keep`th of all are as before."""
        if i == len(self._slots):
            self._slots.append(Slot(piece))
            return
        slot = self._slots[i]
        same = slot.piece.kind == piece.kind and slot.piece.first == piece.first
        slot.piece = piece
        slot.heights.clear()
        if slot.part is None:
            return
        if not same:
            self._drop(slot)
        else:
            self._write(slot, keep)

    # The parts

    def parts(self) -> list[Part]:
        """All of them, built if need be."""
        return [self._part(slot) for slot in self._slots]

    def edits(self) -> list[QTextEdit]:
        """What there is of them now, from top to bottom."""
        return [slot.edit for slot in self._slots if slot.edit is not None]

    def _part(self, slot: Slot) -> Part:
        if slot.part is None:
            match slot.piece.kind:
                case "code":
                    slot.part = CodeBlock()
                case "table":
                    slot.part = Table(self._pixels, self._muted)
                case _:
                    slot.part = Prose(self._pixels, self._muted, self._ground)
            if self._follow is not None and isinstance(slot.part, Prose):
                slot.part.lead(self._follow)
            slot.part.setParent(self)
            # Qt lays a text out at the width of its widget, whatever one asks for.
            slot.part.resize(max(1, self._width(slot, self.width())), current().px(16))
            self._write(slot, 0)
            text = slot.part.text if isinstance(slot.part, CodeBlock) else slot.part
            self.selecting.watch(text)
            self.picking.watch(text)
            slot.heights.clear()
            slot.part.show()
            edit = slot.edit
            if self._words and edit is not None:
                mark_words(edit, self._words)
            if isinstance(slot.part, Prose):
                slot.part.show_cursor(self._cursor_shown and slot is self._slots[-1])
        return slot.part

    def _write(self, slot: Slot, keep: int) -> None:
        """What the part shows; blocks before the `keep`th of the text stand already."""
        part, piece = slot.part, slot.piece
        if isinstance(part, CodeBlock):
            part.set_code(piece.blocks[0].code, piece.blocks[0].language)
        elif part is not None:
            keep = max(0, min(keep - piece.first, part.n_blocks(), len(piece.blocks)))
            part.replace_tail(keep, [block.tokens for block in piece.blocks[keep:]])

    def _drop(self, slot: Slot, at_once: bool = False) -> None:
        part, slot.part = slot.part, None
        if part is not None:
            part.hide()
            discard(part, at_once)

    # What is near the eyes

    def show_between(self, top: int, bottom: int) -> bool:
        """Of a text that is not shown whole: build what lies there, and forget what is far away.
        Whether heights have changed by that."""
        if self._whole:
            return False
        self._near = (top, bottom)
        before = self.heightForWidth(self.width())
        built = self._build()
        self._forget_far()
        if not built:
            return False
        self._arrange()
        if self.heightForWidth(self.width()) == before:
            return False
        self.updateGeometry()
        return True

    def forget_beyond(self, top: int, bottom: int) -> None:
        """Of a text that is not shown whole only what lies there is kept."""
        for slot in self._slots if not self._whole else ():
            part, edit = slot.part, slot.edit
            if part is None or edit is None or _is_held(edit):
                continue
            # Where it stands, whatever its height will be in the size that comes.
            if part.y() + part.height() < top or part.y() > bottom:
                self._drop(slot, at_once=True)

    def show_to(self, y: int) -> None:
        """Somebody selects up to here: all on the way is wanted."""
        if not self._whole:
            self.show_between(min(self._near[0], y), max(self._near[1], y))

    def _build(self) -> bool:
        """What is near; all, where the text is shown whole. Whether there was something to do."""
        top, bottom = self._near
        y, built = 0, False
        for slot, height in zip(self._slots, self._heights(self.width()), strict=True):
            if slot.part is None and (self._whole or (y <= bottom and y + height >= top)):
                self._part(slot)
                built = True
            y += height + self._gap
        return built

    def _forget_far(self) -> None:
        top, bottom = self._near
        room = 2 * max(1, bottom - top)
        y = 0
        for slot, height in zip(self._slots, self._heights(self.width()), strict=True):
            edit = slot.edit
            far = y + height < top - room or y > bottom + room
            if far and edit is not None and not _is_held(edit):
                self._drop(slot)
            y += height + self._gap

    # Where they stand

    def _heights(self, width: int) -> list[int]:
        """Of all pieces; those that nobody has seen are guessed."""
        theme = current()
        self._gap = theme.px(GAP)
        key = (width, self.prose_width, theme.font_pixels)
        return [slot.heights.get(key) or self._measured(slot, width, key) for slot in self._slots]

    def _measured(self, slot: Slot, width: int, key: tuple[int, int, int]) -> int:
        px, within = current().px, self._width(slot, width)
        if slot.part is not None:
            height = slot.part.heightForWidth(within)
        elif slot.heights:  # more letters fit beside and below each other, or fewer
            (was, _, size), height = next(reversed(slot.heights.items()))
            height = round(height * (key[2] / size) ** 2 * max(1, was) / max(1, width))
        else:
            pixels = px(self._pixels)
            height = round(guess(slot.piece, within, pixels, px(self._pixels * LINE_HEIGHT)))
        slot.heights[key] = max(1, height)
        return slot.heights[key]

    def _width(self, slot: Slot, width: int) -> int:
        """Prose has a longest line; tables and code may be wider where they need it."""
        usual = min(width, self.prose_width) if self.prose_width else width
        if slot.piece.kind == "prose" or slot.part is None:
            return usual
        return min(width, max(usual, slot.part.wanted_width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if not self._slots:
            return 0
        return sum(self._heights(width)) + self._gap * (len(self._slots) - 1)

    def sizeHint(self) -> QSize:
        px = current().px
        if not self._max_width:
            return QSize(px(200), px(16))
        most = px(self._max_width)
        widths = [self._ideal(slot, most) for slot in self._slots]
        width = min(most, max(widths, default=px(16)))
        return QSize(width, self.heightForWidth(width))

    def _ideal(self, slot: Slot, most: int) -> int:
        if slot.piece.kind == "code" or (slot.part is None and slot.piece.letters > 60):
            return most
        part = self._part(slot)
        return math.ceil(part.ideal_width()) if isinstance(part, Prose) else most

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(20), current().px(16))

    def _changed(self) -> None:
        self._arrange()
        self.updateGeometry()

    def _arrange(self) -> None:
        y, width = 0, self.width()
        for slot, height in zip(self._slots, self._heights(width), strict=True):
            if slot.part is not None:
                slot.part.setGeometry(0, y, self._width(slot, width), height)
            y += height + self._gap

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a part needs another height
            for slot in self._slots:
                if slot.part is not None:
                    slot.heights.clear()
            self._changed()
        return super().event(event)

    # Places in it

    def spot(self, y: int) -> Spot:
        """What stands so far down."""
        top = 0
        for i, height in enumerate(self._heights(self.width())):
            if y < top + height + self._gap or i == len(self._slots) - 1:
                return Spot(i, y - top, height)
            top += height + self._gap
        return Spot(0, y, 1)

    def top_of(self, spot: Spot) -> int:
        """How far down that stands now."""
        if spot.slot >= len(self._slots):
            return spot.above
        heights = self._heights(self.width())
        top = sum(heights[: spot.slot]) + self._gap * spot.slot
        height, above = heights[spot.slot], spot.above
        if height != spot.height and above > 0:  # the same words are elsewhere in it
            above = round(above * height / max(1, spot.height))
        return top + above

    # What is marked

    def mark(self, words: str) -> None:
        """Mark these words wherever they stand; "" marks none."""
        if words or self._words:
            self._words = words
            for edit in self.edits():
                mark_words(edit, words)

    def _mark_again(self) -> None:
        words, self._words = self._words, ""
        self.mark(words)

    def point_at(self, which: int | None) -> None:
        """One of the places, from 0, is to be found and told apart; None: the first, and none."""
        if which != self._pointed:
            self._pointed = which
            self._mark_again()

    def find_top(self) -> int | None:
        """How far down the place stands that is pointed at, or else the first; None: there is
        none."""
        left = self._pointed or 0
        found: Slot | None = None
        for slot in self._slots if self._words else []:
            n = len(finds(_text_of(slot.piece), self._words))
            if not n:
                continue
            found = slot
            if left < n:
                break
            left -= n
        if found is None:
            return None
        self._part(found)
        self._arrange()
        edit = found.edit
        mark = begin_of_mark(edit, left) if edit is not None else None
        if edit is None or mark is None:
            return None
        if self._pointed is not None:
            mark_words(edit, self._words, min(left, len(edit.extraSelections()) - 1))
        return edit.mapTo(self, edit.cursorRect(mark).topLeft()).y()


def _text_of(piece: Piece) -> str:
    """Its words, near enough to search in."""
    texts = [block.code for block in piece.blocks if block.code]
    texts += [token.content for block in piece.blocks for token in block.outline]
    return "\n".join(texts)


def _is_held(edit: QTextEdit) -> bool:
    return edit.hasFocus() or edit.textCursor().hasSelection()
