"""Cuts Markdown into blocks for the transcript, and goes on cheaply while the text still grows.

Raw HTML is never honoured and images are never loaded: the text comes from a model.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, inline, linkify, text_join
from markdown_it.token import Token

from gui.prose.maths import add_maths


@dataclass
class Reading:
    """One run of a parser: what its rules for lines need to know of the whole."""

    md: MarkdownIt
    env: MutableMapping[str, Any] = field(default_factory=dict)  # the addresses of its references


@dataclass
class Block:
    """One top-level block: prose or a table (markdown-it tokens), or a fenced block of code."""

    kind: str  # "prose", "table" or "code"
    start: int  # the line of the source on which it begins
    reading: Reading
    outline: list[Token]  # lists, rows, paragraphs; of lines what was written, until `tokens`
    language: str = ""
    code: str = ""
    _is_read: bool = False

    @property
    def letters(self) -> int:
        """How long its text is."""
        return len(self.code) or sum(len(t.content) for t in self.outline if t.type == "inline")

    @property
    def tokens(self) -> list[Token]:
        """The outline with emphasis, links, formulas, … in its lines: three quarters of a parser's
        work, which of a long answer is done for what is seen."""
        if not self._is_read:
            self._is_read = True
            state = StateCore("", self.reading.md, self.reading.env, self.outline)
            for rule in (inline, linkify, text_join):
                rule(state)
        return self.outline


@cache
def parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": True})
    made.enable(["table", "strikethrough", "linkify"]).disable(["html_block", "html_inline"])
    return outlines_only(add_maths(made))


@cache
def plain_parser() -> MarkdownIt:
    """For what people type: only `code` and fences mean something, every line break stays."""
    made = MarkdownIt("zero", {"html": False, "breaks": True})
    return outlines_only(made.enable(["fence", "backticks", "newline"]))


def outlines_only(md: MarkdownIt) -> MarkdownIt:
    """Lines are left as they were written: `Block.tokens` reads them."""
    md.core.ruler.enableOnly(["normalize", "block"])
    return md


def blocks(text: str, md: MarkdownIt | None = None, first_line: int = 0) -> list[Block]:
    """Top-level blocks in order, each with the line it starts on."""
    found: list[Block] = []
    open_block: Block | None = None
    reading = Reading(md or parser())
    for token in reading.md.parse(text, reading.env):
        if open_block is not None:
            open_block.outline.append(token)
            if token.level == 0 and token.nesting == -1:
                open_block = None
            continue
        start = first_line + (token.map[0] if token.map else 0)
        if token.type in ("fence", "code_block"):
            words = token.info.split()
            language = words[0] if words else ""
            found.append(Block("code", start, reading, [token], language, token.content))
            continue
        kind = "table" if token.type == "table_open" else "prose"
        found.append(Block(kind, start, reading, [token]))
        if token.nesting == 1:
            open_block = found[-1]
    return found


class Growing:
    """A text that grows at its end: only from the last block on is it parsed again.

    `update` returns how many blocks of the earlier answer still stand, and the blocks after them.
    """

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._lines: list[str] = [""]
        self.parsed_lines = 0  # for tests: how much work was done in all

    def append(self, text: str) -> tuple[int, list[Block]]:
        head, *rest = text.split("\n")
        self._lines[-1] += head
        self._lines.extend(rest)
        # The last block may still change its nature (a paragraph that becomes a heading or a
        # table), and so may the one before it (a list that goes on after an empty line).
        keep = max(0, len(self._blocks) - 2)
        start = self._blocks[keep].start if self._blocks else 0
        tail = self._lines[start:]
        self.parsed_lines += len(tail)
        fresh = blocks("\n".join(tail), first_line=start)
        self._blocks[keep:] = fresh
        return keep, fresh

    @property
    def text(self) -> str:
        return "\n".join(self._lines)
