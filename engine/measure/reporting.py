"""The hardware report, with what the kernels make of this machine. The system alone: hardware/."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from engine.base.devices import Disk
from engine.base.events import Done, Event, HardwareReport, Progress, Stage
from engine.base.jobs import Job, Lane, MoveLane
from engine.base.paths import Paths
from engine.base.rates import Rates
from engine.base.turns import aside
from engine.compute.place import take_kernel_folder
from engine.hardware import disks
from engine.hardware.machine import Machine
from engine.hardware.rates_kept import Key, keep_rates, kept_rates, merged, with_kept_speeds
from engine.hardware.report import default_threads, make_report, most_threads, with_rates
from engine.measure.predicting import predicting
from engine.measure.rating import path_name, rating
from engine.weights.types import TensorType

# Which part of the whole measurement each stage is, in percent: about as long as it takes.
PARTS = {
    Stage.DISK: (0, 10),
    Stage.BANDWIDTH: (10, 17),
    Stage.THREADS: (17, 20),
    Stage.RATES: (20, 97),
    Stage.PREDICTING: (97, 100),
}


def reporting(measure: bool, paths: Paths, *, predict: bool = False) -> Job:
    """The hardware report as a job, with what the kernels use of this processor, and what was
    measured; `measure` does so anew, in half a minute at most. `predict`: also how fast each model
    of the library should be, for which their headers are read.

    Tells the report, early ones as well where more is to come, and Done with it. The progress of a
    measurement is that of all of it, so that its end is the job's.
    """
    steps = _reporting(measure, paths, predict)
    return (yield from (_as_whole(steps) if measure else steps))


def _reporting(measure: bool, paths: Paths, predict: bool) -> Job:
    yield None
    take_kernel_folder()
    found = yield from aside(lambda: _told(paths))
    key = Key.of(found.cpu_name, found.rates.path)
    if measure:
        yield found
        found = yield from _disks_measured(found)
        yield MoveLane(Lane.COMPUTE)
        rates = yield from rating(found, found.rates, default_threads())
        rates = _in_order(merged(found.rates, rates))
        keep_rates(paths.rates_file, key, rates, found.disks)
        found = with_rates(found, rates)
    if predict:
        yield found
        found = replace(found, predictions=(yield from predicting(found, paths)))
    yield found
    yield Done(found)
    return found


def _as_whole(steps: Job) -> Job:
    """Each stage's progress as progress of the whole. What is thrown in reaches the steps."""
    try:
        event = next(steps)
        while True:
            try:
                yield _whole(event) if isinstance(event, Progress) else event
            except BaseException as error:
                event = steps.throw(error)
            else:
                event = next(steps)
    except StopIteration as end:
        return end.value


def _whole(event: Progress) -> Progress:
    if event.total <= 0 or event.stage not in PARTS:
        return event
    begin, end = PARTS[event.stage]
    share = min(1.0, event.done / event.total)
    return replace(event, done=round(begin + share * (end - begin)), total=100)


def _in_order(rates: Rates) -> Rates:
    """Types by bits per weight, the smallest first."""
    types = sorted(rates.types, key=lambda rate: TensorType[rate.type].bits_per_weight)
    return replace(rates, types=tuple(types))


def _told(paths: Paths) -> HardwareReport:
    """What the system tells, and what is kept of earlier measurements."""
    from engine.compute.simd.isa import isa  # imports the compiler, so only now

    here, machine = isa(), Machine()
    found = make_report(
        used=frozenset(here.used()), present=here.features, disk=paths.models, machine=machine
    )
    kept = kept_rates(paths.rates_file, Key.of(found.cpu_name, path_name()))
    usable = 0 < kept.threads <= most_threads(machine)  # the limits may be others by now
    rates = kept if usable else Rates(path=path_name())
    places = ((paths.models, "models"), (paths.data, "data"))
    there = (disks.read_disk(machine, folder, use) for folder, use in places)
    return replace(with_rates(found, rates), disks=with_kept_speeds(paths.rates_file, there))


def _disks_measured(report: HardwareReport) -> Generator[Event | None, None, HardwareReport]:
    """Each disk once, in the lane of disks; folders on the same one share its figures."""
    yield MoveLane(Lane.DISK)
    known: dict[object, Disk] = {}
    found = []
    n = len({_device(disk) for disk in report.disks})
    for disk in report.disks:
        where = _device(disk)
        if where not in known:
            known[where] = yield from _measured(disk, len(known), n)
        same = known[where]
        found.append(
            replace(
                disk, read_rate=same.read_rate, write_rate=same.write_rate, problem=same.problem
            )
        )
    return replace(report, disks=tuple(found))


def _measured(disk: Disk, before: int, n: int) -> Generator[Event | None, None, Disk]:
    """`before` of the `n` disks were measured already."""
    steps = disks.measuring(disk)
    try:
        while True:
            yield Progress(Stage.DISK, round(100 * (before + next(steps))), 100 * n)
    except StopIteration as end:
        result: Disk = end.value
        return result
    finally:
        steps.close()


def _device(disk: Disk) -> object:
    try:
        return disks.existing(Path(disk.folder)).stat().st_dev
    except OSError:
        return disk.folder
