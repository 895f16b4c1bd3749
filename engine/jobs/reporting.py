"""Asked: what this machine has and, where that is wished, how fast it is."""

from dataclasses import dataclass

from engine.base.events import HardwareReport
from engine.base.paths import Paths
from engine.jobs.asked import Asked, Steps
from engine.jobs.records import About, Kind


@dataclass(frozen=True)
class Hardware:
    """`measure`: half a minute of timing; `predict`: also how fast each model of the library is."""

    measure: bool = False
    predict: bool = False


def job(order: Hardware, place: Paths) -> Steps[HardwareReport]:
    """Tells HardwareReport, maybe several times, and Done."""
    from engine.measure.reporting import reporting

    report = yield from reporting(order.measure, place, predict=order.predict)
    assert isinstance(report, HardwareReport)
    return report


def hardware(order: Hardware, place: Paths) -> Asked:
    """The result is a HardwareReport."""
    return Asked(About(Kind.HARDWARE, "hardware"), lambda ticket: job(order, place))
