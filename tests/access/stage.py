"""Sets the scenes of the pictures in a window on a real display, one after the other: names each on
standard output, and goes on with the next line of standard input."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/screenshots")]

from make import Studio  # noqa: E402 (the path comes first)
from PySide6.QtCore import QEventLoop, QSocketNotifier, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QMenu  # noqa: E402

LOOKS = ("-dark", "-contrast", "-narrow", "-150", "-900x600", "-mirrored", "-large-text")


class Stage(Studio):
    """Where a picture would be taken, the reader looks. Colours and sizes are nothing to it."""

    def shoot(self, name: str) -> None:
        QTest.qWait(200)  # as long as a picture takes, which scenes count on
        if name.endswith(LOOKS):
            return
        print(f"scene {name}", flush=True)
        loop = QEventLoop()
        heard = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        heard.activated.connect(loop.quit)
        loop.exec()
        sys.stdin.readline()

    def shoot_part(self, part: object, name: str) -> None:
        """A sheet, beside its window; or a menu, of which one line is chosen as by the keyboard."""
        if isinstance(part, QMenu):
            QTimer.singleShot(300, part, lambda: part.setActiveAction(part.actions()[-1]))
        self.shoot(name)


def main() -> None:
    folder, *only = sys.argv[1:]
    stage = Stage(Path(folder))
    for name, show in stage.pictures().items():
        if (not only or name in only) and not name.startswith(("guide-", "larger")):
            show(name)
    stage.close()


if __name__ == "__main__":
    main()
