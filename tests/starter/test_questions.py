"""The starter guide answers questions that it was not trained on, in three languages.

The questions are kept apart from the generator: none can come out of packaging/starter/facts.
"""

from collections.abc import Callable

import pytest
from helpers.patience import WAIT
from helpers.starter_questions import LANGUAGES, AskAll, questions, starter_file

from engine.api import Engine, ModelInfo
from engine.base.events import Finished
from engine.weights.formats.gguf import open_gguf

MOST_BYTES = 8_000_000
SHARES = {"en": 0.85, "fr": 0.80, "ja": 0.80}


# The model


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_answers_are_right(ask_all: AskAll, language: str) -> None:
    asked = questions(language)
    misses = []
    ends = ask_all([(*question.before, question.ask) for question in asked])
    for question, end in zip(asked, ends, strict=True):
        wrong = "does not end" if end.reason == "length" else question.miss(end.text)
        if wrong:
            misses.append(f"[{question.topic}] {question.ask} -> {end.text} ({wrong})")
    share = 1 - len(misses) / len(asked)
    told = f"{language}: {share:.1%} of {len(asked)} answers are right"
    print(told)
    assert share >= SHARES[language], "\n".join([told, *misses])


def test_the_file_is_small_and_says_whose_it_is() -> None:
    path = starter_file()
    assert path.stat().st_size <= MOST_BYTES
    with open_gguf(path) as file:
        assert file.get_str("general.architecture", "") == "llama"
        assert "chaski" in file.get_str("general.name", "").casefold()
        assert file.get_str("general.license", "").casefold() == "mit"


def test_the_chat_template_is_its_own(guide: ModelInfo) -> None:
    assert guide.template_source == "file"


def test_opened_again_it_waits_for_no_compiler(
    engine: Engine, ask: Callable[..., Finished]
) -> None:
    """What makes its first word come at once, when asking has had the kernels compiled."""
    ask("Hello!")
    info = engine.open_model(starter_file()).wait(WAIT)
    assert isinstance(info, ModelInfo)
    engine.close_model(info.id).wait(WAIT)
    assert info.kernels_compiled == 0
