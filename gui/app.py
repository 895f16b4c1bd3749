"""The program with a window: `chaski-gui [FILE …]`. Importing it loads neither numba nor NumPy."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from engine.api import Engine, Paths, serve_as_helper
from engine.base.errors import ChaskiError
from gui.chat.book import Book, ChatRecord
from gui.chat.book_disk import DiskBook
from gui.desk import Desk
from gui.interrupts import Interrupts
from gui.main_window import MainWindow
from gui.preferences import Preferences, load
from gui.theme.icons import icon
from gui.theme.theme import Theme

NO_DISPLAY = (
    "Chaski has no display to open a window on. "
    "Talk in the terminal instead: chaski chat starter, or chaski chat MODEL.gguf\n"
)
OWN_PLATFORMS = ("offscreen", "minimal", "vnc", "eglfs", "linuxfb")


class Shell:
    """The windows of this program and what they share; lives as long as the event loop."""

    def __init__(self, app: QApplication, engine: Engine, book: Book | None = None) -> None:
        preferences, complaint = _preferences(engine)
        self.theme = Theme(app, preferences.theme, preferences.font_pixels)
        self.desk = Desk(engine, preferences)
        self.book = book or DiskBook(engine, self.desk.background, self.desk)
        self.book.failed.connect(self.desk.notice)
        self.windows: list[MainWindow] = []
        if complaint:
            QTimer.singleShot(0, self.desk, lambda: self.desk.notice.emit(complaint))

    def read(self) -> None:
        """What lies on disk, once the window is up."""
        if isinstance(self.book, DiskBook):
            self.book.read()
        self.desk.greet()
        self.desk.ask_hardware()

    def open_window(self, record: ChatRecord | None = None) -> MainWindow:
        window = MainWindow(self.desk, self.book)
        window.window_wanted.connect(self.open_window)
        window.closed.connect(self._forget)
        if self.windows:
            last = self.windows[-1]
            window.resize(last.size())
            window.move(last.x() + 32, last.y() + 32)
            window.show_record(record)
        self.windows.append(window)
        window.show()
        return window

    def _forget(self, window: MainWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
            window.deleteLater()

    def close(self) -> None:
        for window in list(self.windows):
            window.close()
        self.desk.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Open a window, and the model files that are named."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if serve_as_helper(arguments):
        return 0
    if not has_display():
        sys.stderr.write(NO_DISPLAY)
        return 1
    QGuiApplication.setApplicationName("chaski")
    QGuiApplication.setApplicationDisplayName("Chaski")
    QGuiApplication.setDesktopFileName("chaski")
    app = QApplication([sys.argv[0]])
    app.setWindowIcon(icon("chaski", "", 64))
    shell = Shell(app, Engine(user_paths()))
    window = shell.open_window()
    if arguments:
        QTimer.singleShot(0, window, lambda: window.open_path(arguments[0]))
    QTimer.singleShot(0, shell.desk, shell.read)
    interrupts = Interrupts(app.exit)
    try:
        return app.exec()
    finally:
        shell.close()
        interrupts.close()


def user_paths() -> Paths:
    """Where files live, with the models folder that the user chose."""
    paths = Paths.default()
    try:
        chosen = load(window_file(paths)).models_folder
    except ChaskiError:  # told once the window is up
        return paths
    return paths.with_models(chosen) if chosen else paths


def window_file(paths: Paths) -> Path:
    return paths.settings_file.with_name("window.json")


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


def _preferences(engine: Engine) -> tuple[Preferences, str]:
    """A settings file that cannot be read must not keep the window from opening."""
    try:
        return load(window_file(engine.paths)), ""
    except ChaskiError as error:
        return Preferences(), str(error)


if __name__ == "__main__":
    sys.exit(main())
