"""A model's text as it flows onto a terminal: nothing is cut, no line that stands moves."""

import re

import pytest
from prompt_toolkit.utils import get_cwidth

from engine.cli.flowing import Flow

LOOKS = re.compile("\x1b\\[([0-9;]*)m")
TEXT = """# A title of **some** length that goes on and on

Some *italic* and **bold words that wrap over lines** and `code with spaces` here; 2 * 3 * 4, 2*3*4
and snake_case_name, \\*stars\\*, ``a ` b``.

- first item that is quite long and so it wraps over
  - nested item which is also long enough to wrap around
12. one two three four five six seven eight nine

> a quote that is long enough to be wrapped over lines

```python
def f(a, b):
    return a * b  # a very long line of code that the terminal may wrap as it likes

x = "``"
```
After. https://example.org/a/very/long/address/that/does/not/fit/into/a/line and more.

| a | b |
|---|---|
| **long** cell long cell long cell | other cell other |

川のほとりに**古い水車小屋**がありました。毎朝、川は鳥たちより先に目を覚まします。「これは長い文です」。
**un closed

next line"""


def flowed(text: str, columns: int = 40, at_once: int = 1, **how: str) -> str:
    out = list[str]()
    flow = Flow(out.append, lambda: columns, get_cwidth, **how)
    for i in range(0, len(text), at_once):
        flow.push(text[i : i + at_once])
    flow.end()
    return "".join(out)


def looks(out: str) -> list[tuple[str, str]]:
    """Each letter with its look."""
    found, look = list[tuple[str, str]](), ""
    for i, part in enumerate(LOOKS.split(out)):
        if i % 2:
            look = "" if part == "0" else part
        else:
            found += [(letter, look) for letter in part]
    return found


def seen(out: str) -> str:
    return LOOKS.sub("", out)


def test_it_does_not_matter_in_which_pieces_it_comes() -> None:
    letters = looks(flowed(TEXT))
    assert looks(flowed(TEXT, at_once=7)) == letters
    assert looks(flowed(TEXT, at_once=10_000)) == letters


def test_words_are_wrapped_whole_and_lists_hang() -> None:
    lines = seen(flowed(TEXT)).splitlines()
    tall = [line for line in lines if get_cwidth(line) > 39]
    assert [line[:9] for line in tall] == ["    retur", "https://e", "| **long*"]
    assert "• first item that is quite long and so" in lines
    assert "  it wraps over" in lines
    assert "    enough to wrap around" in lines
    assert "    eight nine" in lines
    assert "│ wrapped over lines" in lines
    whole = seen(flowed(TEXT, columns=10)).split()
    for word in ("italic", "snake_case_name,", "2*3*4", "*stars*,"):
        assert word in whole


def test_looks_stand_for_their_marks() -> None:
    letters = looks(flowed(TEXT, columns=200))
    text = "".join(letter for letter, _ in letters)

    def look_of(words: str) -> set[str]:
        at = text.index(words)
        return {look for letter, look in letters[at : at + len(words)] if letter != " "}

    assert look_of("A title of some length") == {"1"}
    assert look_of("italic") == {"3"}
    assert look_of("bold words that wrap over lines") == {"1"}
    assert look_of("code with spaces") == look_of("a ` b") == look_of("def f(a, b)") == {"36"}
    assert look_of("2 * 3 * 4, 2*3*4") == look_of("snake_case_name") == {""}
    assert look_of("古い水車小屋") == look_of("un closed") == {"1"}
    assert look_of("next line") == {""}
    assert look_of("```python") == {"2"}


def test_without_colours_the_marks_of_code_stay() -> None:
    assert "`code with spaces`" in seen(flowed(TEXT, columns=200, code=""))
    assert "36" not in {look for _, look in looks(flowed(TEXT, code=""))}


@pytest.mark.parametrize(
    "text", ["", "\n", "word", "* ", "```", "```py\nx", "**", "`", "|", "a\n\n"]
)
def test_beginnings_end_well(text: str) -> None:
    out = flowed(text)
    assert out == "" or out.endswith("\n")
    assert set(seen(out)) <= set(text) | set("•\n")


def test_plain_text_is_left_alone() -> None:
    out = list[str]()
    flow = Flow(out.append, lambda: 10, plain=True)
    flow.push(TEXT)
    flow.end()
    assert "".join(out) == TEXT + "\n"
