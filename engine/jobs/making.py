"""Asked: a model from whatever there is: converted, weighed and quantized as it takes."""

from engine.base.paths import Paths
from engine.jobs.asked import Asked
from engine.jobs.records import About, Kind
from engine.workbench.front import make as making
from engine.workbench.records import Order


def make(order: Order, place: Paths) -> Asked:
    """The result is Made. Tells Step and Notice. Stopped, the same order goes on later."""
    about = About(Kind.MAKE, order.out.name, can_resume=True)
    return Asked(about, lambda ticket: making(order, place.kernels))
