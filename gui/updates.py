"""What is known of newer releases: one for all windows. Nobody is asked before somebody presses the
button, or has allowed a look once a week; nothing is ever installed.
"""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal

from engine.api import Engine, Lane, jobs
from engine.base.events import Progress
from gui.language import tr
from gui.workers import Feed

PATIENCE_MS = 10_000  # after the start, before a weekly look: the window comes first


class Updates(QObject):
    """`release`: the newest there is, None before anybody has looked; `failure`: why the last look,
    or the last download, came to nothing; `file`: the installer, once it is here and checked."""

    changed = Signal()
    news = Signal(str)  # what a weekly look found, in a sentence

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = jobs.Place()
        self.release: jobs.Release | None = None
        self.failure = ""
        self.file: Path | None = None
        self.done = 0  # bytes of the installer that have come
        self._engine = engine
        self._quietly = False
        self._looks, self._fetches = Feed(self), Feed(self)
        self._looks.done.connect(self._found)
        self._looks.failed.connect(self._look_failed)
        self._fetches.done.connect(self._fetched)
        self._fetches.progress.connect(self._progressed)
        self._fetches.failed.connect(self._fail)
        for feed in (self._looks, self._fetches):
            feed.ended.connect(self.changed)

    @property
    def looking(self) -> bool:
        return self._looks.running

    @property
    def fetching(self) -> bool:
        return self._fetches.running

    @property
    def wanted(self) -> "jobs.ReleaseFile | None":
        """The installer of the newer release for this copy; None where there is none."""
        newer = self.release is not None and self.release.is_newer
        return jobs.file_for_here(self.release) if newer and self.release else None

    def look(self, quietly: bool = False) -> None:
        """Ask which release is the newest. `quietly`: only a newer one is told."""
        if self.looking:
            return
        self._quietly, self.failure = quietly, ""
        work = jobs.looking_for_update(self._engine.paths, self.place)
        self._looks.follow(lambda listener: self._engine.run(work, listener, Lane.NETWORK))
        self.changed.emit()

    def look_weekly(self) -> None:
        """Look soon, where nobody has for a week. For those who have allowed it."""
        if self.place.repository and jobs.update_is_due(self._engine.paths):
            QTimer.singleShot(PATIENCE_MS, self, lambda: self.look(quietly=True))

    def fetch(self, folder: Path | None = None) -> None:
        """Bring the installer into the folder for downloads."""
        wanted = self.wanted
        if wanted is None or self.fetching:
            return
        self.failure, self.done = "", 0
        work = jobs.fetching_update(self._engine.paths, wanted, folder or downloads(), self.place)
        self._fetches.follow(lambda listener: self._engine.run(work, listener, Lane.NETWORK))
        self.changed.emit()

    def stop(self) -> None:
        """Bring the installer no further; what is there of it goes."""
        self._fetches.stop()

    def close(self) -> None:
        self._looks.close()
        self._fetches.close()

    def _found(self, release: object) -> None:
        if not isinstance(release, jobs.Release):
            return
        if self.release is not None and self.release.version != release.version:
            self.file = None
        self.release = release
        if self._quietly and release.is_newer:
            self.news.emit(
                tr("Chaski {version} is there. Settings tell what is new.", version=release.version)
            )

    def _look_failed(self, words: str) -> None:
        if not self._quietly:
            self._fail(words)

    def _fetched(self, path: object) -> None:
        self.file = path if isinstance(path, Path) else None

    def _progressed(self, told: Progress) -> None:
        self.done = told.done
        self.changed.emit()

    def _fail(self, words: str) -> None:
        self.failure = words


def downloads() -> Path:
    """Where this system's people look for what they downloaded."""
    place = QStandardPaths.StandardLocation
    found = QStandardPaths.writableLocation(place.DownloadLocation)
    return Path(found or QStandardPaths.writableLocation(place.HomeLocation))
