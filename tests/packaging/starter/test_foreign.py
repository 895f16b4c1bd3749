"""Texts of another world: short and long, answered with what the guide does not know."""

import sys

import pytest
from helpers.data import ROOT

sys.path.append(str(ROOT / "packaging" / "starter"))

from dialogues import PASTING, Writer  # noqa: E402
from foreign import BRIEF, LONGEST  # noqa: E402

MANY = 400


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer.load()


def test_what_is_pasted_gets_the_honest_words(writer: Writer) -> None:
    honest = {text for g in writer.grammars.values() for text in g.groups["offtopic"].answers}
    sizes: list[int] = []
    for number in range(MANY):
        talk = [m for m in writer.dialogue(number, PASTING) if m.role != "system"]
        for asked, answer in zip(talk[::2], talk[1::2], strict=True):
            if answer.content in honest and answer.subject.endswith(" offtopic"):
                sizes.append(len(asked.content.encode()))
    assert len(sizes) > 0.7 * MANY
    assert min(sizes) >= BRIEF
    assert max(sizes) < LONGEST + 400, "and what is asked about it"
    sizes.sort()
    assert sizes[len(sizes) // 10] < 120, "short ones"
    assert sizes[-len(sizes) // 10] > 1200, "and long ones"


def test_they_follow_from_the_seed(writer: Writer) -> None:
    again = Writer.load()
    assert [writer.dialogue(n, PASTING) for n in range(20)] == [
        again.dialogue(n, PASTING) for n in range(20)
    ]


def test_other_languages_are_answered_in_english(writer: Writer) -> None:
    cyrillic = [
        talk[-1].subject
        for number in range(MANY)
        if (talk := writer.dialogue(number, PASTING))[-1].subject.endswith("offtopic")
        and all("\u0400" <= c <= "\u04ff" or not c.isalpha() for c in talk[-2].content)
    ]
    assert cyrillic
    assert set(cyrillic) == {"en offtopic"}
