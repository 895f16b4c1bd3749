"""What goes with a question that is being changed: files it had, fewer or more of them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.api import Ticket
from engine.base.attachments import Attachment
from engine.base.events import Listener
from gui.chat.attached_row import AttachedRow
from gui.chat.attaching import MOST, as_attachment, files_filter
from gui.chat.attachment_sheet import show_attachment, told_of
from gui.language import tr
from gui.widgets.file_chip import FileChip
from gui.workers import Feed

Reader = Callable[[str, Listener], Ticket]  # reads a file as an attachment: Engine.attach


class EditedFiles(QObject):
    """A line of chips, and what is read into it. Nothing of the message itself is changed."""

    changed = Signal()  # what is attached, or what is still being read
    failed = Signal(str)

    def __init__(self, parent: QWidget, had: Sequence[Attachment], read: Reader) -> None:
        super().__init__(parent)
        self.row = AttachedRow()
        self.row.setParent(parent)  # a part without a place would be a window of its own
        self.row.show_cost("")  # it is told where a message is sent
        self._parent, self._read = parent, read
        self._found: dict[FileChip, Attachment | None] = {}  # None: it is being read
        for attachment in had:
            self._show(attachment.name, attachment)

    @property
    def attached(self) -> tuple[Attachment, ...]:
        """In the order of the chips."""
        return tuple(found for found in self._found.values() if found is not None)

    @property
    def reading(self) -> str:
        """The name of a file that is not read yet, or ""."""
        return next((chip.name for chip, found in self._found.items() if found is None), "")

    def ask_for_files(self) -> None:
        dialog = QFileDialog(self._parent, tr("Attach files"), str(Path.home()), files_filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.add_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add_files(self, paths: Sequence[str]) -> None:
        for path in paths[: self._room(len(paths))]:
            chip = self._show(Path(path).name, None)
            feed = Feed(self)
            feed.done.connect(partial(self._on_read, chip))
            feed.failed.connect(partial(self._on_bad, chip))
            chip.destroyed.connect(feed.close)
            feed.follow(partial(self._read, path))
        self.changed.emit()

    def add_text(self, text: str) -> None:
        """A long text from the clipboard."""
        if self._room(1):
            pasted = as_attachment(text, [chip.name for chip in self._found])
            self._show(pasted.name, pasted)
            self.changed.emit()

    def _room(self, wanted: int) -> int:
        room = max(0, MOST - len(self._found))
        if wanted > room:
            self.failed.emit(tr("A message can have {n} attachments.", n=MOST))
        return min(wanted, room)

    def _show(self, name: str, attachment: Attachment | None) -> FileChip:
        chip = FileChip(name)
        self._found[chip] = attachment
        chip.opened.connect(partial(self._open, chip))
        chip.removed.connect(partial(self._remove, chip))
        self._describe(chip)
        self.row.add(chip)
        return chip

    def _describe(self, chip: FileChip) -> None:
        found = self._found[chip]
        if found is None:
            chip.show_detail(tr("reading…"), tr("{name} is being read", name=chip.name))
        else:
            chip.show_detail("", told_of(found))

    def _on_read(self, chip: FileChip, found: object) -> None:
        if chip in self._found and isinstance(found, Attachment):
            self._found[chip] = found
            self._describe(chip)
            self.changed.emit()

    def _on_bad(self, chip: FileChip, words: str) -> None:
        self._remove(chip)
        self.failed.emit(words)

    def _remove(self, chip: FileChip) -> None:
        if self._found.pop(chip, self) is not self:
            self.row.take(chip)
            self.changed.emit()

    def _open(self, chip: FileChip) -> None:
        found = self._found.get(chip)
        if found is not None:
            show_attachment(self._parent, found)
