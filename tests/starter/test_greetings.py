"""A greeting is returned in the language it was said in, with nothing about anything else."""

import pytest
from helpers.starter_questions import LANGUAGES, AskAll, bare, grammar, lines

MOST_MISSES = 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_greetings_are_returned(ask_all: AskAll, language: str) -> None:
    right = {bare(text) for text in grammar(language).groups["greetings"].answers}
    asked = lines("greetings", language)
    ends = ask_all([(hello,) for hello in asked])
    said = [(hello, bare(end.text)) for hello, end in zip(asked, ends, strict=True)]
    wrong = [f"{hello} -> {text}" for hello, text in said if text not in right]
    assert len(wrong) <= MOST_MISSES, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_greetings(language: str) -> None:
    assert len(set(lines("greetings", language))) >= 11
