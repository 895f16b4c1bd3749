"""Figures as people say them, and words as they are found. No Qt here."""

import unicodedata
from datetime import date, datetime, timedelta

from engine.api import sizes
from engine.base.events import Timings


def statistics_line(t: Timings) -> str:
    """ "31.4 tok/s · 186 tokens · reused 412 of 431 prompt tokens"."""
    parts = [sizes.speed(t.tokens_per_second, is_measured=True), f"{t.predicted_n:,} tokens"]
    prompt = t.prompt_n + t.cached_n
    if t.cached_n:
        parts.append(f"reused {t.cached_n:,} of {prompt:,} prompt tokens")
    elif prompt:
        parts.append(f"{prompt:,} prompt tokens")
    if t.accepted_n:
        parts.append(f"{t.accepted_n:,} of {t.draft_n:,} guesses right")
    return " · ".join(parts)


def day_group(when: datetime, today: date) -> str:
    """Today, Yesterday, Last 7 days, then months."""
    day = when.date()
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if day > today - timedelta(days=7):
        return "Last 7 days"
    if day > today - timedelta(days=30):
        return "Last 30 days"
    return f"{when:%B %Y}"


def title_of(text: str) -> str:
    """A chat's first title: the beginning of what was asked, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= 44:
        return line or "New chat"
    cut = line[:44].rsplit(" ", 1)[0]
    return (cut if len(cut) > 20 else line[:44]) + "…"


def count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


BEFORE, AFTER = 14, 120  # letters around a find that a row of the list shows


def finds(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand in the text, in order: capitals and accents make no difference."""
    folded = _folded(text)
    places: list[tuple[int, int]] = []
    for word in {_folded(word) for word in words.split()}:
        at = folded.find(word) if word else -1
        while at >= 0:
            places.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    return sorted(places)


def holds(text: str, words: str) -> bool:
    """Whether all the words stand in the text."""
    folded = _folded(text)
    return all(_folded(word) in folded for word in words.split())


def _folded(text: str) -> str:
    """One letter for each of the text, so that places are the same in both."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFD", letter)[:1].lower()[:1] or " " for letter in text)


def around(text: str, words: str) -> tuple[str, str, str]:
    """The first find on one line: what stands before it, itself, what follows."""
    line = " ".join(text.split())
    start, end = next(iter(finds(line, words)), (0, 0))
    first = max(0, start - BEFORE)
    before = ("…" if first else "") + line[first:start]
    return before, line[start:end], line[end : end + AFTER]
