"""Vocabularies that write spaces as U+2581: where one is put in front, and how text is cut.

From the normalizer (Prepend, Replace) or the pre-tokenizer (Metaspace) of tokenizer.json.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.text.own_keys import EXTRA_SPACES, FORMS, NORMALIZER, SPACE_PREFIX
from engine.text.pretokenizers import PRE_PATTERNS
from engine.workshop.convert.vocabulary.allow import pattern_of, refused, steps
from engine.workshop.convert.vocabulary.lists import NORMAL, VocabularyLists
from engine.workshop.convert.vocabulary.pre import split_pattern

SPACE = "\u2581"
SCHEMES = {"always": "each-unless-space", "first": "first-unless-space", "never": "none"}


@dataclass
class _Habits:
    """What the steps do, gathered one after the other."""

    name: str
    prefix: str = "none"  # a key of own_keys.SPACES
    replaces: bool = False  # spaces become U+2581
    forms: list[str] = field(default_factory=list)
    charsmap: bytes = b""
    patterns: list[str] = field(default_factory=list)
    likeliest: bool = False  # the likeliest cut is taken: of such vocabularies more is understood
    splits: bool = False  # at whitespace of any kind and length
    merges: bool = False  # runs of spaces become one
    strips: set[str] = field(default_factory=set)  # left, right

    @property
    def extra(self) -> str:
        """One of own_keys.EXTRAS."""
        if self.splits:
            return "split"
        return "-".join([*["merge"] * self.merges, *sorted(self.strips)]) or "none"


def space_keys(
    tokenizer: dict[str, Any],
    found: VocabularyLists,
    name: str,
    notices: list[str],
    *,
    likeliest: bool = False,
) -> dict[str, Any]:
    """The keys for a vocabulary with byte fallback, or one that is cut the likeliest way."""
    habits = _Habits(name, likeliest=likeliest)
    for step in steps(tokenizer, "normalizer", name):
        _normalize(step, habits)
    for step in steps(tokenizer, "pre_tokenizer", name):
        _cut(step, habits, found)
    if not habits.replaces:
        raise refused(name, "normalizer", Words("without a step that writes spaces as U+2581"))
    keys: dict[str, Any] = {"add_space_prefix": habits.prefix != "none"}
    if habits.prefix not in ("none", "each"):
        keys[SPACE_PREFIX] = habits.prefix
    if habits.charsmap:
        keys["precompiled_charsmap"] = np.frombuffer(habits.charsmap, np.uint8)
    if habits.forms:
        keys[NORMALIZER] = habits.forms
    if habits.patterns:
        keys[PRE_PATTERNS] = habits.patterns
    if likeliest:
        keys[EXTRA_SPACES] = habits.extra
        return keys
    if habits.charsmap or [form for form in habits.forms if form != "NFC"]:
        notices.append(
            Words("{name} changes letters before reading; other programs leave them", name=name)
        )
    return keys


def _normalize(step: dict[str, Any], habits: _Habits) -> None:
    kind = str(step.get("type"))
    if kind in FORMS and not habits.charsmap:
        habits.forms.append(kind)
    elif kind == "Precompiled" and not habits.merges and not habits.strips:
        habits.charsmap = _charsmap(step, habits.name)
    elif kind == "Prepend" and step.get("prepend") == SPACE:
        habits.prefix = "each"
    elif kind == "Replace" and _is_space(step) and step.get("content") == SPACE:
        habits.replaces = True
    elif habits.likeliest and kind == "Replace" and _is_run(step):
        habits.merges = True
    elif habits.likeliest and kind == "Strip":
        habits.strips |= {
            side for side in ("left", "right") if step.get(f"strip_{side}", True) is not False
        }
    else:
        raise refused(habits.name, "normalizer", f"{kind} {step.get('prepend', '')}".strip())


def _is_space(step: dict[str, Any]) -> bool:
    return step.get("pattern") in ({"String": " "}, {"Regex": " "})


def _is_run(step: dict[str, Any]) -> bool:
    """Whether a run of spaces becomes one; a space becomes U+2581 later anyway."""
    runs = ({"Regex": " {2,}"}, {"Regex": "  +"}, {"Regex": " +"})
    return step.get("pattern") in runs and step.get("content") in (" ", SPACE)


def _charsmap(step: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(step.get("precompiled_charsmap") or "", validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise FormatError("{name}: its normalizer Precompiled holds no base64", name=name) from None


def _cut(step: dict[str, Any], habits: _Habits, found: VocabularyLists) -> None:
    kind = step.get("type")
    if kind == "Metaspace":
        _metaspace(step, habits, found)
    elif kind == "Split":
        _split(step, habits, found)
    elif kind == "WhitespaceSplit" and habits.likeliest and not habits.replaces:
        habits.splits = True
    elif kind == "Digits" and step.get("individual_digits"):
        habits.patterns.append(r"\p{N}")
    else:
        raise refused(habits.name, "pre_tokenizer", kind)


def _metaspace(step: dict[str, Any], habits: _Habits, found: VocabularyLists) -> None:
    if step.get("replacement", SPACE) != SPACE:
        raise refused(
            habits.name, "pre_tokenizer", Words("Metaspace with another sign than U+2581")
        )
    scheme = step.get("prepend_scheme") or "always"
    if scheme not in SCHEMES or (habits.splits and scheme != "always"):
        raise refused(
            habits.name, "pre_tokenizer", Words("Metaspace, {scheme}", scheme=str(scheme)[:40])
        )
    if habits.prefix == "none":  # else there is a space already
        habits.prefix = SCHEMES[scheme]
    habits.replaces = True
    if step.get("split", True) and _joins(found, lambda text: SPACE in text[1:]):
        habits.patterns.append(f"{SPACE}[^{SPACE}]*|[^{SPACE}]+")


def _split(step: dict[str, Any], habits: _Habits, found: VocabularyLists) -> None:
    text, is_regex = pattern_of(step, habits.name)
    if text == " " and habits.replaces:
        return  # there are no spaces left
    if not is_regex and len(text) == 1 and not _joins(found, lambda token: text in token):
        return  # no token reaches over such a cut
    if text == SPACE and step.get("behavior") == "MergedWithNext":
        habits.patterns.append(f"{SPACE}[^{SPACE}]*|[^{SPACE}]+")
    else:
        habits.patterns.append(split_pattern(step))


def _joins(found: VocabularyLists, reaches: Any) -> bool:
    """Whether an ordinary token of several letters would be cut."""
    return any(
        kind == NORMAL and len(text) > 1 and reaches(str(text))
        for text, kind in zip(found.tokens, found.types, strict=True)
    )


def is_byte(text: str | bytes) -> bool:
    """Whether a token is spelled as a byte: <0x0A>."""
    return isinstance(text, str) and bool(re.fullmatch("<0x[0-9A-Fa-f]{2}>", text))
