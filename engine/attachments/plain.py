"""Text, code, Markdown, tables of commas: bytes become letters, whatever encoding they are in."""

import codecs
import re

from engine.attachments.document import Document
from engine.attachments.kinds import NO_TEXT
from engine.base.catalogue import Words
from engine.base.errors import ChaskiError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
# No text has them: what is left of C0 without tab, line feeds, form feed, escape and end of file.
_ODD = re.compile("[\x00-\x06\x0e-\x19\x1c-\x1f]")
HEAD = 1 << 16  # bytes that tell the encoding of a long text
MOST_ODD = 0.002  # of all letters; a log may have some


def read_plain(raw: bytes) -> Document:
    return Document(decoded(raw))


def decoded(raw: bytes, *, declares: bool = False) -> str:
    """The letters, with line feeds alone as ends of lines. `declares`: a format whose beginning
    may name its encoding. Raises ChaskiError for what is no text."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _clean(raw.decode(encoding, "replace"))
    declared = _declared(raw) if declares else ""
    for encoding in ("utf-8", declared):
        try:
            text = raw.decode(encoding) if encoding else None
        except (UnicodeError, LookupError):
            continue
        if text is not None and not ("\0" in text and _is_wide(raw)):
            return _clean(text)
    return _clean(_guessed(raw))


def _declared(raw: bytes) -> str:
    found = _DECLARED.search(raw[:2048])
    return found[1].decode("ascii") if found else ""


def _is_wide(raw: bytes) -> bool:
    """UTF-16 without a mark: every second byte of western text is 0."""
    head = raw[:HEAD]
    even, odd = head[::2].count(0), head[1::2].count(0)
    return max(even, odd) > 0.3 * len(head) / 2 > 4 * min(even, odd)


def _guessed(raw: bytes) -> str:
    if _is_wide(raw):
        little = raw[:HEAD][1::2].count(0) > raw[:HEAD][::2].count(0)
        return raw.decode("utf-16-le" if little else "utf-16-be", "replace")
    if b"\0" in raw[:HEAD]:
        raise no_text(raw)
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:HEAD]).best()
    if best is None:
        raise no_text(raw)
    return raw.decode(best.encoding, "replace")


def _clean(text: str) -> str:
    odd = len(_ODD.findall(text))
    if odd > 16 + MOST_ODD * len(text) or (odd and odd * 10 > len(text)):
        raise no_text(text[:16].encode("latin-1", "replace"))
    return _ODD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def no_text(raw: bytes) -> ChaskiError:
    what = next((what for mark, what in NO_TEXT if raw.startswith(mark)), "")
    if what:
        return ChaskiError("it is {what}, and only text can be attached", what=Words(what))
    return ChaskiError("it is no text; attach a text file, PDF, DOCX, EPUB or spreadsheet")
