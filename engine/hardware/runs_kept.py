"""How fast real replies came, the last few of each model, in one small JSON file.

Predictions are held against them. Damaged, or written by another version, they are gathered anew.
"""

import json
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from engine.base.errors import ChaskiError
from engine.base.events import Timings
from engine.base.reading import read_file
from engine.base.runs import Run
from engine.base.small_files import alone, replaced

FORM = 1
LARGEST = 4 << 20  # bytes
LARGEST_VALUE, SHORTEST = 1e12, 1e-4  # beyond these a number is none of ours
MODELS, RUNS = 500, 8  # kept at most: models, and replies of each
LEAST_TOKENS = 16  # of a reply that says something about speed
DISTURBED = 0.25  # where others take a larger share, a reply does not show what is possible
# A larger share of tokens that were guessed ahead, or came with those of another conversation,
# makes a reply no measure of decode.
GUESSED = SHARED = 0.05


def run_of(
    timings: Timings, depth: int, threads: int, when: float, others: float = 0.0
) -> Run | None:
    """What a reply says about decode; None where it says nothing."""
    n, seconds = timings.predicted_n, timings.predicted_s
    if n < LEAST_TOKENS or seconds <= 0:
        return None
    if timings.accepted_n > GUESSED * n or timings.shared_n > SHARED * n:
        return None
    return Run(n, seconds, max(depth - n // 2, 0), threads, when, round(others, 3))


def kept_runs(file: Path) -> dict[str, tuple[Run, ...]]:
    """By the model's path, the newest last."""
    return {path: runs for path, rows in _read(file).items() if (runs := _runs(rows))}


def keep_run(file: Path, model: Path, run: Run) -> bool:
    """Adds one; False where the disk refuses, which costs nothing but this measurement."""
    with alone(file):
        models = kept_runs(file)
        runs = (*models.pop(str(model), ()), run)[-RUNS:]
        models[str(model)] = runs
        newest = dict(list(models.items())[-MODELS:])
        told = {"form": FORM, "models": {k: [asdict(r) for r in v] for k, v in newest.items()}}
        return replaced(file, json.dumps(told))


def undisturbed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Those that other programs did not slow down; where there are none, all."""
    return tuple(run for run in runs if run.others <= DISTURBED) or runs


def usual_speed(runs: tuple[Run, ...]) -> float:
    """Tokens per second of the middle one; 0 for none."""
    return median(run.speed for run in runs) if runs else 0.0


def _read(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(read_file(file, LARGEST)) if file.exists() else None
    except (ChaskiError, OSError, ValueError, RecursionError):
        return {}
    if not isinstance(told, dict) or told.get("form") != FORM:
        return {}
    models = told.get("models")
    return models if isinstance(models, dict) else {}


def _runs(rows: Any) -> tuple[Run, ...]:
    found = [_run(row) for row in rows[-RUNS:]] if isinstance(rows, list) else []
    return tuple(run for run in found if run is not None)


def _run(row: Any) -> Run | None:
    try:
        run = Run(**row)
    except TypeError:
        return None
    values = (run.tokens, run.seconds, run.depth, run.threads, run.when, run.others)
    sound = all(type(v) in (int, float) and 0 <= v <= LARGEST_VALUE for v in values)
    return run if sound and run.tokens >= 1 and run.seconds >= SHORTEST else None
