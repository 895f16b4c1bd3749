"""Reads facts/LANG.toml: what people ask in one language, what is right to say, and stories.

`Grammar.sample` writes questions, `Grammar.reaches` tells whether a question could be one of them.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from patterns import WORD, Memo, Node, Parser, PhraseError, Pick, Text, bare

GROUPS = ("greetings", "thanks", "goodbye", "how_are_you", "followup", "offtopic", "story")
SELF_ANSWERED = ("followup", "story")  # answered by a topic's `more`, and by a made-up story


@dataclass(frozen=True)
class Topic:
    """How people ask, what is right to say, and what to add when they want more."""

    ask: Pick
    answers: list[str]
    more: list[str] = field(default_factory=list)


@dataclass
class Story:
    """Plots of several sentences; every slot is picked once for a whole story."""

    slots: dict[str, list[Any]]
    plots: list[list[str]]


@dataclass
class Grammar:
    """All of one language."""

    code: str
    topics: dict[str, Topic]
    groups: dict[str, Topic]
    frames: list[tuple[Node, Node]]
    story: Story
    parser: Parser

    @classmethod
    def load(cls, path: Path) -> "Grammar":
        try:
            return _read(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        except (PhraseError, tomllib.TOMLDecodeError) as error:
            raise PhraseError(f"{path.name}: {error}") from None

    @property
    def spaced(self) -> bool:
        """Whether words have spaces between them."""
        return self.code != "ja"

    def find(self, topic: str) -> Topic:
        return self.topics.get(topic) or self.groups[topic]

    def sample(self, rng: Random, topic: str) -> str:
        """A question about a topic, in a frame; greetings and the like stand by themselves."""
        asked = self.find(topic).ask.sample(rng)
        if topic in self.topics or topic in ("offtopic", "story"):
            before, after = rng.choice(self.frames)
            asked = before.sample(rng) + asked + after.sample(rng)
        return tidy(asked)

    def reaches(self, text: str) -> str | None:
        """The topic whose patterns can produce the text, whatever its case, spaces and marks."""
        wanted, memo = bare(text), Memo()
        for before, after in self._surroundings():
            starts = before.ends(wanted, (0,), memo)
            for name, topic in (self.topics | self.groups).items():
                found = after.ends(wanted, topic.ask.ends(wanted, starts, memo), memo)
                if wanted and len(wanted) in found:
                    return name
        return None

    def _surroundings(self) -> Iterator[tuple[Node, Node]]:
        """Frames, and the small talk that dialogues put in front of a question or after it."""
        yield from self.frames
        small = [self.groups[name].ask for name in ("greetings", "how_are_you", "thanks")]
        yield Pick([*small]), Text("")
        yield Text(""), Pick([*small])

    def tell_story(self, rng: Random) -> str:
        """One of the plots. Whom and what it names more than once is always the same in a plot: so
        small a model knows stories by heart, but does not look up whom one began with."""
        which = rng.randrange(len(self.story.plots))
        plot = self.story.plots[which]
        named = [word.partition(".")[0] for word in WORD.findall(" ".join(plot))]
        chosen: dict[str, str] = {}
        for name, entries in self.story.slots.items():
            own = sum(named.count(each) for each in _names(name, entries[0])) > 1
            _fill(chosen, name, entries[which % len(entries)] if own else rng.choice(entries))
        told = []
        for sentence in plot:
            for _ in range(3):  # a slot may name another slot
                sentence = WORD.sub(lambda m: chosen.get(m[1], m[0]), sentence)
            text = tidy(self.parser.parse(sentence).sample(rng))
            told.append(text[:1].upper() + text[1:])
        return (" " if self.spaced else "").join(told)


def tidy(text: str) -> str:
    """Without the double spaces that empty options leave."""
    text = re.sub(r"[ \t]+", " ", text).strip(" ,、")
    return re.sub(r" +([,.])", r"\1", text)


def _names(name: str, entry: Any) -> set[str]:
    """What a slot is called in sentences: its name, and its forms'."""
    return {name, *entry} if isinstance(entry, dict) else {name}


def _fill(chosen: dict[str, str], name: str, entry: Any) -> None:
    """<hero>; for an entry with several forms also <hero.form>, and <form> if it is free."""
    if isinstance(entry, dict):
        for form, text in entry.items():
            chosen[f"{name}.{form}"] = str(text)
            chosen.setdefault(form, str(text))
        entry = entry.get("name") or next(iter(entry.values()))
    chosen[name] = str(entry)


def _read(code: str, table: dict[str, Any]) -> Grammar:
    parser = Parser(table.get("words", {}))
    for name in table.get("words", {}):
        _within(f"word <{name}>", lambda name=name: parser.word(name))
    topics: dict[str, Topic] = {}
    for i, entry in enumerate(table.get("topic", [])):
        ident = entry.get("id")
        if not isinstance(ident, str) or ident in topics or ident in GROUPS:
            raise PhraseError(f"topic {i + 1}: the id {ident!r} is missing or taken")
        topics[ident] = _within(f"topic {ident}", lambda entry=entry: _topic(parser, entry, True))
    groups = {}
    for name in GROUPS:
        if name not in table:
            raise PhraseError(f"the table [{name}] is missing")
        needed = name not in SELF_ANSWERED
        groups[name] = _within(
            f"[{name}]", lambda name=name, needed=needed: _topic(parser, table[name], needed)
        )
    frames = [_frame(parser, frame) for each in table.get("frames", {}).values() for frame in each]
    if not topics:
        raise PhraseError("there is no [[topic]]")
    story = _within("[story]", lambda: _story(table["story"]))
    grammar = Grammar(code, topics, groups, frames or [(Text(""), Text(""))], story, parser)
    for seed in range(20 * len(story.plots)):  # every plot, with its slots, must come out well
        _within("[story]", lambda seed=seed: grammar.tell_story(Random(seed)))
    return grammar


def _within(where: str, read: Any) -> Any:
    try:
        return read()
    except PhraseError as error:
        raise PhraseError(f"{where}: {error}") from None


def _topic(parser: Parser, entry: dict[str, Any], needed: bool) -> Topic:
    if unknown := entry.keys() - {"id", "ask", "answers", "more", "parts", "patterns", "slots"}:
        raise PhraseError(f"unknown key {sorted(unknown)[0]!r}")
    answers, more = entry.get("answers", []), entry.get("more", [])
    for text in [*answers, *more]:
        if not isinstance(text, str) or not text.strip():
            raise PhraseError(f"the answer {text!r} is no text")
    if needed and not answers:
        raise PhraseError("there are no answers")
    return Topic(parser.pick(entry.get("ask")), [t.strip() for t in answers], more)


def _frame(parser: Parser, frame: str) -> tuple[Node, Node]:
    if frame.count("@") != 1:
        raise PhraseError(f"[frames]: {frame!r} needs one @ for the question")
    before, after = frame.split("@")
    read = _within("[frames]", lambda: (parser.parse(before), parser.parse(after)))
    return read[0], read[1]


def _story(entry: dict[str, Any]) -> Story:
    slots = dict(entry.get("parts", {})) | dict(entry.get("slots", {}))
    plots = slots.pop("patterns", None) or entry.get("patterns")
    if not isinstance(plots, list) or not plots:
        raise PhraseError("there are no patterns")
    return Story(slots, plots)
