"""A file's bytes as text: which reader, by what the file is rather than by what it is called."""

from collections.abc import Callable

from engine.attachments.archive import Archive
from engine.attachments.book import read_book
from engine.attachments.document import Document, is_protected, too_long
from engine.attachments.kinds import BY_NAME, MOST_LETTERS, Kind, kind_of
from engine.attachments.pdf import read_pdf
from engine.attachments.plain import no_text, read_plain
from engine.attachments.sheets import read_sheets
from engine.attachments.web import read_web
from engine.attachments.word import read_word
from engine.base.errors import ChaskiError

READERS: dict[str, Callable[[bytes], Document]] = {
    "pdf": read_pdf,
    "word": read_word,
    "book": read_book,
    "sheets": read_sheets,
    "web": read_web,
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and what has a password since
LOCKED = "EncryptedPackage".encode("utf-16-le")


def read_document(name: str, raw: bytes) -> tuple[Kind, Document]:
    """Raises ChaskiError with half a sentence: what is the matter, and what to do."""
    if not raw.strip():
        raise ChaskiError("it is empty")
    kind = _kind(name, raw)
    document = READERS.get(kind.name, read_plain)(raw)
    if not document.text.strip():
        raise ChaskiError("there is no text in it")
    if len(document.text) > MOST_LETTERS:
        raise too_long()
    return kind, document


def _kind(name: str, raw: bytes) -> Kind:
    kind = kind_of(name)
    if raw[:1024].lstrip().startswith(b"%PDF-"):
        return BY_NAME["pdf"]
    if raw.startswith(b"PK\x03\x04"):
        return _packed(kind, raw)
    if raw.startswith(OLE):
        if LOCKED in raw:
            raise is_protected()
        if kind.name != "sheets":
            raise ChaskiError("it is of a kind from before 2007; save it as DOCX and attach that")
        return kind
    return BY_NAME["text"] if kind.name in ("pdf", "word", "book", "sheets") else kind


def _packed(kind: Kind, raw: bytes) -> Kind:
    archive = Archive(raw)
    for name, there in (
        ("word", "word/document.xml"),
        ("sheets", "xl/workbook.xml"),
        ("sheets", "xl/workbook.bin"),
        ("book", "META-INF/container.xml"),
    ):
        if archive.has(there):
            return BY_NAME[name]
    if kind.name == "sheets" and archive.has("content.xml"):  # OpenDocument
        return kind
    raise no_text(raw)
