"""A model card is what somebody wrote: its words are shown, bounded, and nothing is fetched."""

import pytest

from gui.discover.card import MOST, REST, Picture, chunks, pieces, readable


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        ("# Title\n\nWords.", "# Title\n\nWords."),
        ('<p align="center">\n  <img src="x.png" width="9">\n</p>\n\nWords', "Words"),
        ("<div><a href='http://x'><b>Link</b></a></div>", "Link"),
        ("one<br/>two", "one two"),
        ("![a picture](http://x/y.png) words", "words"),
        ("[![badge](http://x)](http://y)\nwords", "words"),
        ("<!-- hidden\nlines -->shown", "shown"),
        ("see <https://huggingface.co>", "see <https://huggingface.co>"),
        ("tokens <|im_start|> stay", "tokens <|im_start|> stay"),
        ("```html\n<div>code</div>\n```\n<div>x</div>", "```html\n<div>code</div>\n```\nx"),
        ("a < b and c > d", "a < b and c > d"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("", ""),
    ],
)
def test_its_words(card: str, shown: str) -> None:
    assert readable(card) == shown


def test_a_long_one_is_cut_at_a_paragraph_and_says_so() -> None:
    card = "\n\n".join(f"Paragraph {i} with some words." for i in range(5000))
    shown = readable(card)
    assert len(shown) <= MOST + len(REST)
    assert shown.endswith(REST)
    assert shown.removesuffix(REST).endswith("with some words.")
    assert len(readable("x" * 10 * MOST)) == MOST + len(REST)


@pytest.mark.parametrize("piece", ["<", "<p ", "![", "[![", "<!--", "```\n", "<br", "(", "![a]("])
def test_no_text_takes_long(piece: str) -> None:
    """Bounded steps: a megabyte of half a tag is done at once (pytest's own limit is minutes)."""
    assert len(readable(piece * (1_000_000 // len(piece)))) <= MOST + len(REST)


def test_pictures_are_named_where_they_stand() -> None:
    card = """# Title

<p align="center">
  <img
    src="a&amp;b.png"
    alt="a map">
</p>

Words ![inside](https://x.org/c.png "a title") and more.

| a | ![in a table](d.png) |
| --- | --- |
| 1 | 2 |

```
![in code](e.png)
```
![](f.png)
"""
    assert pieces(card) == (
        "# Title",
        Picture("a&b.png", "a map"),
        "Words  and more.",
        Picture("https://x.org/c.png", "inside"),
        "| a |  |\n| --- | --- |\n| 1 | 2 |",
        Picture("d.png", "in a table"),
        "```\n![in code](e.png)\n```",
        Picture("f.png"),
    )
    assert pieces("") == ()
    assert pieces("![only](a.png)") == (Picture("a.png", "only"),)


def test_a_long_card_is_laid_out_in_parts() -> None:
    words = "\n\n".join(f"Paragraph {i}, see [this][1]." for i in range(100))
    code = "```\n" + "x = 1\n\n" * 100 + "```"
    card = f"{words}\n\n{code}\n\n[1]: https://example.org"
    parts = chunks(card, 1000)
    assert len(parts) > 2
    assert all("[1]: https://example.org" in part for part in parts)
    assert sum("```" in part for part in parts) == 1, "code stays whole"
    assert "".join(parts).count("Paragraph") == 100
    assert chunks("short", 1000) == ["short"]
