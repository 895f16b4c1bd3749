"""A model card is what somebody wrote: its words are shown, bounded, and nothing is fetched."""

import pytest

from gui.discover.card import MOST, REST, readable


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
