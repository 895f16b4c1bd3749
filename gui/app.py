"""The program with a window, once it is known that there can be one (gui/start.py). Importing it
loads neither numba nor NumPy."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from engine.api import Engine, Paths, discover
from engine.base.errors import ChaskiError
from engine.base.links import ModelLink, is_link, parse_link
from gui import APP_ID
from gui.afterwards import Afterwards, modules_of
from gui.chat.book import Book, ChatRecord
from gui.chat.book_disk import DiskBook
from gui.closing import ask_to_close
from gui.desk import Desk
from gui.discover.kind import KIND as DISCOVER
from gui.garbage import Garbage
from gui.handed import Application, plain
from gui.instance import Instance, hand_over
from gui.interrupts import Interrupts
from gui.language import said, speak, speaking, tr
from gui.main_window import VIEWS, MainWindow
from gui.notices import AnswerNotices
from gui.preferences import load, mend
from gui.theme.icons import window_icon
from gui.theme.theme import Theme
from gui.widgets.tooltips import Tooltips

CHANGE_MS = 400  # from a choice of a language until it is spoken


class Shell:
    """The windows of this program and what they share; lives as long as the event loop."""

    def __init__(self, app: QApplication, engine: Engine, book: Book | None = None) -> None:
        preferences, complaint = mend(engine.paths.window_file)
        self._app = app
        speak(app, preferences.language)
        self.theme = Theme(app, preferences.theme, preferences.font_pixels, preferences.motion)
        self.tooltips = Tooltips(app)
        self.desk = Desk(engine, preferences)
        self.book = book or DiskBook(engine, self.desk.keeper, self.desk)
        self.book.failed.connect(self.desk.notice)
        self.windows: list[MainWindow] = []
        self.afterwards: Afterwards | None = None
        self.notices = AnswerNotices(
            self.book, lambda: self.windows, lambda: self.desk.preferences.notify, self.desk
        )
        self._language_timer = QTimer(self.desk)  # until nothing that goes on would be lost
        self._language_timer.setInterval(CHANGE_MS)
        self._language_timer.timeout.connect(self._change_language)
        self.desk.language_wanted.connect(self._ask_for_language)
        if complaint:
            QTimer.singleShot(0, self.desk, lambda: self.desk.notice.emit(said(complaint)))

    def read(self) -> None:
        """What lies on disk, once the window is up; and what the start has left undone."""
        if isinstance(self.book, DiskBook):
            self.book.read()
        self.desk.greet()
        self.desk.ask_hardware()
        if self.desk.preferences.weekly_updates:
            self.desk.updates.look_weekly()
        self.afterwards = Afterwards(self._left_undone(), self.desk)

    def _left_undone(self) -> Iterator[Callable[[], object]]:
        yield self.tooltips.begin
        for module in modules_of(VIEWS):
            yield partial(import_module, module)

    def open_window(self, record: ChatRecord | None = None) -> MainWindow:
        last = self.windows[-1] if self.windows else None
        window = self._made()
        if last is not None:
            window.resize(last.size())
            window.move(last.x() + 32, last.y() + 32)
            window.show_record(record)
        window.show()
        return window

    def _made(self) -> MainWindow:
        window = MainWindow(self.desk, self.book)
        window.window_wanted.connect(self.open_window)
        window.closed.connect(self._forget)
        window.quit_wanted.connect(lambda: self.quit(window))
        self.windows.append(window)
        return window

    # The language

    def _ask_for_language(self) -> None:
        """Was chosen in a window that is made anew then, so not at once."""
        if any(window.would_lose for window in self.windows):
            words = tr("The language changes as soon as what goes on here has ended")
            self.desk.notice.emit(words)
        self._language_timer.start()

    def _change_language(self) -> None:
        """Every window is made anew where it stands, with what is shown and written in it."""
        if any(window.would_lose for window in self.windows):
            return
        self._language_timer.stop()
        before = speaking()
        if speak(self._app, self.desk.preferences.language) == before:
            return
        self.theme.apply()  # with fonts that have the language's letters
        self.desk.works.look()
        for window in list(self.windows):
            self._made().take_place_of(window)

    def quit(self, asked_in: MainWindow) -> None:
        """Close every window; the event loop ends with the last. Asks once where answers are still
        being written."""
        n = sum(window.chat.n_writing for window in self.windows)
        if n:
            ask_to_close(asked_in, n, self._close_all, self._quit_when_done)
        else:
            self._close_all()

    def _close_all(self) -> None:
        for window in list(self.windows):
            window.close()

    def _quit_when_done(self) -> None:
        for window in list(self.windows):
            window.close_when_done()

    def come_forward(self, files: list[str]) -> None:
        """The program was started again: the last window is shown, with the file that was named."""
        if not self.windows:
            return
        window = self.windows[-1]
        window.come_forward()
        if files:
            self.take(files[0], window.chat_with)

    def note_state(self, state: Qt.ApplicationState) -> None:
        """Whoever comes back may have got a model meanwhile."""
        if state == Qt.ApplicationState.ApplicationActive:
            self.desk.look_again()

    def take(self, named: str, open_file: Callable[[str], object]) -> None:
        """What the program was started with: a file, or a link that anybody may have made."""
        if not is_link(named):
            open_file(named)
            return
        try:
            self.show_link(parse_link(named, discover.endpoint_of(self.desk.engine.paths)))
        except ChaskiError as error:
            self.desk.notice.emit(said(str(error)))

    def show_link(self, link: ModelLink) -> None:
        """The page of the model that a link names; who follows one wants the hub asked."""
        if self.windows:
            self.windows[-1].show_view(DISCOVER.name, link.repository, link.file)

    def _forget(self, window: MainWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
            window.deleteLater()

    def close(self) -> None:
        for window in list(self.windows):
            window.close()
        self._language_timer.stop()
        if self.afterwards is not None:
            self.afterwards.close()
        self.notices.close()
        self.tooltips.close()
        self.book.close()
        self.desk.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Open a window, and the model files that are named."""
    arguments = plain(sys.argv[1:] if argv is None else argv)
    try:
        paths = user_paths()
    except ChaskiError as error:  # there is no place for its files
        sys.stderr.write(f"error: {error}\n")
        return 1
    QGuiApplication.setApplicationName("chaski")
    QGuiApplication.setApplicationDisplayName("Chaski")
    QGuiApplication.setDesktopFileName(APP_ID)
    app = Application([sys.argv[0]])
    Garbage(app)  # until the process ends: then there are no windows for another thread to meet
    if hand_over(paths.data, arguments):
        return 0  # the program runs already: its window comes forward, with these files
    app.setWindowIcon(window_icon())
    shell = Shell(app, Engine(paths))
    shell.desk.expect()
    window = shell.open_window()
    window.restore(with_chat=not arguments)
    if arguments:
        QTimer.singleShot(0, window, lambda: shell.take(arguments[0], window.open_path))
    instance = Instance(paths.data, app)
    instance.started.connect(shell.come_forward)
    app.handed.connect(lambda named: shell.come_forward([named]))
    QTimer.singleShot(0, shell.desk, shell.read)
    app.applicationStateChanged.connect(shell.note_state)
    interrupts = Interrupts(app.exit)
    try:
        return app.exec()
    finally:
        instance.close()
        shell.close()
        interrupts.close()


def user_paths() -> Paths:
    """Where files live, with the models folder that the user chose."""
    paths = Paths.default()
    chosen = load(paths.window_file).models_folder
    try:
        return paths.with_models(chosen) if chosen else paths
    except ChaskiError:  # a folder that cannot be: the usual one is better than no window
        return paths


if __name__ == "__main__":
    sys.exit(main())
