"""What people paste gets the guide's honest words for what it does not know, and nothing else."""

import re
import tomllib
from collections.abc import Iterator

import pytest
from helpers.starter_questions import GENERATOR, LANGUAGES, QUESTIONS, phrases_module, starter_file

from engine.api import Engine, GenerationParams, ModelInfo, Paths, SamplingParams
from engine.base.events import Event, Finished

WAIT = 120.0
GREEDY = SamplingParams(temperature=0.0, seed=1)
TEXTS = tomllib.loads((QUESTIONS / "pasted.toml").read_text(encoding="utf-8"))["text"]
SHARE = 0.9  # of the texts; to the others it says something else that it knows, whole


def known_answers() -> tuple[set[str], set[str]]:
    """The words for what it does not know, and all that it has to say."""
    honest: set[str] = set()
    every: set[str] = set()
    for language in LANGUAGES:
        grammar = phrases_module().Grammar.load(GENERATOR / "facts" / f"{language}.toml")
        honest |= {bare(text) for text in grammar.groups["offtopic"].answers}
        subjects = [*grammar.topics.values(), *grammar.groups.values()]
        every |= {bare(text) for each in subjects for text in (*each.answers, *each.more)}
    return honest, every


def bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What is pasted, and what the guide says to it."""
    starter_file()  # no engine is needed where there is no guide
    engine = Engine(Paths.under(tmp_path_factory.mktemp("home")))
    guide = engine.open_model(starter_file()).wait(WAIT)
    assert isinstance(guide, ModelInfo)
    found: dict[str, str] = {}
    for entry in TEXTS:
        chat = engine.new_chat(
            guide.id, sampling=GREEDY, generation=GenerationParams(max_tokens=200)
        )
        heard: list[Event] = []
        chat.send(entry["text"] * entry.get("repeat", 1), heard.append).wait(WAIT)
        chat.close()
        end = heard[-1]
        assert isinstance(end, Finished)
        found[entry["what"]] = bare(end.text)
    yield found
    engine.shutdown()


def test_nearly_all_get_the_honest_words(answers: dict[str, str]) -> None:
    honest, _ = known_answers()
    others = {what: said for what, said in answers.items() if said not in honest}
    assert len(others) <= (1 - SHARE) * len(answers), others


def test_none_gets_babble(answers: dict[str, str]) -> None:
    _, every = known_answers()
    assert {what: said for what, said in answers.items() if said not in every} == {}


def test_no_text_can_come_from_the_generator() -> None:
    for language in LANGUAGES:
        grammar = phrases_module().Grammar.load(GENERATOR / "facts" / f"{language}.toml")
        assert not [entry["what"] for entry in TEXTS if grammar.reaches(entry["text"])]
