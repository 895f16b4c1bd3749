"""How text is cut before merging: from tokenizer.json's own expressions to a name GGUF knows.

The expressions decide, never a table of hashes. Unknown ones are carried in keys of our own, which
our engine reads; what cannot be said as expressions is refused.
"""

import re
from typing import Any

from engine.base.errors import UnsupportedError
from engine.text.pretokenizers import (
    CARRIED,
    GPT2,
    PRE_IGNORE,
    PRE_PATTERNS,
    find_pretokenizer,
    pretokenizer_names,
)

# Of several names with the same habits, the one other programs know best.
PREFERRED = ("llama-bpe", "qwen2", "gpt-2", "starcoder", "tekken", "deepseek-v3", "gpt-4o")
PUNCTUATION = r"[\p{P}\$\+<=>\^~\|`]"


def pre_keys(tokenizer: dict[str, Any], ignore_merges: bool) -> dict[str, Any]:
    """tokenizer.ggml.pre, and with an unknown way of cutting the expressions themselves."""
    patterns = tuple(_patterns(tokenizer.get("pre_tokenizer")))
    for name in (*PREFERRED, *pretokenizer_names()):
        known = find_pretokenizer(name)
        if known is None or not known.byte_level or known.drops_spaces:
            continue
        if known.patterns == patterns and known.ignore_merges == ignore_merges:
            return {"pre": name}
    keys: dict[str, Any] = {"pre": CARRIED, PRE_PATTERNS: list(patterns)}
    if ignore_merges:
        keys[PRE_IGNORE] = True
    return keys


def _patterns(step: Any) -> list[str]:
    """The expressions of a pre-tokenizer, in order."""
    if not isinstance(step, dict):
        raise _refused("none at all" if step is None else "something odd")
    kind = step.get("type")
    if kind == "Sequence":
        steps = step.get("pretokenizers")
        if not isinstance(steps, list) or len(steps) > 16:
            raise _refused("a sequence without steps")
        return [pattern for each in steps for pattern in _patterns(each)]
    if kind == "ByteLevel":
        if step.get("add_prefix_space"):
            raise _refused("ByteLevel with add_prefix_space")
        return [GPT2] if step.get("use_regex", True) else []
    if kind == "Split":
        return [_split(step)]
    if kind == "Digits":
        return [r"\p{N}" if step.get("individual_digits") else r"\p{N}+"]
    if kind == "Punctuation" and step.get("behavior") in ("Contiguous", "Isolated"):
        return [PUNCTUATION + ("+" if step["behavior"] == "Contiguous" else "")]
    raise _refused(str(kind)[:40])


def _split(step: dict[str, Any]) -> str:
    pattern = step.get("pattern")
    behavior, invert = step.get("behavior"), bool(step.get("invert", False))
    # Either the matches stand alone, or what lies between them is thrown away (where nothing does).
    if (behavior, invert) not in (("Isolated", False), ("Removed", True), ("Isolated", True)):
        raise _refused(f"Split with behavior {str(behavior)[:20]}")
    if isinstance(pattern, dict) and isinstance(pattern.get("Regex"), str):
        return str(pattern["Regex"])
    if isinstance(pattern, dict) and isinstance(pattern.get("String"), str):
        return str(re.escape(pattern["String"]))
    raise _refused("Split without a pattern")


def _refused(what: str) -> UnsupportedError:
    return UnsupportedError(
        f"tokenizer.json: its pre_tokenizer is {what}, which cannot be expressed in a GGUF file"
    )
