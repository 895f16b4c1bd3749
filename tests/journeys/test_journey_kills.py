"""The real window, killed while an answer streams and among other deeds: nothing shown is lost."""

from pathlib import Path

from kills.deed_kills import kill_deeds
from kills.window_kills import kill_windows, tiny_model


def test_a_killed_window_keeps_what_it_showed(tmp_path: Path) -> None:
    figures = kill_windows(tmp_path, tiny_model(tmp_path), kills=3, seed=7)
    assert figures.failures() == [], figures.words()
    assert figures.earlier_lost == 0
    assert sum(outcome.shown for outcome in figures.outcomes) > 0


def test_no_deed_is_lost(tmp_path: Path) -> None:
    """Streaming, editing, branching, moving, deleting, importing."""
    figures = kill_deeds(tmp_path, tiny_model(tmp_path), kills=3, seed=5)
    assert figures.faults == [], figures.words()
    assert figures.intact == 3
    assert figures.due > 0
