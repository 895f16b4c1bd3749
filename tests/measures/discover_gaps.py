"""How long the window's event loop is kept waiting in Discover: a search that finds a hundred
repositories, a page with two hundred files and a long card, its pictures.

    .venv/bin/python tests/measures/discover_gaps.py [--found 100] [--files 200]

The real window, without a display, asks a local hub in a process of its own. A timer asks every
millisecond whether it is late. Prints the gaps of each step; the worst should be under 50 ms on a
machine that does nothing else. The first search of a process reads the rooms of the engine and of
the client, so one is made before.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.hub_apart import hub_of  # noqa: E402

MOST = 0.050  # seconds
LONGEST = 60.0  # seconds of a step
HUB = """
import sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.tiny_models import write_tiny_llama
found, files, folder = int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5])
model = write_tiny_llama(folder / "tiny.gguf").read_bytes()
card = "\\n\\n".join(f"Paragraph {i} with **some** words and a [link](https://x.org/{i})."
                    for i in range(250))
with LocalHub() as hub:
    for n in range(found):
        made = hub.add(Repository(f"someone/model-{n}-GGUF", downloads=n))
        made.put("model-Q4_K_M.gguf", model)
    many = hub.add(Repository("someone/many-GGUF"))
    for n in range(files):
        many.put(f"m{n}-Q4_K_M.gguf", model)
    for n in range(6):
        many.put(f"{n}.png", (folder / "picture.png").read_bytes())
    many.put("README.md", ("\\n\\n".join(f"![x]({n}.png)" for n in range(6)) + card).encode())
    print(hub.url, flush=True)
    sys.stdin.read()
"""


class Gaps:
    """Counts how late a timer of a millisecond is, step by step."""

    def __init__(self, app: object) -> None:
        from PySide6.QtCore import QTimer

        self._app, self._last, self.all = app, time.perf_counter(), list[float]()
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.all.append(now - self._last - 0.001)
        self._last = now

    def until(self, done: Callable[[], bool], name: str) -> bool:
        """Runs the event loop until then; whether no gap was too long."""
        from PySide6.QtCore import QEventLoop, QTimer

        self.all.clear()
        self._last = begun = time.perf_counter()
        loop, asking = QEventLoop(), QTimer()
        asking.timeout.connect(lambda: loop.quit() if done() or self._over(begun) else None)
        asking.start(20)
        loop.exec()
        asking.stop()
        worst, late = max(self.all), sum(gap > MOST for gap in self.all)
        seconds = time.perf_counter() - begun
        print(f"{name}: {seconds:.1f} s, worst gap {1000 * worst:.1f} ms, over 50 ms: {late}")
        return late == 0

    @staticmethod
    def _over(begun: float) -> bool:
        return time.perf_counter() - begun > LONGEST


def run(home: Path, found: int) -> bool:
    from helpers.fake_engine import REPORT
    from PySide6.QtWidgets import QApplication

    from engine.api import Engine, Paths
    from gui.app import Shell
    from gui.chat.book import Book
    from gui.garbage import Garbage

    app = QApplication([])
    Garbage(app)
    shell = Shell(app, Engine(Paths.under(home)), Book())
    shell.desk.set_hardware(REPORT)
    window = shell.open_window()
    window.resize(1280, 800)
    window.show_view("discover")
    view = window.view("discover")
    gaps = Gaps(app)
    shown = view.list._view.model()  # type: ignore[union-attr]
    finder, page = view.finder, view.page  # type: ignore[union-attr]

    def search(words: str, limit: int) -> None:
        from gui.discover.shown import Query

        finder.ask(Query(words, limit=limit))

    ended = list[int]()
    finder.searched.connect(lambda busy: None if busy else ended.append(1))
    search("model-1-", 1)
    gaps.until(lambda: bool(ended), "the first search, which reads the rooms")
    ended.clear()
    search("model", found)
    good = gaps.until(lambda: bool(ended) and shown.rowCount() >= found, f"a search, {found} found")

    def is_there() -> bool:
        there = page._page
        return there is not None and not there.loading and page._area.updatesEnabled()

    view.look_at("someone/many-GGUF")  # type: ignore[union-attr]
    good &= gaps.until(lambda: is_there() and page.table.is_whole, "a page with many files")
    finder.set_context(2048)
    good &= gaps.until(lambda: is_there() and page._page.context == 2048, "another context")
    page.card.show_button.click()
    good &= gaps.until(lambda: not page.card.show_button.isVisible(), "its pictures")
    shell.close()
    return bool(good)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--found", type=int, default=100)
    parser.add_argument("--files", type=int, default=200)
    args = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder) / "picture.png")
        with hub_of(HUB, str(args.found), str(args.files), folder) as address:
            os.environ["HF_ENDPOINT"] = address
            good = run(Path(folder) / "home", args.found)
    return 0 if good else 1


def draw(path: Path) -> None:
    """A picture of two megapixels."""
    from PySide6.QtGui import QColor, QImage, QPainter

    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    for i in range(400):
        painter.fillRect(i * 4, (i * 37) % 1200, 60, 40, QColor.fromHsv(i % 360, 200, 200))
    painter.end()
    image.save(str(path))


if __name__ == "__main__":
    sys.exit(main())
