"""The window: a rail and the views it chooses between. The rooms do not know each other."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from gui.activity.kind import KIND as ACTIVITY
from gui.chat.book import Book, ChatRecord, ChatRow
from gui.chat.chat_view import ChatView
from gui.chat.kind import KIND as CHATS
from gui.closing import ask_to_close
from gui.commands import entries
from gui.desk import Desk, KnownModel
from gui.discover.kind import KIND as DISCOVER
from gui.hardware.kind import KIND as HARDWARE
from gui.kind import Kind
from gui.language import marked, tr
from gui.library.kind import KIND as MODELS
from gui.settings.kind import KIND as SETTINGS
from gui.theme.theme import BASE_PIXELS, current
from gui.view import View
from gui.widgets.drop_cover import DropCover
from gui.widgets.focus_home import FocusHome
from gui.widgets.help_button import HelpWanted
from gui.widgets.labels import turn_labels
from gui.widgets.palette import Palette
from gui.widgets.rail import Rail
from gui.widgets.tab_order import step
from gui.widgets.toast import Toast
from gui.window_state import load_state, save_state
from gui.workshop.kind import KIND as WORKSHOP

if TYPE_CHECKING:
    from gui.manual.manual import Manual

VIEWS = (CHATS, MODELS, DISCOVER, WORKSHOP, HARDWARE, ACTIVITY, SETTINGS)  # as on the rail
FILTER = marked("Model files (*.gguf);;All files (*)")


class MainWindow(QMainWindow):
    """One window of the program; several may share one desk."""

    window_wanted = Signal(object)  # ChatRecord or None
    closed = Signal(object)  # this window
    quit_wanted = Signal()

    def __init__(self, desk: Desk, book: Book) -> None:
        super().__init__()
        self._desk, self._book = desk, book
        self._state = load_state(desk.engine.paths.window_state_file)
        self.setAcceptDrops(True)
        room = self.screen().availableSize()
        self.setMinimumSize(QSize(760, 480).boundedTo(room))
        self.resize(QSize(1280, 800).boundedTo(room))
        self.rail = Rail()
        self.chat = ChatView(desk, book)
        self._views: dict[str, View] = {}
        self._manual: Manual | None = None
        self._stack = QStackedWidget()
        self.toast = Toast(self)
        self._cover = DropCover(self)
        self.palette_card = Palette(
            self, tr("Commands, chats and models"), tr("Search commands, chats and models")
        )
        for kind in VIEWS:
            self.rail.add(kind.name, tr(kind.title), kind.glyph, kind.key, at_bottom=kind.at_bottom)
        self._lay_out()
        self._add_view(self.chat)
        self._connect()
        self.show_view(CHATS.name)
        self._focus_home = FocusHome(self, self._take_focus)

    def _lay_out(self) -> None:
        body = QWidget()
        line = QHBoxLayout(body)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        line.addWidget(self._stack, 1)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_view)
        self.chat.window_wanted.connect(self.window_wanted)
        self.chat.forward_wanted.connect(self._come_forward)
        self._desk.notice.connect(self.toast.say)
        works = self._desk.works
        works.refused.connect(self.toast.say)
        works.changed.connect(self._show_works)
        self._show_works()
        QShortcut(QKeySequence("Ctrl+O"), self, self.ask_for_file)
        QShortcut(QKeySequence("Ctrl+Z"), self, self.toast.undo)
        QShortcut(QKeySequence("Ctrl+W"), self, self.ask_and_close)
        QShortcut(QKeySequence("Ctrl+Q"), self, self.quit_wanted.emit)
        QShortcut(QKeySequence("Ctrl+Shift+N"), self, self.open_another)
        QShortcut(QKeySequence("Ctrl+0"), self, self.usual_zoom)
        QShortcut(QKeySequence("Ctrl+K"), self, self.show_palette)
        QShortcut(QKeySequence("F1"), self, self.show_manual)
        QShortcut(QKeySequence("Ctrl+F1"), self, self.show_keys)
        QShortcut(QKeySequence("F11"), self, self.full_screen)
        QShortcut(QKeySequence("Ctrl+="), self, lambda: self.zoom(1))
        QShortcut(QKeySequence("Ctrl++"), self, lambda: self.zoom(1))
        QShortcut(QKeySequence("Ctrl+-"), self, lambda: self.zoom(-1))

    def _show_works(self) -> None:
        """A method, and no lambda: it ends with the window, and the desk goes on."""
        for kind in VIEWS:
            self.rail.show_busy(kind.name, kind.is_busy(self._desk))

    def show_manual(self, page: str = "") -> None:
        """At this page, or at the one of what is shown; it stays open beside the window."""
        from gui.manual.manual import Manual
        from gui.manual.pages import page_of

        if self._manual is None:
            self._manual = Manual(self, [(kind.key, tr(kind.title)) for kind in VIEWS])
        has_model = bool(self._desk.known or self._desk.models())
        self._manual.show_page(page or page_of(self._shown_view().kind.name if has_model else ""))
        self._manual.show()
        self._manual.raise_()
        self._manual.activateWindow()

    def show_keys(self) -> None:
        from gui.manual.pages import KEYS

        self.show_manual(KEYS)

    # What the palette offers of this window

    def show_palette(self) -> None:
        self.palette_card.open_with(entries(self))

    def kinds(self) -> tuple[Kind, ...]:
        return VIEWS

    def book_rows(self) -> Sequence[ChatRow]:
        return self._book.rows()

    def known_models(self) -> Sequence[KnownModel]:
        return self._desk.known

    def open_chat(self, chat_id: int) -> None:
        self.show_view(CHATS.name)
        self.chat.go_on_with(chat_id)

    def choose_theme(self, name: str) -> None:
        current().choose(name)
        self._desk.set_preferences(replace(self._desk.preferences, theme=name))

    # Views are imported and built when they are first wanted: the window must be up at once.

    def show_view(self, name: str, what: str = "", part: str = "") -> None:
        """`what` and `part`: what it shall show, see View.look_at."""
        if name not in self._views:
            kind = next(kind for kind in VIEWS if kind.name == name)
            self._add_view(kind.view()(self._desk))
        view = self._views[name]
        if not view.is_worn_in_parts:
            current().dress(view)
        self._stack.setCurrentWidget(view)
        self.rail.choose(name)
        self._retitle()
        self.toast.stand_over(view.ground)
        view.shown()
        view.take_focus()
        if what:
            view.look_at(what, part)

    def _add_view(self, view: View) -> None:
        self._views[view.kind.name] = view
        self._stack.addWidget(view)
        view.chat_wanted.connect(self.chat_with)
        view.file_wanted.connect(self.ask_for_file)
        view.view_wanted.connect(self.show_view)
        view.retitled.connect(self._retitle)
        view.said.connect(self.toast.say)
        view.undoable.connect(self.toast.say)

    def _retitle(self) -> None:
        """Two windows are told apart in a task bar."""
        title = self._shown_view().heading
        self.setWindowTitle(f"{title} – Chaski" if title else "Chaski")

    def _shown_view(self) -> View:
        shown = self._stack.currentWidget()
        return next(view for view in self._views.values() if view is shown)

    def _take_focus(self) -> None:
        self._shown_view().take_focus()

    def view(self, name: str) -> View:
        """One that was shown before."""
        return self._views[name]

    # Opening files

    def ask_for_file(self) -> None:
        dialog = QFileDialog(self, tr("Open a model file"), self.first_folder(), tr(FILTER))
        current().dress(dialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def first_folder(self) -> str:
        """Where a file is looked for first: the last folder, the models', the downloads, home."""
        places = QStandardPaths.StandardLocation
        downloads = QStandardPaths.writableLocation(places.DownloadLocation)
        for folder in (self._state.folder, str(self._desk.engine.paths.models), downloads):
            if folder and Path(folder).is_dir():
                return folder
        return str(Path.home())

    def _take_chosen(self, path: str) -> None:
        self._state.folder = str(Path(path).parent)
        self.open_path(path)

    def chat_with(self, path: str) -> None:
        """A new chat with this model; in the chat that is shown, the pill and Ctrl+O change it."""
        self.show_view(CHATS.name)
        self.chat.chat_with(str(Path(path).absolute()))

    def open_path(self, path: str) -> None:
        """The chat that is shown goes on with this model."""
        self.show_view(CHATS.name)
        self.chat.use_path(str(Path(path).absolute()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _paths(event.mimeData()):
            event.acceptProposedAction()
            self._cover.show_over(tr(self._shown_view().drop_words))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._cover.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._cover.hide()
        paths = _paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self._take_dropped(*paths)

    def _take_dropped(self, *paths: str) -> None:
        """The view takes those that it knows; the first of the others is opened."""
        view = self._shown_view()
        others = [path for path in paths if not view.take(path)]
        if others:
            self.chat_with(others[0])

    # Windows

    def show_record(self, record: ChatRecord | None) -> None:
        """What a second window begins with: a chat of its own with the same model."""
        self.chat.show_record(record or ChatRecord(), self._desk.newest_model())

    def restore(self, with_chat: bool = True) -> None:
        """Stand where the last window of the last start stood."""
        state = self._state
        if state.geometry:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(state.geometry.encode())))
        if state.view in self.rail.names():
            self.show_view(state.view)
        self.chat.show_panel(state.panel)
        self.chat.list.set_wide(state.list_wide or self.chat.list.wide)
        self.chat.list.close_folders(state.closed_folders)
        if state.list_away:
            self.chat.toggle_list()
        if with_chat and state.chat > 0:
            self.chat.reopen(state.chat)

    @property
    def would_lose(self) -> bool:
        """Whether something goes on here that ends with the window."""
        return any(view.would_lose for view in self._views.values())

    def take_place_of(self, old: "MainWindow") -> None:
        """Stand and show what that one does, which closes: this one speaks another language."""
        old.chat.comparing.put_away()
        old.keep_state()
        self._state = load_state(self._desk.engine.paths.window_state_file)
        self.restore(with_chat=False)
        if not (old.isMaximized() or old.isFullScreen()):
            self.setGeometry(old.geometry())
        self.show()  # before the other one closes, which would be the last
        record = old.chat.talk.record
        attached = old.chat.attaching.ready if record.temporary else ()
        old.close()
        self.chat.show_record(record, self.chat.models.of(record))
        self.chat.attaching.give_back(attached)

    def keep_state(self) -> None:
        state = self._state
        state.geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        state.view = self._shown_view().kind.name
        state.chat = self.chat.shown_number
        state.panel = self.chat.panel_shown
        state.list_wide = self.chat.list.wide
        state.list_away = self.chat.list.is_put_away
        state.closed_folders = sorted(self.chat.list.closed_folders)
        save_state(self._desk.engine.paths.window_state_file, state)

    def full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def open_another(self) -> None:
        """A second window, with a chat of its own."""
        self.window_wanted.emit(None)

    def usual_zoom(self) -> None:
        self._set_pixels(BASE_PIXELS)

    def _come_forward(self) -> None:
        """The chat that another window asked for is open here."""
        self.show_view(CHATS.name)
        self.come_forward()
        self.toast.say(tr("This chat is open in this window already"))

    def come_forward(self) -> None:
        """In front of all others, also where it was put away."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def zoom(self, step: int) -> None:
        self._set_pixels(max(10, min(28, current().font_pixels + step)))

    def _set_pixels(self, pixels: int) -> None:
        if pixels != current().font_pixels:
            current().set_font_pixels(pixels)
            self._desk.set_preferences(replace(self._desk.preferences, font_pixels=pixels))

    def focusNextPrevChild(self, next: bool) -> bool:
        return step(self, next)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, HelpWanted):
            self.show_manual(event.page)
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            current().look_again()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            turn_labels(self)

    # Closing

    def ask_and_close(self) -> None:
        """Close; while answers are being written, ask first."""
        n = self.chat.n_writing
        if not n:
            self.close()
            return
        ask_to_close(self, n, self.close, self.close_when_done)

    def close_when_done(self) -> None:
        """Out of the way now; closed as soon as nothing is being written."""
        if not self.chat.n_writing:
            self.close()
            return
        self.showMinimized()
        self.chat.rested.connect(self._close_if_away)

    def _close_if_away(self) -> None:
        """Whoever has brought the window back meanwhile goes on in it."""
        self.chat.rested.disconnect(self._close_if_away)
        if self.isMinimized():
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if event.spontaneous() and self.chat.n_writing:
            event.ignore()
            self.ask_and_close()
            return
        self.keep_state()
        for view in self._views.values():
            view.close_work()
        self.closed.emit(self)
        super().closeEvent(event)


def _paths(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
