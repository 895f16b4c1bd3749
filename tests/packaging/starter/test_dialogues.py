"""The starter guide's conversations: right answers, told again from a seed, questions bent."""

import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from helpers.data import ROOT

sys.path.append(str(ROOT / "packaging" / "starter"))

from dialogues import ASKING, FOLLOWING, LANGUAGES, Message, Writer  # noqa: E402
from noise import Noise, without_accents  # noqa: E402

TOPIC = """
[[topic]]
id = "{0}"
ask = ["{1}"]
answers = ["{2} {0} answer one.", "{2} {0} answer two."]
more = ["{2} {0} more."]
"""
GROUP = """
[{0}]
ask = ["{1} {0}"]
answers = ["{1} {0} answer."]
"""
STORY = """
[followup]
ask = ["{0} go on"]
[story]
ask = ["{0} story"]
[story.parts]
hero = ["Mia"]
patterns = [["{0} <hero> slept."]]
"""
ASKED = {
    "en": ("where do I find my old chats", "how do I stop the long answer"),
    "fr": ("où sont passés mes vieux échanges", "comment arrêter l'écriture de la réponse"),
    "ja": ("チャットの履歴はどこにありますか", "回答を途中で止める方法を教えてください"),
}
SMALL = ("greetings", "thanks", "goodbye", "how_are_you", "offtopic")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    for code in LANGUAGES:
        parts = [
            TOPIC.format(*each, code) for each in zip(("chats", "stop"), ASKED[code], strict=True)
        ]
        parts += [GROUP.format(name, code) for name in SMALL]
        text = "".join([*parts, STORY.format(code)])
        (folder / f"{code}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def dialogues(folder: Path) -> list[list[Message]]:
    writer = Writer.load(folder, seed=5)
    return [writer.dialogue(number) for number in range(2500)]


def test_a_seed_and_a_number_say_all(folder: Path, dialogues: list[list[Message]]) -> None:
    again = Writer.load(folder, seed=5)
    assert [again.dialogue(n) for n in (7, 3, 2400)] == [dialogues[n] for n in (7, 3, 2400)]
    assert next(again.stream(7)) == dialogues[7]
    assert Writer.load(folder, seed=6).dialogue(7) != dialogues[7]


def test_roles_alternate_behind_a_rare_system_message(dialogues: list[list[Message]]) -> None:
    for messages in dialogues:
        turns = [m.role for m in messages if m.role != "system"]
        assert turns == ["user", "assistant"] * (len(turns) // 2)
        assert 2 <= len(turns) <= 10
        assert all(m.content.strip() for m in messages)
    share = sum(messages[0].role == "system" for messages in dialogues) / len(dialogues)
    assert 0.07 < share < 0.13


def test_answers_are_never_bent(folder: Path, dialogues: list[list[Message]]) -> None:
    known = set()
    for grammar in Writer.load(folder).grammars.values():
        for topic in (*grammar.topics.values(), *grammar.groups.values()):
            known |= {*topic.answers, *topic.more}
        known.add(grammar.tell_story(Random(1)))
    assert {m.content for each in dialogues for m in each if m.role == "assistant"} <= known


def test_every_language_and_topic_has_its_share(dialogues: list[list[Message]]) -> None:
    answers = [m.content for messages in dialogues for m in messages if m.role == "assistant"]
    languages = Counter(text[:2].lower() for text in answers)  # a story has a capital
    assert all(0.28 < languages[code] / len(answers) < 0.39 for code in LANGUAGES)
    asked = Counter(text.split()[1] for text in answers if "answer" in text)
    assert 0.8 < asked["stop"] / asked["chats"] < 1.25
    assert 0.06 < asked["offtopic"] / len(answers) < 0.16


def test_a_follow_up_gets_more_of_what_was_spoken_of(dialogues: list[list[Message]]) -> None:
    seen = Counter[bool]()
    for messages in dialogues:
        answers = [m.content for m in messages if m.role == "assistant"]
        for before, text in zip(answers, answers[1:], strict=False):
            if text.endswith("more."):
                seen[text.split()[1] == before.split()[1]] += 1
    # "Thanks" may stand between a topic and more of it.
    assert seen[True] > 10 * seen[False]


def test_following_turns_ask_for_more_or_change_the_subject(folder: Path) -> None:
    writer, seen = Writer.load(folder, seed=5), Counter[str]()
    for number in range(600):
        messages = writer.dialogue(number, FOLLOWING)
        answers = [m for m in messages if m.role == "assistant"]
        assert len(answers) in (2, 3)
        for before, answer in zip([None, *answers], answers, strict=False):
            if not answer.more:
                seen["another"] += 1
                continue
            seen["the same" if answer.subject else "nothing"] += 1
            last = before.subject if before else ""
            # Thanks change no subject; the language may change.
            assert "thanks" in last or answer.subject[3:] == last[3:]
    assert seen["another"] > 0.5 * seen.total()
    assert seen["the same"] > 0.2 * seen.total()
    assert 0.01 * seen.total() < seen["nothing"] < 0.06 * seen.total()


def test_every_answer_names_its_subject(folder: Path, dialogues: list[list[Message]]) -> None:
    subjects = Writer.load(folder).subjects
    assert len(set(subjects)) == len(subjects)
    for message in (m for messages in dialogues for m in messages):
        if message.role != "assistant":
            assert message.subject == ""
            continue
        assert message.subject in subjects or (message.more and not message.subject)
        code, _, name = message.subject.partition(" ")
        assert message.content.lower().startswith(code)
        if message.content.endswith("more."):  # "en chats more."
            assert (message.more, name) == (True, message.content.split()[1])
        elif name in ("chats", "stop"):
            assert message.content.startswith(f"{code} {name} answer")
            assert not message.more


def test_a_language_lacks_no_topic(folder: Path, tmp_path: Path) -> None:
    for code in LANGUAGES:
        text = (folder / f"{code}.toml").read_text(encoding="utf-8")
        (tmp_path / f"{code}.toml").write_text(text.replace('"stop"', f'"{code}"'), "utf-8")
    with pytest.raises(ValueError, match="topics that a language lacks: en: fr, ja"):
        Writer.load(tmp_path)


def test_fresh_topics_come_more_often(folder: Path) -> None:
    writer = Writer.load(folder, seed=5, fresh=["stop"])
    talks = [writer.dialogue(number, ASKING) for number in range(900)]
    asked = Counter(talk[-1].subject.partition(" ")[2] for talk in talks)
    assert 2.3 < asked["stop"] / asked["chats"] < 3.9
    with pytest.raises(ValueError, match="no topics: stopp"):
        Writer.load(folder, fresh=["stopp"])


@pytest.mark.parametrize("code", LANGUAGES)
def test_questions_are_bent_in_many_ways(code: str) -> None:
    noise = Noise(code, frozenset({"how", "do", "i", "the", "comment", "les", "を"}))
    rng = Random(3)
    text = ASKED[code][1]
    found = Counter(noise.question(text, rng) for _ in range(2000))
    assert len(found) > 60
    assert any(each[-1] in "?？" for each in found)
    assert any(each[-1] not in "?？.。!！" for each in found)
    if code != "ja":
        assert 500 < sum(n for each, n in found.items() if each.islower()) < 1300
    light = {noise.question(text, rng, light=True).lower().strip("?？!！.。 ") for _ in range(200)}
    assert text.lower() in light


def test_french_may_lose_its_accents() -> None:
    assert without_accents("Où est l'œuvre déjà reçue ?") == "Ou est l'oeuvre deja recue ?"
