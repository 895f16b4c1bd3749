"""Updates: which version this is, whether there is a newer one, what is new in it."""

from datetime import date

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.api import jobs
from engine.base.version import installed_version
from gui.desk import Desk
from gui.language import dated, marked, speaking, tr
from gui.settings.rows import add_row
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.choices import Switch
from gui.widgets.frames import Card, row
from gui.widgets.labels import label


class UpdatesCard(Card):
    """`weekly` is what the person allows; the rest is what the desk knows of releases."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Updates"))
        self._updates = desk.updates
        self.look = Button(
            tr("Check for updates"),
            "refresh-cw",
            "plain",
            True,
            tr("Ask now which version is the newest"),
            "",
            self._updates.look,
        )
        self.told = label("", "small", wrap=True)
        self.newer = _Newer(desk)
        version = tr("Version {version}", version=installed_version())
        add_row(self, version, "", self.look, self.told)
        self.box.addWidget(self.newer)
        self.weekly = Switch(tr("Look once a week"))
        self.weekly.setChecked(desk.preferences.weekly_updates)
        words = tr(
            "A while after a start, at most once in seven days. GitHub, where releases are kept, "
            "learns that it is asked. Nothing is installed by itself."
        )
        add_row(self, tr("Look once a week"), words, self.weekly)
        self._updates.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        updates = self._updates
        knows = bool(updates.place.repository)
        self.look.setEnabled(knows and not updates.looking)
        self.weekly.setEnabled(knows)
        release = updates.release
        words, role = tr("Nobody is asked before you do."), "small"
        if not knows:
            words = tr("This copy was not built as a release; renew it where you got it.")
        elif updates.looking:
            words = tr("Asking {host}…", host=updates.place.host)
        elif updates.failure:
            words, role = updates.failure, "error"
        elif release is not None and not release.is_newer:
            words = tr("This is the newest version.")
        elif release is not None:
            words = tr("There is a newer one.")
        self.told.setText(words)
        self.told.setProperty("role", role)
        self.told.style().polish(self.told)
        self.newer.show_release(release)


class _Newer(QWidget):
    """The newer release: its notes, its page, its installer."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._updates = desk.updates
        px = current().px
        self.name = label("", "strong")
        self.notes = label("", "smallText", wrap=True)
        self.page = Button(
            tr("Open its page"),
            "square-arrow-out-up-right",
            "plain",
            True,
            tr("Open the page of this release in the browser"),
            "",
            self._open_page,
        )
        self.get = Button(tr("Download"), "download", "primary", True, on_click=desk.updates.fetch)
        self.stop = Button(
            tr("Stop"), "stop", "plain", True, tr("Stop this download"), "", desk.updates.stop
        )
        self.show_it = Button(
            tr("Show"),
            "folder-open",
            "plain",
            True,
            tr("Show the folder it is in"),
            "",
            self._show_folder,
        )
        self.bar = Bar()
        self.state = label("", "small", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, px(6))
        box.setSpacing(px(6))
        for part in (self.name, self.notes, self.bar, self.state):
            box.addWidget(part)
        box.addSpacing(px(2))
        buttons = (self.get, self.stop, self.show_it, self.page)
        box.addLayout(row(*buttons, None))

    def show_release(self, release: "jobs.Release | None") -> None:
        self.setVisible(release is not None and release.is_newer)
        if release is None or not release.is_newer:
            return
        self.name.setText(_named(release))
        self.notes.setText("\n".join(f"•  {point}" for point in release.notes_in(speaking())))
        updates, wanted = self._updates, self._updates.wanted
        here, on_its_way = updates.file, updates.fetching
        self.get.setVisible(wanted is not None and here is None and not on_its_way)
        self.stop.setVisible(on_its_way)
        self.bar.setVisible(on_its_way)
        self.show_it.setVisible(here is not None)
        self.state.setVisible(on_its_way or here is not None)
        if wanted is not None:
            self.get.set_words(tr("Download ({size:file})", size=wanted.size))
            self.get.describe(tr("Download {file}", file=wanted.name))
            self._fill(updates.done / wanted.size if on_its_way else None)
        if on_its_way and wanted is not None:
            words = tr("{done:file} of {size:file}", done=updates.done, size=wanted.size)
            self.state.setText(words)
        elif here is not None:
            words = tr(
                "{file} is in {folder}, whole and as its makers announced it. Start it when it "
                "suits you; this version stays until the new one has started.",
                file=here.name,
                folder=str(here.parent),
            )
            self.state.setText(words)

    def _fill(self, share: float | None) -> None:
        """None: nothing is on its way, and what comes next begins at the left."""
        if share is None:
            self.bar.begin()
        else:
            self.bar.set_fraction(share)

    def _open_page(self) -> None:
        if self._updates.release is not None:
            QDesktopServices.openUrl(QUrl(self._updates.release.page))

    def _show_folder(self) -> None:
        if self._updates.file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._updates.file.parent)))


def _named(release: "jobs.Release") -> str:
    name = tr("Chaski {version}", version=release.version)
    try:
        pattern = marked("d MMMM yyyy", "a date in Qt's letters")
        day = dated(date.fromisoformat(release.date), pattern)
    except ValueError:  # a date in other words
        return name
    return tr("{name}, {date}", name=name, date=day)
