"""The starter guide's rows: what counts in an answer, and what a story has to look up."""

import sys
from collections.abc import Iterator
from random import Random

import pytest
from helpers.data import ROOT

sys.path.append(str(ROOT / "packaging" / "starter"))

from dialogues import Message, Writer  # noqa: E402
from encoding import AGAIN, LEADING, NONE, PLAIN, Encoder, Row  # noqa: E402
from phrases import Told  # noqa: E402
from tokens import sample_texts, train_tokenizer  # noqa: E402

STORY = "Once upon a time there lived a llama named Chaska. She had a hat. Chaska lost the hat."


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    writer = Writer.load()
    texts: Iterator[str] = sample_texts(writer, 60_000, 1)
    return Encoder(writer, train_tokenizer(texts))


def talk(*again: str) -> list[Message]:
    return [Message("user", "a story please"), Message("assistant", STORY, "en story", again=again)]


def words_of(encoder: Encoder, row: Row, weight: float) -> str:
    chosen = [i for i, w in zip(row.tokens, row.weights, strict=True) if w == weight]
    return str(encoder.tokenizer.decode(chosen))


def test_only_the_answer_is_learned(encoder: Encoder) -> None:
    row = encoder.row(talk(), Random(1), 0.0)
    assert row.weights[: row.answer] == [0.0] * row.answer
    assert tuple(row.weights[row.answer :][: len(LEADING)]) == LEADING
    assert encoder.tokenizer.decode(row.tokens[row.answer :]).startswith("Once upon")
    assert [s for s in row.subjects if s != NONE] == [encoder.writer.subjects.index("en story")]


def test_what_a_story_says_again_counts_more(encoder: Encoder) -> None:
    row = encoder.row(talk("Chaska", "hat"), Random(1), 0.0)
    after = len(LEADING) + row.answer
    row.weights[row.answer : after] = [0.0] * len(LEADING)
    assert words_of(encoder, row, AGAIN).split() == ["Chaska", "hat"]  # the second time alone
    assert words_of(encoder, row, PLAIN).count("Chaska") == 1


def test_names_of_heroes_are_one_token(encoder: Encoder) -> None:
    for code, name in (("en", " Chaska"), ("fr", " Tupac"), ("ja", "灰色の猫")):
        assert any(name.strip() in told.again for told in _stories(encoder.writer, code))
        assert len(encoder.tokenizer.encode(name).ids) <= 2


def _stories(writer: Writer, code: str) -> list[Told]:
    return [writer.grammars[code].tell_story(Random(seed)) for seed in range(300)]
