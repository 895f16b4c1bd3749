"""Asking for a file or a folder, in a window of the system that does not block this one."""

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QWidget

MODELS = "Model files (*.gguf);;All files (*)"
MATRICES = "Importance matrices (*.gguf *.dat *.imatrix);;All files (*)"
ANY = "All files (*)"


def ask(
    parent: QWidget, title: str, start: str, kinds: str, then: Callable[[str], object]
) -> QFileDialog:
    """`then` gets the path. Without `kinds` it asks for a folder."""
    dialog = QFileDialog(parent, title, start, kinds)
    modes = QFileDialog.FileMode
    dialog.setFileMode(modes.ExistingFile if kinds else modes.Directory)
    dialog.fileSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
