"""Asked: a model from whatever there is: converted, weighed and quantized as it takes."""

from engine.base.paths import Paths
from engine.jobs.asked import Asked, Steps
from engine.jobs.records import About, Kind
from engine.workbench.front import make as making
from engine.workbench.records import Made, Order


def job(order: Order, place: Paths) -> Steps[Made]:
    """Tells Step, Notice and Done(Made)."""
    return making(order, place.kernels)


def make(order: Order, place: Paths) -> Asked:
    """The result is Made. Stopped, the same order goes on later."""
    about = About(Kind.MAKE, order.out.name, can_resume=True)
    return Asked(about, lambda ticket: job(order, place))
