"""Documents that somebody attaches, damaged in their bytes or made to do harm."""

from pathlib import Path
from random import Random

from helpers.documents import docx, epub, paragraph, pdf, row, xlsx, zipped

PAGE = "<html><body><h1>Tea</h1><table><tr><td>a<td>b</table><ul><li>x</ul><pre>y</pre>"
TAGS = ("<td>", "</tr>", "<table>", "<li>", "</ul>", "<pre>", "</pre>", "<title>", "<head>", "&#x;")
PARTS = (
    "<w:tbl>",
    "</w:tbl>",
    "<w:tr>",
    "<w:tc>",
    "</w:p>",
    "<w:p>",
    "<mc:Fallback>",
    "&x;",
    "]]>",
)


def make(rng: Random, folder: Path) -> Path:
    name, raw = rng.choice(
        (
            ("a.pdf", pdf(["the river"] * rng.randrange(1, 4))),
            ("a.docx", docx(_mixed(rng, paragraph("words") * 3, PARTS))),
            ("a.epub", epub([_mixed(rng, PAGE, TAGS)] * 2)),
            ("a.xlsx", xlsx({"S": row("words", 1.5) * rng.randrange(1, 50)})),
            ("a.html", _mixed(rng, PAGE * 3, TAGS).encode("utf-8")),
            ("a.txt", rng.choice(("é🐎 words\n", "a")).encode(rng.choice(("utf-8", "utf-16")))),
            ("a.docx", zipped({"word/document.xml": "<a>" * rng.choice((10, 10_000))})),
            ("a.docx", zipped({"word/document.xml": bytes(rng.choice((100, 30 << 20)))})),
        )
    )
    path = folder / name
    path.write_bytes(_damaged(rng, raw))
    return path


def _mixed(rng: Random, text: str, parts: tuple[str, ...]) -> str:
    """With further tags where they do not belong."""
    for _ in range(rng.randrange(6)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(parts) * rng.choice((1, 1, 300)) + text[at:]
    return text


def _damaged(rng: Random, raw: bytes) -> bytes:
    made = bytearray(raw)
    for _ in range(rng.choice((0, 0, 1, 3, 20))):
        if made:
            made[rng.randrange(len(made))] = rng.randrange(256)
    return bytes(made[: rng.randrange(len(made) + 1)] if rng.random() < 0.2 else made)
