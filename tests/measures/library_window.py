"""The window beside ten thousand models of other programs: when its list is up, and the longest
time that it heard nobody.

    .venv/bin/python tests/measures/library_window.py [--models 10000]

Needs no display. Two starts: one that knows nothing yet, and the next. Figures are seconds.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from helpers.many_models import home_of_many  # noqa: E402
from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

TICK_MS = 2


class Gaps:
    """How long the event loop was away, at most; and how long it worked at most without a pause,
    which a busy machine does not lengthen."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()
        self.work, self._worked = 0.0, time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.longest, self._last = max(self.longest, now - self._last), now
        self.work, self._worked = max(self.work, worked - self._worked), worked


def start(app: QApplication, home: Path, what: str, n: int, seconds: float) -> None:
    from engine.api import Engine, Paths
    from gui.app import Shell

    shell = Shell(app, Engine(Paths.under(home)))
    shell.desk.expect()
    window = shell.open_window()
    window.show_view("models")
    app.processEvents()
    gaps, begun = Gaps(), time.perf_counter()
    worked = time.process_time()
    up = whole = cost = 0.0
    shell.desk.greet()
    while time.perf_counter() - begun < seconds:
        app.processEvents()
        there = sum(1 for model in shell.desk.known if model.source)
        up = up or (time.perf_counter() - begun if there else 0.0)
        cost = cost or (time.process_time() - worked if there else 0.0)
        whole = whole or (time.perf_counter() - begun if there >= n else 0.0)
        time.sleep(0.001)
    print(
        f"{what}: list up {up:.3f} ({cost:.3f} of the processor's), all {n} listed {whole:.3f}, "
        f"longest gap {gaps.longest:.3f} (of work {gaps.work:.3f})"
    )
    window.close()
    shell.close()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each start is watched")
    args = parser.parse_args()
    from gui.garbage import Garbage

    with home_of_many(args.models) as home:
        app = QApplication([])
        Garbage(app)  # as the program has it
        for what in ("first start", "next start "):
            start(app, home / "chaski", what, args.models, args.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
