"""Files that a person chose a name for: whole under it, or what was there stays as it was."""

from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile


def save_file(path: Path, data: bytes) -> None:
    """Write beside, under a name of nobody's, then take the chosen one. Raises OSError, whose
    `strerror` is the system's own words."""
    file = QSaveFile(str(path))
    done = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data)
    if not done or not file.commit():
        raise OSError(0, file.errorString(), str(path))
