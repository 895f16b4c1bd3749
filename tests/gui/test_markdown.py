"""Markdown that grows gives what it would have given whole; work follows the news only."""

import random

import pytest
from markdown_it import MarkdownIt
from pytestqt.qtbot import QtBot

from gui.prose.markdown import Block, Growing, blocks, plain_parser
from gui.prose.maths import add_maths
from gui.prose.rich_text import RichText

TEXT = """# Title

A paragraph with `code` and **bold**
over two lines.

- one
- two

  still two
1. first

| a | b |
| - | - |
| 1 | 2 |

```python
def f():

    return 1
```

> quoted
> more

\\[ E = mc^2 \\] and $a$

$$
x
$$

Setext
======

The end.
"""


def shape(found: list[Block]) -> list[tuple[str, str, str]]:
    return [
        (b.kind, b.code, "".join(t.content for t in b.tokens if t.type == "inline")) for b in found
    ]


@pytest.mark.parametrize("seed", range(12))
def test_growing_is_the_same_as_whole(seed: int) -> None:
    rng = random.Random(seed)
    growing, shown = Growing(), []
    at = 0
    while at < len(TEXT):
        step = rng.randint(1, 9)
        keep, fresh = growing.append(TEXT[at : at + step])
        shown[keep:] = fresh
        at += step
    assert shape(shown) == shape(blocks(TEXT))
    assert growing.text == TEXT


def test_long_answers_are_not_parsed_again() -> None:
    growing = Growing()
    for i in range(400):
        growing.append(f"Paragraph {i}.\n\n")
    assert growing.parsed_lines < 400 * 8


def children_of(text: str) -> list[tuple[str, str]]:
    return [
        (child.type, child.content)
        for block in blocks(text)
        for token in block.tokens
        for child in token.children or [token]
        if child.content
    ]


def test_lines_read_later_are_as_if_read_at_once() -> None:
    """Addresses may stand below what refers to them; tables, quotes and lists have lines, too."""
    text = f"{TEXT}\n\n> *so* [far][a], https://b.example\n\n- $x$\n\n[a]: https://a.example\n"
    whole = add_maths(MarkdownIt("commonmark", {"html": False, "linkify": True}))
    whole.enable(["table", "strikethrough", "linkify"]).disable(["html_block", "html_inline"])
    wanted = [token.as_dict() for token in whole.parse(text)]
    found = [token.as_dict() for block in blocks(text) for token in block.tokens]
    assert found == wanted
    assert any("https://a.example" in str(token["children"]) for token in found)


def test_of_a_long_answer_only_what_is_seen_is_read(qtbot: QtBot) -> None:
    text = RichText(whole=False)
    qtbot.addWidget(text)
    text.resize(600, 400)
    text.set_source("\n\n".join(f"Paragraph **{i}** of many. " * 8 for i in range(300)))
    read = [block for block in text._blocks if block._is_read]
    assert 0 < len(read) < 60


def test_html_stays_text() -> None:
    kinds = [kind for kind, _ in children_of("<script>x</script> <img src=x>")]
    assert set(kinds) == {"text"}


@pytest.mark.parametrize(
    ("text", "kind", "formula"),
    [
        (r"so $x^2$ is", "math_inline", "x^2"),
        (r"so \(a+b\) is", "math_inline", "a+b"),
        (r"so \[a+b\] is", "math_inline_double", "a+b"),
        ("$$\nx = 1\n$$", "math_block", "\nx = 1\n"),
        ("- one\n- \\[ y \\]", "math_inline_double", " y "),
        ("\\begin{align}\na&=b\n\\end{align}", "amsmath", "\\begin{align}\na&=b\n\\end{align}"),
    ],
)
def test_formulas_are_found(text: str, kind: str, formula: str) -> None:
    assert (kind, formula) in children_of(text)


@pytest.mark.parametrize(
    "text", ["It costs $5 and $10.", "$5-$10", r"\$5", "`$x$`", r"a\[0", "\\[ never closed"]
)
def test_prices_code_and_brackets_are_no_formulas(text: str) -> None:
    assert not [kind for kind, _ in children_of(text) if "math" in kind]


def test_addresses_are_links() -> None:
    found = [t for b in blocks("see https://example.com/a now") for t in b.tokens if t.children]
    links = [c.attrGet("href") for t in found for c in t.children or [] if c.type == "link_open"]
    assert links == ["https://example.com/a"]


def test_what_people_type_is_not_formatted() -> None:
    found = blocks("# no heading\n1. no list\n*no stars*", plain_parser())
    assert [b.kind for b in found] == ["prose"]
    kinds = {t.type for t in found[0].tokens}
    assert kinds == {"paragraph_open", "inline", "paragraph_close"}


def test_typed_code_is_code() -> None:
    found = blocks("look:\n```\nx = 1\n```\nand `y`", plain_parser())
    assert [b.kind for b in found] == ["prose", "code", "prose"]
