"""Speed limit, hours and patience: pure, by clocks of our own."""

from datetime import datetime

import pytest

from engine.base.errors import ChaskiError, HubError, HubFault, UsageError
from engine.base.events import Stage
from engine.base.pace import Pace
from engine.hub.download_limits import Hours, Limits
from engine.hub.download_patience import Patience, Trouble, trouble_of


def at(words: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-26 {words}")


@pytest.mark.parametrize(
    ("begin", "end", "now", "wait"),
    [
        ("23:00", "07:00", "23:00:00", 0),
        ("23:00", "07:00", "06:59:59", 0),
        ("23:00", "07:00", "07:00:00", 16 * 3600),
        ("23:00", "07:00", "22:59:30", 30),
        ("01:00", "05:30", "00:00:00", 3600),
        ("01:00", "05:30", "05:29:59", 0),
        ("01:00", "05:30", "05:30:00", 19.5 * 3600),
    ],
)
def test_hours_over_midnight_and_within_a_day(begin: str, end: str, now: str, wait: float) -> None:
    assert Hours.parsed(begin, end).wait(at(now)) == wait


@pytest.mark.parametrize(("begin", "end"), [("25:00", "07:00"), ("", "7"), ("07:00", "07:00")])
def test_hours_that_are_none(begin: str, end: str) -> None:
    with pytest.raises(UsageError):
        Hours.parsed(begin, end)


def test_a_limit_holds_over_time_and_may_be_changed() -> None:
    now, taken = [0.0], 0
    limits = Limits(100_000, clock=lambda: now[0])
    while now[0] < 10:
        if pause := limits.wait():
            now[0] += max(pause, 1e-6)
        else:
            limits.took(65_536)
            taken += 65_536
    assert taken == pytest.approx(1_000_000, rel=0.15)
    limits.max_rate = 0
    assert limits.wait() == 0
    limits.took(1 << 30)
    limits.max_rate = 100_000  # what came before is nobody's debt
    assert limits.wait() == 0
    for wrong in (-1.0, 5.0, float("inf"), float("nan")):
        with pytest.raises(UsageError):
            limits.max_rate = wrong


def test_nothing_is_saved_up_while_nothing_comes() -> None:
    now = [0.0]
    limits = Limits(100_000, clock=lambda: now[0])
    now[0] = 3600.0
    assert limits.wait() == 0
    limits.took(200_000)
    assert limits.wait() == pytest.approx(1.75)


def test_tries_become_rarer_and_end() -> None:
    patience, trouble = Patience(tries=8), Trouble("no", again=True)
    patience.moved()
    waits = [patience.wait_after(trouble) for _ in range(8)]
    for number, wait in enumerate(waits):
        assert 0.5 * min(60, 2**number) <= wait <= min(60, 2**number)
    with pytest.raises(Trouble):
        patience.wait_after(trouble)
    patience.moved()
    assert patience.wait_after(trouble) <= 1


def test_before_anything_came_it_gives_up_soon() -> None:
    patience, trouble = Patience(first_tries=2), Trouble("no", again=True)
    for _ in range(2):
        patience.wait_after(trouble)
    with pytest.raises(Trouble):
        patience.wait_after(trouble)


def test_a_queue_waits_for_a_network_as_long_as_it_takes() -> None:
    patience, offline = Patience(endless=True), Trouble("no network", again=True)
    patience.moved()
    waits = [patience.wait_after(offline) for _ in range(500)]
    assert max(waits) <= 60
    with pytest.raises(Trouble):  # but not for ever on a hub that only has trouble
        patience.wait_after(Trouble("error 500", again=True, stage=Stage.WAITING_HUB))
    fresh = Patience(endless=True)
    with pytest.raises(Trouble):  # nor where nothing ever came: the address may be wrong
        [fresh.wait_after(offline) for _ in range(10)]


def test_what_no_try_can_help_is_told_at_once() -> None:
    error = HubError("accept its terms", HubFault.GATED, page="https://x", status=403)
    with pytest.raises(HubError) as told:
        Patience(has_moved=True).wait_after(trouble_of(error))
    assert told.value.page == "https://x"


def test_the_hubs_own_word_on_when() -> None:
    busy = trouble_of(HubError("too many", HubFault.BUSY, retry_after=30, status=429))
    assert busy.stage is Stage.WAITING_HUB
    assert 30 <= Patience().wait_after(busy) <= 31
    with pytest.raises(ChaskiError):
        Patience().wait_after(trouble_of(HubError("no", HubFault.BUSY, retry_after=86400)))
    old = trouble_of(HubError("the link is old", HubFault.EXPIRED, status=403))
    assert Patience().wait_after(old) == 0


def test_a_portal_passes_only_for_who_was_online() -> None:
    error = HubError("a web page", HubFault.PORTAL)
    assert not trouble_of(error).again
    assert trouble_of(error, has_moved=True).again


def test_pace_is_measured_or_not_told() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace.rate is None
    pace.begin(1000)
    for _ in range(10):
        now[0] += 0.1
        pace.note(1000 + 500 * now[0])
    assert pace.rate is None  # a first burst promises too much
    for _ in range(90):
        now[0] += 0.1
        pace.note(1000 + 500 * now[0])
    assert pace.rate == pytest.approx(500)
    assert pace.seconds_left(5000) == pytest.approx(10)
    now[0] += 20
    assert pace.rate is None  # it stalls
    assert pace.seconds_left(5000) is None
    pace.note(100)  # it began anew
    assert pace.rate is None


def test_pace_follows_what_changes() -> None:
    now, done = [0.0], 0.0
    pace = Pace(lambda: now[0])
    pace.begin()
    for second in range(60):
        now[0] += 1
        done += 1000 if second < 30 else 100
        pace.note(done)
    assert pace.rate == pytest.approx(100, rel=0.1)
