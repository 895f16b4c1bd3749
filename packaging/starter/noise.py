"""What happens to questions on their way: no marks, capitals, typing errors, words left out.

Answers never come here. Unseen wordings are understood because seen ones are bent like this.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from phrases import Grammar

ACCENTS = re.compile("[\u0300-\u036f]")
# Japanese without spaces: runs of one script are near enough to words.
RUNS = re.compile(
    r"[\u3041-\u309f]+|[\u30a0-\u30ff]+|[\u4e00-\u9fff々]+|[A-Za-z0-9_.+\uff10-\uff5a-]+"
)
PARTICLES = re.compile("(?<=[\u30a0-\u30ff\u4e00-\u9fff\\w])(って|から|まで|[はがをにでのもへと])")
SWAPS = {"は": "がってを", "が": "はをの", "を": "がはの", "に": "でへ", "で": "にを", "へ": "に"}
COMMON = 0.35  # of the topics
WIDE = {c: c + 0xFEE0 for c in range(0x21, 0x7F)} | {0x20: 0x3000}
NARROW_KANA = {
    unicodedata.normalize("NFKC", text): text
    for mark in ("", "\uff9e", "\uff9f")
    for text in (chr(c) + mark for c in range(0xFF66, 0xFF9E))
}


@dataclass(frozen=True)
class Noise:
    """The habits of one language. `common`: words that say nothing about the topic; `stray`:
    words of another world, one of which may slip in as any word might that was never seen."""

    code: str
    common: frozenset[str]
    stray: tuple[str, ...] = ()

    @classmethod
    def learn(cls, grammar: Grammar, rng: Random, each: int = 30) -> "Noise":
        """Words that stand in the questions of many topics are common ones."""
        topics_of: Counter[str] = Counter()
        for topic in grammar.topics:
            words: set[str] = set()
            for _ in range(each):
                words.update(_words(grammar.code, grammar.sample(rng, topic).lower()))
            topics_of.update(words)
        least = max(2, COMMON * len(grammar.topics))
        common = frozenset(w for w, n in topics_of.items() if n > least)
        others = {w for _ in range(300) for w in _words(grammar.code, _other(grammar, rng))}
        stray = tuple(sorted(w for w in others if w.lower() not in topics_of and _is_thing(w)))
        return cls(grammar.code, common, stray)

    def question(self, text: str, rng: Random, light: bool = False) -> str:
        """One way in which somebody may have typed it; `light` leaves the words alone."""
        if not light:
            text = self._reworded(text, rng)
        if rng.random() < 0.10:
            text = _typo(text, rng)
        text = self._dressed(text, rng)
        return self._ended(text, rng).strip() or "?"

    def _reworded(self, text: str, rng: Random) -> str:
        luck = rng.random()
        if luck < 0.10:
            return self._keywords(text, rng)
        if self.code == "ja":
            if luck > 0.96 and self.stray:
                return rng.choice(self.stray) + rng.choice("のでは、") + text
            return _particles(text, rng) if luck < 0.40 else text
        words = text.split()
        if luck > 0.92 and self.stray:
            words.insert(rng.randrange(len(words) + 1), rng.choice(self.stray))
        if luck < 0.35 and len(words) > 3:
            for _ in range(rng.choice((1, 1, 2))):
                light = [i for i, w in enumerate(words) if w.lower() in self.common]
                if light and rng.random() < 0.75:
                    del words[rng.choice(light)]
                elif len(words) > 3:
                    del words[rng.randrange(len(words))]
        elif luck < 0.43 and len(words) > 2:
            i = rng.randrange(len(words) - 1)
            words[i], words[i + 1] = words[i + 1], words[i]
        return " ".join(words)

    def _keywords(self, text: str, rng: Random) -> str:
        """Only the words that say what it is about, now and then in another order."""
        words = _words(self.code, text)
        kept = [w for w in words if w.lower() not in self.common and not w.isspace()]
        if self.code == "ja":
            kept = [w for w in kept if not "\u3041" <= w[0] <= "\u309f"] or kept
        if len(kept) < 2:
            kept = [w for w in words if len(w) > 3] or words
        if rng.random() < 0.3:
            rng.shuffle(kept)
        if self.code == "ja":
            return rng.choice((" ", "\u3000", "", "の")).join(kept)
        return " ".join(kept)

    def _dressed(self, text: str, rng: Random) -> str:
        """Capitals, accents, widths."""
        luck = rng.random()
        if luck < 0.35:
            text = text.lower()
        elif luck < 0.39:
            text = text.upper()
        elif luck < 0.80:
            text = text[:1].upper() + text[1:]
        if self.code == "fr":
            if rng.random() < 0.12:
                text = without_accents(text)
            if rng.random() < 0.10:
                text = text.replace("'", rng.choice(("\u2019", " ", "")))
        if self.code == "en" and rng.random() < 0.10:
            text = text.replace("'", rng.choice(("\u2019", "", "")))
        if self.code == "ja":
            if rng.random() < 0.06:
                text = text.translate(WIDE)
            elif rng.random() < 0.02:
                text = "".join(NARROW_KANA.get(c, c) for c in text)
        return text

    def _ended(self, text: str, rng: Random) -> str:
        if text[-1:] in "?!？！。.…":
            return text
        luck = rng.random()
        if self.code == "ja":
            ends = ("？", 0.30), ("?", 0.40), ("。", 0.55), ("！", 0.57)
        else:
            ends = (
                ("?", 0.42),
                (" ?", 0.55 if self.code == "fr" else 0.43),
                (".", 0.62),
                ("!", 0.64),
            )
        return text + next((end for end, most in ends if luck < most), "")


def _is_thing(word: str) -> bool:
    return len(word) > 1 and not "\u3041" <= word[0] <= "\u309f"


def _other(grammar: Grammar, rng: Random) -> str:
    return grammar.sample(rng, "offtopic")


def without_accents(text: str) -> str:
    bared = ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return bared.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae")


def _words(code: str, text: str) -> list[str]:
    find: Callable[[str], list[str]] = RUNS.findall if code == "ja" else str.split
    return [word.strip(' ,;:!?"()') or word for word in find(text)]


def _particles(text: str, rng: Random) -> str:
    """One particle left out or mistaken for another."""
    found = list(PARTICLES.finditer(text))
    if not found:
        return text
    hit = rng.choice(found)
    new = "" if rng.random() < 0.65 else rng.choice(SWAPS.get(hit[1], "の"))
    return text[: hit.start()] + new + text[hit.end() :]


def _typo(text: str, rng: Random) -> str:
    """One letter left out, doubled, or exchanged with the next."""
    if len(text) < 6:
        return text
    i = rng.randrange(1, len(text) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:i] + text[i + 1 :]
    if kind == 1:
        return text[:i] + text[i] + text[i:]
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
