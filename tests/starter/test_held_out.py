"""The held-out questions and the facts agree.

No question can come out of the generator, and what the facts say counts as right.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from helpers.starter_questions import LANGUAGES, Question, grammar, questions

# An answer may be right for a neighbour too ("close other programs"), but seldom.
MOST_AMBIGUOUS = 0.015


@dataclass(frozen=True)
class Held:
    """One language's questions and facts."""

    language: str

    @property
    def questions(self) -> list[Question]:
        return questions(self.language)

    @property
    def grammar(self) -> Any:
        return grammar(self.language)


FEWEST = 110
EACH = pytest.mark.parametrize("held", [Held(each) for each in LANGUAGES], ids=LANGUAGES)


@EACH
def test_there_are_enough_questions_of_every_kind(held: Held) -> None:
    asked = held.questions
    assert len(asked) >= FEWEST
    assert len({(q.ask, q.before) for q in asked}) == len(asked)
    assert sum(q.topic == "offtopic" for q in asked) >= 6
    assert sum(bool(q.before) for q in asked) >= 4
    assert [q.ask for q in asked if not (q.any_of or q.min_words or q.min_chars)] == []
    assert [q.ask for q in asked if (q.topic == "followup") != bool(q.about)] == []


@EACH
def test_every_topic_is_asked_for(held: Held) -> None:
    known = {*held.grammar.topics, *held.grammar.groups}
    asked = {q.topic for q in held.questions}
    assert known - asked == set()
    assert asked - known == set()


@EACH
def test_no_question_can_come_from_the_generator(held: Held) -> None:
    said = {text for q in held.questions for text in (q.ask, *q.before)}
    reached = [text for text in sorted(said) if held.grammar.reaches(text)]
    assert reached == []


@EACH
def test_what_the_guide_should_say_counts_as_right(held: Held) -> None:
    """A fact that changes must change here too, or a right answer would be counted as wrong."""
    misses = [
        f"[{q.about or q.topic}] {q.ask} -> {text} ({q.miss(text)})"
        for q in held.questions
        for text in _right_answers(held, q)
        if q.miss(text)
    ]
    assert misses == []


@EACH
def test_answers_about_something_else_count_as_wrong(held: Held) -> None:
    others = held.grammar.topics | {"offtopic": held.grammar.groups["offtopic"]}
    passed, tried = [], 0
    for question in held.questions:
        for name, topic in others.items():
            if name not in (question.topic, question.about):
                right = sum(not question.miss(text) for text in topic.answers)
                passed += [f"[{name}] {question.ask}"] * right
                tried += len(topic.answers)
    assert len(passed) <= MOST_AMBIGUOUS * tried, passed


def _right_answers(held: Held, question: Question) -> list[str]:
    if question.topic == "story":
        return [held.grammar.tell_story(Random(seed)) for seed in range(20)]
    if question.about:
        return list(held.grammar.find(question.about).more)
    return list(held.grammar.find(question.topic).answers)
