"""What attention remembers: keys and values of positions, for every state: f32, f16 or q8_0.

A state that is looked at whole has a place for each position of the context. One with a window is
a ring: position p lies in slot p % positions, over what lay there a round ago. With 6 slots,
window 3, after position 8 (here positions 3 .. 8 are there, and a next token looks at 7 .. 9):

    slot      0   1   2   3   4   5
    position  6   7   8   3   4   5
                      ^ newest      the oldest is overwritten next

A ring holds what one whole pass looks at (`window` before its first token, and its own tokens) and
BACK positions more, so that a conversation can go back a little; further back it begins anew.
Slots are whole tiles of attention, so that a tile lies in one piece.

Keys of a head lie in panels [slot / 16][k_dim][16]; values as rows [slot][v_row]. With q8_0
both are int8 with a float32 scale for each 32 columns of a position: a key panel ends with
its scales [block][16], a head's values are followed by theirs [block][position]. Of keys whose
last columns are the values (`Grows.within`) the panels have the columns before those alone: scores
look at the rows of values, too. Pages are touched only as positions fill, so a large context costs
nothing before it is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.compute.cache.fixed import FixedLayout, StateBlocks
from engine.compute.cache.memory import LINE, Memory
from engine.compute.graph import Fixed, Grows, State

F32, F16, Q8_0 = 0, 1, 8
CACHE_TYPES = {"f32": F32, "f16": F16, "q8_0": Q8_0}
_ITEM = {F32: 4, F16: 2, Q8_0: 1}
PANEL, TILE = 16, 64  # positions: of one panel of keys, of one step of attention
BACK = 1024  # positions that a ring keeps for going back; a tile at least


@dataclass(frozen=True)
class StatePlace:
    """Where one state's keys and values lie, in bytes from the sequence's base."""

    start: int
    heads: int
    k_dim: int  # columns of a key in the panels
    k_head_bytes: int
    k_panel_bytes: int  # 16 slots
    v_start: int  # from `start`
    v_head_bytes: int
    v_row: int  # values of one position, padded to whole vectors
    item: int  # bytes of one number
    kind: int  # 0 float32, 1 float16, 8 int8 with scales (ids of tensor types)
    v_scales: int = 0  # from a head's values to their scales
    positions: int = 0  # slots, whole panels; a ring's are whole tiles
    window: int = 0  # of a ring; 0: each position has a slot of its own

    @property
    def v_blocks(self) -> int:
        """StateBlocks of 32 columns of a value, where blocks have scales."""
        return (self.v_row + 31) // 32 if self.kind == Q8_0 else 0

    @property
    def position_bytes(self) -> int:
        """What one position takes."""
        return self.heads * (self.k_panel_bytes // 16 + self.v_row * self.item + 4 * self.v_blocks)


class CacheLayout:
    """The same for all sequences of a model, whose passes have at most max_batch tokens."""

    def __init__(
        self, states: Mapping[int, State], n_ctx: int, cache_type: str, max_batch: int = 512
    ) -> None:
        self.n_ctx, self.kind = n_ctx, CACHE_TYPES[cache_type]
        self._max_batch = max_batch
        self.item = _ITEM[self.kind]
        self.places: dict[int, StatePlace] = {}  # by the states' indexes
        self.size = 0
        for index, spec in states.items():
            if isinstance(spec, Grows):
                place = self.places[index] = self._place(spec)
                self.size = place.start + place.v_start + place.heads * place.v_head_bytes
        self.fixed = FixedLayout({i: s for i, s in states.items() if isinstance(s, Fixed)})
        self.fixed_start = (self.size + LINE - 1) // LINE * LINE
        self.size = self.fixed_start + self.fixed.size

    def _place(self, spec: Grows) -> StatePlace:
        panels = -(-self.n_ctx // PANEL)
        ring = -(-(spec.window + self._max_batch + BACK) // TILE) * (TILE // PANEL)
        is_ring = spec.window > 0 and ring < panels
        panels = ring if is_ring else panels
        v_row = (spec.value + 15) // 16 * 16
        k_dim = spec.key - spec.value if spec.within else spec.key
        k_panel = 16 * k_dim * self.item
        # One line more than a round figure: heads must not lie a power of two apart.
        k_head = panels * k_panel + LINE
        v_scales = panels * 16 * v_row * self.item
        v_head = v_scales + LINE
        if self.kind == Q8_0:
            k_panel += 64 * ((k_dim + 31) // 32)
            k_head = panels * k_panel + LINE
            v_head += panels * 64 * ((v_row + 31) // 32)
        return StatePlace(
            start=self.size,
            heads=spec.heads,
            k_dim=k_dim,
            k_head_bytes=k_head,
            k_panel_bytes=k_panel,
            v_start=spec.heads * k_head,
            v_head_bytes=v_head,
            v_row=v_row,
            item=self.item,
            kind=self.kind,
            v_scales=v_scales,
            positions=panels * PANEL,
            window=spec.window if is_ring else 0,
        )

    def filled(self, positions: int) -> int:
        """Bytes of all states that grow once so many positions have been filled."""
        return sum(p.position_bytes * min(positions, p.positions) for p in self.places.values())

    @property
    def capacity(self) -> int:
        """Bytes of all states at the whole context, with all marks."""
        grown = sum(p.position_bytes * p.positions for p in self.places.values())
        return grown + self.fixed.size

    def reaches(self, length: int, written: int) -> bool:
        """Whether a sequence of which `written` positions have been filled can go on from `length`.

        The next token looks at window - 1 positions before it, and its tile at those in front of
        them; what lies `positions` behind the newest has been overwritten.
        """
        return all(
            max(0, length - p.window + 1) // TILE * TILE >= written - p.positions
            for p in self.places.values()
            if p.window
        )


class CacheSequence:
    """One conversation's memory; see backends.interface.Sequence for the contract."""

    def __init__(self, layout: CacheLayout) -> None:
        self.layout, self.length, self.rests = layout, 0, False
        self._written = 0  # positions that were filled since it was last empty
        self._most = 0  # positions that were ever filled: their pages are taken
        self._memory = Memory(layout.size)
        self._blocks = StateBlocks(layout.fixed.marks) if layout.fixed.block else None

    @property
    def address(self) -> int:
        return self._memory.address

    @property
    def nbytes(self) -> int:
        if not self.length:
            return 0
        return self.layout.filled(self.length) + self._touched_bytes

    @property
    def held(self) -> int:
        return self.layout.filled(self._most) + self._touched_bytes if self._most else 0

    @property
    def promised(self) -> int:
        return 0 if self.rests else max(0, self._memory.size - self.held)

    @property
    def _touched_bytes(self) -> int:
        return self._blocks.touched * self.layout.fixed.block if self._blocks else 0

    # --- passes --------------------------------------------------------------------------------
    def begin(self, n: int) -> tuple[int, int]:
        """The next n positions are about to be written over whatever lies there: said before a
        pass, as it may be given up. Returns the addresses of the block of fixed states that it
        reads and of the one that it writes; 0 where there are none."""
        self._written = max(self._written, self.length + n)
        self._most = max(self._most, self._written)
        if self._blocks is None:
            return 0, 0
        old, new = self._blocks.begin()
        return self.address + self._block(old), self.address + self._block(new)

    def end(self, n: int) -> None:
        """The pass has been."""
        if self._blocks is not None:
            self._blocks.end(self.length)
        self.length += n

    def _block(self, number: int) -> int:
        """Where a block of fixed states lies, from `address` on."""
        return self.layout.fixed_start + number * self.layout.fixed.block

    # --- going back ----------------------------------------------------------------------------
    @property
    def needs_marks(self) -> bool:
        return self._blocks is not None

    def mark(self) -> None:
        if self._blocks is not None and self.length:
            self._blocks.mark(self.length)

    def reach(self, length: int) -> int:
        length = max(0, min(self.length, length))
        if self._blocks is not None:
            length = self._blocks.reach(length, self.length)
        return length if self.layout.reaches(length, self._written) else 0

    def back_to(self, length: int) -> int:
        length = self.reach(length)
        if self._blocks is not None:
            self._blocks.back_to(length, self.length)
        self.length = length
        if not length:
            self._begin_anew()
        return length

    def _begin_anew(self) -> None:
        self.length = self._written = 0
        if self._blocks is not None and self._most:
            self._blocks.back_to(0, 0)
            at = self._block(self._blocks.now)
            self._memory.bytes[at : at + self.layout.fixed.block] = 0

    def copy_from(self, other: Any, length: int) -> int:
        assert isinstance(other, CacheSequence), "sequences of two backends do not mix"
        length = other.reach(length)
        self.back_to(0)
        to, of = self._memory.bytes, other._memory.bytes
        for place in self.layout.places.values():
            slots = min(length, place.positions)  # before a ring has come round, the first ones
            keys = -(-slots // PANEL) * place.k_panel_bytes
            values = slots * place.v_row * place.item
            for head in range(place.heads):
                k = place.start + head * place.k_head_bytes
                v = place.start + place.v_start + head * place.v_head_bytes
                to[k : k + keys] = of[k : k + keys]
                to[v : v + values] = of[v : v + values]
                for block in range(place.v_blocks):
                    at = v + place.v_scales + 4 * block * place.positions
                    to[at : at + 4 * slots] = of[at : at + 4 * slots]
        if self._blocks is not None and other._blocks is not None and length:
            mine = self._block(self._blocks.now)
            theirs = self._block(other._blocks.at(length, other.length))
            size = self.layout.fixed.block
            to[mine : mine + size] = of[theirs : theirs + size]
        self.length, self._written = length, other._written if length else 0
        self._most = max(self._most, length)
        return length

    def close(self) -> None:
        self.length = self._written = self._most = 0
        self._memory.close()
