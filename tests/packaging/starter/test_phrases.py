"""The starter guide's phrases: what a pattern can become, and what is said of a wrong one."""

import sys
from pathlib import Path
from random import Random

import pytest
from helpers.data import ROOT

sys.path.append(str(ROOT / "packaging" / "starter"))

from patterns import Parser, PhraseError, bare  # noqa: E402
from phrases import Grammar  # noqa: E402

WORDS = {"model": ["model", "GGUF {file|}"], "any": ["<model>", "thing"]}
REST = """
[greetings]
ask = ["hello {there|}"]
answers = ["Hello!"]
[thanks]
ask = ["thanks"]
answers = ["You are welcome."]
[goodbye]
ask = ["bye"]
answers = ["Goodbye!"]
[how_are_you]
ask = ["how are you"]
answers = ["Fine."]
[followup]
ask = ["tell me more"]
[offtopic]
ask = ["what is the capital of {Peru|France}"]
answers = ["I am only the small guide."]
[story]
ask = ["tell me a story"]
[story.parts]
hero = [{name = "Mia", she = "she"}, {name = "Tom", she = "he"}]
place = ["forest", "town near the <thing>"]
thing = ["river"]
patterns = [
  ["<hero> lived in a <place>.", "<she> {ran|walked} home, and <hero.name> slept."],
  ["Once there was <hero>.", "One day <she> left for the <place>."],
  ["<hero> had a friend."],
]
"""
FACTS = (
    """
[words]
model = ["model", "GGUF file"]
[frames]
any = ["@", "please, @", "@, {please|if you can}"]
[[topic]]
id = "get-model"
ask = ["where {do|can} I {get|find} {a|another|} <model>", "I need a <model>"]
answers = ["Press Ctrl+O."]
more = ["Or drop it on the window."]
[[topic]]
id = "stop"
ask = ["how do I stop it"]
answers = ["Press Esc."]
"""
    + REST
)


@pytest.fixture
def grammar(tmp_path: Path) -> Grammar:
    path = tmp_path / "en.toml"
    path.write_text(FACTS, encoding="utf-8")
    return Grammar.load(path)


def test_a_pattern_gives_each_of_its_texts() -> None:
    node = Parser(WORDS).parse("get {a {big|small}|the|} <any>!")
    rng = Random(1)
    found = {node.sample(rng) for _ in range(2000)}
    sizes, things = ("a big", "a small", "the", ""), ("model", "GGUF file", "GGUF ", "thing")
    assert found == {f"get {size} {thing}!" for size in sizes for thing in things}


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("a {b|c", "never closed"),
        ("a {b|{c}", "never closed"),
        ("a b}", "outside of braces"),
        ("a|b", "outside of braces"),
        ("a <nothing>", "<nothing> is not in"),
        (3, "no text"),
    ],
)
def test_a_wrong_pattern_is_told(pattern: object, told: str) -> None:
    with pytest.raises(PhraseError, match=told):
        Parser(WORDS).parse(pattern)


def test_a_word_cannot_contain_itself() -> None:
    with pytest.raises(PhraseError, match="contains itself"):
        Parser({"a": ["<b>"], "b": ["x", "{y|<a>}"]}).parse("<a>")


def test_an_error_names_file_and_topic(tmp_path: Path) -> None:
    path = tmp_path / "fr.toml"
    path.write_text(FACTS.replace("I need a <model>", "I need {a <model>"), encoding="utf-8")
    with pytest.raises(PhraseError, match=r"fr\.toml: topic get-model: a brace is never closed"):
        Grammar.load(path)
    path.write_text(FACTS.replace('"stop"', '"get-model"'), encoding="utf-8")
    with pytest.raises(PhraseError, match=r"fr\.toml: topic 2: the id 'get-model'"):
        Grammar.load(path)
    path.write_text(FACTS.replace("[goodbye]", "[farewell]"), encoding="utf-8")
    with pytest.raises(PhraseError, match=r"fr\.toml: the table \[goodbye\] is missing"):
        Grammar.load(path)


def test_what_is_sampled_is_reached(grammar: Grammar) -> None:
    rng = Random(2)
    for topic in (*grammar.topics, *grammar.groups):
        for _ in range(40):
            text = grammar.sample(rng, topic)
            assert grammar.reaches(text) == topic
            assert grammar.reaches(f"  {text.upper()} ?!") == topic


def test_what_cannot_be_sampled_is_not_reached(grammar: Grammar) -> None:
    assert grammar.reaches("Hello there! How do I stop it?") == "stop"  # small talk before it
    assert grammar.reaches("where do I get some model") is None
    assert grammar.reaches("where do I get a model today") is None
    assert grammar.reaches("I need") is None
    assert grammar.reaches("?") is None


def test_many_choices_are_not_tried_one_by_one() -> None:
    """There are 2 ** 60 ways: this would never end."""
    node = Parser({}).parse("{a|aa|}" * 60 + "b")
    assert node.ends("a" * 100, (0,), {}) == frozenset()
    assert 61 in node.ends("a" * 60 + "b", (0,), {})


def test_a_story_keeps_its_hero(grammar: Grammar) -> None:
    stories = {grammar.tell_story(Random(seed)) for seed in range(200)}
    first = {story for story in stories if "home" in story}
    assert "Mia lived in a forest. She ran home, and Mia slept." in first
    assert "Mia lived in a town near the river. She walked home, and Mia slept." in first
    assert len(first) == 4
    assert {story for story in stories if "Once" in story} == {
        "Once there was Tom. One day he left for the forest.",
        "Once there was Tom. One day he left for the town near the river.",
    }


def test_who_is_named_once_in_a_story_may_be_anyone(grammar: Grammar) -> None:
    stories = {grammar.tell_story(Random(seed)) for seed in range(200)}
    assert {"Mia had a friend.", "Tom had a friend."} <= stories
    assert len(stories) == 8


def test_width_case_and_marks_do_not_count() -> None:
    assert bare("Ｃｔｒｌ＋Ｏ、 ﾓﾃﾞﾙ？") == bare("ctrl O モデル")
