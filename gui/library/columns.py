"""The columns of the list: which there is room for, and where they stand. No painting."""

from dataclasses import dataclass

# Names and widths from left to right; the model's own name takes the rest.
COLUMNS = {
    "weights": ("Parameters", 68),
    "type": ("Type", 76),
    "file": ("File", 76),
    "used": ("Last used", 96),
    "speed": ("Speed here", 92),
    "state": ("This machine", 116),
    "actions": ("", 108),
}
LEAST = 230  # of the name
GOES = ("used", "weights", "file", "type", "speed")  # what steps aside first
SORTED = {"size": "file", "used": "used", "speed": "speed"}  # the column that an order goes by
MARGIN, GAP = 12, 8


@dataclass(frozen=True)
class Span:
    """Left edge and width."""

    left: int
    width: int


def spans(width: int, scale: float = 1.0, sort: str = "name") -> dict[str, Span]:
    """Where each column stands in a row of this width; "name" is the first. `scale`: pixels of a
    length of the look."""
    left, there = round(MARGIN * scale), dict(COLUMNS)
    room = width - 2 * left
    wanted = SORTED.get(sort, "")
    for name in sorted(GOES, key=lambda name: (name == wanted, GOES.index(name))):
        if _taken(there, scale) + round(LEAST * scale) <= room:
            break
        del there[name]
    rest = max(1, room - _taken(there, scale))
    found, at = {"name": Span(left, rest)}, left + rest
    for name, (_, wide) in there.items():
        at += round(GAP * scale)
        found[name] = Span(at, round(wide * scale))
        at += round(wide * scale)
    return found


def _taken(there: dict[str, tuple[str, int]], scale: float) -> int:
    return sum(round(wide * scale) + round(GAP * scale) for _, wide in there.values())
