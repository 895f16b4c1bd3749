"""Reads what AT-SPI tells of the window, scene by scene, and says what a screen reader would miss.

Run by `walk.py` with the system's Python, which has gi. Knows nothing of Chaski: only roles, names,
states.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 (the version comes first)

Role, State = Atspi.Role, Atspi.StateType
CONTROLS = {
    Role.PUSH_BUTTON,
    Role.TOGGLE_BUTTON,
    Role.CHECK_BOX,
    Role.RADIO_BUTTON,
    Role.COMBO_BOX,
    Role.ENTRY,
    Role.TEXT,
    Role.PASSWORD_TEXT,
    Role.SLIDER,
    Role.SPIN_BUTTON,
    Role.LIST,
    Role.LIST_ITEM,
    Role.LIST_BOX,
    Role.MENU_ITEM,
    Role.CHECK_MENU_ITEM,
    Role.RADIO_MENU_ITEM,
    Role.PAGE_TAB,
    Role.PROGRESS_BAR,
    Role.TABLE,
    Role.TABLE_CELL,
    Role.TREE,
    Role.DIALOG,
    Role.FRAME,
    Role.LINK,
}
MENU_LINES = {Role.MENU_ITEM, Role.CHECK_MENU_ITEM, Role.RADIO_MENU_ITEM}
EVENTS_S = 0.4  # how long events of a scene are waited for
NO_ROLE = {Role.INVALID, Role.UNKNOWN, Role.FILLER, Role.REDUNDANT_OBJECT}
MOST_ROWS = 60  # of a list that are looked at


def main() -> int:
    options, stage = split(sys.argv[1:])
    Atspi.init()
    seen: Counter[str] = Counter()
    faults: dict[str, str] = {}
    scenes = 0
    focused: list[Atspi.Accessible] = []
    listener = Atspi.EventListener.new(lambda event: focused.append(event.source))
    listener.register("object:state-changed:focused")
    process = subprocess.Popen(stage, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    for line in process.stdout:
        word, _, name = line.strip().partition(" ")
        if word != "scene":
            continue
        scenes += 1
        for depth, node in all_nodes(application(process.pid), focused):
            if "--tree" in options:
                print("  " * depth + told(node))
            check(node, name, seen, faults)
        process.stdin.write("\n")
        process.stdin.flush()
    print(f"{scenes} scenes, {sum(seen.values())} controls")
    print(", ".join(f"{role} {n}" for role, n in seen.most_common()))
    for fault, where in faults.items():
        print(f"FAULT {fault} (first in {where})")
    print(f"{len(faults)} faults")
    return 1 if faults or process.wait() or not seen else 0


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def application(pid: int) -> "Atspi.Accessible":
    """The program's root, as soon as the registry knows it."""
    for _ in range(100):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == pid:
                return child
        time.sleep(0.1)
    raise TimeoutError("the registry does not know the program")


def all_nodes(
    root: "Atspi.Accessible", focused: list["Atspi.Accessible"]
) -> Iterator[tuple[int, "Atspi.Accessible"]]:
    """The windows; and a menu, which Qt does not tell as one of them: whoever listens hears which
    of its lines has the focus."""
    focused.clear()
    until = time.monotonic() + EVENTS_S
    while time.monotonic() < until:
        GLib.MainContext.default().iteration(False)
        time.sleep(0.01)
    yield from nodes(root, 0)
    lines = [node for node in focused if node.get_role() in MENU_LINES]
    if lines:
        yield from nodes(lines[-1].get_parent(), 1)


def nodes(node: "Atspi.Accessible", depth: int) -> Iterator[tuple[int, "Atspi.Accessible"]]:
    """All that is shown, from the top; of long lists the first rows."""
    node.clear_cache()
    for i in range(min(node.get_child_count(), MOST_ROWS)):
        try:
            child = node.get_child_at_index(i)
            if child is None or not child.get_state_set().contains(State.VISIBLE):
                continue
        except GLib.Error:
            continue  # it went meanwhile
        yield depth, child
        yield from nodes(child, depth + 1)


def check(node: "Atspi.Accessible", scene: str, seen: Counter[str], faults: dict[str, str]) -> None:
    """A control has a name; what takes the focus has a role and can be used, or says it cannot."""
    states, role = node.get_state_set(), node.get_role()
    is_control = role in CONTROLS
    focusable = states.contains(State.FOCUSABLE)
    if is_control:
        seen[node.get_role_name()] += 1
    name = (node.get_name() or "").strip()
    if (is_control or focusable) and not name:
        faults.setdefault(f"no name: {place(node)}", scene)
    if focusable and role in NO_ROLE:
        faults.setdefault(f"no role: {place(node)}", scene)
    if is_control and states.is_empty():
        faults.setdefault(f"no state: {place(node)}", scene)
    if role in (Role.CHECK_BOX, Role.RADIO_BUTTON) and not states.contains(State.CHECKABLE):
        faults.setdefault(f"not told whether it is on: {place(node)}", scene)
    if role == Role.PUSH_BUTTON and "Action" not in node.get_interfaces():
        faults.setdefault(f"cannot be pressed: {place(node)}", scene)


def told(node: "Atspi.Accessible") -> str:
    states = node.get_state_set()
    kept = ("focusable", "focused", "selected", "checked", "enabled", "expandable", "editable")
    shown = [name for name in kept if states.contains(getattr(State, name.upper()))]
    return f"{node.get_role_name()} {node.get_name()!r} {node.get_description()!r} {shown}"


def place(node: "Atspi.Accessible") -> str:
    """The node and what it is in."""
    parts = []
    while node is not None and node.get_role() != Role.APPLICATION and len(parts) < 4:
        parts.append(f"{node.get_role_name()} “{(node.get_name() or '')[:40]}”")
        node = node.get_parent()
    return " in ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
