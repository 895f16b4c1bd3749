"""Writes the conversations the guide learns from, endlessly and from a seed alone.

A conversation follows from its number and the seed, so that any part can be made again.
"""

import argparse
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from foreign import foreign, strange
from noise import Noise
from phrases import Grammar

FACTS = Path(__file__).parent / "facts"
LANGUAGES = ("en", "fr", "ja")
SHARES = {"en": 0.32, "fr": 0.34, "ja": 0.34}  # of conversations
FIRST_WORDING = 0.8  # of a topic's answers are its first: one opening is learned sooner than two
FRESH = 3  # times as often as the others come topics that are new
STRANGE = 0.35  # of the questions about other things have words that nobody ever saw
FIRST_FOLLOWUPS = 1 / 6  # of those that would come first stay; there is nothing to follow yet


@dataclass(frozen=True)
class Habits:
    """What a turn is, and how often, the rest being plain questions about a topic; how many turns a
    conversation has, one of these."""

    kinds: Sequence[tuple[str, float]]
    turns: Sequence[int]


KINDS = (
    ("greetings", 0.06),
    ("how_are_you", 0.02),
    ("thanks", 0.04),
    ("goodbye", 0.02),
    ("followup", 0.18),
    ("offtopic", 0.18),
    ("story", 0.03),
    ("mixed", 0.05),
)
FOLLOWING_KINDS = (
    ("greetings", 0.03),
    ("how_are_you", 0.01),
    ("thanks", 0.04),
    ("goodbye", 0.01),
    ("followup", 0.45),
    ("offtopic", 0.08),
    ("story", 0.05),
    ("mixed", 0.03),
)
LONG_KINDS = (
    ("greetings", 0.03),
    ("how_are_you", 0.01),
    ("thanks", 0.03),
    ("goodbye", 0.01),
    ("followup", 0.25),
    ("offtopic", 0.08),
    ("story", 0.22),
    ("mixed", 0.04),
)
TELLING_KINDS = (
    ("greetings", 0.06),
    ("how_are_you", 0.02),
    ("thanks", 0.03),
    ("goodbye", 0.02),
    ("offtopic", 0.13),
    ("mixed", 0.03),
)
ASKING = Habits(KINDS, (1,))  # one question
FOLLOWING = Habits(FOLLOWING_KINDS, (2, 2, 2, 3))  # what depends on the turn before, or must not
TALKING = Habits(LONG_KINDS, (1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5))  # stories above all
TELLING = Habits(TELLING_KINDS, (1,))  # one question, and all of its answer
PASTING = Habits((("foreign", 0.8),), (1, 1, 1, 2))  # what is long and about something else
SYSTEM = {
    "en": (
        "You are a helpful assistant.",
        "You are Chaski's guide.",
        "You are a friendly assistant. Answer in short sentences.",
        "Be brief and polite.",
    ),
    "fr": (
        "Tu es un assistant utile.",
        "Vous êtes un assistant serviable.",
        "Tu es le guide de Chaski.",
        "Réponds en phrases courtes.",
    ),
    "ja": (
        "あなたは親切なアシスタントです。",
        "あなたはChaskiの案内役です。",
        "短い文で答えてください。",
        "丁寧に答えてください。",
    ),
}


@dataclass(frozen=True)
class Message:
    """One message, as a chat template wants it. An answer has a subject, if it is about one; `more`
    is what follow-ups get."""

    role: str
    content: str
    subject: str = ""
    more: bool = False


@dataclass
class _State:
    """What a follow-up refers to: the last topic, and what has been told of it."""

    code: str
    last: str = ""
    told: list[str] = field(default_factory=list)


class Writer:
    """All languages with their habits; `dialogue(n)` is always the same for a seed. `fresh`: topics
    that a model does not know yet, while it knows the others."""

    def __init__(
        self, grammars: Mapping[str, Grammar], seed: int, fresh: Collection[str] = ()
    ) -> None:
        self.grammars = dict(grammars)
        self.seed = seed
        rng = Random(f"{seed} noise")
        self.noise = {code: Noise.learn(g, rng) for code, g in self.grammars.items()}
        self._topics = {
            code: [name for name in g.topics for _ in range(FRESH if name in fresh else 1)]
            for code, g in self.grammars.items()
        }
        self.subjects = [
            f"{code} {topic}"
            for code, g in self.grammars.items()
            for topic in (*g.topics, *g.groups)
        ]

    @classmethod
    def load(cls, folder: Path = FACTS, seed: int = 1, fresh: Collection[str] = ()) -> "Writer":
        grammars = {code: Grammar.load(folder / f"{code}.toml") for code in LANGUAGES}
        names = {code: set(g.topics) for code, g in grammars.items()}
        every = set().union(*names.values())
        lacking = [f"{c}: {', '.join(sorted(every - n))}" for c, n in names.items() if every - n]
        if lacking:
            raise ValueError(f"topics that a language lacks: {'; '.join(lacking)}")
        if unknown := set(fresh) - every:
            raise ValueError(f"no topics: {', '.join(sorted(unknown))}")
        return cls(grammars, seed, fresh)

    def stream(self, start: int = 0) -> Iterator[list[Message]]:
        while True:
            yield self.dialogue(start)
            start += 1

    def dialogue(self, number: int, habits: Habits = TALKING) -> list[Message]:
        rng = Random(f"{self.seed} {number}")
        codes = list(self.grammars)
        state = _State(rng.choices(codes, [SHARES[code] for code in codes])[0])
        turns = rng.choice(habits.turns)
        switch = rng.randrange(1, turns) if turns > 1 and rng.random() < 0.08 else 0
        messages = []
        if rng.random() < 0.10:
            messages.append(Message("system", rng.choice(SYSTEM[state.code])))
        for turn in range(turns):
            if turn == switch and turn:
                state.code = rng.choice([code for code in codes if code != state.code] or codes)
            kind = _kind(habits, rng)
            if kind == "followup" and not state.last and rng.random() >= FIRST_FOLLOWUPS:
                kind = "topic"
            question, answer, subject = self._turn(kind, state, rng)
            about = f"{state.code} {subject}" if subject else ""
            messages += [
                Message("user", question),
                Message("assistant", answer, about, kind == "followup"),
            ]
        return messages

    def _turn(self, kind: str, state: _State, rng: Random) -> tuple[str, str, str]:
        """A question, its answer, and what the answer is about: nothing, where a follow-up has
        nothing to follow."""
        grammar, noise = self.grammars[state.code], self.noise[state.code]
        if kind == "followup":
            asked = noise.question(grammar.sample(rng, kind), rng, light=True)
            return asked, self._more(state, grammar, rng), state.last
        if kind == "story":
            state.last, state.told = kind, []
            return noise.question(grammar.sample(rng, kind), rng), grammar.tell_story(rng), kind
        if kind == "foreign":
            asked, state.code = foreign(self.grammars, state.code, rng)
            state.last, state.told = "offtopic", []
            answers = self.grammars[state.code].groups[state.last].answers
            return asked, rng.choice(answers), state.last
        if kind in ("topic", "mixed"):
            ident = rng.choice(self._topics[state.code])
            asked = noise.question(grammar.sample(rng, ident), rng)
            if kind == "mixed":
                asked = self._mixed(asked, grammar, rng)
            state.last, state.told = ident, []
            return asked, _wording(grammar.topics[ident].answers, rng), ident
        asked = grammar.sample(rng, kind)
        if kind == "offtopic" and rng.random() < STRANGE:
            asked = strange(asked, state.code, noise.stray, rng)
        asked = noise.question(asked, rng, light=kind != "offtopic")
        if kind != "thanks":
            state.last, state.told = kind, []
        return asked, rng.choice(grammar.groups[kind].answers), kind

    def _mixed(self, question: str, grammar: Grammar, rng: Random) -> str:
        """Small talk and a question in one message; the question is what gets the answer."""
        small = grammar.sample(rng, rng.choice(("greetings", "greetings", "how_are_you", "thanks")))
        if grammar.code == "ja":
            return small.rstrip("。、！!") + rng.choice(("、", "。", "！", " ", "")) + question
        after = rng.choice((", ", ". ", "! ", " ", " - "))
        return small.rstrip(".!, ") + after + question

    def _more(self, state: _State, grammar: Grammar, rng: Random) -> str:
        """What "tell me more" gets, which depends on what was spoken of."""
        if state.last == "story":
            return grammar.tell_story(rng)
        if state.last in grammar.topics:
            topic = grammar.topics[state.last]
            fresh = [text for text in topic.more if text not in state.told]
            text = rng.choice(fresh or topic.more or topic.answers)
            state.told.append(text)
            return text
        own = grammar.groups["followup"].answers
        if state.last == "offtopic":
            return rng.choice(grammar.groups["offtopic"].answers)
        return rng.choice(own or grammar.groups["greetings"].answers)


def _wording(answers: Sequence[str], rng: Random) -> str:
    return answers[0] if rng.random() < FIRST_WORDING else rng.choice(answers[1:] or answers)


def _kind(habits: Habits, rng: Random) -> str:
    luck = rng.random()
    for kind, share in habits.kinds:
        luck -= share
        if luck < 0:
            return kind
    return "topic"


def main() -> None:
    """Prints some dialogues, to be read by whoever changed the facts."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--many", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    writer = Writer.load(seed=args.seed)
    for number in range(args.many):
        for message in writer.dialogue(number):
            print(f"{message.role:>9}: {message.content}")
        print()


if __name__ == "__main__":
    main()
