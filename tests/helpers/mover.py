"""Moves a model of a library and is killed at a step that is named: run as a program of its own.

mover.py HOME NAME FOLDER STEP [linked]
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.base.paths import Paths  # noqa: E402
from engine.library import Library, moving  # noqa: E402


def main() -> None:
    home, name, folder, step = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    moving.CHUNK = 1 << 16
    if "linked" not in sys.argv:
        moving._on_one_disk = lambda *paths: False
    library = Library(Paths.under(home))
    for n, _ in enumerate(library.moving(name, folder), 1):
        if n == step:
            os._exit(9)
    print("moved")


if __name__ == "__main__":
    main()
