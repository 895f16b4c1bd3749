"""A model card as it is shown: Markdown without the HTML that dresses it up on the web, and no more
of it than is laid out at once. No Qt here.

Whoever uploads a model writes its card: a megabyte of table rows would keep the window busy for
most of a minute.
"""

import re

MOST = 16_000  # letters
REST = "\n\n*The rest is on its page in the browser.*"
FENCE = re.compile(r"^ {0,3}(```|~~~)")
# Elements of web pages; what else stands in angle brackets (an address, a token) stays.
NAMES = (
    "a|b|i|u|p|br|hr|em|h[1-6]|ul|ol|li|td|th|tr|div|img|sub|sup|svg|pre|code|font|span|small|"
    "style|video|table|thead|tbody|center|strong|source|details|summary|picture|blockquote"
)
TAG = re.compile(rf"</?(?:{NAMES})\b[^<>]{{0,2000}}>", re.IGNORECASE)
COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
BREAK = re.compile(r"<br\b[^<>]{0,200}>", re.IGNORECASE)
PICTURE = re.compile(r"\[?!\[[^\[\]\n]{0,300}\]\([^()\n]{0,600}\)(?:\]\([^()\n]{0,600}\))?")
GAPS = re.compile(r"\n{3,}")


def readable(card: str) -> str:
    """The card's words. Pictures are left out: nothing is fetched to show a page."""
    text = _cut(card)
    parts: list[str] = []
    fenced = ""
    for line in COMMENT.sub("", text).split("\n"):
        found = FENCE.match(line)
        if found and fenced in ("", found[1]):
            fenced = "" if fenced else found[1]
        parts.append(line if fenced or found else _plain(line))
    shown = GAPS.sub("\n\n", "\n".join(parts)).strip()
    return shown + REST if shown and len(text) < len(card) else shown


def _plain(line: str) -> str:
    words = TAG.sub("", BREAK.sub(" ", PICTURE.sub("", line)))
    return words if words.strip() or not line.strip() else ""


def _cut(text: str) -> str:
    """At the end of a paragraph, where there is one."""
    if len(text) <= MOST:
        return text
    end = text.rfind("\n\n", MOST // 2, MOST)
    return text[: end if end > 0 else MOST]
