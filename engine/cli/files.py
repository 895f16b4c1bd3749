"""Driving jobs that write a model: what stays when they are stopped is told."""

from pathlib import Path
from typing import Any

from engine.base.errors import CancelledError
from engine.base.jobs import Job
from engine.cli.console import Console


def drive_to_file(console: Console, job: Job, out: Path) -> Any:
    """Run a job to its end; stopped, say that the same command goes on from what is finished."""
    from engine.weights.formats.gguf_part import is_part

    try:
        return console.drive(job)
    except (KeyboardInterrupt, CancelledError):
        job.close()  # only then it has left what it leaves
        parts = [path for path in out.parent.glob("*.part") if path.name.startswith(out.stem)]
        if any(is_part(path) for path in parts):
            console.note(f"{out.name}: what is finished is kept; the same command goes on from it")
        raise
