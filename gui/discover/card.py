"""A model card as it is shown: Markdown without the HTML that dresses it up on the web, and no more
of it than is laid out at once. No Qt here.

Whoever uploads a model writes its card: a megabyte of table rows would keep the window busy for
most of a minute. Its pictures are only named here; nothing is fetched to show a page.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gui.language import marked, tr

MOST = 16_000  # letters
REST_WORDS = marked("*The rest is on its page in the browser.*")
REST = f"\n\n{REST_WORDS}"
FENCE = re.compile(r"^ {0,3}(```|~~~)")
# Elements of web pages; what else stands in angle brackets (an address, a token) stays.
NAMES = (
    "a|b|i|u|p|br|hr|em|h[1-6]|ul|ol|li|td|th|tr|div|img|sub|sup|svg|pre|code|font|span|small|"
    "style|video|table|thead|tbody|center|strong|source|details|summary|picture|blockquote"
)
TAG = re.compile(rf"</?(?:{NAMES})\b[^<>]{{0,2000}}>", re.IGNORECASE)
COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
BREAK = re.compile(r"<br\b[^<>]{0,200}>", re.IGNORECASE)
IMAGE = re.compile(r"<img\b(?P<inside>[^<>]{0,2000})>", re.IGNORECASE)
VALUE = re.compile(
    r"""\b(?P<name>src|alt)\s{0,9}=\s{0,9}(?:"([^"]{0,2000})"|'([^']{0,2000})')""", re.IGNORECASE
)
PICTURE = re.compile(
    r"\[?!\[(?P<words>[^\[\]\n]{0,300})\]\((?P<inside>[^()\n]{0,600})\)(?:\]\([^()\n]{0,600}\))?"
)
SHORT = re.compile(r"^ {0,3}\[[^\]]{1,200}\]:\s{0,9}\S")
MOST_SHORT = 100
GAPS = re.compile(r"\n{3,}")
# Where a picture was: letters that a card has no use for stand around its number.
MARK = re.compile("\ue000(\\d{1,4})\ue001")


@dataclass(frozen=True)
class Picture:
    """One that the card names; `words` for those who do not see it."""

    reference: str
    words: str = ""


def readable(card: str) -> str:
    """The card's words, without its pictures."""
    return "\n\n".join(piece for piece in pieces(card) if isinstance(piece, str))


def pieces(card: str) -> tuple[str | Picture, ...]:
    """Its words as Markdown, and its pictures where they stand, between two paragraphs."""
    text = _cut(card)
    found: list[Picture] = []
    clean = COMMENT.sub("", text.replace("\ue000", "").replace("\ue001", ""))
    parts = list(_parted(_plain(clean, found), found))
    if parts and len(text) < len(card):
        rest = tr(REST_WORDS)
        last = parts[-1] if isinstance(parts[-1], str) else ""
        parts[len(parts) - bool(last) :] = [f"{last}\n\n{rest}" if last else rest]
    return tuple(parts)


def _plain(text: str, found: list[Picture]) -> list[tuple[str, bool]]:
    """Lines without HTML, with a mark for each picture; and whether code is in them."""
    lines: list[tuple[str, bool]] = []
    free: list[str] = []
    fenced = ""
    for line in text.split("\n"):
        begun = FENCE.match(line)
        is_code = bool(fenced)
        if begun and fenced in ("", begun[1]):
            fenced = "" if fenced else begun[1]
            is_code = True
        if is_code or begun:
            lines += _freed(free, found)
            free = []
            lines.append((line, True))
        else:
            free.append(line)
    return lines + _freed(free, found)


def _freed(lines: list[str], found: list[Picture]) -> list[tuple[str, bool]]:
    def take(picture: Picture) -> str:
        found.append(picture)
        return f"\ue000{len(found) - 1}\ue001" if len(found) < 1000 else ""

    text = "\n".join(lines)
    text = PICTURE.sub(lambda match: take(_of_markdown(match)), text)
    text = IMAGE.sub(lambda match: take(_of_html(match)), text)
    text = TAG.sub("", BREAK.sub(" ", text))
    return [(line, False) for line in text.split("\n")] if lines else []


def _of_markdown(match: re.Match[str]) -> Picture:
    reference = match["inside"].strip().partition(" ")[0].strip("<>")
    return Picture(html.unescape(reference), match["words"].strip())


def _of_html(match: re.Match[str]) -> Picture:
    values = {
        each["name"].lower(): each[2] or each[3] or "" for each in VALUE.finditer(match["inside"])
    }
    return Picture(
        html.unescape(values.get("src", "")).strip(), html.unescape(values.get("alt", ""))
    )


def _parted(lines: list[tuple[str, bool]], found: list[Picture]) -> Iterator[str | Picture]:
    """Pictures come behind the paragraph, or the table, in which they stand."""
    words: list[str] = []
    waiting: list[Picture] = []
    for line, is_code in [*lines, ("", False)]:
        if not is_code:
            waiting += [found[int(number)] for number in MARK.findall(line)]
            bare = MARK.sub("", line)
            line = bare if bare.strip() or line == bare else ""
        if is_code or line.strip():
            words.append(line if is_code else line)
            continue
        words.append("")
        shown = [picture for picture in waiting if picture.reference]
        if shown:
            if text := _joined(words):
                yield text
            yield from shown
            words = []
        waiting = []
    if text := _joined(words):
        yield text


def _joined(lines: list[str]) -> str:
    return GAPS.sub("\n\n", "\n".join(lines)).strip()


def chunks(text: str, most: int) -> list[str]:
    """The text in parts of about so many letters, cut between paragraphs; what links in it are
    short for stands in each part."""
    parts: list[list[str]] = [[]]
    size, fenced = 0, ""
    for line in text.split("\n"):
        begun = FENCE.match(line)
        if begun and fenced in ("", begun[1]):
            fenced = "" if fenced else begun[1]
        if not line.strip() and not fenced and size > most:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line) + 1
    if len(parts) == 1:
        return [text]
    short = [line for line in text.split("\n") if SHORT.match(line)][:MOST_SHORT]
    return ["\n".join([*lines, "", *short]).strip() for lines in parts if any(lines)]


def _cut(text: str) -> str:
    """At the end of a paragraph, where there is one."""
    if len(text) <= MOST:
        return text
    end = text.rfind("\n\n", MOST // 2, MOST)
    return text[: end if end > 0 else MOST]
