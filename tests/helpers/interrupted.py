"""Jobs that are interrupted: asked to stop in this process, or killed in one of their own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from helpers.data import ROOT

from engine.base.events import Event, Notice
from engine.base.jobs import Job

# Does one step for each line it is given, so that it can be killed at a chosen moment.
STEPWISE = """
import sys
from pathlib import Path
from engine.workshop import quantize_encode
from engine.workshop.convert import convert
from engine.workshop.quantize import quantize_model
from engine.workshop.quantize_plan import QuantizeOptions
quantize_encode.CHUNK = 1 << 14
kind, source, out, target = sys.argv[1:]
if kind == "convert":
    job = convert(source, out, out_type=target)
else:
    job = quantize_model(source, Path(out), QuantizeOptions(target, keep_split=kind == "split"))
for event in job:
    if event is None:  # a turn given away, of which there are more or fewer by the clock
        continue
    print(getattr(event, "done", 0), flush=True)
    sys.stdin.readline()
print("whole", flush=True)
"""


def killed(kind: str, source: Path, out: Path, target: str, steps: int) -> str:
    """Runs a job in a process of its own and kills it after so many steps; what it said last."""
    arguments = [sys.executable, "-c", STEPWISE, kind, str(source), str(out), target]
    said = ""
    with subprocess.Popen(
        arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(steps):
            said = process.stdout.readline().strip()
            if said == "whole":
                break
            process.stdin.write("\n")
            process.stdin.flush()
        process.kill()
    return said


def stopped(job: Job, enough: Callable[[Event], bool]) -> bool:
    """Closes a job at the first event that is enough; whether there was one."""
    for event in job:
        if event is not None and enough(event):
            job.close()
            return True
    return False


def notices(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Notice))
