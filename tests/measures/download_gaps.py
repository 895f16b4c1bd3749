"""How long the window's event loop is kept waiting while a model is downloaded and another hashed.

    .venv/bin/python tests/measures/download_gaps.py [--megabytes 1000] [--rate 100]

A local hub in a process of its own sends a file at so many MB/s; the real engine fetches it, with
its list of jobs listened to as the window does, while it reads another file through
(`verify_model`). A timer in a Qt event loop without a display asks every millisecond whether it is
late. The rooms of the engine are imported before, as they are in a window whose guide is open.
Prints the gaps; the worst should be under 50 ms on a machine that does nothing else. What remains
there is mostly the first collection of garbage after the client's modules were read
(gui/garbage.py).
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

PIECE = 1 << 20
MOST = 0.050  # seconds
HUB = """
import sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
with LocalHub() as hub:
    made = hub.add(Repository("someone/big-GGUF")).put("big-Q4_0.gguf", Path(sys.argv[3]))
    made.files["big-Q4_0.gguf"].sha256  # not while it is asked
    hub.faults.add("*", door="cdn", bytes_per_second=float(sys.argv[4]))
    print(hub.url, flush=True)
    sys.stdin.read()
"""


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


def measured(home: Path, url: str, other: Path) -> tuple[list[float], float, float]:
    """Gaps of the event loop in seconds, without work and then with it, and bytes per second."""
    from PySide6.QtCore import QCoreApplication, QTimer

    import engine.discover.judged
    import engine.model  # noqa: F401
    from engine.api import Engine, Paths, discover, jobs
    from gui.garbage import Garbage

    app = QCoreApplication([])
    Garbage(app)
    gaps, told, last = list[float](), deque[jobs.JobRecord](), [time.perf_counter()]
    with Engine(Paths.under(home)) as engine:
        engine.use_network(discover.NetworkSettings(endpoint=url, proxy="none"))
        name = engine.library.add(other).name
        engine.jobs.listen(told.append)

        def beat() -> None:
            now = time.perf_counter()
            gaps.append(now - last[0] - 0.001)
            last[0] = now

        def drain() -> None:
            told.clear()
            if all(ticket.ended for ticket in work):
                app.quit()

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
        work = [
            engine.downloads.get(jobs.wish_of("someone/big-GGUF:Q4_0")),
            engine.verify_model(name),
        ]
        began, last[0] = time.perf_counter(), time.perf_counter()
        drains.start()
        app.exec()
        seconds = time.perf_counter() - began
        got = work[0].wait(0)
        assert isinstance(got, jobs.Got)
        work[1].wait(0)
    return gaps, idle, got.bytes / seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=1000)
    parser.add_argument("--rate", type=float, default=100, help="MB/s")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        big = model(place / "big.gguf", args.megabytes)
        words = [str(ROOT), str(ROOT / "tests"), str(big), str(args.rate * 1e6)]
        with subprocess.Popen(
            [sys.executable, "-c", HUB, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as hub:
            assert hub.stdout is not None
            url = hub.stdout.readline().strip()
            gaps, idle, rate = measured(place / "home", url, model(place / "other.gguf", 500))
            hub.kill()
    when = max(range(len(gaps)), key=gaps.__getitem__)
    after = sum(gaps[:when]) + 0.001 * when
    gaps.sort()
    late = sum(gap > MOST for gap in gaps)
    print(
        f"{rate / 1e6:.0f} MB/s; gaps of the event loop: worst {1000 * gaps[-1]:.1f} ms "
        f"({after:.1f} s after the start), "
        f"99.9 % under {1000 * gaps[int(0.999 * len(gaps))]:.1f} ms, half under "
        f"{1000 * gaps[len(gaps) // 2]:.1f} ms; over 50 ms: {late} of {len(gaps)}; "
        f"worst without work {1000 * idle:.1f} ms"
    )
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
