"""What is in an attachment, as the model reads it: a window of its own, to look and to copy; and
the chips of a message that has some."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QWidget

from engine.api import ATTACHABLE, sizes
from engine.base.attachments import Attachment
from engine.base.conversation import Turn
from gui.language import figures, marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.dialogs import ReadingDialog
from gui.widgets.file_chip import FileChip

_KINDS = {kind.name: kind for kind in ATTACHABLE}
TITLES = {
    "text": marked("Text"),
    "markdown": "Markdown",
    "table": marked("Table"),
    "web": marked("Web page"),
    "pdf": "PDF",
    "word": marked("Word document"),
    "book": marked("E-book"),
    "sheets": marked("Spreadsheet"),
    "code": marked("Code"),
}
PARTS = {
    "page": marked("{n:,} {n:page|pages}"),
    "chapter": marked("{n:,} {n:chapter|chapters}"),
    "sheet": marked("{n:,} {n:sheet|sheets}"),
}


def told_of(attachment: Attachment) -> str:
    """ "PDF · 12 pages · 45 kB"."""
    kind = _KINDS.get(attachment.kind, ATTACHABLE[0])
    parts = [tr(TITLES[kind.name])]
    if attachment.parts and kind.part:
        parts.append(tr(PARTS[kind.part], n=attachment.parts))
    parts.append(
        figures(sizes.file(attachment.n_bytes))
        if attachment.n_bytes
        else tr("{n:,} {n:letter|letters}", n=len(attachment.text))
    )
    return " · ".join(parts)


class AttachmentSheet(ReadingDialog):
    """`cost`: what it takes of the context, in words."""

    def __init__(self, parent: QWidget, attachment: Attachment, cost: str = "") -> None:
        text = QPlainTextEdit(attachment.text)
        text.setAccessibleName(tr("What the model reads of {file}", file=attachment.name))
        told = told_of(attachment)
        super().__init__(parent, attachment.name, f"{told} · {cost}" if cost else told, text)

    def offer(self, words: str, act: Callable[[], object]) -> None:
        """Something else that can be done with it; the window closes then."""
        button = Button(words, small=True, on_click=self.accept)
        button.clicked.connect(lambda: act())
        self.tools.insertWidget(1, button)


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
