"""Merges as pairs of tokenizer.json against merges by score, which is all that GGUF's llama has.

Where scores cannot say the same, the pairs themselves go into a key of our own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.text.own_keys import MERGES
from engine.text.pretokenizers import PRE_IGNORE, PRE_PATTERNS
from engine.workshop.convert.vocabulary.lists import NORMAL, VocabularyLists

Pairs = list[tuple[str, str]]


def read_merges(merges: Any, name: str) -> Iterator[tuple[str, str]]:
    """Pairs, written as "a b" in older files and as lists in newer ones."""
    if not isinstance(merges, list):
        raise FormatError("{name}: the BPE model has no merges", name=name)
    for merge in merges:
        pair = merge.split(" ", 1) if isinstance(merge, str) else merge
        if (
            not isinstance(pair, list)
            or len(pair) != 2
            or not all(isinstance(half, str) and half for half in pair)
        ):
            raise FormatError(
                "{name}: the merge {merge!r} is no pair of texts", name=name, merge=str(merge)[:60]
            )
        yield pair[0], pair[1]


def possible(merges: Pairs, found: VocabularyLists, name: str, notices: list[str]) -> Pairs:
    """The merges whose halves and whole are tokens; the others can never come about."""
    known = set(found.tokens)
    kept = [(a, b) for a, b in merges if a in known and b in known and a + b in known]
    if len(kept) * 2 < len(merges):
        raise FormatError(
            "{name}: {n_merges} of its {total} merges join what is no token; merges and "
            "vocabulary do not belong together",
            name=name,
            n_merges=len(merges) - len(kept),
            total=len(merges),
        )
    if len(kept) < len(merges):
        notices.append(
            Words(
                "{name}: {n_merges} of its {n_merges_2} merges join what is no token of its "
                "vocabulary; they are left out",
                name=name,
                n_merges=len(merges) - len(kept),
                n_merges_2=len(merges),
            )
        )
    return kept


def score_merges(
    found: VocabularyLists,
    merges: Pairs,
    ignore_merges: bool,
    keys: dict[str, Any],
    notices: list[str],
) -> None:
    """Scores: what is merged earlier scores higher. With pairs, if that is not the same."""
    rank: dict[str, int] = {}
    for i, (left, right) in enumerate(merges):
        rank.setdefault(left + right, i)
    found.scores = [-float(rank.get(str(text), len(merges))) for text in found.tokens]
    if not ignore_merges and PRE_PATTERNS not in keys and _same_by_score(found, merges):
        return
    keys[MERGES] = [f"{left} {right}" for left, right in merges if " " not in left + right]
    if ignore_merges:
        keys[PRE_IGNORE] = True
    notices.append(
        Words(
            "this tokenizer's merges cannot be said with scores, as GGUF has them; they are in the "
            "file, but other programs do not read them and may cut words differently"
        )
    )


def merge_pieces(found: VocabularyLists, merges: Pairs, ignore_merges: bool) -> bool:
    """Makes Gemma 4's kind of it, which has merges instead of scores, where GGUF can say it so.

    That kind cuts text beside line ends.
    """
    own = any("." in key for key in found.keys) or found.keys.get("add_space_prefix")
    over_lines = any("\n" in a + b and (a + b).strip("\n") for a, b in merges)
    if own or ignore_merges or over_lines or not merges:
        return False
    found.kind, found.scores = "gemma4", []
    found.merges = [f"{left} {right}" for left, right in merges if " " not in left + right]
    return True


def _same_by_score(found: VocabularyLists, merges: Pairs) -> bool:
    """Whether every way to put a token together is a merge, and those of one token are neighbours.

    Merging by score joins any two neighbours that make a token.
    """
    if _returns([left + right for left, right in merges]):
        return False
    known = {
        str(text) for text, kind in zip(found.tokens, found.types, strict=True) if kind == NORMAL
    }
    pairs = set(merges)
    return not any(
        text[:cut] in known and text[cut:] in known and (text[:cut], text[cut:]) not in pairs
        for text in known
        for cut in range(1, len(text))
    )


def _returns(wholes: Sequence[str]) -> bool:
    """Whether a value comes back after another one."""
    seen: set[str] = set()
    before = None
    for whole in wholes:
        if whole != before and whole in seen:
            return True
        seen.add(whole)
        before = whole
    return False
