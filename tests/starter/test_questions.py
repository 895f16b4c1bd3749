"""The starter guide answers questions that it was not trained on, in three languages.

The questions are kept apart from the generator: none can come out of packaging/starter/facts.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.patience import WAIT
from helpers.starter_questions import LANGUAGES, questions, starter_file

from engine.api import Engine, GenerationParams, ModelInfo, SamplingParams
from engine.base.events import Event, Finished, TextDelta
from engine.weights.formats.gguf import open_gguf

MOST_BYTES = 8_000_000
WARM = 1.0  # seconds from opening the file to the first word, the best of three
SHARES = {"en": 0.85, "fr": 0.80, "ja": 0.80}


# The model


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_answers_are_right(ask: Callable[..., Finished], language: str) -> None:
    asked = questions(language)
    misses = []
    for question in asked:
        end = ask(*question.before, question.ask)
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


def test_the_first_word_comes_at_once(engine: Engine, ask: Callable[..., Finished]) -> None:
    """Warm: asking has had the kernels compiled or read from the disk."""
    ask("Hello!")
    taken = [_time_to_first_word(engine, starter_file()) for _ in range(3)]
    assert min(taken) < WARM


def _time_to_first_word(engine: Engine, path: Path) -> float:
    begun, first = time.perf_counter(), []

    def listen(event: Event) -> None:
        if isinstance(event, TextDelta) and not first:
            first.append(time.perf_counter() - begun)

    info = engine.open_model(path).wait(WAIT)
    assert isinstance(info, ModelInfo)
    chat = engine.new_chat(
        info.id,
        sampling=SamplingParams(temperature=0.0),
        generation=GenerationParams(max_tokens=8),
    )
    chat.send("Hello!", listen).wait(WAIT)
    engine.close_model(info.id).wait(WAIT)
    return first[0]
