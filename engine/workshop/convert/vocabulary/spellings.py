"""One way of cutting text has several spellings: expressions that find the same in every text.

`canonical` brings them into one; each rule says why nothing changes. `OTHERS` are whole ways that
differ from a known one only where no merge of the vocabulary reaches, which is looked up.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.text.pretokenizers import GPT2, SHORT, find_pretokenizer

BEHIND = "behind bytes: "  # before an expression that sees the letters of bytes
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
RULES: tuple[tuple[str, str], ...] = (
    # The line ends themselves or their names.
    ("\r", r"\r"),
    ("\n", r"\n"),
    # The contractions in another order.
    (r"'(?i:[sdmt]|ll|ve|re)", SHORT),
    # Nothing that was taken could be given back: what follows is of another class.
    (r"[^\r\n\p{L}\p{N}]?+\p{L}", r"[^\r\n\p{L}\p{N}]?\p{L}"),
    (r"[^\s\p{L}\p{N}]++", r"[^\s\p{L}\p{N}]+"),
    (r"\p{N}{1}|", r"\p{N}|"),
    # Line ends are space, so \s* has taken all but the last already.
    (r"\s*[\r\n]|", r"\s*[\r\n]+|"),
    # A class within a class is their union (BLOOM).
    (
        "[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]",
        "[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]",
    ),
)


def canonical(pattern: str) -> str:
    """The expression in the spelling that all like it share."""
    pattern = ESCAPED.sub(lambda found: _letter(found[0], int(found[1], 16)), pattern)
    for old, new in RULES:
        pattern = pattern.replace(old, new)
    # Before it, spaces that more of them follow have been taken.
    return re.sub(r"\|\\s$", r"|\\s+", pattern) if r"\s+(?!\S)" in pattern else pattern


def _letter(escape: str, code: int) -> str:
    return chr(code) if code > 127 and not 0xD800 <= code < 0xE000 else escape


@dataclass(frozen=True)
class Other:
    """A way of cutting that is `name`'s as long as no merge makes what `never` finds."""

    patterns: tuple[str, ...]
    name: str
    never: str


def _deepseek() -> tuple[str, ...]:
    known = find_pretokenizer("deepseek-llm")
    return (*known.patterns[:-1], r"\p{N}") if known else ()


def _afmoe() -> tuple[str, ...]:
    known = find_pretokenizer("afmoe")
    return (
        r"\p{Nd}{1,510}(?=(?>\p{Nd}{510})*(?:\P{Nd}|$))|\G\p{Nd}{510}",
        r"\A\p{Nd}{1,2}(?=\p{Nd}{3}+\z)",
        r"\A\p{Nd}{3}|\G\p{Nd}{3}",
        *(known.patterns[1:] if known else ()),
    )


OTHERS = (
    # Digits one by one, or together where no token has two.
    Other(_deepseek(), "deepseek-llm", r"[0-9][0-9]"),
    # The letters of some bytes count as digits; what is cut there was cut in training, too.
    Other(
        (
            r"[\p{P}\$\+<=>\^~\|`]+",
            GPT2,
            BEHIND + r"\p{N}+",
            BEHIND + "[0-9][0-9][0-9]",
        ),
        "falcon",
        "[0-9][^0-9]|[^0-9][0-9]|.[\u00b2\u00b3\u00b9\u00bc\u00bd\u00be]|[\u00b2\u00b3\u00b9\u00bc\u00bd\u00be].",
    ),
    # Groups of three from the right, in three steps.
    Other(_afmoe(), "afmoe", r"$^"),
)


def other_name(patterns: tuple[str, ...], merges: Iterable[tuple[str, str]]) -> str | None:
    """The name of a way that does the same to this vocabulary."""
    own = tuple(map(canonical, patterns))
    for other in OTHERS:
        if own == tuple(map(canonical, other.patterns)):
            never = re.compile(other.never)
            if not any(never.search(left + right) for left, right in merges):
                return other.name
    return None
