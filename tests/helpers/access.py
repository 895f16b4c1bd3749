"""What a screen reader and the keyboard find in a window: nodes, faults, the walk of Tab."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QTextEdit,
    QToolButton,
    QWidget,
)

Role = QAccessible.Role
PRESSED = {
    Role.Button,
    Role.CheckBox,
    Role.RadioButton,
    Role.ComboBox,
    Role.ButtonMenu,
    Role.ButtonDropDown,
    Role.Link,
}
CHANGED = {Role.EditableText, Role.Slider, Role.SpinBox}
SHOWN = {
    Role.List,
    Role.ListItem,
    Role.Table,
    Role.Cell,
    Role.Tree,
    Role.TreeItem,
    Role.MenuItem,
    Role.PageTab,
    Role.ProgressBar,
    Role.Dialog,
}
NO_ROLE = {Role.NoRole, Role.Client, Role.Window, Role.Whitespace}
MOST_ROWS = 80
TARGET = 24  # pixels, at 100 %
MOST_STOPS, MOST_LINKS = 300, 30


@dataclass
class Node:
    """One part as it is told; `owner` is the widget, if it is one of its own."""

    role: QAccessible.Role
    name: str
    description: str
    state: QAccessible.State
    owner: QWidget | None
    above: tuple[str, ...]

    def __str__(self) -> str:
        kind = type(self.owner).__name__ if self.owner is not None else "-"
        return f"{self.role.name} “{self.name[:40]}” ({kind}) in {' / '.join(self.above[-3:])}"


def nodes(window: QWidget) -> list[Node]:
    """All that is shown in it, from the top; of long lists the first rows."""
    return list(_nodes(QAccessible.queryAccessibleInterface(window), ()))


def _nodes(found: QAccessibleInterface | None, above: tuple[str, ...]) -> Iterator[Node]:
    if found is None or not found.isValid() or found.state().invisible:
        return
    text, owner = QAccessible.Text, found.object()
    name = found.text(text.Name)
    part = owner if isinstance(owner, QWidget) else None
    yield Node(found.role(), name, found.text(text.Description), found.state(), part, above)
    here = (*above, f"{found.role().name} “{name[:20]}”" if name else found.role().name)
    for i in range(min(found.childCount(), MOST_ROWS)):
        yield from _nodes(found.child(i), here)


def faults(window: QWidget) -> list[str]:
    """What a screen reader would miss, and what is too small to be hit."""
    found = []
    for node in nodes(window):
        state, named = node.state, bool(node.name.strip())
        if not named and (node.role in PRESSED | CHANGED | SHOWN or state.focusable):
            found.append(f"no name: {node}")
        if state.focusable and node.role in NO_ROLE:
            found.append(f"no role: {node}")
        if node.role in (Role.CheckBox, Role.RadioButton) and not state.checkable:
            found.append(f"not told whether it is on: {node}")
        if node.role in (Role.List, Role.Table) and not (state.focusable or _from_field(node)):
            found.append(f"cannot be gone into: {node}")
        if node.owner is not None and _is_small(node.role, node.owner):
            found.append(f"smaller than {TARGET} px: {node} {node.owner.size().toTuple()}")
    return found


def _from_field(node: Node) -> bool:
    """Its lines are chosen by the arrow keys in the field above it, which tells them."""
    return node.owner is not None and any(type(p).__name__ == "Palette" for p in _up(node.owner))


def _is_small(role: QAccessible.Role, part: QWidget) -> bool:
    if role not in PRESSED | CHANGED or not part.isEnabled():
        return False
    if isinstance(part, QTextEdit) and part.isReadOnly():
        return False  # words to be read: nothing is hit
    return part.width() < TARGET or part.height() < TARGET


# The keyboard


def walk(window: QWidget) -> list[QWidget]:
    """Where Tab stops, from where the keyboard is until it comes back; ends where it is caught, and
    what it does not come to is `unreached`."""
    found: list[QWidget] = []
    same = 0  # times that it stayed: a text goes through its links
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
    for _ in range(MOST_STOPS):
        now = QApplication.focusWidget()
        if now is None or now.window() is not window:
            return found
        same = same + 1 if found and now is found[-1] else 0
        if same > MOST_LINKS or (not same and now in found):
            return found
        if not same:
            found.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not come round: {[_told(part) for part in found[-6:]]}")


def unreached(window: QWidget, stops: list[QWidget]) -> list[str]:
    """What could be used, and Tab passes it by."""
    there = set(stops)
    inside = {parent for stop in stops for parent in _up(stop)}
    return [
        str(node)
        for node in nodes(window)
        if node.role in PRESSED | CHANGED | {Role.List, Role.Table}
        and node.owner is not None
        and node.owner.isEnabled()
        and not there.intersection(_up(node.owner))
        and node.owner not in inside
        and not _has_another_way(node.owner, stops)
    ]


def _has_another_way(part: QWidget, stops: list[QWidget]) -> bool:
    """One of several that arrows choose between; the cross in a field, which Esc presses; a text
    that is only read; messages, between which Alt and the arrows go."""
    if isinstance(part, QAbstractButton) and part.group() is not None:
        return any(isinstance(s, QAbstractButton) and s.group() is part.group() for s in stops)
    if isinstance(part, QToolButton) and isinstance(part.parentWidget(), QLineEdit):
        return True
    if isinstance(part, QTextEdit) and part.isReadOnly():
        return True
    return any(type(parent).__name__ in ("Question", "Answer") for parent in _up(part))


def backwards(stops: list[QWidget]) -> list[str]:
    """Where the walk goes up, or against the way of reading."""
    steps = [(a, b) for a, b in zip(stops, stops[1:], strict=False) if _goes_back(a, b)]
    return [f"{_told(a)} → {_told(b)}" for a, b in steps]


def without_ring(stops: list[QWidget], known: set[tuple[object, ...]]) -> list[str]:
    """What looks the same with the keyboard and without; one of each look, which `known` keeps."""
    found = []
    for i, part in enumerate(stops):
        look = (type(part), *(part.property(name) for name in ("kind", "role", "iconOnly")))
        is_read = isinstance(part, QTextEdit) and part.isReadOnly()  # its cursor or link is seen
        if look in known or len(stops) < 2 or is_read:
            continue
        known.add(look)
        part.setFocus(Qt.FocusReason.TabFocusReason)
        with_it = part.grab().toImage()
        stops[i - 1].setFocus(Qt.FocusReason.TabFocusReason)
        if part.isVisible() and part.grab().toImage() == with_it:
            found.append(f"no ring: {_told(part)}")
    return found


def _goes_back(first: QWidget, second: QWidget) -> bool:
    """Of the two parts that hold them and stand in the same one."""
    one, other = _up(first)[::-1], _up(second)[::-1]
    n = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a is not b), None)
    if n is None:
        return False
    a, b = _box(one[n]), _box(other[n])
    shared = min(a.bottom(), b.bottom()) - max(a.top(), b.top())
    if shared > 0.5 * min(a.height(), b.height()):
        mirrored = one[n].isRightToLeft()
        return a.right() <= b.left() if mirrored else b.right() <= a.left()
    return b.center().y() < a.center().y()


def _up(part: QWidget) -> list[QWidget]:
    found = [part]
    while (parent := found[-1].parentWidget()) is not None and not found[-1].isWindow():
        found.append(parent)
    return found


def _box(part: QWidget) -> QRect:
    return QRect(part.mapToGlobal(QPoint(0, 0)), part.size())


def _told(part: QWidget) -> str:
    return f"{type(part).__name__} “{part.accessibleName()[:40]}”"
