"""Which folders there are: for models, for downloads, for chats; and the room that is left."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from engine.api import disk_free
from gui.desk import Desk
from gui.language import tr
from gui.settings.rows import add_row
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import Card
from gui.widgets.labels import ElidedLabel, label


class FoldersCard(Card):
    """The disk is asked in the background: a folder may lie on a network that is slow."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Folders"))
        self._desk = desk
        self.models = ElidedLabel("", "smallText")
        self.free = label("", "small", wrap=True)
        choose = Button(
            tr("Choose…"),
            "folder-open",
            "plain",
            True,
            tr("Choose the models folder"),
            "",
            self._choose,
        )
        add_row(
            self,
            tr("Models folder"),
            tr(
                "Models are looked for here, and downloads go here, each into a folder of its own. "
                "Those of the folder before stay in the list."
            ),
            choose,
            self.models,
            self.free,
        )
        self.watched = _Paths()
        self.watched.removed.connect(self.unwatch)
        watch = Button(tr("Add…"), "plus", "plain", True, tr("Watch another folder"), "", self._add)
        add_row(
            self,
            tr("Watched folders"),
            tr(
                "Models in these and below are listed, too, also when they come later. "
                "Their files stay where they are."
            ),
            watch,
            self.watched,
        )
        data = Path(desk.engine.paths.data)
        show = Button(
            tr("Show"), "folder-open", "plain", True, tr("Show this folder"), "", self._show_data
        )
        kept = ElidedLabel(str(data), "smallText")
        add_row(
            self, tr("Chats and lists"), tr("What you wrote and what models answered."), show, kept
        )
        self.refresh()

    def refresh(self) -> None:
        """Ask what there is."""
        engine = self._desk.engine
        folder = engine.paths.models
        self.models.set_full(str(folder))
        self._desk.in_background(lambda: disk_free(folder), self._show_free)
        self._desk.in_background(lambda: engine.library.watched(), self._show_watched)

    def _show_free(self, free: object) -> None:
        known = free if isinstance(free, int) else 0
        self.free.setText(tr("{size:memory} free there", size=known))
        self.free.setVisible(known > 0)

    def _show_watched(self, folders: object) -> None:
        if isinstance(folders, Sequence):
            self.watched.show_paths([str(folder) for folder in folders])

    # What is chosen

    def _choose(self) -> None:
        start = str(self._desk.engine.paths.models)
        folder = QFileDialog.getExistingDirectory(self, tr("Folder for models"), start)
        if folder:
            self.use(folder)

    def use(self, folder: str) -> None:
        """Models are here from now on."""
        self._desk.use_models_folder(str(Path(folder)))
        self.refresh()

    def _add(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Folder to watch"), str(Path.home()))
        if folder:
            self.watch(folder)

    def watch(self, folder: str) -> None:
        """Look for models in this one, too."""
        engine = self._desk.engine
        self._desk.in_background(lambda: engine.library.watch(folder), self._changed)

    def unwatch(self, folder: str) -> None:
        """Look there no more; its files stay."""
        engine = self._desk.engine
        self._desk.in_background(lambda: engine.library.unwatch(folder), self._changed)

    def _changed(self, _folder: object) -> None:
        self.refresh()
        self._desk.refresh_known()

    def _show_data(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.engine.paths.data)))


class _Paths(QWidget):
    """A line for each path, with what takes it away."""

    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(current().px(2))
        self.paths: list[str] = []
        self.show_paths([])

    def show_paths(self, paths: list[str]) -> None:
        self.paths = paths
        while (item := self._box.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        for path in paths:
            self._box.addWidget(self._line(path))
        if not paths:
            self._box.addWidget(label(tr("None"), "smallText"))

    def _line(self, path: str) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(current().px(4))
        line.addWidget(ElidedLabel(path, "smallText"), 1)
        line.addWidget(
            icon_button("x", tr("Watch {file} no more", file=path), lambda: self.removed.emit(path))
        )
        return holder
