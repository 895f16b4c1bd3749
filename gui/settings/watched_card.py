"""Folders that are looked into for models, beside the models folder."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.desk import Desk
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import Card, row
from gui.widgets.labels import ElidedLabel, label

HELP = (
    "Model files in these folders are listed, too, and read where they lie. What LM Studio, "
    "Ollama, Jan and others keep is found by itself."
)


class WatchedCard(Card):
    """Asks the library when it is shown; every change counts at once."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Watched folders")
        self._desk = desk
        self.box.addWidget(label(HELP, "small", wrap=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(current().px(4))
        self.box.addLayout(self._rows)
        self.add = Button("Watch a folder…", "folder-open", "plain", True, "Choose a folder")
        self.add.clicked.connect(self._ask)
        self.box.addLayout(row(self.add, None))
        self._lines: list[QWidget] = []
        self.folders: list[str] = []

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def _look(self) -> None:
        self._desk.in_background(lambda: self._desk.engine.library.watched(), self._show)

    def _show(self, found: object) -> None:
        folders = [str(folder) for folder in found] if isinstance(found, Sequence) else []
        if folders == self.folders:
            return
        self.folders = folders
        for line in self._lines:
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(folder) for folder in folders]
        for line in self._lines:
            self._rows.addWidget(line)

    def _line(self, folder: str) -> QWidget:
        line = QWidget()
        tip = f"Watch {folder} no more; its files stay"
        name = ElidedLabel(folder)
        box = row(name, icon_button("x", tip, lambda: self.unwatch(folder)))
        box.setStretch(0, 1)
        line.setLayout(box)
        return line

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Watch a folder", str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.watch)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def watch(self, folder: str) -> None:
        self._change(lambda: self._desk.engine.library.watch(folder))

    def unwatch(self, folder: str) -> None:
        self._change(lambda: self._desk.engine.library.unwatch(folder))

    def _change(self, change: Callable[[], object]) -> None:
        self._desk.in_background(change, lambda _: self._changed())

    def _changed(self) -> None:
        self._look()
        self._desk.refresh_known()
