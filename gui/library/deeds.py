"""What can be done with a model: asked of the library outside of the GUI thread, told in sentences.

Jobs (verify, move) stand in Activity, too; the list marks their models meanwhile.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from engine.api import ModelDefaults, Ticket
from engine.base.events import Listener, Progress
from gui.desk import Desk
from gui.known import KnownModel, title_of
from gui.language import tr
from gui.library.words import caution, refusal, verdict
from gui.widgets.confirm import Confirm
from gui.workers import Feed

if TYPE_CHECKING:
    from engine.api import Keeper, LibraryModel, TrashedModel, UnfinishedMove, Verification


CLOSE_S = 30.0  # that a model's last pass may take


@dataclass(frozen=True)
class Left:
    """What was not brought to its end: it can be taken up again."""

    trashed: "tuple[TrashedModel, ...]" = ()
    moves: "tuple[UnfinishedMove, ...]" = ()


class Deeds(QObject):
    """Asks in front of one view. It lives as long as the desk: what was begun in a window that is
    closed meanwhile comes to its end, and the list of every other window hears of it."""

    said = Signal(str)  # a sentence
    undoable = Signal(str, object)  # a sentence, and what undoes it
    marked = Signal(str, str)  # a path, and what is being done with it ("": that has ended)
    verified = Signal(str, str)  # a path, and what came of looking at it
    gone = Signal(str)  # a path: moved away
    refused = Signal()  # what was typed gives way to what is kept
    came = Signal(str)  # a path: back from the trash

    def __init__(self, desk: Desk, view: QWidget) -> None:
        super().__init__(desk)
        self._desk, self._view = desk, view
        self._busy: set[str] = set()  # paths

    # What is said of a model

    def rename(self, model: KnownModel, name: str) -> None:
        self._change(lambda path: self._desk.engine.library.rename(path, name), model)

    def tag(self, model: KnownModel, tags: Sequence[str]) -> None:
        self._change(lambda path: self._desk.engine.library.tag(path, tags), model)

    def note(self, model: KnownModel, text: str) -> None:
        self._change(lambda path: self._desk.engine.library.note(path, text), model)

    def set_defaults(self, model: KnownModel, defaults: ModelDefaults) -> None:
        self._change(lambda path: self._desk.engine.library.set_defaults(path, defaults), model)

    def _change(self, change: Callable[[Path], "LibraryModel"], model: KnownModel) -> None:
        path = Path(model.path)

        def refused(words: str) -> None:
            self.said.emit(words)
            self.refused.emit()

        self._desk.background.run(lambda: change(path), self._desk.learn, refused)

    # Its place in the list

    def remove(self, model: KnownModel) -> None:
        """Take it off the list; its file stays."""
        if self._is_busy(model):
            return
        library = self._desk.engine.library
        words = tr("{model} was taken off the list; its file stays", model=title_of(model))

        def done(removed: object) -> None:
            self._desk.take_out(model.path)
            self.gone.emit(model.path)
            self.undoable.emit(words, lambda: self._put_back(removed, model.path))

        self._run(lambda: library.remove(Path(model.path)), done)

    def _put_back(self, removed: object, path: str) -> None:
        library = self._desk.engine.library
        self._run(lambda: library.put_back(removed), lambda _: self._is_back(path))  # type: ignore[arg-type]

    def _is_back(self, path: str) -> None:
        self._desk.refresh_known()
        self.came.emit(path)

    # Its file

    def reveal(self, model: KnownModel) -> None:
        """Show the folder where its contents lie, behind all links."""

        def folder() -> str:
            place = Path(model.path).resolve()
            return str(place.parent) if place.parent.is_dir() else ""

        def show(found: object) -> None:
            if not found:
                self.said.emit(
                    tr("The folder of {model} is not there any more", model=title_of(model))
                )
            elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(found))):
                self.said.emit(tr("No file manager was found to show {folder}", folder=found))

        self._run(folder, show)

    def verify(self, model: KnownModel) -> None:
        """Read all of it and compare its checksum."""
        if self._is_busy(model):
            return

        def done(found: "Verification") -> None:
            self.verified.emit(model.path, verdict(found))
            self.said.emit(verdict(found))
            self.renew([model.path])

        engine = self._desk.engine
        start = lambda listener: engine.verify_model(Path(model.path), listener)  # noqa: E731
        self._job(model, tr("Checking"), start, done)

    def renew(self, paths: Sequence[str]) -> None:
        """What the library says of these by now: when they were used last, and how fast."""
        library = self._desk.engine.library
        for path in paths:
            self._desk.background.run(partial(library.look_at, Path(path)), self._learn)

    def _learn(self, found: object) -> None:
        if found is not None:
            self._desk.learn(found)  # type: ignore[arg-type]

    def trash(self, model: KnownModel) -> None:
        title = tr("Move {model} to the trash?", model=title_of(model))
        self._with_consent(model, title, tr("Move to trash"), lambda: self._throw(model))

    def _throw(self, model: KnownModel) -> None:
        library = self._desk.engine.library

        def done(_thrown: object) -> None:
            self._desk.take_out(model.path)
            self.gone.emit(model.path)
            words = tr("{model} was moved to the trash", model=title_of(model))
            self.undoable.emit(words, lambda: self.restore(model.key, model.path))

        def throw() -> object:
            return library.trash(Path(model.path), confirmed=True)

        self._when_closed(model, lambda: self._run(throw, done))

    def restore(self, name: str, path: str) -> None:
        """Bring it back from the trash."""
        library = self._desk.engine.library
        self._run(lambda: library.restore(name), lambda _: self._is_back(path))

    def left(self, then: Callable[["Left"], object]) -> None:
        """What the trash has of ours, and moves that came to no end."""
        library = self._desk.engine.library
        going = set(self._busy)

        def look() -> Left:
            moves = [m for m in library.moves() if not m.switched and str(m.path) not in going]
            return Left(tuple(library.trashed()), tuple(moves))

        self._run(look, then)

    def abandon(self, move: "UnfinishedMove") -> None:
        """It stays where it was; the copy so far goes."""
        library = self._desk.engine.library
        words = tr("{model} stays where it was", model=move.name)
        self._run(lambda: library.abandon_move(move.path), lambda _: self.said.emit(words))

    def move(self, model: KnownModel) -> None:
        """To another folder, which is asked for; a job."""
        title = tr("Move {model} to another folder?", model=title_of(model))
        self._with_consent(model, title, tr("Choose a folder"), lambda: self._ask_folder(model))

    def _ask_folder(self, model: KnownModel) -> None:
        if not isValid(self._view):
            return
        dialog = QFileDialog(
            self._view, tr("Move {model} to", model=title_of(model)), str(Path(model.path).parent)
        )
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.move_to(model, folder))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def move_to(self, model: KnownModel, folder: str) -> None:
        """Its files go there, and the list follows."""
        engine = self._desk.engine

        def done(moved: "LibraryModel") -> None:
            preferences = self._desk.preferences
            if preferences.model == model.path:
                self._desk.set_preferences(replace(preferences, model=str(moved.path)))
            self._desk.refresh_known()
            self.said.emit(
                tr("{model} lies in {folder} now", model=title_of(model), folder=moved.path.parent)
            )

        def start(listener: Listener) -> Ticket:
            return engine.move_model(Path(model.path), folder, listener, confirmed=True)

        self._when_closed(model, lambda: self._job(model, tr("Moving"), start, done))

    def _when_closed(self, model: KnownModel, act: Callable[[], object]) -> None:
        """A file that is in use cannot be taken away everywhere."""
        info = self._desk.model_at(model.path)
        if info is None:
            act()
            return
        ticket = self._desk.close_model(info)
        self._run(lambda: ticket.wait(CLOSE_S), lambda _: act())

    # How it is asked

    def _with_consent(
        self, model: KnownModel, title: str, deed: str, act: Callable[[], object]
    ) -> None:
        """What lies in our folders is ours to move; of other files somebody is asked first."""
        if self._is_busy(model):
            return

        def ask(keeper: "Keeper") -> None:
            if keeper.remove_with:
                self.said.emit(refusal(model, keeper))
            elif keeper.is_free:
                act()
            elif isValid(self._view):  # else nobody can be asked any more
                Confirm(self._view.window(), title, caution(model, keeper), deed, act).open()

        library = self._desk.engine.library
        self._run(lambda: library.keeper(Path(model.path)), ask)

    def _is_busy(self, model: KnownModel) -> bool:
        """One thing after the other; Activity has how to stop the first."""
        if model.path in self._busy:
            self.said.emit(
                tr(
                    "{model} is being checked or moved; Activity shows how far",
                    model=title_of(model),
                )
            )
            return True
        return False

    def _run(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        self._desk.background.run(work, then, self._refused)

    def _refused(self, words: str) -> None:
        """It may be gone, or another: the list looks again."""
        self.said.emit(words)
        self._desk.refresh_known()

    def _job(
        self,
        model: KnownModel,
        verb: str,
        start: Callable[[Listener], Ticket],
        done: Callable[..., object],
    ) -> None:
        feed = Feed(self)

        def show(event: Progress) -> None:
            words = verb
            if event.total:
                share = 100 * event.done // event.total
                words = tr("{deed} {share} %", deed=verb, share=share)
            self.marked.emit(model.path, words)

        feed.progress.connect(show)
        feed.done.connect(done)
        feed.failed.connect(self._refused)
        feed.ended.connect(lambda: self._rest(model.path))
        feed.ended.connect(feed.deleteLater)
        self._busy.add(model.path)
        self.marked.emit(model.path, verb)
        feed.follow(start)

    def _rest(self, path: str) -> None:
        self._busy.discard(path)
        self.marked.emit(path, "")
