"""The starter guide's rows: what of a conversation is learned."""

import sys
from random import Random

import pytest
from helpers.data import ROOT

sys.path.append(str(ROOT / "packaging" / "starter"))

from dialogues import Message, Writer  # noqa: E402
from encoding import LEADING, NONE, PLAIN, Encoder, Row  # noqa: E402
from tokens import sample_texts, train_tokenizer  # noqa: E402

STORY = "Once upon a time there lived a llama named Chaska. She had a hat. Chaska lost the hat."


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    writer = Writer.load()
    return Encoder(writer, train_tokenizer(sample_texts(writer, 60_000, 1)))


def told(encoder: Encoder) -> Row:
    talk = [Message("user", "a story please"), Message("assistant", STORY, "en story")]
    return encoder.row(talk, Random(1), 0.0)


def test_only_the_answer_is_learned(encoder: Encoder) -> None:
    row = told(encoder)
    assert row.weights[: row.answer] == [0.0] * row.answer
    assert encoder.tokenizer.decode(row.tokens[row.answer :]).startswith("Once upon")
    assert [s for s in row.subjects if s != NONE] == [encoder.writer.subjects.index("en story")]


def test_its_first_tokens_count_most(encoder: Encoder) -> None:
    row = told(encoder)
    learned = [weight for weight in row.weights if weight]
    assert tuple(learned[: len(LEADING)]) == LEADING
    assert set(learned[len(LEADING) :]) == {PLAIN}
