"""A chat as a Word document (Office Open XML, ECMA-376): the branch that is shown.

Five small files in an archive, written by hand: a library for it would bring its own parser of XML
and be larger than the rest of this room. Links are text; nothing is fetched.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

from markdown_it.token import Token

from engine.base.conversation import ChatRecord, Turn
from engine.library.chats_page import SPEAKERS, parser
from engine.library.chats_records import day_words

_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Letters that XML cannot hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STARTED = (1980, 1, 1, 0, 0, 0)  # of files in the archive: the same chat gives the same bytes

_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
)
_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_PARTS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)


def _style(name: str, shown: str, paragraph: str = "", run: str = "") -> str:
    usual = ' w:default="1"' if name == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{usual} w:styleId="{name}"><w:name w:val="{shown}"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(2 * points)}"/>'


_GREY = '<w:color w:val="6B7280"/>'
_MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="F3F4F6"/>'
_TOGETHER = '<w:keepNext/><w:spacing w:before="240" w:after="60"/>'
_STYLES = (
    f"<w:styles {_NAMES}>"
    + _style("Normal", "Normal", '<w:spacing w:after="120"/>', _size(11))
    + _style("Title", "Title", '<w:spacing w:after="60"/>', f"<w:b/>{_size(20)}")
    + "".join(
        _style(f"Heading{n}", f"heading {n}", _TOGETHER, f"<w:b/>{_size(17 - 1.5 * n)}")
        for n in range(1, 5)
    )
    + _style("Speaker", "Speaker", _TOGETHER, f"<w:b/>{_GREY}{_size(10)}")
    + _style("About", "About", "", f"{_GREY}{_size(9.5)}")
    + _style("Code", "Code", f'{_SHADE}<w:spacing w:after="0"/>', f"{_MONO}{_size(9.5)}")
    + _style("Quote", "Quote", '<w:ind w:left="400"/>', _GREY)
    + "</w:styles>"
)  # fmt: skip


def to_docx(record: ChatRecord) -> bytes:
    """The bytes of a .docx file."""
    body = "".join(_body(record))
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="1247" '
        'w:bottom="1247" w:left="1247" w:header="600" w:footer="600" w:gutter="0"/></w:sectPr>'
    )
    document = f"<w:document {_NAMES}><w:body>{body}{page}</w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT),
            ("word/_rels/document.xml.rels", _PARTS),
            ("word/styles.xml", _STYLES),
            ("word/document.xml", document),
        ):
            archive.writestr(zipfile.ZipInfo(name, _STARTED), _HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _body(record: ChatRecord) -> Iterator[str]:
    yield _paragraph(_run(record.title or "Chat"), "Title")
    about = " · ".join(part for part in (day_words(record.created), record.model) if part)
    if about:
        yield _paragraph(_run(about), "About")
    if record.system:
        yield _paragraph(_run("System"), "Speaker")
        yield from _lines(record.system)
    for turn in record.tree.path():
        yield from _turn(turn)


def _turn(turn: Turn) -> Iterator[str]:
    who = turn.model or SPEAKERS[turn.role] if turn.role == "assistant" else SPEAKERS[turn.role]
    yield _paragraph(_run(who), "Speaker")
    for each in turn.attachments:
        yield _paragraph(_run(f"Attached: {each.name}"), "About")
        yield from _code(each.text)
    if turn.role == "user":
        yield from _lines(turn.text)
        return
    if turn.thinking:
        yield _paragraph(_run("Thinking"), "About")
        yield from _lines(turn.thinking, "Quote")
    yield from _blocks(parser().parse(turn.text))


def _lines(text: str, style: str = "") -> Iterator[str]:
    """As it was typed: an empty line ends a paragraph."""
    for part in text.split("\n\n"):
        if part.strip():
            yield _paragraph(_run(part.strip("\n")), style)


def _code(text: str) -> Iterator[str]:
    for line in text.rstrip("\n").split("\n"):
        yield _paragraph(_run(line), "Code")
    yield _paragraph("", "")


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """Top-level blocks; lists within lists are told by how far they stand in."""
    lists: list[int] = []  # the next number of each list that is open, 0 for points
    begins, style, in_table = "", "", False
    for token in tokens:
        match token.type:
            case "heading_open":
                style = f"Heading{min(4, int(token.tag[1:]))}"
            case "blockquote_open":
                style = "Quote"
            case "heading_close" | "blockquote_close":
                style = ""
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                lists.append(int(token.attrGet("start") or 1) if ordered else 0)
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                begins = f"{lists[-1]}. " if lists[-1] else "•  "
                lists[-1] += 1 if lists[-1] else 0
            case "table_open":
                in_table = True
                yield _table_begin()
            case "table_close":
                in_table = False
                yield "</w:tbl>" + _paragraph("", "")
            case "tr_open":
                yield "<w:tr>"
            case "tr_close":
                yield "</w:tr>"
            case "inline":
                runs = _run(begins) * bool(begins) + "".join(_runs(token.children or []))
                whole = _paragraph(runs, style, 400 * len(lists))
                yield f"<w:tc><w:tcPr/>{whole}</w:tc>" if in_table else whole
                begins = ""
            case "fence" | "code_block":
                yield from _code(token.content)
            case "math_block" | "amsmath":
                mark = "$$" if token.type == "math_block" else ""
                yield from _lines(f"{mark}{token.content.strip()}{mark}")
            case "hr":
                yield _paragraph(_run("* * *"), "About")


def _table_begin() -> str:
    side = 'w:val="single" w:sz="4" w:space="0" w:color="D0D7DE"'
    names = ("top", "left", "bottom", "right", "insideH", "insideV")
    sides = "".join(f"<w:{name} {side}/>" for name in names)
    width = '<w:tblW w:w="0" w:type="auto"/>'
    return f"<w:tbl><w:tblPr>{width}<w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid/>"


def _runs(tokens: list[Token]) -> Iterator[str]:
    bold = italic = struck = 0
    link = ""
    marks = {"math_inline": "$", "math_inline_double": "$$"}
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "s_open" | "s_close":
                struck += token.nesting
            case "link_open":
                link = str(token.attrGet("href") or "")
            case "link_close":
                yield _run(f" ({link})")
            case "softbreak" | "hardbreak":
                yield _run("\n" if token.type == "hardbreak" else " ")
            case "code_inline":
                yield _run(token.content, _MONO)
            case _:
                mark = marks.get(token.type, "")
                form = "<w:b/>" * (bold > 0) + "<w:i/>" * (italic > 0)
                form += "<w:strike/>" * (struck > 0)
                if token.content:
                    yield _run(f"{mark}{token.content}{mark}", form)


def _run(text: str, form: str = "") -> str:
    """Line breaks and tabs are elements; what XML cannot hold is left out."""
    parts = []
    for i, line in enumerate(_UNFIT.sub("", text).replace("\r\n", "\n").split("\n")):
        parts.append("<w:br/>" if i else "")
        parts.append(f'<w:t xml:space="preserve">{escape(line)}</w:t>')
    return f"<w:r><w:rPr>{form}</w:rPr>{''.join(parts)}</w:r>"


def _paragraph(runs: str, style: str, indent: int = 0) -> str:
    """`indent` in twentieths of a point."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    stands = f'<w:ind w:left="{indent}"/>' if indent else ""
    return f"<w:p><w:pPr>{named}{stands}</w:pPr>{runs}</w:p>"
