"""Texts of many scripts, and a vocabulary in which each cut between words shows in the tokens.

Every pair of neighbouring bytes in the texts is a merge, in no sensible order: where a cut keeps
one from happening, other tokens come out.
"""

import random
from typing import Any

from helpers.vocabularies import CONTROL, KEY, NORMAL, byte_letters

ALPHABETS = (
    *(
        "abcdefghij",
        "ABCDEFGH",
        "éèüßñøÅÉ",
        "αβγδΔΩ",
        "абвгДЖЯ",
        "中文字漢字",
        "あいうアイウー",
        "한국어글",
    ),
    *("01234567890123456789", "०१٣٤½²Ⅷ", "'\u2019\"`", "!?.,;:-_/\\()[]{}<>|~^$+=*&%#@"),
    *("\u2026。，、।۔،", "\n\n\r\t  \u3000\xa0", "नमस्ते", "ที่นี่", "مرحبا", "שלום"),
    *("\u0301\u0308", "🙂👩\u200d👩\u200d👧🇩🇪", "ǅʰªᵃ"),
)
SHORT = ("'s", "'S", "'re", "'Re", "'LL", "'ll", "'d", "'ve", "'VE", "'m", "'T")
BLANKS = (" ", "  ", "\n", " \n", "\n\n")
FIXED = (
    "Hello World's don't I'M you'RE THEY'LL he'd",
    "x=12345678; y+=1000000 1,234.56",
    "  a   b \n\n c\r\n\r\n\t d   ",
    "HelloWorld helloWORLD iPhone XMLHttpRequest",
    "foo/bar//baz\n/path\r\n//x",
    "100000 1234 12 1234567890123",
    "中文ABC中文123日本語カタカナ한국어 text",
    "#include <stdio.h>\nint main(){return 0;}",
    "\u2026.,!? (a|b)",
    "é\u0300x café naïve",
)


def cut_texts(count: int = 60) -> list[str]:
    """The same texts every time."""
    chance = random.Random(1)
    return [*FIXED, *(_text(chance) for _ in range(count))]


def _text(chance: random.Random) -> str:
    parts: list[str] = []
    for _ in range(chance.randint(1, 14)):
        if chance.random() < 0.1:
            parts.append(chance.choice(SHORT))
        else:
            alphabet = chance.choice(ALPHABETS)
            parts += [chance.choice(alphabet) for _ in range(chance.randint(1, 5))]
        if chance.random() < 0.35:
            parts.append(chance.choice(BLANKS))
    return "".join(parts)


def pairs_metadata(texts: list[str], pre: str, **values: Any) -> dict[str, Any]:
    """A byte-level vocabulary of all pairs of bytes in these texts, and some longer tokens."""
    letters = byte_letters()
    pairs = {pair for text in texts for pair in zip(text.encode(), text.encode()[1:], strict=False)}
    merges = [(letters[a], letters[b]) for a, b in sorted(pairs)]
    random.Random(2).shuffle(merges)
    tokens = letters + [a + b for a, b in merges]
    known, more, chance = set(tokens), list[tuple[str, str]](), random.Random(3)
    while len(more) < 1000:
        a, b = chance.choice(tokens[256:]), chance.choice(tokens)
        if a + b not in known:
            known.add(a + b)
            more.append((a, b))
    tokens += [a + b for a, b in more]
    return {
        KEY + "model": "gpt2",
        KEY + "pre": pre,
        KEY + "tokens": [*tokens, "<|end|>"],
        KEY + "token_type": [NORMAL] * len(tokens) + [CONTROL],
        KEY + "merges": [f"{a} {b}" for a, b in merges + more],
        KEY + "bos_token_id": len(tokens),
        KEY + "eos_token_id": len(tokens),
        KEY + "add_bos_token": False,
    } | {KEY + name: value for name, value in values.items()}
