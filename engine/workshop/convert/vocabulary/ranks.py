"""BPE vocabularies that come as ranked byte strings (tiktoken, llm.c): merges are found anew.

A token's rank is the order in which it was learned, so its two halves are the parts that merging
with all lower ranks leaves.
"""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path

from engine.base.errors import FormatError
from engine.base.reading import read_file
from engine.text.tokenizer_bpe import printable_bytes
from engine.workshop.convert.vocabulary.lists import MOST_TOKENS, NORMAL, VocabularyLists

MAX_SIZE = 64 << 20
LONGEST = 256  # bytes of one token


def is_tiktoken(path: Path) -> bool:
    """Lines of base64 and a rank, which no sentencepiece model begins with."""
    with path.open("rb") as file:
        head = file.read(256).split(b"\n")[0].split()
    return len(head) == 2 and head[1].isdigit() and _decoded(head[0]) is not None


def read_tiktoken(path: Path) -> VocabularyLists:
    """A vocabulary of lines "base64 rank"."""
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(read_file(path, MAX_SIZE).splitlines(), 1):
        parts = line.split()
        if not parts:
            continue
        token = _decoded(parts[0]) if len(parts) == 2 and parts[1].isdigit() else None
        if token is None or len(parts[1]) > 8 or len(token) > LONGEST:
            raise FormatError(
                "{file}: line {number} is no token and its rank", file=path.name, number=number
            )
        ranks[token] = int(parts[1])
    return from_ranks(ranks, path.name)


def _decoded(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def from_ranks(ranks: Mapping[bytes, int], where: str) -> VocabularyLists:
    """Tokens at their ranks, spelled as GPT-2 spells bytes, and the merges that make them."""
    if sorted(ranks.values()) != list(range(len(ranks))) or len(ranks) > MOST_TOKENS:
        raise FormatError(
            "{where}: the ranks of its {n_ranks} tokens have gaps", where=where, n_ranks=len(ranks)
        )
    letters = printable_bytes()

    def spelled(token: bytes) -> str:
        return "".join(letters[byte] for byte in token)

    found = VocabularyLists("gpt2", [], [NORMAL] * len(ranks))
    for token in sorted(ranks, key=ranks.__getitem__):
        found.tokens.append(spelled(token))
        if len(token) > 1:
            parts = halves(token, ranks)
            if len(parts) == 2:
                found.merges.append(f"{spelled(parts[0])} {spelled(parts[1])}")
    return found


def halves(token: bytes, ranks: Mapping[bytes, int]) -> list[bytes]:
    """The parts of a token after every merge that was learned before it."""
    own = ranks[token]
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        made = [ranks.get(a + b, own) for a, b in zip(parts, parts[1:], strict=False)]
        best = min(made)
        if best >= own:
            break
        at = made.index(best)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts
