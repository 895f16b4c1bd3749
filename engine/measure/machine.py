"""The hardware report, with what the kernels make of this machine. The system alone: hardware/."""

from engine.base.events import Done, Progress, Stage
from engine.base.jobs import Job
from engine.base.paths import Paths
from engine.hardware.report import make_report, measured
from engine.model import keep_kernels_in


def reporting(measure: bool, paths: Paths) -> Job:
    """The hardware report as a job, with what the kernels use of this processor."""
    keep_kernels_in(paths.kernels)
    from engine.compute.simd.isa import isa  # imports the compiler, so only now

    here = isa()
    found = make_report(used=frozenset(here.used()), present=here.features, disk=paths.models)
    if measure:
        yield Progress(Stage.BANDWIDTH, 0, 0)
        from engine.compute.kernels.roof import memory_bandwidth

        found = measured(found, memory_bandwidth)
    yield found
    yield Done(found)
    return found
