"""When fewer threads compute: on battery, in heat, when asked; from recorded words of systems."""

from pathlib import Path

import pytest

from engine.hardware import quiet
from engine.hardware.machine import Machine
from engine.hardware.quiet import Mode, Quiet, Reason

THERM = """Note: No thermal warning level has been recorded
2026-08-01 10:00:00 +0200 CPU Power notify
\tCPU_Scheduler_Limit \t= 100
\tCPU_Available_CPUs \t= 8
\tCPU_Speed_Limit \t= {limit}
"""


def write(root: Path, place: str, text: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def zone(root: Path, number: int, kind: str, temp: object, *points: tuple[str, int]) -> None:
    place = f"sys/class/thermal/thermal_zone{number}"
    write(root, f"{place}/type", kind)
    write(root, f"{place}/temp", str(temp))
    for i, (name, at) in enumerate(points):
        write(root, f"{place}/trip_point_{i}_type", name)
        write(root, f"{place}/trip_point_{i}_temp", str(at))


def linux(root: Path) -> Machine:
    return Machine("Linux", "x86_64", root, lambda words: "", None)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_off_is_off(tmp_path: Path) -> None:
    off = Quiet(Mode.OFF, linux(tmp_path), lambda: True)
    assert off.threads(8) == 8
    assert off.reason is Reason.NONE


@pytest.mark.parametrize(("usual", "fewer"), [(8, 4), (5, 2), (2, 1), (1, 1)])
def test_asked(usual: int, fewer: int) -> None:
    assert Quiet(Mode.ON).threads(usual) == fewer


def test_battery_is_looked_at_now_and_then(tmp_path: Path) -> None:
    clock, looks, drains = Clock(), [], [True]

    def on_battery() -> bool:
        looks.append(clock.now)
        return drains[0]

    mode = Quiet(Mode.AUTO, linux(tmp_path), on_battery, clock)
    assert [mode.threads(8) for _ in range(5)] == [4] * 5
    assert mode.reason is Reason.BATTERY
    drains[0] = False  # plugged in
    assert mode.threads(8) == 4
    clock.now += quiet.LOOK_SECONDS
    assert mode.threads(8) == 8
    assert len(looks) == 2


def test_a_system_that_answers_slowly_is_asked_rarely(tmp_path: Path) -> None:
    clock, looks = Clock(), []

    def on_battery() -> bool:
        looks.append(clock.now)
        clock.now += 1.5  # a driver that hangs until it is given up
        return False

    mode = Quiet(Mode.AUTO, linux(tmp_path), on_battery, clock)
    for _ in range(100):
        assert mode.threads(8) == 8
        clock.now += 1
    assert len(looks) == 1


def test_heat_by_sensors(tmp_path: Path) -> None:
    points = (("passive", 95_000), ("critical", 105_000))
    zone(tmp_path, 0, "x86_pkg_temp", 70_000, *points)
    zone(tmp_path, 1, "iwlwifi_1", 120_000, ("critical", 100_000))  # no processor
    zone(tmp_path, 2, "cpu-thermal", "broken", ("passive", 1))
    assert not quiet.is_hot(linux(tmp_path))
    zone(tmp_path, 0, "x86_pkg_temp", 91_000, *points)
    assert quiet.is_hot(linux(tmp_path))


def test_heat_by_slowdowns_lasts_a_while(tmp_path: Path) -> None:
    clock = Clock()
    place = "sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count"
    write(tmp_path, place, "5")  # of some hot day before
    mode = Quiet(Mode.AUTO, linux(tmp_path), lambda: False, clock)
    assert mode.threads(8) == 8
    write(tmp_path, place, "6")
    clock.now += 20
    assert mode.threads(8) == 4
    assert mode.reason is Reason.HEAT
    clock.now += 20
    assert mode.threads(8) == 4
    clock.now += quiet.HOT_SECONDS
    assert mode.threads(8) == 8


@pytest.mark.parametrize(("limit", "hot"), [(100, False), (66, True)])
def test_heat_of_a_mac(tmp_path: Path, limit: int, hot: bool) -> None:
    mac = Machine("Darwin", "arm64", tmp_path, lambda w: THERM.format(limit=limit), None)
    assert quiet.is_hot(mac) is hot


@pytest.mark.parametrize("text", ["", "CPU_Speed_Limit", "CPU_Speed_Limit = fast", "=100"])
def test_a_mac_that_tells_nothing(text: str) -> None:
    assert quiet.speed_limit(text) == 100


def test_this_machine_answers() -> None:
    assert Quiet(Mode.AUTO).threads(4) in (2, 4)
    assert quiet.battery_drains() in (True, False)


def test_a_broken_battery(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(psutil, "sensors_battery", broken, raising=False)
    assert not quiet.battery_drains()
