"""Texts of another world: short and long, answered with what the guide does not know."""

import sys
from random import Random

import pytest
from helpers.data import ROOT

sys.path.append(str(ROOT / "packaging" / "starter"))

from dialogues import LANGUAGES, PASTING, Writer  # noqa: E402
from foreign import BRIEF, LONGEST, strange  # noqa: E402

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


@pytest.mark.parametrize("code", LANGUAGES)
def test_things_become_words_that_nobody_ever_saw(writer: Writer, code: str) -> None:
    things, rng = writer.noise[code].stray, Random(4)
    asked = [writer.grammars[code].sample(rng, "offtopic") for _ in range(200)]
    bent = [strange(text, code, things, rng) for text in asked]
    changed = [(text, new) for text, new in zip(asked, bent, strict=True) if new != text]
    assert 60 < len(changed) < 200
    assert all(any(thing in text for thing in things) for text, _ in changed)
    named = {topic for topic in writer.grammars[code].topics}
    assert not [new for _, new in changed if writer.grammars[code].reaches(new) in named]
