"""What the engine tells people, in their language: a template with fields is the code of a
sentence, and a catalogue per language (`resources/words/LANG.toml`) has the template's translation.

Invariant: `Words` are the English sentence and remember how it was made. No field and no catalogue,
however broken, makes a sentence raise or reach anything but the fields: it falls back to English.
"""

import functools
import numbers
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.base import sizes
from engine.base.words import DIGITS, MOST_OF_SENTENCE, sentence

ENGLISH = "en"
FOLDER, SUFFIX = "words", ".toml"
# {name}, {name!r}, {name:spec}; nothing with a point or a bracket, which would reach attributes.
FIELD = re.compile(r"\{\{|\}\}|\{([a-zA-Z_]\w*)(!r)?(?::([^{}]*))?\}")
_PLAIN = re.compile(r"0?\d?,?(\.\d)?[dfge%]?")  # what of Python's own specs may stand in a template
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_UNIT = re.compile(r"[^\W\d_]+")

# {free:file}: raw numbers that are told in units. The same names in every language.
FORMATTERS: dict[str, Callable[[Any], str]] = {
    "file": sizes.file,
    "memory": sizes.memory,
    "cache": sizes.cache,
    "rate": sizes.rate,
    "speed": sizes.speed,
    "duration": sizes.duration,
}
# Which of a field's forms ({n:token|tokens}) a number takes.
PLURALS: dict[str, Callable[[float], int]] = {
    "not-one": lambda n: int(n != 1),  # English
    "two-on": lambda n: int(abs(n) >= 2),  # French: 0 and 1.5 are singular
    "none": lambda n: 0,  # Japanese
}


@dataclass(frozen=True)
class Tongue:
    """A language as its catalogue has it. `units`: GB, bytes, days … as it calls them."""

    code: str = ENGLISH
    sentences: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    thousands: str = ","
    decimal: str = "."
    plural: str = "not-one"
    percent: str = "%"  # behind a number, with the space that some put between

    def figures(self, text: str, has_units: bool = False) -> str:
        """A formatted number with this language's separators and names of units."""
        if has_units and self.units:
            text = _UNIT.sub(lambda found: self.units.get(found[0], found[0]), text)
        swap = {",": self.thousands, ".": self.decimal}
        text = text.replace("%", self.percent)
        return _NUMBER.sub(lambda found: "".join(swap.get(c, c) for c in found[0]), text)


_ENGLISH = Tongue()


class Words(str):
    """A sentence or phrase in English that remembers its template and fields, so that `say` can
    tell it in another language. Fields are kept raw: texts and numbers, or `Words` in turn."""

    template: str
    fields: dict[str, Any]

    def __new__(cls, template: str, /, **fields: object) -> "Words":
        if isinstance(template, Words) and not fields:
            return template
        kept = {name: _kept(value) for name, value in fields.items()}
        words = super().__new__(cls, sentence(filled(template, kept)))
        words.template, words.fields = str(template), kept
        return words

    def __str__(self) -> str:
        return self  # str(error) of whatever error has Words as its text are these Words

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.template, self.fields)


class Phrase:
    """Words that are only made where they are said: for readers that name what they read at every
    step, and hardly ever fail."""

    __slots__ = ("template", "fields")

    def __init__(self, template: str, /, **fields: object) -> None:
        self.template, self.fields = template, fields

    @property
    def words(self) -> Words:
        return Words(self.template, **self.fields)

    def __str__(self) -> str:
        return self.words


def joined(parts: Iterable[str], between: str) -> Words:
    """Phrases with something between them that is the same in every language, such as "; "."""
    named = {f"part_{i}": part for i, part in enumerate(parts)}
    template = between.join(f"{{{name}}}" for name in named)
    return Words(template, **named)


def and_more(names: Sequence[str], count: int) -> Words:
    """ "a, b and 3 more": the first of `count` names."""
    first = joined(names, ", ")
    if count <= len(names):
        return Words("{first}", first=first)
    return Words("{first} and {more} more", first=first, more=count - len(names))


def say(words: str, language: str = ENGLISH, place: Path | None = None) -> str:
    """Words in a language (`str(error)` are such); any other text as it is."""
    if not isinstance(words, Words) or language == ENGLISH:
        return words
    return _said(words, tongue(language, place))


def filled(template: str, fields: Mapping[str, Any], spoken: Tongue = _ENGLISH) -> str:
    """A template with its fields; one that is not there stays as it is written."""

    def value(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        if found[1] not in fields:
            return found[0]
        return _told(fields[found[1]], found[2] is not None, found[3] or "", spoken)

    return FIELD.sub(value, template)


def keepable(words: str) -> str:
    """Words as text that can be kept in a file or sent to another process; `again` reads it."""
    import json

    if not isinstance(words, Words):
        return words
    try:
        return json.dumps(_plain(words))
    except RecursionError:  # phrases within phrases within phrases …
        return str.__str__(words)


def again(text: str) -> str:
    """What was kept; a text that was none of Words' as it is."""
    import json

    try:
        return _read_plain(json.loads(text))
    except (ValueError, TypeError, LookupError, RecursionError):
        return text


@functools.lru_cache(maxsize=8)
def tongue(language: str, place: Path | None = None) -> Tongue:
    """A language's catalogue; fr_CA is told as fr where it has none, and what cannot be read as
    English."""
    for code in (language, language.replace("-", "_").partition("_")[0]):
        if code != ENGLISH and code.replace("_", "").isalnum():
            found = _read(code, place)
            if found is not None:
                return found
    return _ENGLISH


def _said(words: Words, spoken: Tongue) -> str:
    template = spoken.sentences.get(words.template, words.template)
    return sentence(filled(template, words.fields, spoken))


def _told(value: Any, is_quoted: bool, spec: str, spoken: Tongue) -> str:
    """One field. What a spec cannot tell (a text as a size) is told as it is."""
    try:
        if isinstance(value, Words):
            return value if spoken is _ENGLISH else _said(value, spoken)
        if is_quoted:
            return repr(value)
        if "|" in spec:
            forms = spec.split("|")
            return forms[min(PLURALS[spoken.plural](value), len(forms) - 1)]
        if spec in FORMATTERS:
            return spoken.figures(FORMATTERS[spec](value), has_units=True)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return spoken.figures(format(value, spec if _PLAIN.fullmatch(spec) else ""))
    except (TypeError, ValueError, ArithmeticError, RecursionError):
        pass
    return str(value)


def _kept(value: Any) -> Any:
    """A field as it is kept: plain, so that it holds nothing alive and never changes; and bounded,
    so that it can be told."""
    try:
        if isinstance(value, Words | bool) or value is None:
            return value
        if isinstance(value, numbers.Integral):
            return _whole(int(value))
        if isinstance(value, numbers.Real):
            return _real(value)
        return _bounded(str(value))  # of an error its Words
    except Exception:  # a foreign object's own
        return type(value).__name__


def _whole(value: int) -> Any:
    """Python refuses the figures of very long numbers, and floats end at 1,024 bits."""
    if value.bit_length() <= DIGITS:
        return value
    return Words("a number of {bits} bits", bits=value.bit_length())


def _real(value: Any) -> Any:
    try:
        return float(value)
    except OverflowError:  # a fraction may be larger
        return _bounded(str(value))


def _bounded(text: str) -> str:
    """Words as they are; of any other text no more than `sentence` leaves of it."""
    if isinstance(text, Words):
        return text
    if len(text) > 4 * MOST_OF_SENTENCE:
        return text[: 3 * MOST_OF_SENTENCE] + text[-MOST_OF_SENTENCE:]
    return str.__str__(text)  # no kind of text of its own


def _plain(value: Any) -> Any:
    """Words as a list of template and fields, in turn."""
    if not isinstance(value, Words):
        return value
    return [value.template, {name: _plain(field) for name, field in value.fields.items()}]


def _read_plain(value: Any) -> Words:
    template, fields = value
    if not isinstance(template, str) or not isinstance(fields, dict):
        raise TypeError
    told = {name: _read_plain(f) if isinstance(f, list) else f for name, f in fields.items()}
    return Words(template, **told)


def _again(template: str, fields: dict[str, Any]) -> Words:
    return Words(template, **fields)


def _read(code: str, place: Path | None) -> Tongue | None:
    """From a folder, or from what comes with the program: there it may lie in an archive."""
    import tomllib

    from engine.base.paths import resource  # whose errors are Words

    name = f"{code}{SUFFIX}"
    try:
        file = place / name if place is not None else resource(FOLDER, name)
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, ModuleNotFoundError):
        return None
    plural = table.get("plural")
    return Tongue(
        code,
        _texts(table.get("sentences")),
        _texts(table.get("units")),
        _text(table.get("thousands"), ","),
        _text(table.get("decimal"), "."),
        plural if isinstance(plural, str) and plural in PLURALS else "not-one",
        _text(table.get("percent"), "%"),
    )


def _texts(table: object) -> dict[str, str]:
    """The entries of a table that say something."""
    pairs = table.items() if isinstance(table, dict) else ()
    return {key: text for key, text in pairs if isinstance(text, str) and text}


def _text(value: object, usual: str) -> str:
    return value if isinstance(value, str) and len(value) <= 2 else usual
