"""The real window, killed while an answer streams: what was shown a second before is kept."""

from pathlib import Path

from kills.window_kills import kill_windows, tiny_model


def test_a_killed_window_keeps_what_it_showed(tmp_path: Path) -> None:
    figures = kill_windows(tmp_path, tiny_model(tmp_path), kills=3, seed=7)
    assert figures.failures() == [], figures.words()
    assert figures.earlier_lost == 0
    assert sum(outcome.due for outcome in figures.outcomes) > 0, "something was shown long enough"
