"""What people paste gets the guide's honest words for what it does not know, and nothing else."""

import tomllib

import pytest
from helpers.starter_questions import LANGUAGES, QUESTIONS, AskAll, bare, grammar

TEXTS = tomllib.loads((QUESTIONS / "pasted.toml").read_text(encoding="utf-8"))["text"]
SHARE = 0.9  # of the texts; to the others it says something else that it knows, whole


def known_answers() -> tuple[set[str], set[str]]:
    """The words for what it does not know, and all that it has to say."""
    honest: set[str] = set()
    every: set[str] = set()
    for language in LANGUAGES:
        known = grammar(language)
        honest |= {bare(text) for text in known.groups["offtopic"].answers}
        subjects = [*known.topics.values(), *known.groups.values()]
        every |= {bare(text) for each in subjects for text in (*each.answers, *each.more)}
    return honest, every


@pytest.fixture(scope="module")
def answers(ask_all: AskAll) -> dict[str, str]:
    """What is pasted, and what the guide says to it."""
    ends = ask_all([(entry["text"] * entry.get("repeat", 1),) for entry in TEXTS])
    return {entry["what"]: bare(end.text) for entry, end in zip(TEXTS, ends, strict=True)}


def test_nearly_all_get_the_honest_words(answers: dict[str, str]) -> None:
    honest, _ = known_answers()
    others = {what: said for what, said in answers.items() if said not in honest}
    assert len(others) <= (1 - SHARE) * len(answers), others


def test_none_gets_babble(answers: dict[str, str]) -> None:
    _, every = known_answers()
    assert {what: said for what, said in answers.items() if said not in every} == {}


def test_no_text_can_come_from_the_generator() -> None:
    for language in LANGUAGES:
        known = grammar(language)
        assert not [entry["what"] for entry in TEXTS if known.reaches(entry["text"])]
