"""The order in which Tab goes through a window: as one reads it, whatever was built first.

Parts that stand in rows are read row by row, in columns column by column, and what is in a part
comes before what stands after it. Where a window is mirrored, lines begin at the right.
"""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

SLACK = 2  # pixels by which neighbours may overlap


def step(window: QWidget, forward: bool) -> bool:
    """The keyboard goes on to the next stop of the window, or to the one before."""
    found = list(stops(window))
    if not found:
        return False
    at = _place(found, QApplication.focusWidget(), window)
    if at is None:
        target = found[0 if forward else -1]
    else:
        target = found[(at + (1 if forward else -1)) % len(found)]
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    target.setFocus(reason)
    return True


def stops(part: QWidget) -> Iterator[QWidget]:
    """What Tab stops at in it, in order."""
    if _is_stop(part):
        yield part
    first = getattr(part, "first_stops", ())  # wherever they stand: places may change with focus
    for child in first:
        if child.isVisible():
            yield from stops(child)
    boxes = [(child, _box(child)) for child in _inside(part) if child not in first]
    for child in _in_order(boxes, mirrored=part.isRightToLeft()):
        yield from stops(child)


def _inside(part: QWidget) -> Iterator[QWidget]:
    for child in part.children():
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
            yield child


def _is_stop(part: QWidget) -> bool:
    takes = part.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    return bool(takes and part.isEnabled() and part.focusProxy() is None and not part.isWindow())


def _box(part: QWidget) -> QRect:
    return QRect(part.mapTo(part.window(), QPoint(0, 0)), part.size())


def _place(found: Sequence[QWidget], now: QWidget | None, window: QWidget) -> int | None:
    """Where the focus is among them, be it in a part of a stop; None: in none of them."""
    while now is not None and now is not window:
        if now in found:
            return found.index(now)
        now = now.parentWidget()
    return None


def _in_order(boxes: list[tuple[QWidget, QRect]], *, mirrored: bool) -> list[QWidget]:
    """Cut into rows where a level line meets none of them, else into columns, and so on."""
    if len(boxes) < 2:
        return [part for part, _ in boxes]
    rows = _cut(boxes, 1)
    if len(rows) > 1:
        return [part for row in rows for part in _in_order(row, mirrored=mirrored)]
    columns = _cut(boxes, 0)
    if len(columns) > 1:
        columns = columns[::-1] if mirrored else columns
        return [part for column in columns for part in _in_order(column, mirrored=mirrored)]
    side = -1 if mirrored else 1
    boxes = sorted(boxes, key=lambda each: (each[1].top(), side * each[1].left()))
    return [part for part, _ in boxes]


def _cut(boxes: list[tuple[QWidget, QRect]], axis: int) -> list[list[tuple[QWidget, QRect]]]:
    """Groups that follow each other along an axis (0: across, 1: down) without meeting."""

    def ends(box: QRect) -> tuple[int, int]:
        return (box.top(), box.bottom()) if axis else (box.left(), box.right())

    found: list[list[tuple[QWidget, QRect]]] = []
    reach = 0
    for each in sorted(boxes, key=lambda each: ends(each[1])):
        begin, end = ends(each[1])
        if not found or begin > reach - SLACK:
            found.append([])
            reach = end
        found[-1].append(each)
        reach = max(reach, end)
    return found
