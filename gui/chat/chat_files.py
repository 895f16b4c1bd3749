"""Chats into files and onto paper, and out of the files of other programs."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QObject, Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from gui.chat.book import Book, ChatRecord
from gui.chat.chat_menu import Deed
from gui.desk import Desk
from gui.language import marked, tr
from gui.saving import save_file

FORMS = (
    ("md", marked("Markdown…"), marked("Markdown (*.md)")),
    ("html", marked("Web page…"), marked("Web page (*.html)")),
    ("pdf", marked("PDF…"), marked("PDF (*.pdf)")),
    ("docx", marked("Word document…"), marked("Word document (*.docx)")),
    ("json", marked("JSON, with all branches…"), marked("JSON (*.json)")),
)
KNOWN = marked("Chats (*.json *.jsonl *.zip *.chat);;All files (*)")
DOTS = 300  # of a page, on an inch
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


class ChatFiles(QObject):
    """Asks where, and does it aside; what was done is told."""

    said = Signal(str)
    undoable = Signal(str, object)  # words, what undoes it

    def __init__(self, desk: Desk, book: Book, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._book, self._parent = desk, book, parent

    def deeds(self, chat_id: int) -> tuple[Deed, ...]:
        forms = [
            Deed(tr(words), partial(self.ask_where, chat_id, form)) for form, words, _ in FORMS
        ]
        return (
            Deed(tr("Export"), deeds=tuple(forms)),
            Deed(tr("Print…"), lambda: self._book.fetch(chat_id, self._print)),
        )

    # Out

    def ask_where(self, chat_id: int, form: str) -> None:
        self._book.fetch(chat_id, partial(self._ask, form))

    def _ask(self, form: str, record: ChatRecord) -> None:
        kind = next(kind for name, _, kind in FORMS if name == form)
        dialog = QFileDialog(self._parent, tr("Export the chat"), "", tr(kind))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form)
        dialog.selectFile(f"{file_name(record.title)}.{form}")
        copied = record.copied()  # as it is now: an answer may go on
        dialog.fileSelected.connect(lambda path: self.export(copied, form, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, record: ChatRecord, form: str, path: str) -> None:
        """Whoever chose a file that is there has said that it may be replaced."""
        chats = self._desk.engine.chats

        def work() -> str:
            data = chats.as_file(record, "print" if form == "pdf" else form)
            save_file(Path(path), to_pdf(data.decode()) if form == "pdf" else data)
            return path

        words = tr("“{title}” was written to {file}", title=record.title, file=Path(path).name)
        self._desk.background.run(work, lambda _: self.said.emit(words), failed=self.said.emit)

    def _print(self, record: ChatRecord) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(record.title)
        dialog = QPrintDialog(printer, self._parent)
        page = self._desk.engine.chats.as_file(record.copied(), "print").decode()
        dialog.accepted.connect(lambda: document_of(page).print_(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    # In

    def ask_for_file(self) -> None:
        dialog = QFileDialog(self._parent, tr("Import chats"), "", tr(KNOWN))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_in)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def takes(self, path: str) -> bool:
        """Whether a dropped file is one of chats; it is imported then."""
        chats = getattr(self._desk.engine, "chats", None)
        if chats is None or not chats.may_read(Path(path)):
            return False
        self.take_in(path)
        return True

    def take_in(self, path: str) -> None:
        """All chats in this file or folder."""
        chats = self._desk.engine.chats
        self.said.emit(tr("Importing chats from {file}", file=Path(path).name))
        left_out: list[str] = []

        def found(records: Sequence[ChatRecord]) -> None:
            for record in records:
                record.model_path = self._desk.path_of(record.model)
            self._book.take_in(records, lambda chat_ids: self._taken(chat_ids, left_out))

        self._desk.background.run(
            lambda: chats.read_file(Path(path), left_out), found, failed=self.said.emit
        )

    def _taken(self, chat_ids: Sequence[int], left_out: Sequence[str] = ()) -> None:
        n = len(chat_ids)
        words = tr("{n:,} {n:chat was|chats were} imported", n=n)
        if left_out:
            words = tr(
                "{imported}; {n:,} {n:file|files} could not be read, among them {file}",
                imported=words,
                n=len(left_out),
                file=left_out[0],
            )

        def undo() -> None:
            for chat_id in chat_ids:
                self._book.delete(chat_id)

        self.undoable.emit(words, undo)


def file_name(title: str) -> str:
    """A name that every system takes."""
    name = " ".join(_UNFIT.sub(" ", title).split()).strip(" .")[:80].strip()
    return name or tr("Chat")


def document_of(page: str) -> QTextDocument:
    document = QTextDocument()
    document.setHtml(page)
    return document


def to_pdf(page: str) -> bytes:
    """A4, with selectable text; Qt gives the pages their margins and numbers."""
    from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter

    made = QBuffer()
    made.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(made)
    writer.setResolution(DOTS)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    document_of(page).print_(writer)
    return bytes(made.data().data())
