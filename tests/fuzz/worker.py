"""Runs cases of one target in this process and says how each ended, a line of JSON for each.

    worker.py TARGET FIRST COUNT

A crash or a hang ends the process; whoever started it knows the case by the last line.
"""

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]
LONGEST_SENTENCE = 1500
ADDRESS_SPACE = 12 << 30


def unfit(sentence: str) -> str:
    """What is wrong with a sentence for people; empty if nothing."""
    if "\n" in sentence.strip():
        return "more than one line"
    if len(sentence) > LONGEST_SENTENCE:
        return f"{len(sentence)} letters"
    if any((ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000) for c in sentence):
        return "control characters"
    return "an internal error" if "internal error" in sentence else ""


def run_case(target: Any, seed: int, folder: Path) -> tuple[str, str]:
    """How the case ended: accepted, refused, unfit (its sentence) or internal (an error)."""
    from engine.base.errors import ChaskiError

    case = target.make(Random(seed), folder)
    try:
        target.use(case)
    except ChaskiError as error:
        wrong = unfit(str(error))
        return ("unfit", f"{wrong}: {str(error)[:300]!r}") if wrong else ("refused", "")
    except BaseException as error:  # a panic of foreign code is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return "internal", f"{type(error).__name__}: {str(error)[:300]} at {where(error)}"
    return "accepted", ""


def where(error: BaseException) -> str:
    """The innermost place in our own code."""
    import traceback

    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/engine/" in f.filename]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-2:]))


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def reset_peak() -> int:
    """Lets the system count the peak anew (Linux); returns what is resident now, in MB."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) >> 10
    except OSError:
        pass
    return 0


def peak_now() -> int:
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) >> 10
    except OSError:
        pass
    return peak_megabytes()


def main() -> None:
    name, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    import warnings

    warnings.simplefilter("ignore")
    import numpy as np

    np.seterr(all="ignore")
    from fuzz.targets import TARGETS

    from engine.compute.kernels.jit import set_cache_folder

    set_cache_folder(TESTS.parent / ".pytest_cache" / "kernels")
    target = TARGETS[name]
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="chaski-fuzz-") as temporary:
        os.environ["CHASKI_HOME"] = temporary
        for seed in range(first, first + count):
            out.write(json.dumps({"begin": seed}) + "\n")
            before, cpu = reset_peak(), time.process_time()
            folder = Path(temporary) / name
            folder.mkdir(exist_ok=True)
            how, why = run_case(target, seed, folder)
            seconds, grown = time.process_time() - cpu, peak_now() - before
            if how in ("accepted", "refused"):
                if grown > target.megabytes:
                    how, why = "greedy", f"{grown} MB"
                elif seconds > target.seconds:
                    how, why = "slow", f"{seconds:.1f} s"
            out.write(json.dumps({"seed": seed, "how": how, "why": why}) + "\n")


if __name__ == "__main__":
    main()
