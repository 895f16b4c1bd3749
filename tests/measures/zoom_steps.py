"""How long a step of the text size takes in a conversation of 20,000 words.

python tests/measures/zoom_steps.py [WORDS]
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "screenshots")]

TURNS = 12
STEPS = (1, 1, 1, -1, -1, -1)


def main() -> int:
    from make import PARAGRAPH, Studio
    from PySide6.QtCore import QCoreApplication

    words = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder))
        studio.ready()
        studio.reopen("Long", [PARAGRAPH * (words // TURNS // len(PARAGRAPH.split()))] * TURNS)
        for step in STEPS:
            begun = time.perf_counter()
            studio.window.zoom(step)
            stepped = time.perf_counter()
            worst = 0.0
            for _ in range(10):
                turn = time.perf_counter()
                QCoreApplication.processEvents()
                worst = max(worst, time.perf_counter() - turn)
            print(f"step {1000 * (stepped - begun):.0f} ms, longest turn {1000 * worst:.0f} ms")
        studio.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
