"""EPUB as Markdown: the chapters in the order of reading, each as a web page is read."""

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote

from engine.attachments.archive import Archive
from engine.attachments.document import Document, Growing, is_damaged
from engine.attachments.plain import decoded
from engine.attachments.web import markdown_of
from engine.attachments.xml_walk import Walker
from engine.base.errors import ChaskiError

CONTAINER, LOCKS = "META-INF/container.xml", "META-INF/encryption.xml"


def read_book(raw: bytes) -> Document:
    archive = Archive(raw)
    package = _Package(archive)
    made, n = Growing(), 0
    if package.title:
        made.add(f"# {package.title}\n\n")
    for name in package.chapters:
        if not archive.has(name):
            continue  # a sound list may name what a publisher left out
        text = markdown_of(decoded(archive.read(name), declares=True))
        if text:
            n += 1
            made.add(f"{text}\n\n")
    return Document(made.text.strip("\n"), n)


class _Package:
    """What the book says of itself: its title, and its chapters as names in the archive."""

    def __init__(self, archive: Archive) -> None:
        self.title = ""
        self._is_title = False
        self._root = ""
        self._files: dict[str, str] = {}
        self._order: list[str] = []
        Walker(self._on_container, lambda name: None).walk(archive.read(CONTAINER))
        Walker(self._begin, self._end, self._text).walk(archive.read(self._root))
        folder = posixpath.dirname(self._root)
        names = [self._files[item] for item in self._order if item in self._files]
        self.chapters = [posixpath.normpath(posixpath.join(folder, name)) for name in names]
        self.title = " ".join(self.title.split())
        if not self.chapters:
            raise is_damaged()
        if archive.has(LOCKS) and set(self.chapters) & set(_Locks(archive.read(LOCKS)).names):
            raise ChaskiError("it is locked by its shop (DRM); attach a copy that is not")

    def _on_container(self, name: str, values: Mapping[str, str]) -> None:
        if name == "rootfile" and not self._root:
            self._root = values.get("full-path", "")

    def _begin(self, name: str, values: Mapping[str, str]) -> None:
        if name == "item" and "html" in values.get("media-type", "html"):
            self._files[values.get("id", "")] = unquote(values.get("href", "")).split("#")[0]
        elif name == "itemref":
            self._order.append(values.get("idref", ""))
        elif name == "title" and not self.title:
            self._is_title = True

    def _end(self, name: str) -> None:
        if name == "title":
            self._is_title = False

    def _text(self, text: str) -> None:
        if self._is_title:
            self.title += text


class _Locks:
    """Files that are encrypted; fonts often are, which is nobody's loss."""

    def __init__(self, raw: bytes) -> None:
        self.names: list[str] = []
        Walker(self._begin, lambda name: None).walk(raw)

    def _begin(self, name: str, values: Mapping[str, str]) -> None:
        if name == "CipherReference":
            self.names.append(posixpath.normpath(unquote(values.get("URI", ""))))
