"""A text for who listens: its words without Markdown's marks, and code, tables and formulas named
as what they are."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from gui.language import tr
from gui.prose import maths
from gui.prose.markdown import Block

FORMULAS = (*maths.INLINE, *maths.DISPLAY)


def heard(blocks: Sequence[Block], most: int = 2000) -> str:
    """The words of blocks without Markdown's marks, for who listens; no more than so many."""
    found: list[str] = []
    letters = 0
    for block in blocks:
        for words in _said(block):
            found.append(words)
            letters += len(words)
        if letters > most:
            break
    return " ".join(part for part in found if part)[:most]


def _said(block: Block) -> Iterator[str]:
    """What is no prose is named before it is said: code, the rows of a table."""
    if block.kind == "code":
        yield tr("Code, {language}:", language=block.language) if block.language else tr("Code:")
        yield block.code
    elif block.kind == "table":
        yield tr("Table:")
        yield from (", ".join(cells) + "." for cells in _rows(block))
    else:
        yield from (_line(token) for token in block.tokens)


def _rows(block: Block) -> Iterator[list[str]]:
    cells: list[str] = []
    for token in block.tokens:
        if token.type == "inline":
            cells.append(_line(token))
        elif token.type == "tr_close":
            yield cells
            cells = []


def _line(token: Token) -> str:
    if token.type in FORMULAS:
        return _heard(token)
    return " ".join("".join(_heard(child) for child in token.children or []).split())


def _heard(token: Token) -> str:
    if token.type in FORMULAS:
        return tr("formula {source}", source=token.content.strip())
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def links_of(blocks: Sequence[Block]) -> list[str]:
    """Addresses, in the order in which they stand, each once."""
    found = [
        str(child.attrGet("href") or "")
        for block in blocks
        for token in block.tokens
        for child in token.children or []
        if child.type == "link_open"
    ]
    return list(dict.fromkeys(address for address in found if address))
