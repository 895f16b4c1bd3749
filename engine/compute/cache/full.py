"""What attention remembers: every position's keys and values, for every state: f32, f16 or q8_0.

Keys of a head lie in panels [position / 16][head_dim][16]; values as rows [position][v_row]. With
q8_0 both are int8 with a float32 scale for each 32 columns of a position: a key panel ends with
its scales [block][16], a head's values are followed by theirs [block][position]. Pages are
touched only as positions fill, so a large context costs nothing before it is used.
"""

from dataclasses import dataclass
from typing import Any

from engine.compute.cache.memory import LINE, Memory
from engine.compute.graph import Grows

F32, F16, Q8_0 = 0, 1, 8
CACHE_TYPES = {"f32": F32, "f16": F16, "q8_0": Q8_0}
_ITEM = {F32: 4, F16: 2, Q8_0: 1}


@dataclass(frozen=True)
class StatePlace:
    """Where one state's keys and values lie, in bytes from the sequence's base."""

    start: int
    heads: int
    k_head_bytes: int
    k_panel_bytes: int  # 16 positions
    v_start: int  # from `start`
    v_head_bytes: int
    v_row: int  # values of one position, padded to whole vectors
    item: int  # bytes of one number
    kind: int  # 0 float32, 1 float16, 8 int8 with scales (ids of tensor types)
    v_scales: int = 0  # from a head's values to their scales
    positions: int = 0  # capacity, whole panels

    @property
    def v_blocks(self) -> int:
        """Blocks of 32 columns of a value, where blocks have scales."""
        return (self.v_row + 31) // 32 if self.kind == Q8_0 else 0

    @property
    def position_bytes(self) -> int:
        """What one position takes."""
        return self.heads * (self.k_panel_bytes // 16 + self.v_row * self.item + 4 * self.v_blocks)


class CacheLayout:
    """The same for all sequences of a model."""

    def __init__(self, states: list[Grows], n_ctx: int, cache_type: str) -> None:
        self.n_ctx, self.kind = n_ctx, CACHE_TYPES[cache_type]
        self.item = _ITEM[self.kind]
        self.places: list[StatePlace] = []  # by the states' indexes
        self.size = 0
        for spec in states:
            place = self._place(spec)
            self.places.append(place)
            self.size = place.start + place.v_start + place.heads * place.v_head_bytes

    def _place(self, spec: Grows) -> StatePlace:
        panels = (self.n_ctx + 15) // 16
        v_row = (spec.value + 15) // 16 * 16
        k_panel = 16 * spec.key * self.item
        # One line more than a round figure: heads must not lie a power of two apart.
        k_head = panels * k_panel + LINE
        v_scales = panels * 16 * v_row * self.item
        v_head = v_scales + LINE
        if self.kind == Q8_0:
            k_panel += 64 * ((spec.key + 31) // 32)
            k_head = panels * k_panel + LINE
            v_head += panels * 64 * ((v_row + 31) // 32)
        return StatePlace(
            start=self.size,
            heads=spec.heads,
            k_head_bytes=k_head,
            k_panel_bytes=k_panel,
            v_start=spec.heads * k_head,
            v_head_bytes=v_head,
            v_row=v_row,
            item=self.item,
            kind=self.kind,
            v_scales=v_scales,
            positions=panels * 16,
        )

    @property
    def position_bytes(self) -> int:
        """What one position takes in all states."""
        return sum(place.position_bytes for place in self.places)


class CacheSequence:
    """One conversation's memory; see backends.interface.Sequence for the contract."""

    def __init__(self, layout: CacheLayout) -> None:
        self.layout, self.length, self.rests = layout, 0, False
        self._most = 0  # positions that were ever filled: their pages are taken
        self._memory = Memory(layout.size)

    @property
    def address(self) -> int:
        return self._memory.address

    @property
    def nbytes(self) -> int:
        return self.length * self.layout.position_bytes

    @property
    def promised(self) -> int:
        """Bytes that are this sequence's and which the system has not had to give yet."""
        if self.rests:
            return 0
        filled = max(self._most, self.length) * self.layout.position_bytes
        return max(0, self._memory.size - filled)

    def trim(self, length: int) -> None:
        self._most = max(self._most, self.length)
        self.length = max(0, min(self.length, length))

    def copy_from(self, other: Any, length: int) -> None:
        assert isinstance(other, CacheSequence), "sequences of two backends do not mix"
        length = min(length, other.length)
        to, of = self._memory.bytes, other._memory.bytes
        for place in self.layout.places:
            keys = (length + 15) // 16 * place.k_panel_bytes
            values = length * place.v_row * place.item
            for head in range(place.heads):
                k = place.start + head * place.k_head_bytes
                v = place.start + place.v_start + head * place.v_head_bytes
                to[k : k + keys] = of[k : k + keys]
                to[v : v + values] = of[v : v + values]
                for block in range(place.v_blocks):
                    at = v + place.v_scales + 4 * block * place.positions
                    to[at : at + 4 * length] = of[at : at + 4 * length]
        self.length = length

    def close(self) -> None:
        self.length = 0
        self._memory.close()
