"""Asking the system: for a file or a folder without blocking the window, to show a folder."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.language import marked, tr

MODELS = marked("Model files (*.gguf);;All files (*)")
MATRICES = marked("Importance matrices (*.gguf *.dat *.imatrix);;All files (*)")
TEXTS = marked("Texts (*.txt *.md *.raw *.json);;All files (*)")
ANY = marked("All files (*)")


def ask(
    parent: QWidget, title: str, start: str, kinds: str, then: Callable[[str], object]
) -> QFileDialog:
    """`then` gets the path. `kinds` are words of this file; without them it asks for a folder."""
    dialog = QFileDialog(parent, title, start, tr(kinds) if kinds else "")
    modes = QFileDialog.FileMode
    dialog.setFileMode(modes.ExistingFile if kinds else modes.Directory)
    dialog.fileSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def show_folder(path: Path) -> None:
    """The folder of a file, in the system's own file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
