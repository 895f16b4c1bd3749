"""Figures, days and titles as people say them."""

from datetime import date, datetime

from engine.base.events import Timings
from gui.chat.words import day_group, statistics_line, title_of
from gui.widgets.bars import thousands


def test_figures_as_people_say_them() -> None:
    line = statistics_line(Timings(19, 0.2, 186, 5.92, 412))
    assert line == "31.4 tok/s · 186 tokens · reused 412 of 431 prompt tokens"
    line = statistics_line(Timings(19, 0.2, 186, 5.92, draft_n=80, accepted_n=57))
    assert line == "31.4 tok/s · 186 tokens · 19 prompt tokens · 57 of 80 guesses right"
    assert thousands(2187) == "2.2k"
    assert thousands(8192) == "8k"
    assert thousands(512) == "512"


def test_days() -> None:
    today = date(2026, 3, 10)
    at = datetime(2026, 3, 10, 0, 1)
    assert day_group(at, today) == "Today"
    assert day_group(datetime(2026, 3, 9, 23, 59), today) == "Yesterday"
    assert day_group(datetime(2026, 3, 5), today) == "Last 7 days"
    assert day_group(datetime(2026, 1, 1), today) == "January 2026"


def test_titles_are_cut_at_a_word() -> None:
    assert title_of("  hello\n there ") == "hello there"
    cut = title_of("How do I sort a very long list of dates with missing values in it?")
    assert cut.endswith("…")
    assert len(cut) <= 45
