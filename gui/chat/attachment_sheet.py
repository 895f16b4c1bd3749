"""What is in an attachment, as the model reads it: a window of its own, to look and to copy; and
the chips of a message that has some."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from engine.api import ATTACHABLE, sizes
from engine.base.attachments import Attachment
from engine.base.conversation import Turn
from gui.chat.words import count
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.file_chip import FileChip
from gui.widgets.frames import row
from gui.widgets.labels import ElidedLabel, label

WIDTH, HEIGHT = 720, 560
_KINDS = {kind.name: kind for kind in ATTACHABLE}


def told_of(attachment: Attachment) -> str:
    """ "PDF · 12 pages · 45 kB"."""
    kind = _KINDS.get(attachment.kind, ATTACHABLE[0])
    parts = [kind.title]
    if attachment.parts and kind.part:
        parts.append(count(attachment.parts, kind.part, f"{kind.part}s"))
    parts.append(
        sizes.file(attachment.n_bytes)
        if attachment.n_bytes
        else count(len(attachment.text), "letter", "letters")
    )
    return " · ".join(parts)


class AttachmentSheet(QDialog):
    """Closes with Esc; changes nothing."""

    def __init__(self, parent: QWidget, attachment: Attachment, cost: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(attachment.name)
        px = current().px
        self.resize(min(px(WIDTH), parent.window().width()), px(HEIGHT))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("role", "sheetText")
        self.text.setAccessibleName(f"What the model reads of {attachment.name}")
        self.text.setPlainText(attachment.text)
        told = told_of(attachment)
        self.facts = label(f"{told} · {cost}" if cost else told, "muted")
        self._copy = Button("Copy all", "copy", small=True, on_click=self._act_copy)
        close = Button("Close", "", "primary", small=True, on_click=self.accept)
        close.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(20), px(16), px(20), px(16))
        box.setSpacing(px(10))
        box.addWidget(ElidedLabel(attachment.name, "section"))
        box.addWidget(self.facts)
        box.addWidget(self.text, 1)
        self._tools = row(self._copy, None, close)
        box.addLayout(self._tools)
        self.text.setFocus()

    def offer(self, words: str, act: Callable[[], object]) -> None:
        """Something else that can be done with it; the window closes then."""
        button = Button(words, small=True, on_click=self.accept)
        button.clicked.connect(lambda: act())
        self._tools.insertWidget(1, button)

    def _act_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._copy.confirm()


def show_attachment(parent: QWidget, attachment: Attachment, cost: str = "") -> AttachmentSheet:
    """Opens it over this part's window and gives it; gone when it is closed."""
    sheet = AttachmentSheet(parent, attachment, cost)
    sheet.finished.connect(sheet.deleteLater)
    sheet.open()
    return sheet


def attached_to(turn: Turn, parent: QWidget) -> list[FileChip]:
    """A chip for each attachment of a message, which opens it."""
    chips = []
    for attachment in turn.attachments:
        chip = FileChip(attachment.name, removable=False)
        chip.show_detail("", told_of(attachment))
        chip.opened.connect(partial(show_attachment, parent, attachment))
        chips.append(chip)
    return chips


def in_pairs(chips: Sequence[FileChip]) -> QGridLayout:
    """Two side by side, as wide as a bubble."""
    grid = QGridLayout()
    grid.setSpacing(current().px(6))
    grid.setColumnStretch(2, 1)
    for i, chip in enumerate(chips):
        grid.addWidget(chip, i // 2, i % 2)
    return grid
