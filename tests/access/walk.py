"""Walks the window as a screen reader does: through AT-SPI, on a real X server.

python tests/access/walk.py [--only NAME …] [--tree]

Every scene of the pictures is shown on a server of its own (Xvfb), with a bus and a registry of its
own; `stage.py` sets the scenes, `reader.py` walks what AT-SPI tells of them. Needs Xvfb, openbox
(menus open in a window that is active), dbus, at-spi2-core and python3-gi with gir1.2-atspi-2.0, as
Debian calls them. Ends with 1 where a control has no name, no role or no state.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NEEDED = ("Xvfb", "openbox", "dbus-run-session")
SYSTEM_PYTHON = "/usr/bin/python3"  # has gi, which is no package of ours
SCREEN = "1600x1200x24"


def main() -> int:
    options = parse()
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        print(f"not here: {', '.join(missing)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as home:
        server, display = start_server()
        manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": display})
        try:
            return read_all(options, display, home)
        finally:
            for process in (manager, server):
                process.terminate()
                process.wait()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=[], help="scenes, by the names of pictures")
    parser.add_argument("--tree", action="store_true", help="print what is read of each scene")
    return parser.parse_args()


def start_server() -> tuple[subprocess.Popen[bytes], str]:
    """An X server on a display that is free."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        return server, f":{told.readline().strip()}"


def read_all(options: argparse.Namespace, display: str, home: str) -> int:
    """Begins the reader on a bus of its own; it begins the stage."""
    surroundings = {
        **os.environ,
        "DISPLAY": display,
        "HOME": home,
        "XDG_RUNTIME_DIR": home,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    stage = [sys.executable, str(HERE / "stage.py"), home, *options.only]
    reader = [SYSTEM_PYTHON, str(HERE / "reader.py"), *(["--tree"] if options.tree else [])]
    command = ["dbus-run-session", "--", *reader, "--", *stage]
    return subprocess.run(command, env=surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
