"""Where columns stand in a line that is painted, and which have room. No painting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Left edge and width."""

    left: int
    width: int

    @property
    def right(self) -> int:
        return self.left + self.width


def fitting(
    width: int, columns: Mapping[str, int], rest: str, goes: Sequence[str], margin: int, gap: int
) -> dict[str, Span]:
    """Columns from left to right with their widths, in a line of this width. `rest` gets what is
    left over; as long as that is less than it wants, those of `goes` step aside one by one."""
    there = dict(columns)
    room = width - 2 * margin

    def left_over() -> int:
        others = sum(wide for name, wide in there.items() if name != rest)
        return room - others - gap * (len(there) - 1)

    for name in goes:
        if left_over() >= there[rest]:
            break
        there.pop(name, None)
    there[rest] = max(1, left_over())
    found, at = dict[str, Span](), margin
    for name, wide in there.items():
        found[name] = Span(at, wide)
        at += wide + gap
    return found


def column_at(spans: Mapping[str, Span], x: int) -> str:
    """The column there, "" between two."""
    return next((name for name, s in spans.items() if s.left <= x < s.right), "")
