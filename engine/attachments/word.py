"""DOCX as Markdown: headings, lists, tables and footnotes of what a reader would see on paper.

Names of elements are those of ECMA-376 (WordprocessingML); whichever namespace they stand in.
"""

import re
from collections.abc import Mapping

from engine.attachments.archive import Archive
from engine.attachments.document import Document, Growing, is_damaged
from engine.attachments.xml_walk import Walker

MAIN, STYLES, NOTES = "word/document.xml", "word/styles.xml", "word/footnotes.xml"
_HEADING = re.compile(r"heading ([1-6])$")
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
DEEPEST_LIST = 8


def read_word(raw: bytes) -> Document:
    archive = Archive(raw)
    if not archive.has(MAIN):
        raise is_damaged()
    levels = _Styles(archive.read(STYLES)).levels if archive.has(STYLES) else {}
    made = Growing()
    _Body(made, levels).walk(archive.read(MAIN))
    if archive.has(NOTES):
        _Body(made, levels).walk(archive.read(NOTES))
    return Document(re.sub(r"\n{3,}", "\n\n", made.text).strip("\n"))


class _Styles:
    """Which styles are headings, by the names that are the same in every language."""

    def __init__(self, raw: bytes) -> None:
        self.levels: dict[str, int] = {}
        self._style = ""
        Walker(self._begin, lambda name: None).walk(raw)

    def _begin(self, name: str, values: Mapping[str, str]) -> None:
        if name == "style":
            self._style = values.get("styleId", "")
        elif name == "name":
            told = values.get("val", "").lower()
            found = _HEADING.match(told)
            if found or told == "title":
                self.levels[self._style] = int(found[1]) if found else 1


class _Body:
    """Writes paragraph by paragraph; a table's paragraphs become its cells."""

    def __init__(self, made: Growing, levels: Mapping[str, int]) -> None:
        self._made, self._levels = made, levels
        self._line = ""
        self._style, self._list = "", -1
        self._is_text = False
        self._fallback = 0  # what older programs would show instead: the same once more
        self._tables: list[list[str]] = []  # of each table that is open, its row at hand
        self._is_first_row = False
        self._note = ""

    def walk(self, raw: bytes) -> None:
        Walker(self._begin, self._end, self._text).walk(raw)

    def _begin(self, name: str, values: Mapping[str, str]) -> None:
        if name == "Fallback":
            self._fallback += 1
        elif name == "t":
            self._is_text = True
        elif name == "pStyle":
            self._style = values.get("val", "")
        elif name == "ilvl":
            level = values.get("val", "")
            self._list = int(level) if level.isascii() and level.isdigit() and level else 0
        elif name == "numPr":
            self._list = max(self._list, 0)
        elif name in _SPACES and not self._fallback:
            self._line += _SPACES[name]
        elif name in ("footnoteReference", "endnoteReference") and not self._fallback:
            self._line += f"[^{values.get('id', '')}]"
        elif name == "footnote":
            self._note = values.get("id", "") if "type" not in values else ""
        elif name == "tbl":
            self._tables.append([])
            self._is_first_row = True
        elif name == "tr" and self._tables:
            self._tables[-1] = []
        elif name == "tc" and self._tables:
            self._tables[-1].append("")

    def _text(self, text: str) -> None:
        if self._is_text and not self._fallback:
            self._line += text

    def _end(self, name: str) -> None:
        if name == "Fallback":
            self._fallback -= 1
        elif name == "t":
            self._is_text = False
        elif name == "p":
            self._end_paragraph()
        elif name == "tr" and self._tables:
            self._end_row()
        elif name == "tbl" and self._tables:
            self._tables.pop()
            self._made.add("\n")

    def _end_paragraph(self) -> None:
        line, self._line = self._line.strip(), ""
        style, self._style = self._style, ""
        indent, self._list = self._list, -1
        if not line:
            return
        if self._tables and self._tables[-1]:
            cell = self._tables[-1][-1]
            self._tables[-1][-1] = f"{cell} {line}".strip()
        elif self._note:
            self._made.add(f"\n[^{self._note}]: {line}\n")
        elif style in self._levels:
            self._made.add(f"\n{'#' * self._levels[style]} {line}\n\n")
        elif indent >= 0:
            self._made.add(f"{'  ' * min(indent, DEEPEST_LIST)}- {line}\n")
        else:
            self._made.add(f"\n{line}\n")

    def _end_row(self) -> None:
        cells = [" ".join(cell.split()) for cell in self._tables[-1]]
        self._tables[-1] = []
        if not any(cells):
            return
        first = self._is_first_row and len(self._tables) == 1
        self._made.add(f"{chr(10) if first else ''}| {' | '.join(cells)} |\n")
        if first:
            self._made.add("|" + " --- |" * len(cells) + "\n")
            self._is_first_row = False
