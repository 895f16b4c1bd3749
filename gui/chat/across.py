"""A selection that goes on from one message into the next, as in a browser: whoever drags out of
one selects to its end, the messages between, and the other as far as the pointer.

Each message keeps its own part of it; who speaks is no part of what is copied.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint

from engine.base.conversation import Turn
from gui.chat.answer import Answer
from gui.chat.column import Column
from gui.chat.question import Question

Message = Question | Answer


class Across:
    """Of the messages in one column. `row_of` builds a message that is no widget yet."""

    def __init__(self, column: Column, row_of: Callable[[Turn], Message | None]) -> None:
        self._column, self._row_of = column, row_of
        self._whole: set[int] = set()  # messages that are selected whole, by their turns

    def watch(self, row: Message) -> None:
        selecting = row.text.selecting
        selecting.of_all = self.selected
        selecting.dragged.connect(lambda pointer: self.drag(row, pointer))

    def rows(self) -> list[Message]:
        """Those that are widgets; what is selected always is."""
        found = (item.widget for item in self._column.items)
        return [row for row in found if isinstance(row, Question | Answer)]

    def selected(self) -> str:
        """The words of all of it, in order; "" where nothing is selected."""
        parts = [row.text.selecting.selected() for row in self.rows()]
        return "\n\n".join(part for part in parts if part)

    def clear(self, but: Message | None = None) -> None:
        """There is one selection at a time."""
        self._whole.clear()
        for row in self.rows():
            if row is not but:
                row.text.selecting.clear()

    def drag(self, first: Message, pointer: QPoint) -> None:
        """The button went down in `first`; now it is here on the screen."""
        turns = [item.key for item in self._column.items if isinstance(item.key, Turn)]
        begun = next(i for i, turn in enumerate(turns) if turn is first.turn)
        now = self._place(pointer)
        leads_on = begun != now
        if not leads_on and not first.text.selecting.leads_on:
            return
        first.text.selecting.leads_on = leads_on
        if not leads_on:
            self.clear(but=first)
            return
        down = now > begun
        between = turns[begun + 1 : now] if down else turns[now + 1 : begun]
        self._clear_others({id(turn) for turn in (*between, turns[begun], turns[now])})
        first.text.selecting.run_out(down)
        n_rows = len(self.rows())
        self._select_whole(between)
        last = self._row_of(turns[now])
        self._whole.discard(id(turns[now]))
        if last is not None:
            last.text.selecting.reach(pointer, down)
        if len(self.rows()) != n_rows:  # the pointer has jumped over some
            self._column.needs_layout.emit()

    def _place(self, pointer: QPoint) -> int:
        """Which of the messages stands there, or above the gap that is there."""
        spot = self._column.mapFromGlobal(pointer).y()
        at = self._column.index_at(spot)
        before = [item.key for item in self._column.items[: at + 1] if isinstance(item.key, Turn)]
        return max(0, len(before) - 1)

    def _clear_others(self, kept: set[int]) -> None:
        self._whole &= kept
        for row in self.rows():
            if id(row.turn) not in kept:
                row.text.selecting.clear()

    def _select_whole(self, turns: Sequence[Turn]) -> None:
        for turn in turns:
            row = self._row_of(turn) if id(turn) not in self._whole else None
            if row is not None:
                row.text.selecting.select_all()
                self._whole.add(id(turn))
