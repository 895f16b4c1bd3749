"""What each model of the library should reach here, beside what its real replies reached."""

from collections.abc import Container, Generator, Iterable
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from statistics import median

from engine.base.errors import ChaskiError
from engine.base.events import Event, HardwareReport, Progress, Stage
from engine.base.models import TokenWork
from engine.base.paths import Paths
from engine.base.runs import Prediction, Run
from engine.base.turns import aside
from engine.fit import forecast
from engine.hardware.runs_kept import kept_runs, undisturbed, usual_speed
from engine.hardware.speeds import speeds
from engine.library import Library
from engine.library.files import stamp_of
from engine.library.records import LibraryModel
from engine.weights.formats.gguf import open_gguf

Steps = Generator[Event | None, None, tuple[Prediction, ...]]


def predicting(report: HardwareReport, paths: Paths) -> Steps:
    """For every model of the library, and for those of other programs that were used here; reads
    their headers, one after the other and each once, while others have their turn. A model that
    cannot be foretold says why."""
    runs = kept_runs(paths.runs_file)
    models = yield from aside(lambda: _models(paths, runs))
    found = []
    for i, model in enumerate(models):
        yield Progress(Stage.PREDICTING, i, len(models), what=model.name)
        found.append((yield from _predicted(model, report, runs.get(str(model.path), ()))))
    return tuple(found)


def _models(paths: Paths, used: Container[str]) -> list[LibraryModel]:
    """Other programs may have thousands, most of which nobody asks about."""
    with closing(Library(paths)) as library:
        others = library.discover(look=False)
        return [*library.list(), *(model for model in others if str(model.path) in used)]


def _predicted(
    model: LibraryModel, report: HardwareReport, runs: tuple[Run, ...]
) -> Generator[Event | None, None, Prediction]:
    bare = Prediction(model.title or model.name, str(model.path), model.type_name, model.file_bytes)
    if model.problem:
        return held_against(bare, None, report, (), model.problem)
    try:
        work = yield from aside(lambda: _work(model.path, stamp_of(model.path)))
    except (ChaskiError, OSError, ArithmeticError, ValueError) as error:
        return held_against(bare, None, report, (), str(error))
    return held_against(bare, work, report, runs)


@lru_cache(maxsize=1000)
def _work(path: Path, stamp: str) -> TokenWork:
    """`stamp` tells apart what has been at this path."""
    with open_gguf(path) as file:
        return forecast(file).work


def held_against(
    bare: Prediction,
    work: TokenWork | None,
    report: HardwareReport,
    runs: Iterable[Run],
    problem: str = "",
) -> Prediction:
    """The prediction, with its error for replies that were written by as many threads while other
    programs left the processor alone."""
    if work is None:
        return Prediction(bare.name, bare.path, bare.type_name, bare.file_bytes, problem=problem)
    usual = speeds(work, report)
    threads = report.rates.threads or report.best_threads
    alike = undisturbed(tuple(run for run in runs if run.threads == threads))
    measured, error = usual_speed(alike), 0.0
    if alike:
        depth = round(median(run.depth for run in alike))
        error = speeds(work, report, depth=depth).decode / measured - 1
    return Prediction(
        bare.name,
        bare.path,
        bare.type_name,
        bare.file_bytes,
        predicted=usual.decode,
        seconds_to_read=usual.read_s,
        measured=measured,
        runs=len(alike),
        error=error,
    )
