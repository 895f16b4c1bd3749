"""The entry point `chaski-gui`: looks whether a window can be, before Qt is imported.

Importing it takes no time, and what it needs is imported behind the first line of `main`: a Ctrl-C
meanwhile would end in a traceback.
"""

import builtins
import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

NO_DISPLAY = (
    "Chaski has no display to open a window on. "
    "Talk in the terminal instead: chaski chat starter, or chaski chat MODEL.gguf\n"
)
FOREIGN = (
    "Another program's package engine, in {place}, stands in the way of Chaski's. "
    "Install Chaski into an environment of its own: python3 packaging/start.py\n"
)
OWN_PLATFORMS = ("offscreen", "minimal", "vnc", "eglfs", "linuxfb")


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, or say in one sentence what the system lacks for it."""
    if "PySide6.QtCore" in sys.modules:  # as in programs that are frozen on some systems
        import_as_usual()
    if argv is None:  # the program itself; until there is a window, Ctrl-C just ends it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    import engine
    from gui import PROGRAM, libraries

    if getattr(engine, "PROGRAM", "") != PROGRAM:
        sys.stderr.write(FOREIGN.format(place=engine.__path__[0]))
        return 1
    gc.disable()  # what is imported stays: looking for garbage in it would take a tenth of a start
    from engine.api import serve_as_helper

    gc.enable()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if serve_as_helper(arguments):
        return 0
    if not has_display():
        sys.stderr.write(NO_DISPLAY)
        return 1
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    on_wayland = bool(os.environ.get("WAYLAND_DISPLAY")) and not os.environ.get("DISPLAY")
    lacking = libraries.missing(with_x=platform in ("", "xcb") and not on_wayland)
    if lacking:
        sys.stderr.write(libraries.sentence(lacking))
        return 1
    gc.disable()  # until gui/garbage.py takes over
    import_as_usual()
    from gui.app import main as open_window

    return open_window(arguments)


def import_as_usual() -> None:
    """PySide reads the source of each module that is imported behind it, looking for wishes of its
    own (`from __feature__`) that nobody has here: a tenth of a start. It keeps what was there."""
    import PySide6.QtCore  # noqa: F401 - puts itself before

    usual = getattr(builtins, "__orig_import__", None)
    if usual is not None:
        builtins.__import__ = usual


def has_display() -> bool:
    """Qt aborts the process where it finds no display, so this is asked before it starts."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in OWN_PLATFORMS:
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    return _answers(os.environ.get("DISPLAY", ""))


def _answers(display: str) -> bool:
    """Whether an X display can be there: Qt aborts the process where a named one is not."""
    host, _, number = display.partition(":")
    if not number:
        return False
    local = Path("/tmp/.X11-unix")  # where X servers of this machine put their sockets
    if host in ("", "unix") and local.is_dir():
        return (local / f"X{number.split('.')[0]}").exists()
    return True  # a distant one, or a system that keeps its sockets elsewhere


if __name__ == "__main__":
    sys.exit(main())
