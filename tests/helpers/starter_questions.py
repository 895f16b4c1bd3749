"""The starter guide's held-out questions: reading them, and judging an answer by its key words.

Knows nothing of models: an answer is a text.
"""

import functools
import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from helpers.data import ROOT

from engine.base.events import Finished

# What is said in each conversation -> how their last answers end (starter/conftest.py).
AskAll = Callable[[Sequence[Sequence[str]]], list[Finished]]
LANGUAGES = ("en", "fr", "ja")
GENERATOR = ROOT / "packaging" / "starter"
QUESTIONS = ROOT / "tests" / "starter" / "questions"
STARTER = ROOT / "resources" / "starter"
# Where the guide speaks of itself, "I am only a small guide" is part of a right answer.
OF_ITSELF = {
    "who",
    "languages",
    "remove-me",
    "wrong-answers",
    "images",
    "greetings",
    "thanks",
    "goodbye",
    "how_are_you",
    "offtopic",
}


@dataclass(frozen=True)
class Question:
    """What is asked, after which turns, and what a right answer has."""

    topic: str
    ask: str
    before: tuple[str, ...] = ()
    about: str = ""  # the topic that a follow-up goes on with
    any_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    min_words: int = 0
    min_chars: int = 0

    def miss(self, answer: str) -> str:
        """What is wrong with an answer, or nothing."""
        text = plain(answer)
        if "\ufffd" in text:
            return "has a broken character"
        if len(text.split()) < self.min_words or len(text.replace(" ", "")) < self.min_chars:
            return "is too short"
        for word in self.none_of:
            if has(text, word):
                return f"should not say {word!r}"
        for group in self.any_of:
            if not any(has(text, word) for word in group):
                return f"has none of {', '.join(group)}"
        return ""


def plain(text: str) -> str:
    """One case and one width, without Markdown, `Ctrl + O` as `ctrl+o`."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return re.sub(r"\s*\+\s*", "+", re.sub(r"[*`]", "", text))


def has(text: str, word: str) -> bool:
    """Whether a plain text has a word; a Latin one must begin there, so that inflections count."""
    word = plain(word)
    edge = r"(?<![0-9a-zà-öø-ÿœ])" if re.match(r"[0-9a-zà-öø-ÿœ]", word) else ""
    return re.search(edge + re.escape(word), text) is not None


def questions(language: str, folder: Path = QUESTIONS) -> list[Question]:
    """All questions of a language; refusals are wrong but for where the guide speaks of itself."""
    table = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    return [_question(entry, table["refusal"]) for entry in table["question"]]


def _question(entry: dict[str, Any], refusal: list[str]) -> Question:
    entry = dict(entry)
    refused = [] if entry["topic"] in OF_ITSELF else refusal
    return Question(
        before=tuple(entry.pop("before", ())),
        any_of=tuple(tuple(group) for group in entry.pop("any_of", ())),
        none_of=(*entry.pop("none_of", ()), *refused),
        **entry,
    )


def lines(kind: str, language: str) -> list[str]:
    """What is said of a kind that has one right answer, `other` or `greetings`: one a line."""
    return (QUESTIONS / kind / f"{language}.txt").read_text(encoding="utf-8").splitlines()


def bare(text: str) -> str:
    """With single spaces, for comparing a whole answer."""
    return " ".join(text.split())


def starter_file() -> Path:
    """The guide's own file; skips the test until one has been trained."""
    found = sorted(STARTER.glob("*.gguf"))
    if not found:
        pytest.skip("the starter guide is not trained yet: resources/starter has no GGUF file")
    assert len(found) == 1, f"one starter, not {len(found)}"
    return found[0]


def phrases_module() -> ModuleType:
    """packaging/starter/phrases.py; its folder is no package, so it must be on the path."""
    if str(GENERATOR) not in sys.path:
        sys.path.append(str(GENERATOR))
    import phrases  # type: ignore[import-not-found]

    assert isinstance(phrases, ModuleType)
    return phrases


@functools.cache
def grammar(language: str, folder: Path = GENERATOR / "facts") -> Any:
    """What the generator knows of a language."""
    return phrases_module().Grammar.load(folder / f"{language}.toml")
