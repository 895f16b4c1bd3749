"""How long the window's event loop is kept waiting while a model is downloaded, another hashed, and
models are searched for.

    .venv/bin/python tests/measures/download_gaps.py [--megabytes 1000] [--rate 100]

A local hub in a process of its own sends a file at so many MB/s; the real engine fetches it, with
its list of jobs listened to as the window does, while it reads another file through again and again
(`verify_model`) and searches, one search after the other. A timer in a Qt event loop without a
display asks every millisecond whether it is late. The rooms of the engine are imported before, as
they are in a window whose guide is open. Prints the gaps, and how fast bytes came between the first
and the last; the worst gap should be under 50 ms. What remains is mostly the first collection of
garbage after the client's modules were read (gui/garbage.py).
"""

import argparse
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.hub_apart import REPO, hub_apart  # noqa: E402

if TYPE_CHECKING:
    from engine.api import Ticket

PIECE = 1 << 20
MOST = 0.050  # seconds


def model(path: Path, megabytes: float) -> Path:
    """A file that opens, with so much behind it."""
    import random

    from helpers.tiny_models import write_tiny_llama

    draw = random.Random(path.name)
    write_tiny_llama(path)
    with path.open("ab") as file:
        while file.tell() < megabytes * 1e6:
            file.write(draw.randbytes(PIECE))
    return path


@dataclass
class Measured:
    """Gaps of the event loop in seconds, the worst one without work, and what was done meanwhile:
    bytes per second as they came, files hashed, searches."""

    gaps: list[float]
    idle: float
    rate: float
    hashed: int
    searched: int


def measured(home: Path, url: str, other: Path) -> Measured:
    from PySide6.QtCore import QCoreApplication, QTimer

    import engine.discover.judged
    import engine.model  # noqa: F401
    from engine.api import Engine, Paths, discover, jobs
    from engine.base.events import Stage
    from gui.garbage import Garbage

    app = QCoreApplication([])
    Garbage(app)
    gaps, told, last = list[float](), deque[jobs.JobRecord](), [time.perf_counter()]
    came = list[tuple[float, int]]()
    with Engine(Paths.under(home)) as engine:
        engine.use_network(discover.NetworkSettings(endpoint=url, proxy="none"))
        name = engine.library.add(other).name
        report: Any = engine.hardware().wait(60)
        engine.jobs.listen(told.append)

        def beat() -> None:
            now = time.perf_counter()
            gaps.append(now - last[0] - 0.001)
            last[0] = now

        def drain() -> None:
            for record in told:
                if record.stage is Stage.DOWNLOADING and record.progress is not None:
                    came.append((time.perf_counter(), record.progress.done))
            told.clear()
            if work.ended:
                app.quit()
                return
            for many, ask in ((hashed, verify), (searched, search)):
                if many[-1].ended:
                    many[-1].wait(0)
                    many.append(ask())

        def verify() -> "Ticket":
            return engine.verify_model(name)

        def search() -> "Ticket":
            return engine.search_hub("found", report)

        beats, drains = QTimer(), QTimer()
        beats.setInterval(1)
        beats.timeout.connect(beat)
        drains.setInterval(33)
        drains.timeout.connect(drain)
        QTimer.singleShot(2000, app.quit)
        beats.start()
        app.exec()
        idle = max(gaps[10:])
        gaps.clear()
        work = engine.downloads.get(jobs.wish_of(f"{REPO}:Q4_0"))
        hashed, searched = [verify()], [search()]
        last[0] = time.perf_counter()
        drains.start()
        app.exec()
        work.wait(0)
        rate = (came[-1][1] - came[0][1]) / (came[-1][0] - came[0][0])
    return Measured(gaps, idle, rate, len(hashed) - 1, len(searched) - 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=1000)
    parser.add_argument("--rate", type=float, default=100, help="MB/s")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        big = model(place / "big.gguf", args.megabytes)
        with hub_apart(big, args.rate * 1e6) as url:
            found = measured(place / "home", url, model(place / "other.gguf", 500))
    gaps = found.gaps
    when = max(range(len(gaps)), key=gaps.__getitem__)
    after = sum(gaps[:when]) + 0.001 * when
    gaps.sort()
    late = sum(gap > MOST for gap in gaps)
    print(
        f"{found.rate / 1e6:.0f} MB/s beside {found.hashed} files of 500 MB hashed and "
        f"{found.searched} searches; gaps of the event loop: worst {1000 * gaps[-1]:.1f} ms "
        f"({after:.1f} s after the start), "
        f"99.9 % under {1000 * gaps[int(0.999 * len(gaps))]:.1f} ms, half under "
        f"{1000 * gaps[len(gaps) // 2]:.1f} ms; over 50 ms: {late} of {len(gaps)}; "
        f"worst without work {1000 * found.idle:.1f} ms"
    )
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
