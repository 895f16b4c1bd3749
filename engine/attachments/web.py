"""Web pages as Markdown: headings, lists, tables and code stay; links are told by their words.

Addresses are left out: each costs a dozen tokens and no model here can follow one.
"""

import re
from html.parser import HTMLParser

from engine.attachments.document import Document, Growing
from engine.attachments.plain import decoded

_SILENT = {"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "canvas"}
_BLOCKS = {
    *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure"),
    *("figcaption", "address", "form", "fieldset", "dl", "dt", "dd", "hr", "table", "center"),
    *("ul", "ol", "body", "html", "details", "summary", "blockquote"),
}
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_GAPS = re.compile(r"\n{3,}")
_ENDS = re.compile(r"[ \t]+\n")
DEEPEST_LIST = 8


def read_web(raw: bytes) -> Document:
    return Document(markdown_of(decoded(raw, declares=True)))


def markdown_of(html: str) -> str:
    """The page's words. Never raises: pages are seldom sound, and browsers take them all."""
    page = _Page()
    page.feed(html)
    page.close()
    return _GAPS.sub("\n\n", _ENDS.sub("\n", page.text)).strip("\n")


class _Page(HTMLParser):
    """Writes while it reads; one flag for each thing that Markdown knows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._made = Growing()
        self._line: list[str] = []  # the block at hand, in pieces
        self._silent: list[str] = []
        self._code = 0  # in how many <pre>
        self._lists: list[int] = []  # the next number of each list; -1: bullets
        self._cells: list[str] | None = None
        self._in_cell = False
        self._rows = 0
        self._begin = ""  # of the block: "# ", "- "
        self._title: list[str] | None = None
        self._quotes = 0

    @property
    def text(self) -> str:
        self._end_block()
        return self._made.text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._title = []
        if self._silent or tag in _SILENT:
            if tag in _SILENT:
                self._silent.append(tag)
            return
        if tag == "body":
            self._silent.clear()
        if tag in ("td", "th"):
            self._begin_cell()
        elif tag == "tr":
            self._end_row()
            self._end_block()
        elif tag in _HEADINGS and self._cells is None:
            self._open_block("#" * _HEADINGS[tag] + " ")
        elif tag == "li" and self._cells is None:
            self._begin_item()
        elif tag == "pre" and self._cells is None:
            self._open_block("")
            self._code += 1
        elif tag == "br":
            self._line.append("\n" if self._cells is None else " ")
        elif tag == "code" and not self._code:
            self._line.append("`")
        elif tag == "img":
            self._line.append(dict(attrs).get("alt") or "")
        elif tag in _BLOCKS and self._cells is None:
            self._open_block("")
            self._begin_part(tag)

    def _begin_part(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else -1)
        elif tag == "table":
            self._rows = 0
        elif tag == "blockquote":
            self._quotes += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._end_title()
        if self._silent:
            # A page may open what it never closes: its head ends where its body begins.
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
            return
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table") and self._cells is not None:
            self._end_row()
            self._end_part(tag)
        elif tag == "pre" and self._code:
            self._end_block()
            self._code -= 1
        elif tag == "code" and not self._code:
            self._line.append("`")
        elif self._cells is None and (tag in _BLOCKS or tag in _HEADINGS or tag == "li"):
            self._end_block()
            self._end_part(tag)

    def _end_part(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            if not self._lists:
                self._made.add("\n")
        elif tag == "table":
            self._made.add("\n")
        elif tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)

    def handle_data(self, data: str) -> None:
        if self._title is not None:
            self._title.append(data)
        elif not self._silent:
            self._line.append(data if self._code else _SPACES.sub(" ", data))

    # Blocks

    def _open_block(self, begin: str) -> None:
        self._end_block()
        self._begin = begin

    def _end_block(self) -> None:
        if self._cells is not None:
            return
        line, self._line = "".join(self._line), []
        begin, self._begin = self._begin, ""
        if self._code:
            if line.strip():
                self._made.add(f"\n```\n{line.strip(chr(10))}\n```\n\n")
            return
        line = "\n".join(part.strip() for part in line.split("\n")).strip("\n")
        if not line:
            return
        if self._quotes:
            line = "\n".join(f"> {part}" for part in line.split("\n"))
        end = "\n" if begin.strip() and not begin.startswith("#") else "\n\n"
        self._made.add(f"{begin}{line}{end}")

    def _end_title(self) -> None:
        words = _SPACES.sub(" ", "".join(self._title or ())).strip()
        self._title = None
        if words:
            self._made.add(f"{words}\n\n")

    # Lists and tables

    def _begin_item(self) -> None:
        self._end_block()
        mark = "- "
        if self._lists and self._lists[-1] > 0:
            mark = f"{self._lists[-1]}. "
            self._lists[-1] += 1
        self._begin = "  " * min(max(0, len(self._lists) - 1), DEEPEST_LIST) + mark

    def _begin_cell(self) -> None:
        if self._cells is None:
            self._end_block()
            self._cells = []
        self._end_cell()
        self._in_cell = True

    def _end_cell(self) -> None:
        words, self._line = _SPACES.sub(" ", "".join(self._line)).strip(), []
        if self._cells is not None and (self._in_cell or words):
            self._cells.append(words)
        self._in_cell = False

    def _end_row(self) -> None:
        if self._cells is None:
            return
        self._end_cell()
        cells, self._cells = self._cells, None
        if any(cells):
            self._made.add("| " + " | ".join(cells) + " |\n")
            self._rows += 1
            if self._rows == 1:
                self._made.add("|" + " --- |" * len(cells) + "\n")
