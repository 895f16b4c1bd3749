"""The columns of the list: which there is room for, and where they stand. No painting."""

from gui.widgets.spans import Span, fitting

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


def spans(width: int, scale: float = 1.0, sort: str = "name") -> dict[str, Span]:
    """Where each column stands in a row of this width; "name" is the first. `scale`: pixels of a
    length of the look."""
    widths = {"name": round(LEAST * scale)}
    widths |= {name: round(wide * scale) for name, (_, wide) in COLUMNS.items()}
    wanted = SORTED.get(sort, "")
    goes = sorted(GOES, key=lambda name: (name == wanted, GOES.index(name)))
    return fitting(width, widths, "name", goes, round(MARGIN * scale), round(GAP * scale))
