"""A quiet mode: on battery, or when the processor is hot, passes take fewer threads.

What a system tells is looked at now and then, never for each pass; a system that tells nothing is
neither hot nor on battery.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from time import monotonic

from engine.hardware.machine import Machine

LOOK_SECONDS = 10.0  # between two looks
SLOW_LOOK, RARELY_SECONDS = 0.3, 600.0  # a look that takes longer than the first holds passes up
HOT_SECONDS = 60.0  # so long after the processor was slowed down it still counts as hot
MARGIN = 5.0  # degrees below the point where the system begins to slow it down
LOWEST = 60.0  # degrees; a point below is none of a processor's
_CPUS = "/sys/devices/system/cpu"
_PROCESSOR_ZONES = re.compile(r"cpu|pkg|soc|coretemp|k10temp|tcpu|package", re.IGNORECASE)


class Mode(StrEnum):
    """When to be quiet. `AUTO`: on battery and in heat."""

    OFF = "off"
    AUTO = "auto"
    ON = "on"


class Reason(StrEnum):
    """Why fewer threads compute."""

    NONE = ""
    ASKED = "asked"
    BATTERY = "battery"
    HEAT = "heat"


class Quiet:
    """How many threads a pass may have now. `mode` may be set from any thread."""

    def __init__(
        self,
        mode: Mode = Mode.OFF,
        machine: Machine | None = None,
        on_battery: Callable[[], bool] | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.mode = mode
        self._machine, self._clock = machine, clock
        self._on_battery = on_battery or battery_drains
        self._reason, self._next_look = Reason.NONE, 0.0
        self._slowed: int | None = None
        self._hot_until = 0.0

    @property
    def reason(self) -> Reason:
        """Why it is quiet now, as the last look found it."""
        if self.mode is Mode.ON:
            return Reason.ASKED
        return self._reason if self.mode is Mode.AUTO else Reason.NONE

    def threads(self, usual: int) -> int:
        """Half of the usual ones while it is quiet. For the thread that runs passes."""
        begun = self._clock() if self.mode is Mode.AUTO else -1.0
        if begun >= self._next_look:
            self._reason = self._look()
            ended = self._clock()
            self._next_look = ended + (
                LOOK_SECONDS if ended - begun < SLOW_LOOK else RARELY_SECONDS
            )
        return usual if self.reason is Reason.NONE else max(1, usual // 2)

    def _look(self) -> Reason:
        machine = self._machine = self._machine or Machine()
        if self._on_battery():
            return Reason.BATTERY
        slowed = slowdowns(machine)
        if self._slowed is not None and slowed > self._slowed:
            self._hot_until = self._clock() + HOT_SECONDS
        self._slowed = slowed
        hot = self._clock() < self._hot_until or is_hot(machine)
        return Reason.HEAT if hot else Reason.NONE


def battery_drains() -> bool:
    """Whether the machine runs on its battery, as far as the system tells."""
    import psutil

    with suppress(Exception):  # of drivers: batteries without a state, files that vanish
        found = psutil.sensors_battery()
        return found is not None and found.power_plugged is False
    return False


def slowdowns(machine: Machine) -> int:
    """How often the processor was slowed down by heat since the start (Linux on Intel)."""
    files = machine.found(_CPUS, "cpu[0-9]*/thermal_throttle/package_throttle_count")
    return sum(machine.number(file) or 0 for file in files[:256])


def is_hot(machine: Machine) -> bool:
    """Whether a sensor of the processor is near the point from which on the system slows it."""
    if machine.system == "Darwin":
        return speed_limit(machine.run(("pmset", "-g", "therm"))) < 100
    if machine.system != "Linux":
        return False
    zones = machine.found("/sys/class/thermal", "thermal_zone[0-9]*")
    return any(_is_hot(machine, zone) for zone in zones[:64])


def speed_limit(pmset: str) -> int:
    """Percent of its speed that macOS leaves the processor."""
    found = re.search(r"CPU_Speed_Limit\s*=\s*(\d{1,3})\b", pmset)
    return int(found[1]) if found else 100


def _is_hot(machine: Machine, zone: Path) -> bool:
    if not _PROCESSOR_ZONES.search(machine.text(zone / "type")):
        return False
    now = machine.number(zone / "temp")
    points = []
    for i in range(12):
        kind = machine.text(zone / f"trip_point_{i}_type")
        at = machine.number(zone / f"trip_point_{i}_temp")
        if kind in ("passive", "hot", "critical") and at is not None and at >= LOWEST * 1000:
            points.append(at)
    return now is not None and bool(points) and now >= min(points) - MARGIN * 1000
