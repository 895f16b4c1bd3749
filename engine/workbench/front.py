"""What the window calls. Importing it costs nothing: rooms that work are imported when asked."""

from collections.abc import Callable, Generator
from pathlib import Path

from engine.base.events import Event
from engine.base.jobs import Job
from engine.base.models import Forecast
from engine.base.paths import Paths
from engine.base.settings import LoadOptions
from engine.host import Ticket
from engine.measure.losses import Loss
from engine.workbench.loss_records import Measured, Measuring, TensorError
from engine.workbench.records import Begun, Contents, Histogram, Made, Order, Source


def look(path: str | Path) -> Source:
    """What a file or folder is and what can be made of it. Reads headers; not for a GUI thread."""
    from engine.workbench.looking import look_at

    return look_at(Path(path))


def foretell(path: str | Path, n_ctx: int = 0) -> Forecast | None:
    """What a model file will take and cost at a context, or the usual one; None where it cannot be
    read or run. Reads the header; not for a GUI thread."""
    from engine.workbench.forecast import foretold

    return foretold(Path(path), n_ctx)


def make(order: Order, kernels: Path | None = None) -> Generator[Event | None, None, Made]:
    """The job that makes a model; for the compute thread. Stopped, the same order goes on later."""
    from engine.workbench.making import making

    return making(order, kernels)


def begun(order: Order) -> Begun | None:
    """How far an earlier run of this order came; None if there is none. Not for a GUI thread."""
    from engine.workbench.unfinished import begun as look_for_it

    return look_for_it(order)


def discard(out: Path) -> None:
    """Removes what a stopped order left of its result. Not for a GUI thread."""
    from engine.workbench.unfinished import discard as remove_it

    remove_it(out)


def importance(
    source: Path,
    text: Path,
    out: Path,
    *,
    options: LoadOptions = LoadOptions(),  # noqa: B008 (frozen)
    kernels: Path | None = None,
) -> Callable[[Ticket], Job]:
    """For Engine.run: an importance matrix of a model over a text. The result is Calibrated."""
    from engine.measure.importance import Calibration, make_importance

    wanted = Calibration(text, out)
    return lambda ticket: make_importance(source, wanted, options, kernels=kernels)


def measure(wish: Measuring, paths: Paths) -> Generator[Event | None, None, Measured]:
    """The job that measures what a made model lost against its source; for the compute thread.

    Tells LossStep and Done(Measured). Raises MemoryTooSmallError, before anything is read, if one
    of the two does not fit into memory; they are never there together.
    """
    from engine.workbench.measuring import measuring

    return measuring(wish, paths)


def measured(source: str | Path, paths: Paths) -> tuple[Loss, ...]:
    """What was measured of this source before, the newest last. Not for a GUI thread."""
    from engine.workbench.measuring import earlier_losses

    return earlier_losses(Path(source), paths)


def tensor_errors(source: Path, made: Path) -> Generator[Event | None, None, list[TensorError]]:
    """The job that compares a made model with its source, tensor by tensor."""
    from engine.workbench.measuring import tensors_against

    return tensors_against(source, made)


def contents(path: str | Path) -> Contents:
    """Everything that stands in the header of a GGUF file. Not for a GUI thread."""
    from engine.workbench.inside import contents_of

    return contents_of(Path(path))


def histogram(path: str | Path, tensor: str) -> Histogram:
    """How a tensor's values are spread, from some of its rows. Not for a GUI thread."""
    from engine.workbench.inside import histogram_of

    return histogram_of(Path(path), tensor)
