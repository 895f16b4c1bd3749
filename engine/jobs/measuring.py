"""Asked: what a made model lost against its source."""

from engine.base.paths import Paths
from engine.jobs.asked import Asked
from engine.jobs.records import About, Kind
from engine.workbench.front import measure as measuring
from engine.workbench.loss_records import Measuring


def measure(order: Measuring, place: Paths) -> Asked:
    """The result is Measured. Tells LossStep."""
    about = About(Kind.MEASURE, order.made.name)
    return Asked(about, lambda ticket: measuring(order, place))
