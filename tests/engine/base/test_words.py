"""Words of files in our sentences: short, one line, and nothing in them acts."""

import pytest

from engine.base.errors import ChaskiError, FormatError
from engine.base.words import (
    MOST,
    MOST_OF_SENTENCE,
    columns,
    lines_of,
    printable,
    quoted,
    shown,
)

ACTING = (
    *map(chr, range(32)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    *"\u2028\u2029\ufeff\u200b\ud800\udfff",
)


@pytest.mark.parametrize("letter", ACTING, ids=lambda c: f"U+{ord(c):04X}")
def test_a_letter_that_acts_is_shown_as_a_mark(letter: str) -> None:
    assert shown(f"a{letter}b") == "a\ufffdb"
    assert letter not in quoted(f"a{letter}b")
    assert str(FormatError(f"x a{letter}b")) in ("x a\ufffdb", "x a b", "x ab")
    shown(f"a{letter}b").encode()  # also half of a letter can be written


def test_words_are_bounded_and_people_keep_their_letters() -> None:
    assert shown("é – 漢字 🦙 \u0928\u094d\u200d") == "é – 漢字 🦙 \u0928\u094d\u200d"
    assert len(shown("a" * 10**7)) == MOST
    assert len(quoted("a" * 10**7)) <= 82
    long = str(ChaskiError("begin " + "x " * 10**6 + "end"))
    assert len(long) <= MOST_OF_SENTENCE
    assert (long[:5], long[-3:]) == ("begin", "end")


def test_what_is_no_word_is_told_by_its_kind() -> None:
    doubled: object = ()
    for _ in range(60):
        doubled = (doubled, doubled)
    assert shown(doubled) == "a list"
    assert shown({"a": doubled}) == "an object"
    assert shown(10**10000) == "a number of 33220 bits"
    assert (shown(7), shown(True), shown(1.5), shown(float("nan"))) == ("7", "true", "1.5", "nan")


def test_text_of_several_lines_keeps_them() -> None:
    assert (
        printable("a\r\n\tb\x1b[2Jc\u202ed\x9b31m\x07") == "a\n\tb\ufffd[2Jc\ufffdd\ufffd31m\ufffd"
    )
    assert printable("\u05d0\u200f\u200d!") == "\u05d0\u200f\u200d!"


def test_lines_of_wide_letters_end_where_japanese_ones_may() -> None:
    text = "回答の前に（考える）。GGUF ファイルを読む"
    assert lines_of(text, 20) == ["回答の前に（考え", "る）。GGUF ファイル", "を読む"]
    assert lines_of(text, 10) == ["回答の前に", "（考え", "る）。GGUF", "ファイルを", "読む"]
    assert all(columns(line) <= 10 for line in lines_of(text, 10))
    assert lines_of("a word\u00a0; and\n more", 8) == ["a word\u00a0;", "and more"]
    assert lines_of("", 8) == []
