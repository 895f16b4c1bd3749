"""Markdown that grows gives what it would have given whole; work follows the news only."""

import random

import pytest

from gui.chat.markdown import Block, Growing, blocks, plain_parser

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


def test_html_and_images_stay_text() -> None:
    found = blocks("<script>x</script> ![a](file:///etc/passwd)")
    children = [child.type for b in found for t in b.tokens for child in t.children or []]
    assert "image" not in children
    assert "html_inline" not in children


def test_what_people_type_is_not_formatted() -> None:
    found = blocks("# no heading\n1. no list\n*no stars*", plain_parser())
    assert [b.kind for b in found] == ["prose"]
    kinds = {t.type for t in found[0].tokens}
    assert kinds == {"paragraph_open", "inline", "paragraph_close"}


def test_typed_code_is_code() -> None:
    found = blocks("look:\n```\nx = 1\n```\nand `y`", plain_parser())
    assert [b.kind for b in found] == ["prose", "code", "prose"]
