"""How well a few letters fit a line of words, as people type them who know what they want. No Qt.

Letters of a word stand in their order, if not side by side; beginnings of words and letters that
follow each other count more. Capitals and accents make no difference.
"""

import unicodedata

BEGIN, FOLLOWS, SKIPPED, LATE = 8.0, 5.0, 0.2, 0.02


def fit(words: str, sought: str) -> float:
    """0: it does not fit; else the larger, the better. What is sought may be several words, which
    may stand anywhere."""
    line = folded(words)
    total = 0.0
    for part in folded(sought).split():
        best = _fit_part(line, part)
        if not best:
            return 0.0
        total += best
    return total or 1.0


def _fit_part(line: str, part: str) -> float:
    """From each place where it can begin, the letters are taken as they come."""
    best, at = 0.0, line.find(part[0])
    while at >= 0:
        best = max(best, _from(line, part, at))
        at = line.find(part[0], at + 1)
    return best


def _from(line: str, part: str, start: int) -> float:
    score, before = 0.0, start - 1
    for letter in part:
        at = line.find(letter, before + 1)
        if at < 0:
            return 0.0
        begins = at == 0 or not line[at - 1].isalnum()
        score += 1.0 + BEGIN * begins + FOLLOWS * (at == before + 1 and letter != part[0])
        score -= SKIPPED * (at - before - 1)
        before = at
    return max(score - LATE * start, 0.01)


def folded(text: str) -> str:
    """Without accents, in small letters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
