"""Figures as people say them, and words as they are found."""

from datetime import date, datetime, timedelta

from engine.api import sizes
from engine.base.events import Timings
from gui.language import dated, figures, marked, tr
from gui.prose.places import finds


def statistics_line(t: Timings) -> str:
    """ "31.4 tok/s · 186 tokens · reused 412 of 431 prompt tokens"."""
    parts = [
        figures(sizes.speed(t.tokens_per_second, is_measured=True)),
        tr("{n:,} tokens", n=t.predicted_n),
    ]
    prompt = t.prompt_n + t.cached_n
    if t.cached_n:
        parts.append(tr("reused {kept:,} of {n:,} prompt tokens", kept=t.cached_n, n=prompt))
    elif prompt:
        parts.append(tr("{n:,} prompt tokens", n=prompt))
    if t.accepted_n:
        parts.append(tr("{right:,} of {n:,} guesses right", right=t.accepted_n, n=t.draft_n))
    return " · ".join(parts)


def full_words(size: int, n_ctx_train: int) -> str:
    """An answer met the end of the context; whether there could be a larger one."""
    if size < n_ctx_train:
        return tr(
            "The context of {size:,} tokens is full. Settings can give the model a larger one.",
            size=size,
        )
    return tr(
        "The context of {size:,} tokens is full; this model can look back no further.", size=size
    )


def too_long_words(n_prompt: int, n_ctx: int, *, alone: bool) -> str:
    """What is asked does not fit. `alone`: even without what was said before."""
    return tr(
        "This exchange alone has {n:,} tokens, but the context holds {size:,}."
        if alone
        else "This conversation has {n:,} tokens, but the context holds {size:,}.",
        n=n_prompt,
        size=n_ctx,
    )


def day_group(when: datetime, today: date) -> str:
    """Today, Yesterday, Last 7 days, then months."""
    day = when.date()
    if day >= today:
        return tr("Today")
    if day == today - timedelta(days=1):
        return tr("Yesterday")
    if day > today - timedelta(days=7):
        return tr("Last 7 days")
    if day > today - timedelta(days=30):
        return tr("Last 30 days")
    month = dated(day, marked("MMMM yyyy", "a date in Qt's letters"))
    return month[:1].upper() + month[1:]


def title_of(text: str) -> str:
    """A chat's first title: the beginning of what was asked, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= 44:
        return line or tr("New chat")
    cut = line[:44].rsplit(" ", 1)[0]
    return (cut if len(cut) > 20 else line[:44]) + "…"


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
        return tr("just now")
    if minutes < 60:
        return tr("{n} min ago", n=minutes)
    if days == 0 or minutes < 6 * 60:
        return tr("{n} h ago", n=minutes // 60)
    if days == 1:
        return tr("yesterday")
    if days < 7:
        return dated(when.date(), marked("dddd", "a date in Qt's letters"))
    same = when.year == now.year
    return dated(
        when.date(),
        marked("d MMMM", "a date in Qt's letters")
        if same
        else marked("d MMMM yyyy", "a date in Qt's letters"),
    )
