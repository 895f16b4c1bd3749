"""How text is cut before merging: from tokenizer.json's own expressions to a name GGUF knows.

The expressions decide, never a table of hashes. Unknown ones are carried in keys of our own, which
our engine reads; what cannot be said as expressions is refused.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import UnsupportedError
from engine.text.pretokenizers import (
    CARRIED,
    GPT2,
    PRE_IGNORE,
    PRE_PATTERNS,
    find_pretokenizer,
    pretokenizer_names,
)
from engine.workshop.convert.vocabulary.allow import pattern_of, refused, steps
from engine.workshop.convert.vocabulary.spellings import BEHIND, canonical, other_name

NAME = "tokenizer.json"

# Of several names with the same habits, the one other programs know best.
PREFERRED = ("llama-bpe", "qwen2", "gpt-2", "starcoder", "tekken", "deepseek-v3", "gpt-4o")
PUNCTUATION = r"[\p{P}\$\+<=>\^~\|`]"


def pre_keys(
    tokenizer: dict[str, Any],
    ignore_merges: bool,
    notices: list[str] | None = None,
    merges: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """tokenizer.ggml.pre, and with an unknown way of cutting the expressions themselves."""
    patterns = tuple(_patterns(steps(tokenizer, "pre_tokenizer", NAME)))
    if name := _known_name(patterns, ignore_merges) or (
        None if ignore_merges else other_name(patterns, merges)
    ):
        return {"pre": name}
    if any(pattern.startswith(BEHIND) for pattern in patterns):
        raise _refused(Words("{step} behind ByteLevel", step="Split"))
    if notices is not None:
        notices.append(
            Words(
                "GGUF has no name for the way this tokenizer splits words; its expressions "
                "are in the file, but other programs do not read them and refuse the file"
            )
        )
    keys: dict[str, Any] = {"pre": CARRIED, PRE_PATTERNS: list(patterns)}
    if ignore_merges:
        keys[PRE_IGNORE] = True
    return keys


def _known_name(patterns: tuple[str, ...], ignore_merges: bool) -> str | None:
    """The name under which these expressions are known, in this spelling or in another."""
    own = tuple(map(canonical, patterns))
    found: list[str] = []
    for name in (*PREFERRED, *pretokenizer_names()):
        known = find_pretokenizer(name)
        if known is None or not known.byte_level or known.drops_spaces:
            continue
        if known.ignore_merges == ignore_merges:
            if known.patterns == patterns:
                return name
            if tuple(map(canonical, known.patterns)) == own:
                found.append(name)
    return found[0] if found else None


def is_byte_level(tokenizer: dict[str, Any]) -> bool:
    """Whether text becomes GPT-2's letters for bytes."""
    return any(step.get("type") == "ByteLevel" for step in steps(tokenizer, "pre_tokenizer", NAME))


def _patterns(found: list[dict[str, Any]]) -> Iterator[str]:
    """The expressions of all steps. The last one makes bytes: others would see its letters."""
    if not found:
        raise _refused(Words("none at all"))
    kinds = [step.get("type") for step in found]
    if "ByteLevel" in kinds[:-1] and kinds[-2:] != ["Digits", "Split"]:
        behind = str(kinds[kinds.index("ByteLevel") + 1])[:40]
        raise _refused(Words("{step} behind ByteLevel", step=behind))
    for place, step in enumerate(found):
        sees_bytes = "ByteLevel" in kinds[:place]
        yield from (BEHIND * sees_bytes + pattern for pattern in _patterns_of(step))
    if "ByteLevel" not in kinds:
        raise _refused(Words("without ByteLevel, and the model without byte_fallback"))


def _patterns_of(step: dict[str, Any]) -> list[str]:
    kind = step.get("type")
    if kind == "ByteLevel":
        # Absent means true in both.
        if step.get("add_prefix_space", True):
            raise _refused(Words("ByteLevel with add_prefix_space"))
        return [GPT2] if step.get("use_regex", True) else []
    if kind == "Split":
        return [split_pattern(step)]
    if kind == "Digits":
        return [r"\p{N}" if step.get("individual_digits") else r"\p{N}+"]
    if kind == "Punctuation" and step.get("behavior", "Isolated") in ("Contiguous", "Isolated"):
        return [PUNCTUATION + ("+" if step.get("behavior") == "Contiguous" else "")]
    raise _refused(str(kind)[:40])


def split_pattern(step: dict[str, Any]) -> str:
    """The expression whose matches stand alone."""
    text, is_regex = pattern_of(step, NAME)
    behavior, invert = step.get("behavior"), bool(step.get("invert", False))
    regex = text if is_regex else str(re.escape(text))
    if (behavior, invert) == ("Removed", True) and not _leaves_gaps(regex):
        return regex  # what lies between the matches would be thrown away, but nothing does
    if behavior != "Isolated":
        raise _refused(
            Words("Split with behavior {behavior} and invert", behavior=str(behavior)[:20])
            if invert
            else Words("Split with behavior {behavior}", behavior=str(behavior)[:20])
        )
    return regex


@cache
def _leaves_gaps(regex: str) -> bool:
    """Whether some text is not matched: of the known expressions, tried with letters of every sort.

    Others are taken to leave gaps. They may also never come to an end.
    """
    from tokenizers import Regex, pre_tokenizers

    known = (find_pretokenizer(name) for name in pretokenizer_names())
    if not any(regex in found.patterns for found in known if found is not None):
        return True
    cut = pre_tokenizers.Split(Regex(regex), "removed", invert=True)
    text = "".join(f"{c}{c}a{c} {c}\n{c}1  {c}\t" for c in _samples())
    return "".join(piece for piece, _ in cut.pre_tokenize_str(text)) != text


def _samples() -> list[str]:
    """Some letters of each of Unicode's categories, and all of ASCII."""
    kept: dict[str, list[str]] = {}
    for code in [*range(0x3000), *range(0x3000, 0x20000, 7)]:
        if not 0xD800 <= code < 0xE000:
            found = kept.setdefault(unicodedata.category(chr(code)), [])
            if code < 128 or len(found) < 40:
                found.append(chr(code))
    return [letter for letters in kept.values() for letter in letters]


def _refused(what: str) -> UnsupportedError:
    return refused(NAME, "pre_tokenizer", what)
