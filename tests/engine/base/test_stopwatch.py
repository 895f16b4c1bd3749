"""Each second counts once, for the innermost part."""

import pytest

from engine.base import stopwatch
from engine.base.stopwatch import Stopwatch


def test_inner_parts_do_not_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, 4.0, 5.0, 6.0, 10.0])
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: next(now))
    watch = Stopwatch()
    with watch.part("packing"):  # 0 to 10
        for _ in range(2):
            with watch.part("reading"):  # 1 to 4, 5 to 6
                pass
    assert watch.seconds == {"reading": 4.0, "packing": 6.0}


def test_what_fails_has_taken_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 2.0, 3.0, 4.0])
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: next(now))
    watch = Stopwatch()
    with pytest.raises(ValueError, match="broken"), watch.part("reading"):
        raise ValueError("broken")
    with watch.part("reading"):
        pass
    assert watch.seconds == {"reading": 3.0}
