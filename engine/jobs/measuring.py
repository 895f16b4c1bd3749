"""Asked: what a made model lost against its source."""

from engine.base.paths import Paths
from engine.jobs.asked import Asked, Steps
from engine.jobs.records import About, Kind
from engine.workbench.front import measure as measuring
from engine.workbench.loss_records import Measured, Measuring


def job(order: Measuring, place: Paths) -> Steps[Measured]:
    """Tells LossStep and Done(Measured)."""
    return measuring(order, place)


def measure(order: Measuring, place: Paths) -> Asked:
    """The result is Measured."""
    about = About(Kind.MEASURE, order.made.name)
    return Asked(about, lambda ticket: job(order, place))
