"""How a verb waits for a network: Ctrl-C ends it at once, as nothing is written meanwhile."""

from typing import Any

from engine.base.jobs import Job
from engine.cli.console import Console


def asked(job: Job, console: Console) -> Any:
    """Runs a job to its end and shows its progress; returns its result.

    Unlike Console.drive it does not wait for the next step to be stopped, which may be a request
    that nobody answers.
    """
    try:
        while True:
            console.show(next(job))
    except StopIteration as end:
        return end.value
    finally:
        console.clear()
