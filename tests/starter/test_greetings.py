"""A greeting is returned in the language it was said in, with nothing about anything else."""

from collections.abc import Callable

import pytest
from helpers.starter_questions import LANGUAGES, bare, grammar, lines

from engine.base.events import Finished

MOST_MISSES = 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_greetings_are_returned(ask: Callable[..., Finished], language: str) -> None:
    right = {bare(text) for text in grammar(language).groups["greetings"].answers}
    said = [(hello, bare(ask(hello).text)) for hello in lines("greetings", language)]
    wrong = [f"{hello} -> {text}" for hello, text in said if text not in right]
    assert len(wrong) <= MOST_MISSES, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_greetings(language: str) -> None:
    assert len(set(lines("greetings", language))) >= 11
