"""Figures as people say them, and words as they are found. No Qt here."""

from datetime import date, datetime, timedelta

from engine.api import sizes
from engine.base.events import Timings
from gui.prose.places import finds


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


def full_words(size: int, n_ctx_train: int) -> str:
    """An answer met the end of the context; whether there could be a larger one."""
    words = f"The context of {size:,} tokens is full"
    if size < n_ctx_train:
        return f"{words}. Settings can give the model a larger one."
    return f"{words}; this model can look back no further."


def too_long_words(n_prompt: int, n_ctx: int, *, alone: bool) -> str:
    """What is asked does not fit. `alone`: even without what was said before."""
    what = "This exchange alone" if alone else "This conversation"
    return f"{what} has {n_prompt:,} tokens, but the context holds {n_ctx:,}."


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


def around(text: str, words: str) -> tuple[str, str, str]:
    """The first find on one line: what stands before it, itself, what follows."""
    line = " ".join(text.split())
    start, end = next(iter(finds(line, words)), (0, 0))
    first = max(0, start - BEFORE)
    before = ("…" if first else "") + line[first:start]
    return before, line[start:end], line[end : end + AFTER]


def when_words(when: datetime, now: datetime) -> str:
    """ "just now", "12 min ago", "3 h ago", "yesterday", "Monday", "3 May"."""
    minutes = int((now - when).total_seconds() / 60)
    days = (now.date() - when.date()).days
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if days == 0 or minutes < 6 * 60:
        return f"{minutes // 60} h ago"
    if days == 1:
        return "yesterday"
    if days < 7:
        return f"{when:%A}"
    return f"{when.day} {when:%B}" + (f" {when.year}" if when.year != now.year else "")
